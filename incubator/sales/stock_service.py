"""The verbs of stock and traffic: take days in, settle what their codes mean, and fold old days into weeks. Figures of sales are untouched.

A row is known again by its channel, code (warehouse) and day. What a later moment or a later file said stays: a file is as old as the first import of
the very same bytes, so that an old file that comes again overwrites nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Date, and_, delete, func, insert, literal, or_, select, update

from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.bulk import insert_many, text_set, upsert_many
from incubator.kernel.db import db, is_sqlite
from incubator.launches.models import Channel, Sku, SkuAlias
from incubator.sales import service
from incubator.sales.models import FeedCode
from incubator.sales.stock_models import StockDay, TrafficDay

DAYS_KEPT = timedelta(weeks=26)
WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Feed:
    """One of the two tables: what tells its rows apart beside channel, span and day, and what they say."""

    model: Any
    keys: tuple[str, ...]
    values: tuple[str, ...]

    def key(self, row: Any) -> tuple[Any, ...]:
        return tuple(row[name] for name in self.keys)


STOCK = Feed(StockDay, ("warehouse", "code"), ("on_hand", "on_order"))
TRAFFIC = Feed(TrafficDay, ("code",), ("views", "visitors", "carts", "buyers"))


def take_in(feed: Feed, rows: Sequence[dict[str, Any]], channel: Channel, file_no: int) -> list[str]:
    """Keep rows (keys, values, "day", "taken_at"); what became of each: new, changed, unchanged, older, or closed (its week has been folded)."""
    present, closed = _present(feed, rows, channel)
    meaning = service.codes_of(channel.brand_id, channel.id)
    outcomes, written = [""] * len(rows), dict[tuple[Any, ...], dict[str, Any]]()
    for place in sorted(range(len(rows)), key=lambda i: (rows[i]["taken_at"], i)):
        row = rows[place]
        key = (*feed.key(row), row["day"])
        outcomes[place] = _outcome(feed, row, file_no, present.get(key), (*feed.key(row), _monday(row["day"])) in closed)
        if outcomes[place] in ("new", "changed", "unchanged"):
            written[key] = _values(feed, row, meaning.get(row["code"]))
            present[key] = {**row, "file_no": file_no}
    _note_codes([row for row, outcome in zip(rows, outcomes, strict=True) if outcome == "new" and row["code"] not in meaning], channel)
    same = {"brand_id": channel.brand_id, "channel_id": channel.id, "span": "day", "file_no": file_no}
    upsert_many(feed.model, list(written.values()), ("channel_id", "day", "span", *feed.keys), newer=_is_newer, **same)
    return outcomes


def _is_newer(given: Any, present: Any) -> Any:
    return or_(given.taken_at > present.taken_at, and_(given.taken_at == present.taken_at, given.file_no >= present.file_no))


def _outcome(feed: Feed, row: Mapping[str, Any], file_no: int, present: Any, is_closed: bool) -> str:
    if is_closed:
        return "closed"
    if present is None:
        return "new"
    if (row["taken_at"], file_no) < (present["taken_at"], present["file_no"]):
        return "older"
    return "unchanged" if all(row[name] == present[name] for name in feed.values) else "changed"


def _values(feed: Feed, row: Mapping[str, Any], sku_id: int | None) -> dict[str, Any]:
    told = {name: row[name] for name in (*feed.keys, *feed.values)}
    days = {"day": row["day"].isoformat(), "week": _monday(row["day"]).isoformat()}
    return told | days | {"taken_at": _text(row["taken_at"]), "sku_id": sku_id}


def _text(moment: datetime) -> str:
    """A moment as the database keeps it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f" if is_sqlite() else "%Y-%m-%d %H:%M:%S.%f+00")


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _present(feed: Feed, rows: Sequence[dict[str, Any]], channel: Channel) -> tuple[dict[Any, Any], set[Any]]:
    """(key and day → what stands there, keys and Mondays of weeks that have been folded)."""
    names = (*feed.keys, *feed.values, "day", "week", "span", "taken_at", "file_no")
    days = [row["day"] for row in rows]
    query = access.select_visible(feed.model, SYSTEM, *(getattr(feed.model, name) for name in names))
    query = query.where(feed.model.channel_id == channel.id, feed.model.code.in_(text_set(sorted({row["code"] for row in rows}))))
    found = (
        db.session.execute(query.where(feed.model.day.between(_monday(min(days)), _monday(max(days)) + timedelta(days=6)))).mappings().all()
    )
    present = {(*feed.key(row), row["day"]): row for row in found if row["span"] == "day"}
    return present, {(*feed.key(row), row["week"]) for row in found if row["span"] == "week"}


