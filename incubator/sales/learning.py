"""What a brand's sales teach at the end of a week, written per SKU: forecast, hit probability, cover and reorder proposal.

Everything is read first and computed in batches of arrays; then rows are written batch by batch, each with the yield after which the caller may commit.
Doing it again makes the same rows. It changes no grade and no figure of sales. Numpy loads with it, so that only jobs import it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import delete, func

from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.bulk import id_set, insert_many
from incubator.kernel.db import db
from incubator.sales import early, forecast, history, measures, reorder, seasons, stock_service, supply
from incubator.sales.history import History
from incubator.sales.models import SkuWeek
from incubator.sales.outlook_models import Learning, SkuOutlook

WEEK = timedelta(weeks=1)
BATCH, SAMPLE, TESTED = 1000, 2000, 4  # SKUs at a time, SKUs to learn from, weeks after which forecasts are looked at again
KEPT = 52 * WEEK
BANDS = ("middle", "low80", "high80", "low95", "high95")
SURE = 0.99  # of a service level: beyond it the bounds know nothing


def learn(brand_id: int, week: date, now: datetime) -> Iterator[int]:
    """Measure the week, forecast and propose from all weeks up to it; gives how many SKUs each batch wrote."""
    stock_service.claim(brand_id)
    measures.measure(brand_id, week)
    yield 0
    known = history.load(brand_id, week)
    if not known.ids:
        return
    calm, season = known.calm
    learnt = forecast.tune(calm[:: -(-len(known.ids) // SAMPLE)])
    told, model = _hits(known)
    stock = measures.stock_at(brand_id, now.date())
    record, number = _record(brand_id, week - TESTED * WEEK, known), 0
    _forget(brand_id, week, known.ids)
    for start in range(0, len(known.ids), BATCH):
        chosen = slice(start, start + BATCH)
        outlook = forecast.forecast(calm[chosen], learnt).times(season[chosen])
        terms = supply.terms(brand_id, known.ids[chosen])
        proposals = _proposals(known.ids[chosen], outlook, learnt, stock, terms, now.date())
        rows = [_row(n, sku_id, outlook, told, stock, proposals) for n, sku_id in enumerate(known.ids[chosen])]
        _write(brand_id, week, rows)
        number += int((outlook.why == "").sum())
        yield len(rows)
    _note(brand_id, week, now, {"skus": len(known.ids), "forecasts": number, "errors": learnt.number}, model, record)
    yield 0


def _hits(known: History) -> tuple[dict[int, float], early.Model]:
    """(SKU → how likely it becomes a hit, of the young ones; what that rests on)."""
    found = history.launches(known)
    model = early.learnt(*history.first_weeks(known, found, found.past), found.hits)
    told: dict[int, float] = {}
    for weeks in range(1, early.SEEN + 1):
        rows = found.young[np.minimum(found.age[found.young], early.SEEN) == weeks]
        units, orders, usual = history.first_weeks(known, found, rows, weeks)
        likely = early.probability(early.features(units, orders, usual[:, -1]), model.coefficients[weeks - 1])
        told |= {known.ids[row]: round(float(p), 4) for row, p in zip(rows, likely, strict=True)}
    return told, model


def _proposals(
    ids: Sequence[int],
    outlook: forecast.Outlook,
    learnt: forecast.Tuned,
    stock: Mapping[int, Any],
    terms: Mapping[int, reorder.Terms],
    today: date,
) -> dict[int, reorder.Proposal]:
    """SKU → proposal, where there is a forecast and the stock is known."""
    lead = np.array([terms[sku_id].lead_days for sku_id in ids], dtype=float)
    review = np.array([terms[sku_id].review_days for sku_id in ids], dtype=float)
    service = np.array([min(terms[sku_id].service, SURE) for sku_id in ids])
    short = outlook.needed((lead + reorder.LOOK_DAYS) / 7, service, learnt)
    long = outlook.needed((lead + review) / 7, service, learnt)
    found = {}
    for n, sku_id in enumerate(ids):
        if outlook.why[n] or sku_id not in stock:
            continue
        on, on_hand, on_order = stock[sku_id]
        needs = [(float(expected[n]), float(most[n])) for expected, most in (short, long)]
        there = reorder.Stock(on_hand, on_order or 0, on)
        found[sku_id] = reorder.propose(outlook.expected[n].tolist(), needs[0], needs[1], there, terms[sku_id], today)
    return found


def _row(
    n: int, sku_id: int, outlook: forecast.Outlook, told: Mapping[int, float], stock: Mapping[int, Any], proposals: Mapping[int, Any]
) -> dict[str, Any]:
    why, proposal = str(outlook.why[n]), proposals.get(sku_id)
    path = [] if why else [round(float(units), 2) for units in outlook.expected[n]]
    bands = {} if why else {name: getattr(outlook, name)[n].astype(int).tolist() for name in BANDS}
    return {
        "sku_id": sku_id, "why": why, "model": "" if why else str(outlook.model[n]), "expected": path, "bands": bands,
        "next4": round(sum(path[:4]), 2) if path else None, "cover": round(reorder.cover(stock[sku_id][1], path), 1) if path and sku_id in stock else None,
        "hit": told.get(sku_id), "reorder": proposal.as_json() if proposal else None, "quantity": proposal.quantity if proposal else None,
        "order_on": proposal.order_on if proposal else None, "ready_on": proposal.ready_on if proposal else None,
    }  # fmt: skip


def _write(brand_id: int, week: date, rows: Sequence[dict[str, Any]]) -> None:
    ids = [row["sku_id"] for row in rows]
    own = (SkuOutlook.brand_id == brand_id, SkuOutlook.week == week, SkuOutlook.sku_id.in_(id_set(ids)), access.visible(SkuOutlook, SYSTEM))
    db.session.execute(delete(SkuOutlook).where(*own).execution_options(synchronize_session=False))
    insert_many(SkuOutlook, rows, brand_id=brand_id, week=week)


def _forget(brand_id: int, week: date, ids: Sequence[int]) -> None:
    """What the week said of SKUs that have no weeks any more, and what is a year old."""
    gone = (SkuOutlook.week == week) & SkuOutlook.sku_id.not_in(id_set(ids))
    old = SkuOutlook.week < week - KEPT
    chosen = delete(SkuOutlook).where(SkuOutlook.brand_id == brand_id, gone | old, access.visible(SkuOutlook, SYSTEM))
    db.session.execute(chosen.execution_options(synchronize_session=False))


def _record(brand_id: int, made: date, known: History) -> dict[str, Any]:
    """How the forecasts of four weeks ago came true: weeks in the bands, units expected and come, in all and by week. Empty where there were none."""
    query = access.select_visible(SkuOutlook, SYSTEM, SkuOutlook.sku_id, SkuOutlook.expected, SkuOutlook.bands)
    told = {
        row.sku_id: row
        for row in db.session.execute(query.where(SkuOutlook.brand_id == brand_id, SkuOutlook.week == made, SkuOutlook.why == ""))
    }
    rows = [n for n, sku_id in enumerate(known.ids) if sku_id in told]
    if not rows or known.units.shape[1] < TESTED:
        return {}
    came, those = known.units[rows, -TESTED:], [told[known.ids[n]] for n in rows]
    band = {name: np.array([row.bands[name][:TESTED] for row in those]) for name in BANDS}
    inside = {share: (came >= band[f"low{share}"]) & (came <= band[f"high{share}"]) for share in ("80", "95")}
    expected = np.array([row.expected[:TESTED] for row in those])
    return {
        "skus": len(rows), "weeks": TESTED, "in80": round(float(inside["80"].mean()), 4), "in95": round(float(inside["95"].mean()), 4),
        "expected": round(float(expected.sum())), "came": int(came.sum()), "history": seasons.own_weeks(known.units.sum(axis=0)),
        "by_week": [
            {"in80": round(float(share), 4), "expected": round(float(due)), "came": int(sold)}
            for share, due, sold in zip(inside["80"].mean(axis=0), expected.sum(axis=0), came.sum(axis=0), strict=True)
        ],
    }  # fmt: skip


def _note(brand_id: int, week: date, now: datetime, numbers: dict[str, int], model: early.Model, record: dict[str, Any]) -> None:
    own = (Learning.brand_id == brand_id, Learning.week == week, access.visible(Learning, SYSTEM))
    db.session.execute(delete(Learning).where(*own))
    told = {
        "coefficients": np.round(model.coefficients, 4).tolist(), "launches": model.launches, "hits": model.hits, "is_own": model.is_own,
        "score": asdict(model.score) if model.score else None,
    }  # fmt: skip
    db.session.add(Learning(brand_id=brand_id, week=week, made_at=now, hit_model=told, record=record, **numbers))


def learnt_to(brand_id: int) -> date | None:
    """The last week that was learnt from."""
    week: date | None = db.session.scalar(
        access.select_visible(Learning, SYSTEM, func.max(Learning.week)).where(Learning.brand_id == brand_id)
    )
    return week


def last_sold(brand_id: int) -> date | None:
    """The last week with sales: for feeds of years ago."""
    week: date | None = db.session.scalar(
        access.select_visible(SkuWeek, SYSTEM, func.max(SkuWeek.week)).where(SkuWeek.brand_id == brand_id)
    )
    return week
