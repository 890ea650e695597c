"""The imports of sales: order lines of any shop and of known channels, returns with their reasons, and daily sums of articles."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import available_timezones

from babel.numbers import get_currency_precision
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length, Optional, ValidationError

from incubator.imports.kinds import Batch, Column, Columns, Counts, Kind, Refusal
from incubator.imports.models import DataImport
from incubator.kernel import clock
from incubator.kernel.actor import Actor
from incubator.launches.models import Channel
from incubator.sales import (
    channel_option,
    checked,
    headings,
    known_again,
    lexicon_service,
    lines,
    lot_imports,
    service,
    sources,
    stock_imports,
)
from incubator.sales.rules import ADJUSTMENT, CANCELLED, RETURN, SALE

OUTCOME = {SALE: "facts", RETURN: "returns", ADJUSTMENT: "adjustments", CANCELLED: "cancelled"}
COLUMNS: tuple[Column, ...] = (
    Column("order_no", _l("Order"), example="2026030100012", also=("订单编号", "订单号", "invoice", "InvoiceNo", "order number")),
    Column("code", _l("Article"), meaning=_l("A SKU's code, or another code that stands for it."), example="KF-BK-01", also=("StockCode", "商家编码", "sku")),
    Column("description", _l("Description"), example="云朵托腰人体工学椅 黑", also=("商品名称", "title")),
    Column("quantity", _l("Quantity"), meaning=_l("Below zero, the units came back."), example=2, also=("数量", "购买数量", "qty")),
    Column(
        "at", _l("When"), required=True, meaning=_l("In the time of the channel, with or without the hour; or with a zone, like +08:00."),
        example="2026-03-01 14:05:00", also=("订单创建时间", "InvoiceDate", "日期", "date"),
    ),
    Column("price", _l("Unit price"), meaning=_l("In the channel's currency; or the amount of the line."), example="899.00", also=("UnitPrice", "单价")),
    Column("amount", _l("Amount"), also=("总金额", "金额", "total")),
    Column("discount", _l("Discount"), meaning=_l("Taken off the amount of the line."), also=("优惠金额", "折扣")),
    Column("currency", _l("Currency"), meaning=_l("That of the channel; a line of another one is refused."), also=("币种",)),
    Column("kind", _l("Sale or return"), meaning=_l("Blank is a sale."), also=("类型", "type")),
    Column("status", _l("State of the order"), meaning=_l("Orders that were not paid or were cancelled sell nothing."), also=("订单状态", "状态")),
    Column("cancelled_at", _l("Cancelled at"), also=("取消时间",)),
    Column("reason", _l("Reason of the return"), also=("退货原因", "退款原因")),
    Column("reason_note", _l("The buyer's own words"), also=("退款说明", "退货说明", "customer-comments")),
    Column("customer", _l("Buyer"), meaning=_l("Kept only as a mark that tells repeat buyers apart."), also=("CustomerID", "买家")),
    Column("segment", _l("Kind of buyers"), meaning=_l("Else that of the channel."), also=("买家类型", "人群")),
    Column("region", _l("Region"), example="浙江省", also=("Country", "收货地址", "省份")),
    Column("line_key", _l("Line of the order"), meaning=_l("With it a line is known again when the shop corrects it."), also=("子订单编号", "line")),
    Column("lot", _l("Lot"), meaning=_l("The production lot of the article, where it is known."), also=("批次", "批号", "生产批次", "batch")),
    Column("sold_on", _l("Sold on"), meaning=_l("Of a return: the day of its sale."), also=("销售日期", "原订单时间")),
    Column("paid_at", _l("Paid at"), also=("订单付款时间",)),
    Column("refund", _l("Refund"), also=("退款金额",)),
    Column("refund_units", _l("Units returned"), also=("退货数量", "退货件数")),
    Column("orders", _l("Orders"), meaning=_l("How many orders a sum of a day is made of."), also=("订单数", "成交订单数")),
    Column(
        "updated_at", _l("Updated at"), meaning=_l("Where a line comes twice, the later one holds, whichever file comes first."),
        also=("更新时间", "修改时间"),
    ),
    Column("paid", _l("Paid"), also=("买家实际支付金额",)),
)  # fmt: skip
COLUMNS = tuple(replace(column, also=(*column.also, *headings.WORDS.get(column.name, ()))) for column in COLUMNS)
LABELS = {column.name: column.label for column in COLUMNS}
OUTCOMES = {
    "facts": _l("Sold"),
    "returns": _l("Came back"),
    "adjustments": _l("No sale: postage, fees, write-offs"),
    "cancelled": _l("Cancelled"),
    "unpaid": _l("Not paid"),
    "outdated": _l("Older than what is known"),
}


class Options(channel_option.Options):
    """Beside the channel, the zone of the times in the file."""

    timezone = StringField(
        _l("Times in the file"),
        [Optional(), Length(max=60)],
        description=_l("A time zone, like UTC or Asia/Shanghai; blank: the channel's own."),
    )

    def validate_timezone(self, field: Any) -> None:
        if field.data and field.data not in available_timezones():
            raise ValidationError(_l("This is not a time zone, like UTC or Asia/Shanghai."))


def _setting(made: DataImport, channel: Channel) -> lines.Setting:
    return lines.Setting(
        get_currency_precision(channel.currency), channel.timezone, made.options.get("timezone") or channel.timezone,
        clock.today(channel.timezone), channel.buyer_kind, channel.currency, lexicon_service.own_words(channel.brand_id),
    )  # fmt: skip


def _reader(source: str) -> Any:
    """`read_columns` of a kind; order lines are read as their preset says. What is applied as it was checked is not read again."""

    def read(pieces: Iterable[Columns], made: DataImport, actor: Actor) -> Iterator[Batch]:
        setting = _setting(made, service.channel_of(int(made.options["channel_id"]), actor))
        reader = lines.Reader(source or made.preset, setting, sources.FILL_DOWN.get(made.preset, ()))
        kept = checked.Checked(made.id, (reader.way, made.preset, setting, made.mapping, made.file_id))
        found = kept.batches() if made.status == "applying" else None
        if found is None:
            found = _read(pieces, reader, kept if made.status == "checking" else None)
        yield from found
        if made.status == "applying":
            kept.forget()

    return read


def _read(pieces: Iterable[Columns], opening: lines.Reader, kept: checked.Checked | None) -> Iterator[Batch]:
    if kept:
        kept.begin()
    with opening as reader:
        for piece in pieces:
            batch = _batch(len(piece.numbers), reader.read(piece.numbers, piece.texts, piece.cut))
            if kept:
                kept.keep(batch, reader.duck)
            yield batch
    if kept:
        kept.finish()


def _batch(size: int, reading: lines.Reading) -> Batch:
    wrong = [(w.line, Refusal(str(LABELS[w.check.column]), w.value, str(w.check.says(w.value)))) for w in reading.wrong]
    return Batch(
        size, {"duplicates": reading.duplicates, "unpaid": reading.unpaid}, wrong, len(wrong), checked.Rows(reading.facts, reading.lines)
    )


def apply(rows: checked.Rows, made: DataImport, actor: Actor, now: datetime, _progress: Any) -> Counts:
    """Add the lines to the sales table. A line counts as what it is the first time, as changed or unchanged after that."""
    channel = service.channel_of(int(made.options["channel_id"]), actor)
    added = service.take_in(rows.facts, channel, made.id, now)
    return {OUTCOME.get(outcome, outcome): number for outcome, number in added.outcomes.items()}


def _columns(*names: str, required: tuple[str, ...] = ()) -> tuple[Column, ...]:
    return tuple(replace(c, required=c.name in required or c.required) for c in COLUMNS if c.name in names)


COMMON: dict[str, Any] = {
    "rule": "sales.import", "read": None, "apply": apply, "options": partial(channel_option.options, form_of=Options), "outcomes": OUTCOMES,
    "done": "sales.index", "done_label": _l("To the sales"), "turn": "sales",
}  # fmt: skip
LINES = Kind(
    name="sales.lines", title=_l("Order lines"), columns=_columns(*LABELS, required=("order_no",)), presets=sources.LINES, read_columns=_reader(""),
    advice=known_again.advice,
    help=_l("Each line is kept as it is and traced to its file and line. The same lines again change nothing."), **COMMON,
)  # fmt: skip
RETURNS = Kind(
    name="sales.returns",
    title=_l("Returns and refunds"),
    columns=_columns(
        "order_no", "code", "description", "quantity", "at", "refund", "currency", "status", "reason", "reason_note", "customer", "segment",
        "region", "line_key", "lot", "sold_on", "updated_at", required=("code",),
    ),
    presets=sources.RETURNS,
    read_columns=_reader("returns"),
    help=_l("What came back, with its reason in the buyer's words. A refund that an order told of already is not counted twice."),
    **COMMON,
)  # fmt: skip
DAILY = Kind(
    name="sales.daily",
    title=_l("Daily sums per article"),
    columns=_columns(
        "code", "description", "at", "quantity", "amount", "currency", "orders", "refund_units", "refund", "segment", "lot", "updated_at",
        required=("code", "quantity", "amount"),
    ),
    read_columns=_reader("daily"),
    help=_l("For channels that tell no single orders: one line per article and day. The same day again replaces the day."),
    **COMMON,
)  # fmt: skip
KINDS = (LINES, RETURNS, DAILY, lot_imports.LOTS, *stock_imports.KINDS)
