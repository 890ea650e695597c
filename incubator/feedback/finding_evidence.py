"""What stands behind a finding, as the brand reads it: the weeks, when it likely began, what buyers said since, and which requirement it touches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from incubator.feedback import asked, standing, touching, voices
from incubator.feedback.finding_ground import Basis
from incubator.feedback.finding_lots import Lots
from incubator.feedback.findings import LEVEL, Found, Result
from incubator.feedback.levels import WEEKS as LEVEL_WEEKS
from incubator.feedback.standing import Standing
from incubator.feedback.touching import Cause
from incubator.sales import reasons

MOST_VOICES, MOST_REQUIREMENTS = 3, 3


@dataclass(frozen=True)
class Heard:
    """Voices, measured samples and briefs of the SKUs that something was found of."""

    voices: Mapping[int, list[voices.Said]]
    samples: Mapping[asked.Key, list[dict[str, Any]]]
    briefs: Mapping[int, list[dict[str, Any]]]


def hear(brand_id: int, codes: Mapping[str, int], products: Sequence[int], weeks: Sequence[date]) -> Heard:
    """Asked once for all findings of a week; `codes`: code → SKU."""
    said = voices.heard(brand_id, codes, weeks[0], weeks[-1] + timedelta(days=6)) if codes else {}
    return Heard(said, asked.latest(products), asked.briefs(products))


def first_index(found: Found, weeks: int) -> int:
    """The week from which a finding counts: the first of the higher rate, or of those that a level looks at."""
    return found.at if found.at is not None else weeks - LEVEL_WEEKS


def figures(basis: Basis, result: Result, found: Found, lots: Lots) -> dict[str, Any]:
    """The columns of `Finding` that follow from the test alone."""
    ground, row = basis.ground, found.row
    sku, at = int(ground.sku[row]), first_index(found, len(basis.weeks))
    counts, orders = ground.counts[row], ground.orders[sku, -len(basis.weeks) :]
    since = basis.weeks[at] if found.at is not None else None
    return {
        "kind": found.kind, "ratio": round(found.ratio, 3), "low": round(found.low, 3), "high": round(found.high, 3), "p": found.p, "q": found.q,
        "since": since, "lot": _lot(basis, found, lots.get(basis.sku_ids[sku], ())), "base": base(basis, result, found),
        "orders": int(orders[at:].sum()), "returned": int(counts[at:].sum()), "last_week": basis.weeks[-1],
    }  # fmt: skip


def base(basis: Basis, result: Result, found: Found) -> float:
    """The rate that a ratio of 1 means: returned by lagged orders, of the SKU before (at its season), or of comparable SKUs."""
    row = found.row
    lagged = result.expected.seasonal[row]
    if found.kind != LEVEL:
        assert found.at is not None
        return float((basis.ground.counts[row, : found.at].sum() + 0.5) / max(lagged[: found.at].sum(), 1e-9))
    weeks = slice(-LEVEL_WEEKS, None)
    came = float(basis.ground.counts[row, weeks].sum())
    return float(came / found.ratio / max(lagged[weeks].sum(), 1e-9))


def _lot(basis: Basis, found: Found, lots: Sequence[tuple[str, date]]) -> str:
    if found.at is None or found.earliest is None or found.latest is None:
        return ""
    likely, earliest, latest = (basis.weeks[n] for n in (found.at, found.earliest, found.latest))
    return standing.lot_of(lots, likely, earliest, latest)


def told(basis: Basis, found: Found, heard: Heard) -> dict[str, Any]:
    """`Finding.evidence`: 26 weeks of orders and of what came back for this cause, the span of the beginning, voices and requirements."""
    ground, row = basis.ground, found.row
    sku = int(ground.sku[row])
    cause = basis.causes[int(ground.cause[row])]
    since = basis.weeks[first_index(found, len(basis.weeks))]
    span = [basis.weeks[n].isoformat() for n in (found.earliest, found.latest) if n is not None]
    said = speaking(heard.voices.get(basis.sku_ids[sku], []), cause, since)
    return {
        "first": basis.weeks[0].isoformat(), "orders": [int(n) for n in ground.orders[sku, -len(basis.weeks) :]],
        "returned": [int(n) for n in ground.counts[row]], "span": span,
        "at": first_index(found, len(basis.weeks)), "peers": "category" if found.of_category else "all", "voices": len(said),
        "quotes": [v.as_json() for v in different(said)[:MOST_VOICES]],
        "requirements": _requirements(heard, basis.products[sku], cause),
    }  # fmt: skip


def speaking(said: Sequence[voices.Said], cause: Cause, since: date) -> list[voices.Said]:
    """The voices since `since` that speak of the part or fault; where none is named of the reason; of neither, all of them."""
    reason, topic = cause
    return [v for v in said if v.day >= since and _speaks(reasons.read(v.quote), reason, topic)]


def _speaks(heard: reasons.Heard, reason: str, topic: str) -> bool:
    return heard.topic == topic if topic else not reason or heard.reason == reason


def different(said: Sequence[voices.Said]) -> list[voices.Said]:
    """The same words once."""
    return list({v.quote: v for v in reversed(said)}.values())[::-1]


def _requirements(heard: Heard, product_id: int, cause: Cause) -> list[dict[str, Any]]:
    """Those that name the part or fault, itself before its kin, measured by whichever factory's samples were measured last, else as the brief asks."""
    measured = [lines for (product, _factory), lines in heard.samples.items() if product == product_id]
    lines = measured[-1] if measured else heard.briefs.get(product_id, [])
    found = [line for line in asked.marked(lines, [cause]) if line["touched"]]
    return sorted(found, key=lambda line: cause[1] not in touching.topics_of(line["attribute"]))[:MOST_REQUIREMENTS]


def now(basis: Basis, result: Result, sku_id: int, cause: tuple[str, str], base_rate: float) -> Standing:
    """The last weeks of a finding against the rate that was normal."""
    row, weeks = basis.row(sku_id, cause), slice(-standing.WEEKS, None)
    if row is not None:
        due = base_rate * float(result.expected.seasonal[row, weeks].sum())
        return standing.standing(due, int(basis.ground.counts[row, weeks].sum()), 1 + float(result.expected.beyond[row]))
    if sku_id not in basis.sku_ids:
        return standing.standing(0.0, 0, 1.0)
    due = base_rate * float(result.expected.lagged[basis.sku_ids.index(sku_id), weeks].sum())
    return standing.standing(due, 0, 1 + result.expected.dispersion.delta)
