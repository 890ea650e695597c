"""The imports of order lines: of any shop, of the UK gift shop's daily files as they are, and of Tmall's order report."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from babel.numbers import get_currency_precision
from flask_babel import lazy_gettext as _l

from incubator.imports.kinds import Cells, Column, Counts, Kind, Line, Preset, Refusal, Row
from incubator.imports.models import DataImport
from incubator.kernel import clock
from incubator.kernel.actor import Actor
from incubator.sales import channel_option, lines, service, stock_imports
from incubator.sales.lines import ADJUSTMENT, RETURN, SALE, UNPAID, Read, WrongCell

OUTCOME = {SALE: "facts", RETURN: "returns", ADJUSTMENT: "adjustments"}
COLUMNS = (
    Column("order_no", _l("Order"), required=True, example="2026030100012", also=("订单编号", "订单号", "invoice", "InvoiceNo", "order number")),
    Column("code", _l("Article"), meaning=_l("A SKU's code, or another code that stands for it."), example="KF-BK-01", also=("StockCode", "商家编码", "sku")),
    Column("description", _l("Description"), example="云朵托腰人体工学椅 黑", also=("商品名称", "title")),
    Column("quantity", _l("Quantity"), meaning=_l("Below zero, the units came back."), example=2, also=("数量", "购买数量", "qty")),
    Column(
        "at", _l("When"), required=True, meaning=_l("In the time of the channel, with or without the hour."), example="2026-03-01 14:05:00",
        also=("订单创建时间", "InvoiceDate", "日期", "date"),
    ),
    Column("price", _l("Unit price"), meaning=_l("In the channel's currency; or the amount of the line."), example="899.00", also=("UnitPrice", "单价")),
    Column("amount", _l("Amount"), also=("总金额", "金额", "total")),
    Column("kind", _l("Sale or return"), meaning=_l("Blank is a sale."), also=("类型", "type")),
    Column("reason", _l("Reason of the return"), also=("退货原因", "退款原因")),
    Column("customer", _l("Buyer"), meaning=_l("Kept only as a mark that tells repeat buyers apart."), also=("CustomerID", "买家")),
    Column("region", _l("Region"), example="浙江省", also=("Country", "收货地址", "省份")),
    Column("line_key", _l("Line of the order"), meaning=_l("With it a line is known again when the shop corrects it."), also=("子订单编号", "line")),
    Column("paid_at", _l("Paid at"), also=("订单付款时间",)),
    Column("refund", _l("Refund"), also=("退款金额",)),
    Column("paid", _l("Paid"), also=("买家实际支付金额",)),
)  # fmt: skip
PRESETS = (
    Preset(
        "uk_shop",
        _l("UK gift shop, daily files"),
        {"InvoiceNo": "order_no", "StockCode": "code", "Description": "description", "Quantity": "quantity", "InvoiceDate": "at",
         "UnitPrice": "price", "CustomerID": "customer", "Country": "region"},
    ),
    Preset(
        "tmall_orders",
        _l("Tmall order report"),
        {"订单编号": "order_no", "总金额": "amount", "买家实际支付金额": "paid", "收货地址": "region", "订单创建时间": "at", "订单付款时间": "paid_at",
         "退款金额": "refund"},
    ),
)  # fmt: skip
LABELS = {column.name: column.label for column in COLUMNS}


def read(cells: Iterable[Cells], made: DataImport, actor: Actor) -> Iterator[Line]:
    """One Line per line: a row with its facts, a duplicate of an earlier line, an unpaid order, or what is wrong."""
    channel = service.channel_of(int(made.options["channel_id"]), actor)
    digits, today, seen = get_currency_precision(channel.currency), clock.today(channel.timezone), set[str]()
    understand = lines.reader(made.preset)
    for number, line in cells:
        try:
            found = understand(line, digits, today)
        except WrongCell as wrong:
            yield Line(number, refusals=[Refusal(str(LABELS[wrong.column]), wrong.value, wrong.message)])
            continue
        yield _line(number, found, line, seen)


def _line(number: int, found: Read, cells: dict[str, str], seen: set[str]) -> Line:
    if found.content in seen:
        return Line(number, outcome="duplicates")
    seen.add(found.content)
    if found.kind == UNPAID:
        return Line(number, outcome="unpaid")
    description = cells.get("description", "")
    return Line(number, {"line": number, "facts": found.facts, "kind": found.kind, "description": description})


def apply(rows: Sequence[Row], made: DataImport, actor: Actor, now: datetime, _progress: Any) -> Counts:
    """Add the lines to the sales table. A line counts as what it is the first time, as changed or unchanged after that."""
    channel = service.channel_of(int(made.options["channel_id"]), actor)
    placed = [(row["line"], fact) for row in rows for fact in row["facts"]]
    descriptions = {fact.code: row["description"] for row in rows for fact in row["facts"] if row["description"]}
    added = service.take_in(placed, descriptions, channel, made.id, now)
    counts: Counts = {}
    for row in rows:
        outcome = _outcome(row, added)
        counts[outcome] = counts.get(outcome, 0) + 1
    return counts


def _outcome(row: Row, added: Any) -> str:
    ids = {fact.line_id for fact in row["facts"]}
    if ids & added.changed:
        return "changed"
    return OUTCOME[row["kind"]] if ids & added.new else "unchanged"


LINES = Kind(
    name="sales.lines",
    title=_l("Order lines"),
    rule="sales.import",
    columns=COLUMNS,
    read=read,
    apply=apply,
    presets=PRESETS,
    options=channel_option.options,
    outcomes={
        "facts": _l("Sold"),
        "returns": _l("Came back"),
        "adjustments": _l("No sale: postage, fees, write-offs"),
        "unpaid": _l("Not paid"),
    },
    help=_l("Each line is kept as it is and traced to its file and line. The same lines again change nothing."),
    done="sales.index",
    done_label=_l("To the sales"),
)
KINDS = (LINES, *stock_imports.KINDS)
