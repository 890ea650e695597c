"""What of a finding a factory may be told. It must not let one factory read another's returns. Pure.

a rise            its own weeks before and since, with their ratio, reckoned from its own counts alone: the brand's season, which others make,
                  is left out. Told when it made the SKU before and since, and its own weeks show the rise as well.
above its peers   the ratio, when SKUs of at least five other factories stand behind the peers' rate; else, as above, against its own earlier weeks.
otherwise         nothing. How many questions were asked of the brand, and p and q, which count them, are never told.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Any

from incubator.feedback import rates
from incubator.feedback.comparing import LEAST_FACTORIES

Z95 = rates.Z95
MOST = 3


@dataclass(frozen=True)
class Known:
    """A finding as the brand knows it: weeks (oldest first) of orders and returned orders, the index of the first week that counts."""

    finding_id: int
    reason: str
    topic: str
    kind: str
    orders: Sequence[int]
    returned: Sequence[int]
    first: int
    since: str | None
    lot: str
    ratio: float
    low: float
    high: float
    voices: int


def told(found: Known, own: Sequence[bool], other_factories: int, phi: float) -> dict[str, Any] | None:
    """`PackSection.findings`: one entry, or None. `own` says of each week whether this factory made the SKU."""
    before, since = _rate(found, own, range(found.first)), _rate(found, own, range(found.first, len(own)))
    if since is None:
        return None
    common = {
        "id": found.finding_id,
        "reason": found.reason,
        "topic": found.topic,
        "kind": found.kind,
        "after": since.as_json(),
        "voices": found.voices,
    }
    if found.kind == "level" and other_factories >= LEAST_FACTORIES and all(own[found.first :]):
        ratio = {"ratio": found.ratio, "low": found.low, "high": found.high}
        return {**common, **ratio, "against": "peers", "factories": other_factories, "since": None, "lot": "", "before": None}
    if before is None:
        return None
    ratio = own_ratio(before, since, phi)
    if ratio["low"] <= 1:
        return None
    return {**common, **ratio, "against": "own", "factories": None, "since": found.since, "lot": found.lot, "before": before.as_json()}


def _rate(found: Known, own: Sequence[bool], weeks: range) -> rates.Rate | None:
    return rates.rate([found.orders[n] if own[n] else None for n in weeks], [found.returned[n] if own[n] else None for n in weeks])


def own_ratio(before: rates.Rate, since: rates.Rate, phi: float) -> dict[str, float]:
    """The ratio of two rates with a 95% interval: log-normal, half a return added to each count, variance φ/r (as in `effects`, without controls)."""
    centre = log((since.returned + 0.5) / since.sold) - log((before.returned + 0.5) / before.sold)
    half = Z95 * sqrt(phi * (1 / (since.returned + 0.5) + 1 / (before.returned + 0.5)))
    return {name: round(exp(value), 3) for name, value in (("ratio", centre), ("low", centre - half), ("high", centre + half))}


def most_telling(entries: Sequence[dict[str, Any]], aside: Collection[int] = ()) -> list[dict[str, Any]]:
    """At most MOST, those of most returns first. One is left out when finer ones make up at least half of it: all returns by their reasons, a reason
    by its topics; otherwise it is the finer one that tells too little. So is what the brand set `aside` (ids), after that, so that nothing coarser
    tells the same instead."""
    kept = [e for e in entries if 2 * sum(_returned(f) for f in entries if _is_finer(f, e)) < _returned(e)]
    kept = [e for e in kept if e["id"] not in aside]
    return sorted(kept, key=lambda e: (-_returned(e), -e["ratio"]))[:MOST]


def _returned(entry: dict[str, Any]) -> int:
    return int(entry["after"]["returned"])


def _is_finer(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """A reason is finer than all returns, a topic finer than its reason."""
    if not other["reason"]:
        return bool(one["reason"]) and not one["topic"]
    return one["reason"] == other["reason"] and bool(one["topic"]) and not other["topic"]
