"""Reads of why things come back, for pages and exports: reasons with their parts and faults, texts that fit nothing, the brand's own words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import func

from incubator.kernel import access
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.launches.models import Sku
from incubator.products.filters import contains
from incubator.products.models import Product
from incubator.sales.lexicon_models import HeardText, LexiconWord
from incubator.sales.models import SkuWeek, SkuWeekReason

WEEK = timedelta(weeks=1)
PERIODS = (4, 8, 26, 52)
MOST_TEXTS = 200
SHOWN_TEXTS = 40


@dataclass(frozen=True)
class Bar:
    """A reason with its topic: units and orders that came back, of all units the share, summed with those before it, and the share before."""

    reason: str
    topic: str
    units: int
    orders: int
    share: float
    cumulated: float
    earlier: float | None


def last_week(actor: Actor) -> date | None:
    """The last week that has lines."""
    found: date | None = db.session.scalar(access.select_visible(SkuWeek, actor, func.max(SkuWeek.week)))
    return found


def pareto(actor: Actor, until: date, weeks: int, filters: dict[str, str]) -> list[Bar]:
    """Reasons and topics of the `weeks` weeks to `until`, the most frequent first, beside as many weeks before. `filters`: q, category."""
    since = until - (weeks - 1) * WEEK
    now, before = (_counts(actor, first, last, filters) for first, last in ((since, until), (since - weeks * WEEK, since - WEEK)))
    total, total_before = (sum(units for units, _ in found.values()) for found in (now, before))
    ranked = sorted(now.items(), key=lambda item: (-item[1][0], item[0]))
    sums = accumulate(units for _, (units, _) in ranked)
    return [
        Bar(reason, topic, units, orders, units / total, so_far / total, before.get((reason, topic), (0, 0))[0] / total_before if total_before else None)
        for ((reason, topic), (units, orders)), so_far in zip(ranked, sums, strict=True)
    ]  # fmt: skip


def _counts(actor: Actor, first: date, last: date, filters: dict[str, str]) -> dict[tuple[str, str], tuple[int, int]]:
    columns = (SkuWeekReason.reason, SkuWeekReason.topic, func.sum(SkuWeekReason.units), func.sum(SkuWeekReason.orders))
    query = access.select_visible(SkuWeekReason, actor, *columns).where(SkuWeekReason.week.between(first, last), SkuWeekReason.units > 0)
    if filters:
        query = query.join(Sku, Sku.id == SkuWeekReason.sku_id)
    if text := filters.get("q"):
        query = query.where(contains(Sku.code, text) | contains(Sku.name_zh, text))
    if category := filters.get("category"):
        query = query.join(Product, Product.id == Sku.product_id).where(Product.category == category)
    rows = db.session.execute(query.group_by(SkuWeekReason.reason, SkuWeekReason.topic))
    return {(reason, topic): (int(units), int(orders)) for reason, topic, units, orders in rows}


def other_texts(actor: Actor, until: date, weeks: int, most: int = SHOWN_TEXTS) -> list[Any]:
    """(text, units, orders, last week) of what nothing fits, the most frequent first; "" sums up what is too rare to be kept."""
    return _texts(actor, until, weeks, HeardText.reason == "other", (HeardText.text,), most)


def examples(actor: Actor, until: date, weeks: int) -> dict[tuple[str, str], str]:
    """(reason, topic) → the most frequent text that was heard so."""
    columns = (HeardText.reason, HeardText.topic, HeardText.text)
    rows = _texts(actor, until, weeks, HeardText.reason != "other", columns, 5000)
    return {(row.reason, row.topic): row.text for row in reversed(rows)}


def _texts(actor: Actor, until: date, weeks: int, which: Any, columns: Sequence[Any], most: int) -> list[Any]:
    units = func.sum(HeardText.units).label("units")
    counts = (units, func.sum(HeardText.orders).label("orders"), func.max(HeardText.week).label("last_week"))
    query = access.select_visible(HeardText, actor, *columns, *counts)
    query = query.where(HeardText.week.between(until - (weeks - 1) * WEEK, until), which).group_by(*columns)
    return list(db.session.execute(query.order_by(units.desc(), HeardText.text).limit(most)).all())


def words(actor: Actor) -> list[LexiconWord]:
    """The brand's own words, the latest first."""
    return list(db.session.scalars(access.select_visible(LexiconWord, actor).order_by(LexiconWord.id.desc())))


def every_text(actor: Actor, until: date, weeks: int) -> Iterator[Any]:
    """All texts that nothing fits, for an export."""
    yield from other_texts(actor, until, weeks, 100_000)
