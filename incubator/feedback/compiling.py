"""The sections of a brand's packs of one week, factory by factory: figures gathered once. It makes no pack and sends nothing."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func

from incubator.feedback import asked, comparing, finding_service, findings_told, rates, suggesting, voices, window
from incubator.feedback.finding_models import Finding, FindingRun
from incubator.feedback.models import FeedbackAction, FeedbackPack, PackSection
from incubator.feedback.touching import Cause
from incubator.feedback.window import SHOWN, WEEK, Window, column
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.bulk import id_set
from incubator.kernel.db import db
from incubator.launches import words as launch_words
from incubator.launches.models import Sku
from incubator.products.models import Product
from incubator.sales import grading, lot_queries, outlook_queries
from incubator.sales.models import SkuGrade

MOST_VOICES, MOST_REQUIREMENTS, MOST_LOTS = 4, 12, 6


@dataclass(frozen=True)
class Draft:
    """The sections of one factory's pack, as the columns of `PackSection`, best seller first."""

    factory_id: int
    rows: list[dict[str, Any]]
    table_version: int


@dataclass
class Ground:
    """Everything that the sections of a week are made from."""

    window: Window
    skus: dict[int, Any]
    grades: dict[int, SkuGrade]
    stale_weeks: dict[int, int]
    peers: dict[str, set[int]]
    samples: dict[tuple[int, int], list[dict[str, Any]]]
    briefs: dict[int, list[dict[str, Any]]]
    joined: set[tuple[int, int]]
    voices: dict[int, list[voices.Said]]
    earlier: dict[tuple[int, int], Any]
    findings: dict[int, list[Finding]]
    run: FindingRun | None
    orders: dict[int, suggesting.Order]
    lots: dict[tuple[int, int], list[dict[str, Any]]]
    stopped: set[tuple[int, int]]


def drafts(brand_id: int, week: date) -> dict[int, Draft]:
    """factory → its sections of the week: every SKU that it made and that sold or came back in the eight weeks. A fixed number of queries."""
    found = window.load(brand_id, week - (SHOWN + window.EARLIER - 1) * WEEK, week)
    skus = _skus([sku_id for sku_id in found.sold if found.makers_shown(sku_id)])
    ground = _ground(brand_id, week, found, skus)
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for sku_id in skus:
        for factory_id in found.makers_shown(sku_id) - {None}:
            assert factory_id is not None
            rows[factory_id].append(_section(ground, sku_id, factory_id))
    return {factory_id: Draft(factory_id, _placed(those), found.table_version) for factory_id, those in rows.items()}


def _placed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    best = sorted(rows, key=lambda row: (-sum(n or 0 for n in row["units"]), row["code"]))
    return [{**row, "position": n} for n, row in enumerate(best)]


def _skus(ids: list[int]) -> dict[int, Any]:
    columns = (Sku.id, Sku.code, Sku.name_zh, Sku.name_en, Sku.colour, Sku.size, Sku.pack, Sku.product_id, Product.category)
    query = access.select_visible(Sku, SYSTEM, *columns).join(Product, Product.id == Sku.product_id).where(Sku.id.in_(ids))
    return {row.id: row for row in db.session.execute(query)}


def _ground(brand_id: int, week: date, found: Window, skus: dict[int, Any]) -> Ground:
    products = {row.product_id for row in skus.values()}
    graded = _graded(brand_id, week)
    now = {g.sku_id: g for g in graded if g.week == week}
    stale: dict[int, int] = defaultdict(int)
    for g in graded:
        stale[g.sku_id] += g.grade == "stale"
    heard = voices.heard(brand_id, {row.code: sku_id for sku_id, row in skus.items()}, found.shown[0], week + timedelta(days=6))
    return Ground(
        found, skus, now, stale, _peers(now, found), asked.latest(products), asked.briefs(products), asked.joined(products), heard,
        _told_before(brand_id, week), finding_service.of_week(brand_id, week), finding_service.run_of(brand_id, week), _orders(brand_id, week),
        lot_queries.for_packs(brand_id, list(skus), week, found.maker), _stopped(brand_id, list(skus)),
    )  # fmt: skip


def _orders(brand_id: int, week: date) -> dict[int, suggesting.Order]:
    """SKU → what the brand's proposal tells its factory: a quantity and a day when it is due by the Sunday after the week, else neither."""
    due = week + timedelta(days=13)
    return {
        sku_id: suggesting.Order(row.quantity, row.ready_on) if row.order_on and row.order_on <= due else suggesting.Order()
        for sku_id, row in outlook_queries.proposals(brand_id, week).items()
    }


