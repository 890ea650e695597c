"""One line of a feed, as text, to facts: what was sold, what came back, what is neither. Pure; it reads no file and knows no SKU.

A line is a sale, a return, or an adjustment (postage, fees, write-offs, free goods: kept, and counted in no week). Money is in minor units;
a unit price in ten-thousandths, because shops sell at 0.001. A line is known again by `line_id`: the shop's own key where the feed has
one, else all that it says, so that the same line twice is one line.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _

from incubator.sales.reasons import reason_of

SALE, RETURN, ADJUSTMENT, UNPAID = "sale", "return", "adjustment", "unpaid"
LARGEST_QUANTITY = 10_000_000
LARGEST_AMOUNT = Decimal(10) ** 10
EARLIEST = date(1990, 1, 1)
DAY_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d", "%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M:%S")
RETURN_WORDS = frozenset(("return", "returned", "refund", "refunded", "退货", "退款", "退货退款", "仅退款", "退"))
SALE_WORDS = frozenset(("", "sale", "sold", "order", "销售", "订单", "成交", "售"))
# The UK shop's codes that are no product: postage, manual entries, discounts, samples, fees, vouchers.
NO_PRODUCT = re.compile(r"POST|DOT|M|C2|D|S|B|BANK CHARGES|AMAZONFEE|CRUK|GIFT_.*")
Cells = Mapping[str, str]


class WrongCell(ValueError):
    """A cell that cannot be read: the column, and what would be right."""

    def __init__(self, column: str, value: str, message: str) -> None:
        super().__init__(message)
        self.column, self.value, self.message = column, value, message


@dataclass(frozen=True)
class Fact:
    """One thing that happened: `units` and `amount_minor` are positive for sales and returns alike, signed for adjustments."""

    line_id: str
    content: str
    kind: str
    order_no: str
    code: str
    day: date
    units: int
    price_e4: int
    amount_minor: int
    reason: str
    customer: str
    region: str

    @property
    def week(self) -> date:
        """The Monday of the ISO week."""
        return self.day - timedelta(days=self.day.weekday())


@dataclass(frozen=True)
class Read:
    """What became of a line: its kind (or "unpaid"), and one or two facts (an order and its refund)."""

    kind: str
    facts: tuple[Fact, ...]
    content: str


def whole(cells: Cells, column: str) -> int:
    """A whole number, signed; WrongCell for anything else ("1.0" is whole)."""
    text = cells.get(column, "").replace(",", "").strip()
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number != number.to_integral_value() or abs(number) > LARGEST_QUANTITY:
        raise WrongCell(column, text, _("“%(value)s” is not a whole number, like 12.", value=text))
    return int(number)


def amount(cells: Cells, column: str) -> Decimal:
    """A sum in major units, signed; WrongCell for words, blanks and more than ten milliards."""
    text = cells.get(column, "").replace(",", "").strip().lstrip("¥￥£$€")
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > LARGEST_AMOUNT:
        raise WrongCell(column, text, _("“%(value)s” is not an amount, like 89.90.", value=text))
    return number


def day(cells: Cells, column: str, today: date) -> date:
    """The day of a date with or without a time, as it stands (the channel's own time); not before 1990 and not after tomorrow."""
    text = cells.get(column, "").strip()
    found = next((parsed for form in DAY_FORMATS if (parsed := _parsed(text, form))), None)
    if found is None:
        raise WrongCell(column, text, _("“%(value)s” is not a date, like 2026-03-01 or 2026-03-01 14:05:00.", value=text))
    if not EARLIEST <= found <= today + timedelta(days=1):
        raise WrongCell(column, text, _("%(value)s is not a day on which this can have happened.", value=text))
    return found


def _parsed(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007 - a wall-clock day of the channel
    except ValueError:
        return None


def required(cells: Cells, column: str) -> str:
    text = cells.get(column, "").strip()
    if not text:
        raise WrongCell(column, "", _("This cell is blank."))
    return text


def digest(*parts: Any) -> str:
    return hashlib.sha256("\x1f".join(str(p) for p in parts).encode()).hexdigest()[:32]


def minor(value: Decimal, digits: int) -> int:
    """Major units to minor ones, halves to the even neighbour."""
    return int(value.scaleb(digits).to_integral_value(ROUND_HALF_EVEN))


def anonymous(customer: str) -> str:
    """A customer as a mark that tells repeat buyers apart, and no more."""
    return digest("customer", customer)[:16] if customer.strip() else ""


def uk_shop(cells: Cells, digits: int, today: date) -> Read:
    """The UK gift shop: invoices C… are cancellations, A… bad debts; lines below zero without C are write-offs; free lines sell nothing."""
    order, code = required(cells, "order_no").upper(), required(cells, "code").upper()
    units, price = whole(cells, "quantity"), amount(cells, "price")
    on, content = day(cells, "at", today), digest(*(cells[name] for name in sorted(cells)))
    if order.startswith("A") or NO_PRODUCT.fullmatch(code) or price <= 0 or units == 0:
        kind = ADJUSTMENT
    elif units > 0:
        kind = SALE
    else:
        kind = RETURN if order.startswith("C") else ADJUSTMENT
    return Read(kind, (_fact(cells, kind, content, content, order, code, on, units, price, units * price, digits),), content)


def tmall_orders(cells: Cells, digits: int, today: date) -> Read:
    """Tmall's order report, one line per order, without articles: the whole sum as sold, the refund as returned. Unpaid orders sold nothing."""
    order, total, paid_at = required(cells, "order_no"), amount(cells, "amount"), cells.get("paid_at", "").strip()
    refund = amount(cells, "refund") if cells.get("refund", "").strip() else Decimal(0)
    content = digest(*(cells[name] for name in sorted(cells)))
    on = day(cells, "at", today)
    if refund < 0 or total < 0:
        raise WrongCell("amount", str(total), _("An order cannot be below zero."))
    if not paid_at:
        return Read(UNPAID, (), content)
    key = digest("order", order)
    facts = [_fact(cells, SALE, key, content, order, "", on, 1, total, total, digits)]
    if refund:
        facts.append(_fact(cells, RETURN, digest(key, "refund"), content, order, "", on, -1, refund, -refund, digits))
    return Read(RETURN if refund else SALE, tuple(facts), content)


def generic(cells: Cells, digits: int, today: date) -> Read:
    """Any shop: a quantity below zero or a word says that it came back; a sum, or a price per unit, says for how much."""
    order, code, units = required(cells, "order_no"), required(cells, "code").upper(), whole(cells, "quantity")
    if units == 0:
        raise WrongCell("quantity", "0", _("A line of no units says nothing. Take it out."))
    word = cells.get("kind", "").strip().lower()
    if word not in RETURN_WORDS and word not in SALE_WORDS:
        raise WrongCell("kind", word, _("“%(value)s” is neither a sale nor a return.", value=word))
    returned = units < 0 or word in RETURN_WORDS
    units = -abs(units) if returned else units
    price, total = _price_and_total(cells, units)
    on, content = day(cells, "at", today), digest(*(cells[name] for name in sorted(cells)))
    own = cells.get("line_key", "").strip()
    key = digest("line", order, own, returned) if own else content
    kind = RETURN if returned else SALE
    return Read(kind, (_fact(cells, kind, key, content, order, code, on, units, price, total, digits),), content)


def _price_and_total(cells: Cells, units: int) -> tuple[Decimal, Decimal]:
    if cells.get("amount", "").strip():
        total = abs(amount(cells, "amount"))
        return total / abs(units), total if units > 0 else -total
    price = amount(cells, "price")
    if price < 0:
        raise WrongCell("price", str(price), _("A price cannot be below zero; a return has a quantity below zero."))
    return price, units * price


def _fact(
    cells: Cells,
    kind: str,
    key: str,
    content: str,
    order: str,
    code: str,
    on: date,
    units: int,
    price: Decimal,
    total: Decimal,
    digits: int,
) -> Fact:
    sign = -1 if kind == RETURN else 1
    return Fact(
        line_id=key, content=content, kind=kind, order_no=order[:80], code=code[:80], day=on, units=sign * units, price_e4=minor(price, 4),
        amount_minor=sign * minor(total, digits), reason=reason_of(cells.get("reason", "")) if kind == RETURN else "",
        customer=anonymous(cells.get("customer", "")), region=cells.get("region", "").strip()[:80],
    )  # fmt: skip


READERS: dict[str, Callable[[Cells, int, date], Read]] = {"uk_shop": uk_shop, "tmall_orders": tmall_orders}


def reader(preset: str) -> Callable[[Cells, int, date], Read]:
    return READERS.get(preset, generic)
