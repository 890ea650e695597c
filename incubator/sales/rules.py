"""What a line of each source says, as a table of SQL over its cells: its kind, units, sum and key, and what makes it unreadable.

`lines.Reader` runs them. The names are those of the view `typed`: the trimmed cells, and of them `q` (whole quantity), `p` (price), `a`
(amount), `r` (refund), `d` (discount), `ru` (units returned), `n` (orders) as numbers, `on_day` and `sold_day` as days, `said_at` (the
moment of `updated_at` in UTC, or ""), `content` (all that
the line says) and `own` (the shop's key of the line, hashed). Numbers are null where they cannot be read.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _

from incubator.signals.models import BUYER_KINDS

SALE, RETURN, ADJUSTMENT, UNPAID, CANCELLED = "sale", "return", "adjustment", "unpaid", "cancelled"
FIRST = (
    "amount", "at", "code", "customer", "description", "kind", "line_key", "order_no", "paid", "paid_at", "price", "quantity", "reason",
    "refund", "region",
)  # fmt: skip
# These came later: a line that has none of them must keep the content that it had before.
LATER = ("currency", "discount", "lot", "orders", "refund_units", "segment", "sold_on", "status", "reason_note", "cancelled_at")
COLUMNS = (*FIRST, *LATER, "updated_at")  # when a line was said is no part of what it says
STATES = frozenset(
    {"status", "cancelled_at", "paid_at", "refund", "refund_units", "updated_at"}
)  # what an order says otherwise as it goes on
TEXTS = ", ".join(f'"{name}"' for name in FIRST)
ADDED = ", ".join(f"CASE WHEN {name} <> '' THEN '{name}=' || {name} END" for name in LATER)
CONTENT = f"digest(concat_ws(chr(31), {TEXTS}, {ADDED}))"
LARGEST_QUANTITY, LARGEST_AMOUNT = 10_000_000, 10_000_000_000


def listed(*words: str) -> str:
    return "(" + ", ".join(f"'{word}'" for word in words) + ")"


RETURNED_WORDS = listed("return", "returned", "refund", "refunded", "退货", "退款", "退货退款", "仅退款", "退")
SALE_WORDS = listed("", "sale", "sold", "order", "销售", "订单", "成交", "售")
# Statuses of orders as the platforms' exports write them, in lower case.
UNPAID_STATUSES = listed(
    "等待买家付款", "待付款", "未付款", "待支付", "未支付", "等待付款", "pending", "authorized", "expired", "partially_paid", "unpaid", "wait_buyer_pay",
    "pendingavailability", "拼团中", "待买家付款",
)  # fmt: skip
CANCELLED_STATUSES = listed(
    "交易关闭", "已关闭", "已取消", "取消", "关闭", "(删除)锁定", "删除", "订单取消", "交易取消", "cancelled", "canceled", "voided", "trade_closed",
    "trade_closed_by_taobao", "付款前交易关闭", "付款后交易关闭", "用户取消", "卖家取消", "已终止", "交易终止", "terminated", "cancel",
)  # fmt: skip
REFUNDED_STATUSES = listed("refunded", "已退款", "全额退款", "退款成功", "退款完成", "已退货", "退货完成", "退货退款成功", "退货退款完成")
# The UK shop's codes that are no product: postage, manual entries, discounts, samples, fees, vouchers.
NO_PRODUCT = "regexp_full_match(upper(code), 'POST|DOT|M|C2|D|S|B|BANK CHARGES|AMAZONFEE|CRUK|GIFT_.*')"


@dataclass(frozen=True)
class Check:
    """A reason to refuse a line: the column that is wrong, when (SQL), and what would be right."""

    column: str
    bad: str
    says: Callable[[str], Any]


CUT = Check(
    "code", "line = $cut", lambda v: _("The file ends in the middle of this line: it may have been cut off. Send the whole file again.")
)
UPDATED = Check(
    "updated_at", "updated_at <> '' AND said_at = ''",
    lambda v: _("“%(value)s” is not a date, like 2026-03-01 or 2026-03-01 14:05:00.", value=v),
)  # fmt: skip
BLANK_ORDER = Check("order_no", "order_no = ''", lambda v: _("This cell is blank."))
BLANK_CODE = Check("code", "code = ''", lambda v: _("This cell is blank."))
QUANTITY = Check("quantity", "q IS NULL", lambda v: _("“%(value)s” is not a whole number, like 12.", value=v))
NOTHING = Check("quantity", "q = 0", lambda v: _("A line of no units says nothing. Take it out."))
DAY = Check("at", "on_day IS NULL", lambda v: _("“%(value)s” is not a date, like 2026-03-01 or 2026-03-01 14:05:00.", value=v))
DAY_RANGE = Check(
    "at", "on_day NOT BETWEEN $earliest AND $latest", lambda v: _("%(value)s is not a day on which this can have happened.", value=v)
)
SOLD_DAY = Check(
    "sold_on", "sold_on <> '' AND sold_day IS NULL",
    lambda v: _("“%(value)s” is not a date, like 2026-03-01 or 2026-03-01 14:05:00.", value=v),
)  # fmt: skip
KIND = Check(
    "kind", f"lower(kind) NOT IN {RETURNED_WORDS} AND lower(kind) NOT IN {SALE_WORDS}",
    lambda v: _("“%(value)s” is neither a sale nor a return.", value=v),
)  # fmt: skip
SEGMENT = Check(
    "segment", f"segment NOT IN {listed('', *BUYER_KINDS)}",
    lambda v: _("“%(value)s” is not a kind of buyers. Take one of: %(kinds)s.", value=v, kinds=", ".join(BUYER_KINDS)),
)  # fmt: skip
CURRENCY = Check(
    "currency", "currency <> '' AND upper(currency) <> $currency",
    lambda v: _("This channel is kept in another currency than %(value)s. Make a channel for that currency.", value=v),
)  # fmt: skip


def _amount(column: str, bad: str) -> Check:
    return Check(column, bad, lambda v: _("“%(value)s” is not an amount, like 89.90.", value=v))


AMOUNT_OR_PRICE = (_amount("amount", "amount <> '' AND a IS NULL"), _amount("price", "amount = '' AND p IS NULL"))
NEGATIVE_PRICE = Check("price", "amount = '' AND p < 0", lambda v: _("A price cannot be below zero; a return has a quantity below zero."))
NEGATIVE_ORDER = Check("amount", "r < 0 OR a < 0", lambda v: _("An order cannot be below zero."))
REFUND = _amount("refund", "refund <> '' AND r IS NULL")
COMMON = (
    REFUND, _amount("discount", "discount <> '' AND d IS NULL"), SOLD_DAY, SEGMENT, CURRENCY,
    Check("refund_units", "refund_units <> '' AND ru IS NULL", lambda v: _("“%(value)s” is not a whole number, like 12.", value=v)),
    Check("orders", "orders <> '' AND (n IS NULL OR n < 0)", lambda v: _("“%(value)s” is not a whole number, like 12.", value=v)),
)  # fmt: skip


@dataclass(frozen=True)
class Rules:
    """How a line of a source is understood, each part SQL. `units` and `total` keep their sign; the first check that fails refuses the line.

    `refund` says whether the line tells of a refund besides its sale, which becomes a fact of its own: `back` units of `given_back`.
    `fill_down` names columns that only the first line of an order fills in.
    """

    checks: tuple[Check, ...]
    kind: str
    units: str
    price: str
    total: str
    key: str
    code: str = "upper(code)"
    order_no: str = "order_no"
    refund: str = "false"
    back: str = "0"
    given_back: str = "r"
    orders: str = "coalesce(n, 0)"
    fill_down: tuple[str, ...] = ()

    def by_place(self, given: Collection[str]) -> bool:
        """Whether a line without the shop's own key is known by its place in its order: the file tells of states, so what it says may change."""
        return self.key == BY_LINE and not STATES.isdisjoint(given)