def _stopped(brand_id: int, ids: list[int]) -> set[tuple[int, int]]:
    """(SKU, factory) of which the last promise about making it was to stop."""
    mine = access.select_visible(FeedbackAction, SYSTEM, func.max(FeedbackAction.id)).where(
        FeedbackAction.brand_id == brand_id, FeedbackAction.kind.in_(("stop", "reorder")), FeedbackAction.state != "dropped"
    )
    last = mine.where(FeedbackAction.sku_id.in_(id_set(ids))).group_by(FeedbackAction.sku_id, FeedbackAction.factory_id)
    query = access.select_visible(FeedbackAction, SYSTEM, FeedbackAction.sku_id, FeedbackAction.factory_id)
    rows = db.session.execute(query.where(FeedbackAction.id.in_(last), FeedbackAction.kind == "stop"))
    return {(sku_id, factory_id) for sku_id, factory_id in rows}


def _graded(brand_id: int, week: date) -> list[SkuGrade]:
    """The grades of the last eight weeks; those of this week are made when the job has not been there yet."""
    query = access.select_visible(SkuGrade, SYSTEM).where(SkuGrade.brand_id == brand_id)
    if db.session.scalar(query.where(SkuGrade.week == week).limit(1)) is None:
        grading.grade(brand_id, week)
    return list(db.session.scalars(query.where(SkuGrade.week.between(week - (SHOWN - 1) * WEEK, week))))


def _peers(grades: dict[int, SkuGrade], found: Window) -> dict[str, set[int]]:
    """The factories whose SKUs stand behind a median, by category, and "" for all."""
    about = _skus(list(grades))
    behind: dict[str, set[int]] = defaultdict(set)
    for sku_id, grade in grades.items():
        maker = found.maker(sku_id, found.week)
        if grade.grade and maker and sku_id in about:
            behind[""].add(maker)
            behind[about[sku_id].category].add(maker)
    return behind


def _told_before(brand_id: int, week: date) -> dict[tuple[int, int], Any]:
    """(factory, SKU) → its section in the pack of the week before."""
    query = access.select_visible(PackSection, SYSTEM, FeedbackPack.factory_id, PackSection.sku_id, PackSection.units, PackSection.returned)
    query = query.join(FeedbackPack, (FeedbackPack.id == PackSection.pack_id) & (FeedbackPack.revision == PackSection.revision))
    query = query.where(FeedbackPack.brand_id == brand_id, FeedbackPack.week == week - WEEK, FeedbackPack.state != "compiled")
    return {(row.factory_id, row.sku_id): row for row in db.session.execute(query)}


def _section(ground: Ground, sku_id: int, factory_id: int) -> dict[str, Any]:
    found, sku = ground.window, ground.skus[sku_id]
    cells = found.own(sku_id, factory_id, found.shown)
    units, returned = column(cells, "units"), column(cells, "returned")
    rate, earlier = _rate(ground, sku_id, factory_id, cells), _earlier(found, sku_id, factory_id)
    told = _findings(ground, sku_id, factory_id)
    reasons = found.own_reasons(sku_id, factory_id)
    grade, compared = _told(ground, sku_id, factory_id)
    pace = sum(n or 0 for n in units[-4:]) / 4
    stale = ground.stale_weeks[sku_id] if grade == "stale" else 0
    order = ground.orders.get(sku_id) if found.maker(sku_id, found.week) == factory_id else None
    sold, is_stopped = sum(n or 0 for n in column(cells, "orders")), (sku_id, factory_id) in ground.stopped
    suggestion = suggesting.suggest(suggesting.Evidence(grade, pace, sold, rate, told, stale, order, is_stopped))
    return {
        "sku_id": sku_id, "product_id": sku.product_id, "code": sku.code, "name_zh": sku.name_zh, "name_en": sku.name_en or "",
        "variant": launch_words.variant(sku), "units": units, "returned": returned, "orders": column(cells, "orders"), "grade": grade,
        "compared": compared, "rate": rate.as_json() if rate else None, "earlier": earlier.as_json() if earlier else None,
        "reasons": _shares(reasons), "requirements": _requirements(ground, sku.product_id, factory_id, found.own_causes(sku_id, factory_id)),
        "voices": _voices(ground, sku_id, factory_id), "suggestion": suggestion.as_json(),
        "corrected": _corrected(ground.earlier.get((factory_id, sku_id)), units, returned, found.shown), "findings": told,
        "lots": ground.lots.get((sku_id, factory_id), [])[-MOST_LOTS:],
    }  # fmt: skip


