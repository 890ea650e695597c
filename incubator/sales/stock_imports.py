"""The imports of stock snapshots and of daily traffic: their columns, and how a line is read. The same file again changes nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func

from incubator.imports.kinds import Cells, Column, Counts, Kind, Line, Refusal, Row
from incubator.imports.models import DataImport
from incubator.kernel import access, clock
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.launches.models import Channel
from incubator.sales import cells, channel_option, service, stock_service
from incubator.sales.cells import WrongCell
from incubator.sales.stock_service import STOCK, TRAFFIC, Feed

CODE = Column(
    "code", _l("Article"), required=True, meaning=_l("A SKU's code, or another code that stands for it."), example="KF-BK-01",
    also=("商家编码", "SKU编码", "货号", "sku", "StockCode", "seller-sku", "Variant SKU", "商品编码", "货品编码", "款号"),
)  # fmt: skip
STOCK_COLUMNS = (
    CODE,
    Column(
        "at", _l("When"), required=True, meaning=_l("Day of the count, with or without the hour, in the time of the channel."), example="2026-03-01 08:00",
        also=("日期", "盘点时间", "盘点日期", "快照日期", "库存日期", "date", "snapshot-date"),
    ),
    Column("on_hand", _l("At hand"), required=True, meaning=_l("Units that can be sold; below zero, more was sold than is there."), example=120,
           also=("可售库存", "可用库存", "现有库存", "当前库存", "库存数量", "库存", "在库", "available", "on hand", "afn-fulfillable-quantity")),
    Column("on_order", _l("On order"), meaning=_l("Units ordered from the factory and not yet there."), example=300,
           also=("在途", "采购在途", "在途库存", "inbound", "on order", "incoming")),
    Column("warehouse", _l("Warehouse"), meaning=_l("Blank is the channel's own."), example="义乌仓", also=("仓库", "仓库名称", "warehouse name", "Location")),
)  # fmt: skip
TRAFFIC_COLUMNS = (
    CODE,
    Column("at", _l("Day"), required=True, example="2026-03-01", also=("日期", "统计日期", "date")),
    Column("views", _l("Views"), example=1800, also=("浏览量", "商品浏览量", "浏览", "PV", "pageviews", "page views")),
    Column("visitors", _l("Visitors"), example=620, also=("访客数", "商品访客数", "访客", "UV", "sessions", "visitors")),
    Column("carts", _l("Put into the cart"), meaning=_l("People, not pieces."), example=85, also=("加购人数", "商品加购人数", "added to cart")),
    Column("buyers", _l("Paying buyers"), example=31, also=("支付买家数", "成交买家数", "支付人数", "buyers")),
)  # fmt: skip
LABELS = {column.name: column.label for column in (*STOCK_COLUMNS, *TRAFFIC_COLUMNS)}
Read = Callable[[cells.Cells, Any, date], Row]


def snapshot(line: cells.Cells, zone: Any, today: date) -> Row:
    """A line of a stock sheet."""
    day, taken_at = cells.moment(line, "at", zone, today)
    told = {"on_hand": cells.whole(line, "on_hand"), "on_order": cells.counted(line, "on_order")}
    return {"code": cells.code(line), "warehouse": line.get("warehouse", "").strip()[:80], "day": day, "taken_at": taken_at, **told}


def traffic(line: cells.Cells, zone: Any, today: date) -> Row:
    """A line of a traffic sheet; one that tells nothing is refused."""
    day, taken_at = cells.moment(line, "at", zone, today)
    told = {name: cells.counted(line, name) for name in TRAFFIC.values}
    if all(value is None for value in told.values()):
        raise WrongCell("views", "", _("The line tells neither views, visitors, carts nor buyers."))
    return {"code": cells.code(line), "day": day, "taken_at": taken_at, **told}


def read(understand: Read, lines: Iterable[Cells], made: DataImport, actor: Actor) -> Iterator[Line]:
    """One Line per line; the very same line twice is a duplicate."""
    channel = service.channel_of(int(made.options["channel_id"]), actor)
    zone, today, seen = ZoneInfo(channel.timezone), clock.today(channel.timezone), set[Any]()
    for number, line in lines:
        try:
            row = understand(line, zone, today)
        except WrongCell as wrong:
            yield Line(number, refusals=[Refusal(str(LABELS[wrong.column]), wrong.value, wrong.message)])
            continue
        content = tuple(row.values())
        yield Line(number, outcome="duplicates") if content in seen else Line(number, {"line": number, **row})
        seen.add(content)


def apply(feed: Feed, rows: Sequence[Row], made: DataImport, actor: Actor, _now: datetime, _progress: Any) -> Counts:
    """Keep the days."""
    channel: Channel = service.channel_of(int(made.options["channel_id"]), actor)
    same = access.select_visible(DataImport, actor, func.min(DataImport.id))
    file_no = db.session.scalar(same.where(DataImport.kind == made.kind, DataImport.sha256 == made.sha256, DataImport.status != "failed"))
    counts: Counts = {}
    for outcome in stock_service.take_in(feed, rows, channel, int(file_no or made.id)):
        counts[outcome] = counts.get(outcome, 0) + 1
    return counts


OUTCOMES = {"older": _l("Older than what is known"), "closed": _l("Of a week that is kept as a whole by now")}
STOCK_KIND = Kind(
    name="sales.stock",
    title=_l("Stock snapshots"),
    rule="sales.import",
    columns=STOCK_COLUMNS,
    read=partial(read, snapshot),
    apply=partial(apply, STOCK),
    options=channel_option.options,
    outcomes=OUTCOMES,
    turn="sales",
    help=_l("What stands in each warehouse at the end of a day. Sell-through, cover and reorder proposals follow from it."),
    done="sales.reorders",
    done_label=_l("To the reorder proposals"),
)
TRAFFIC_KIND = Kind(
    name="sales.traffic",
    title=_l("Daily traffic"),
    rule="sales.import",
    columns=TRAFFIC_COLUMNS,
    read=partial(read, traffic),
    apply=partial(apply, TRAFFIC),
    options=channel_option.options,
    outcomes=OUTCOMES,
    turn="sales",
    help=_l("How many people looked at a SKU, put it into the cart and paid, by day."),
    done="sales.index",
    done_label=_l("To the sales"),
)
KINDS = (STOCK_KIND, TRAFFIC_KIND)