IS_RETURN = f"(q < 0 OR lower(kind) IN {RETURNED_WORDS})"
TOTAL = "(CASE WHEN amount <> '' THEN abs(a) * sign(q)::DECIMAL(1, 0) ELSE q * p END - coalesce(d, 0))"
BY_LINE = f"CASE WHEN line_key = '' THEN content ELSE digest(concat_ws(chr(31), 'line', order_no, line_key, if({IS_RETURN}, 'True', 'False'))) END"
# A sale is known by its order, its article and the how-many-th of that article it is; a return by its day besides. Of one moment (`updated_at`), because
# a file may tell the same line in two states.
ARTICLE = f"digest(concat_ws(chr(31), order_no, upper(code), if({IS_RETURN}, on_day::VARCHAR, '')))"
GENERIC = Rules(
    checks=(BLANK_ORDER, BLANK_CODE, QUANTITY, NOTHING, KIND, *AMOUNT_OR_PRICE, NEGATIVE_PRICE, DAY, DAY_RANGE, *COMMON),
    kind=(
        f"CASE WHEN lower(status) IN {UNPAID_STATUSES} THEN 'unpaid' WHEN lower(status) IN {CANCELLED_STATUSES} OR cancelled_at <> '' "
        f"THEN 'cancelled' WHEN {IS_RETURN} THEN 'return' ELSE 'sale' END"
    ),
    units=f"CASE WHEN {IS_RETURN} THEN -abs(q) ELSE q END",
    price="CASE WHEN amount <> '' THEN (abs(a)::DOUBLE / nullif(abs(q), 0)) ELSE p END",
    total=f"CASE WHEN {IS_RETURN} THEN -abs({TOTAL}) ELSE {TOTAL} END",
    key=BY_LINE,
    refund=f"(r > 0 OR lower(status) IN {REFUNDED_STATUSES}) AND NOT {IS_RETURN}",
    back=f"coalesce(ru, CASE WHEN coalesce(nullif(r, 0), {TOTAL}) >= {TOTAL} THEN q ELSE 0 END)",
    given_back=f"coalesce(nullif(r, 0), {TOTAL})",
)
UK_SHOP = Rules(
    checks=(BLANK_ORDER, BLANK_CODE, QUANTITY, _amount("price", "p IS NULL"), DAY, DAY_RANGE),
    kind=(
        f"CASE WHEN starts_with(upper(order_no), 'A') OR {NO_PRODUCT} OR p <= 0 OR q = 0 THEN 'adjustment' WHEN q > 0 THEN 'sale' "
        "WHEN starts_with(upper(order_no), 'C') THEN 'return' ELSE 'adjustment' END"
    ),
    units="q", price="p", total="q * p", key="content", order_no="upper(order_no)",
)  # fmt: skip
TMALL_ORDERS = Rules(
    checks=(BLANK_ORDER, _amount("amount", "a IS NULL"), REFUND, DAY, DAY_RANGE, NEGATIVE_ORDER),
    kind="CASE WHEN paid_at = '' THEN 'unpaid' ELSE 'sale' END",
    units="1", price="a", total="a", key="digest(concat_ws(chr(31), 'order', order_no))", code="''", refund="r > 0", back="1",
)  # fmt: skip
# Their exports give no key of the line, and tell an order again with every change of its state: a line is known by its order and article.
# An order that Amazon cancelled has no units and no price; it still takes back what it said before.
IS_CANCELLED = f"(lower(status) IN {CANCELLED_STATUSES} OR cancelled_at <> '')"
AMAZON = replace(
    GENERIC,
    checks=tuple(
        replace(check, bad=f"{check.bad} AND NOT {IS_CANCELLED}") if check in (NOTHING, *AMOUNT_OR_PRICE) else check for check in GENERIC.checks
    ),
    price="coalesce(CASE WHEN amount <> '' THEN abs(a)::DOUBLE / nullif(abs(q), 0) ELSE p END, 0)",
    total=f"coalesce({GENERIC.total}, 0)",
    key=f"digest(concat_ws(chr(31), 'article', order_no, upper(code), if({IS_RETURN}, 'True', 'False')))",
)  # fmt: skip
SHOPIFY = replace(
    GENERIC, key=f"digest(concat_ws(chr(31), 'article', order_no, upper(code), description, if({IS_RETURN}, 'True', 'False')))",
)  # fmt: skip
# A file of what came back, whatever its sign: known by the shop's number of the case, else by order, article and day.
RETURNS = replace(
    GENERIC,
    checks=(BLANK_CODE, QUANTITY, NOTHING, _amount("refund", "refund <> '' AND r IS NULL"), DAY, DAY_RANGE, SOLD_DAY, SEGMENT, CURRENCY),
    kind=(
        f"CASE WHEN lower(status) IN {CANCELLED_STATUSES} OR contains(status, '关闭') OR contains(status, '拒绝') OR contains(status, '撤销') "
        "THEN 'cancelled' ELSE 'return' END"
    ),
    units="-abs(q)", price="coalesce(r, 0)::DOUBLE / nullif(abs(q), 0)", total="-coalesce(abs(r), 0)",
    key=(
        "digest(concat_ws(chr(31), 'back', if(line_key <> '', line_key, concat_ws(chr(31), order_no, upper(code), on_day::VARCHAR, "
        "abs(q)::VARCHAR))))"
    ),
    refund="false", back="0",
)  # fmt: skip
# One line is a day of an article: what was sold, in how many orders, and what came back besides. A day again replaces the day.
DAILY = replace(
    GENERIC,
    checks=(
        BLANK_CODE, QUANTITY, Check("quantity", "q < 0", lambda v: _("A day cannot sell less than nothing; units that came back have a column of their own.")),
        _amount("amount", "a IS NULL OR a < 0"), DAY, DAY_RANGE, *COMMON,
    ),
    kind="'sale'", units="q", price="CASE WHEN q = 0 THEN 0 ELSE a::DOUBLE / q END", total="a",
    key="digest(concat_ws(chr(31), 'day', upper(code), on_day::VARCHAR, segment, lot))", order_no="''",
    refund="coalesce(r, 0) > 0 OR coalesce(ru, 0) > 0", back="coalesce(ru, 0)", given_back="r", orders="coalesce(n, q)",
)  # fmt: skip


def _too_much(total: str) -> Check:
    """Units times price can be larger than either may be: such a line is refused, and its sum never reckoned in minor units."""
    return Check(
        "amount", f"abs({total}) > {LARGEST_AMOUNT}", lambda v: _("A line cannot be worth more than %(most)s.", most=f"{LARGEST_AMOUNT:,}")
    )


SOURCES = {"uk_shop": UK_SHOP, "tmall_orders": TMALL_ORDERS, "amazon": AMAZON, "shopify": SHOPIFY, "returns": RETURNS, "daily": DAILY}


def of(source: str, fill_down: tuple[str, ...] = ()) -> Rules:
    """The rules of a source; those of any shop where it has none of its own."""
    found = SOURCES.get(source, GENERIC)
    return replace(found, checks=(CUT, *found.checks, _too_much(found.total), UPDATED), fill_down=fill_down)