def _earlier(found: Window, sku_id: int, factory_id: int) -> rates.Rate | None:
    cells = found.own(sku_id, factory_id, found.before)
    return rates.rate(column(cells, "orders"), column(cells, "returned_orders"))


def _rate(ground: Ground, sku_id: int, factory_id: int, cells: Any) -> rates.Rate | None:
    """Drawn towards the category where enough other factories stand behind it, else of its own counts alone: the other would tell the category's."""
    row = ground.grades.get(sku_id)
    returns = (row.figures.get("returns") if row else None) or {}
    behind = ground.peers.get(ground.skus[sku_id].category if returns.get("prior") == "category" else "", set()) - {factory_id}
    if ground.window.makers_shown(sku_id) == {factory_id} and len(behind) >= comparing.LEAST_FACTORIES and returns.get("prior") != "none":
        return rates.drawn(returns or None, len(behind))
    return rates.rate(column(cells, "orders"), column(cells, "returned_orders"))


def _findings(ground: Ground, sku_id: int, factory_id: int) -> list[dict[str, Any]]:
    """What the factory is told of what was found of its SKU this week."""
    found = ground.findings.get(sku_id, [])
    if not found or ground.run is None:
        return []
    entries = []
    for row in found:
        known = finding_service.known(row)
        mondays = [date.fromisoformat(row.evidence["first"]) + n * WEEK for n in range(len(known.orders))]
        own = [ground.window.maker(sku_id, monday) == factory_id for monday in mondays]
        category = ground.skus[sku_id].category if row.evidence["peers"] == "category" else ""
        phi = 1 + ground.run.delta + ground.run.kappa * sum(known.returned) / len(known.returned)
        entries.append(findings_told.told(known, own, len(ground.peers.get(category, set()) - {factory_id}), phi))
    return findings_told.most_telling([entry for entry in entries if entry], {row.id for row in found if row.state == "aside"})


def _told(ground: Ground, sku_id: int, factory_id: int) -> tuple[str | None, dict[str, Any]]:
    row = ground.grades.get(sku_id)
    figures = row.figures if row else None
    against = figures["against"] if figures else ""
    behind = ground.peers.get(ground.skus[sku_id].category if against in ("category", "both") else "", set())
    only_own = ground.window.makers_shown(sku_id) == {factory_id}
    return comparing.told(figures, all_own=only_own, other_factories=len(behind - {factory_id}))


def _shares(reasons: list[tuple[str, int]]) -> list[dict[str, Any]]:
    total = sum(units for _, units in reasons)
    return [{"reason": reason, "units": units, "share": round(units / total, 4)} for reason, units in reasons]


def _requirements(ground: Ground, product_id: int, factory_id: int, causes: list[Cause]) -> list[dict[str, Any]]:
    """Measured by its own samples; the brief's words where it has none and takes part in the product."""
    lines = ground.samples.get((product_id, factory_id))
    if lines is None:
        lines = ground.briefs.get(product_id, []) if (product_id, factory_id) in ground.joined else []
    return asked.marked(lines, causes)[:MOST_REQUIREMENTS]


def _voices(ground: Ground, sku_id: int, factory_id: int) -> list[dict[str, Any]]:
    """What was said in the weeks in which this factory made it, the same words once."""
    own = [v for v in ground.voices.get(sku_id, []) if ground.window.maker(sku_id, v.day - timedelta(days=v.day.weekday())) == factory_id]
    distinct: dict[str, voices.Said] = {}
    for voice in own:
        distinct.setdefault(voice.quote, voice)
    return [voice.as_json() for voice in distinct.values()][:MOST_VOICES]


def _corrected(before: Any, units: list[int | None], returned: list[int | None], weeks: list[date]) -> list[dict[str, Any]]:
    """The seven weeks that last week's pack told too, where it told them otherwise."""
    if before is None:
        return []
    was = list(zip(before.units[1:], before.returned[1:], strict=True))
    now = list(zip(units[:-1], returned[:-1], strict=True))
    return [
        {"week": week.isoformat(), "was": list(old), "now": list(new)}
        for week, old, new in zip(weeks, was, now, strict=False)
        if old != new and None not in (*old, *new)
    ]