def _note_codes(rows: Sequence[dict[str, Any]], channel: Channel) -> None:
    """Codes that mean no SKU wait in the same queue as those of order lines."""
    days: dict[str, list[date]] = {}
    for row in rows:
        days.setdefault(row["code"], []).append(row["day"])
    query = access.select_visible(FeedCode, SYSTEM).where(FeedCode.channel_id == channel.id, FeedCode.code.in_(text_set(list(days))))
    for code in db.session.scalars(query):
        seen = days.pop(code.code)
        code.lines, code.first_on, code.last_on = code.lines + len(seen), min(code.first_on, *seen), max(code.last_on, *seen)
    notes = [
        {"code": code, "lines": len(seen), "first_on": min(seen).isoformat(), "last_on": max(seen).isoformat()}
        for code, seen in days.items()
    ]
    same = {"brand_id": channel.brand_id, "channel_id": channel.id, "currency": channel.currency, "status": "open", "description": ""}
    insert_many(FeedCode, notes, **same, units=0, amount_minor=0)


def claim(brand_id: int) -> None:
    """Give rows whose code has been explained since their SKU. What already has one keeps it."""
    for model in (StockDay, TrafficDay):
        meaning = func.coalesce(_alias(model, model.channel_id), _alias(model, literal(0)), _own_code(model))
        waiting = update(model).where(model.brand_id == brand_id, model.sku_id.is_(None), access.visible(model, SYSTEM))
        db.session.execute(waiting.values(sku_id=meaning).execution_options(synchronize_session=False))


def _alias(model: Any, channel_key: Any) -> Any:
    chosen = access.select_visible(SkuAlias, SYSTEM, func.min(SkuAlias.sku_id)).where(
        SkuAlias.brand_id == model.brand_id, SkuAlias.channel_key == channel_key
    )
    return chosen.where(func.upper(SkuAlias.code) == model.code).correlate(model).scalar_subquery()


def _own_code(model: Any) -> Any:
    chosen = access.select_visible(Sku, SYSTEM, func.min(Sku.id)).where(Sku.brand_id == model.brand_id, func.upper(Sku.code) == model.code)
    return chosen.correlate(model).scalar_subquery()


def oldest_week(now: datetime) -> date | None:
    """The oldest Monday whose days are due to be folded; None when there is none."""
    weeks = [
        db.session.scalar(access.select_visible(model, SYSTEM, func.min(model.week)).where(model.span == "day", model.week < _horizon(now)))
        for model in (StockDay, TrafficDay)
    ]
    return min((week for week in weeks if week is not None), default=None)


def _horizon(now: datetime) -> date:
    return _monday(now.date()) - DAYS_KEPT


def fold(week: date) -> int:
    """Put one row in the place of the days of a week: the last snapshot, the sum of the traffic. How many days went."""
    _fold_stock(week)
    _fold_traffic(week)
    gone = 0
    for model in (StockDay, TrafficDay):
        days = delete(model).where(model.week == week, model.span == "day", access.visible(model, SYSTEM))
        gone += len(db.session.scalars(days.returning(model.id).execution_options(synchronize_session=False)).all())
    return gone


def _fold_stock(week: date) -> None:
    place = (StockDay.channel_id, StockDay.warehouse, StockDay.code)
    last = func.row_number().over(partition_by=place, order_by=(StockDay.day.desc(), StockDay.taken_at.desc())).label("place")
    copied = ("brand_id", "channel_id", "sku_id", "warehouse", "code", "day", "week", "taken_at", "file_no", "on_hand", "on_order")
    query = access.select_visible(StockDay, SYSTEM, *(getattr(StockDay, name) for name in copied), last)
    days = query.where(StockDay.week == week, StockDay.span == "day").subquery()
    chosen = select(*(days.c[name] for name in copied), literal("week")).where(days.c.place == 1)
    db.session.execute(insert(StockDay).from_select([*copied, "span"], chosen))


def _fold_traffic(week: date) -> None:
    sums = [func.sum(getattr(TrafficDay, name)) for name in TRAFFIC.values]
    latest = (func.max(TrafficDay.sku_id), func.max(TrafficDay.taken_at), func.max(TrafficDay.file_no))
    names = ["brand_id", "channel_id", "code", "sku_id", "taken_at", "file_no", *TRAFFIC.values, "span", "day", "week"]
    same = (literal("week"), literal(week, Date), literal(week, Date))
    own = (TrafficDay.brand_id, TrafficDay.channel_id, TrafficDay.code)
    query = access.select_visible(TrafficDay, SYSTEM, *own, *latest, *sums, *same)
    query = query.where(TrafficDay.week == week, TrafficDay.span == "day").group_by(*own)
    db.session.execute(insert(TrafficDay).from_select(names, query))
