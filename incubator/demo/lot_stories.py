"""The lots of the demo's SKUs: one every three months, and one that went wrong for two of them. Half of the lines tell their lot, the rest is estimated."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from zlib import crc32

from incubator.kernel import access
from incubator.launches.models import Sku
from incubator.sales import laying, lot_service
from incubator.sales.rules import SALE

# Which SKU, from and to how many weeks ago its bad lot was sold, why it came back, and how much of it.
BAD = (
    ("DUVET-02", (26, 14), ("quality", 0.16)), ("CABLE-01", (18, 9), ("smell", 0.24)), ("BOX60-01", (6, 0), ("damaged", 0.14)),
)  # fmt: skip
EVERY = 13  # weeks
IN_STOCK = 1.35  # the latest lot, times what was sold of it
NOTES = {"DUVET-02": "换了绗缝供应商的一批。", "CABLE-01": "注塑料换过牌号。", "BOX60-01": "外箱纸板换了供应商。"}


def has_lots(sku: Sku) -> bool:
    """Every other SKU, and those with a bad lot."""
    return crc32(f"lots {sku.code}".encode()) % 2 == 0 or sku.code in {code for code, _, _ in BAD}


def beginnings(sku: Sku, start: date, today: date) -> list[date]:
    """The first day of sale of each lot, the first on `start`."""
    weeks = (today - start).days // 7
    bad = next((span for code, span, _ in BAD if code == sku.code), None)
    ago = {weeks, *range(EVERY, weeks - EVERY // 2, EVERY)} if bad is None else {weeks, *bad, *range(bad[0] + EVERY, weeks - 4, EVERY)}
    return [today - timedelta(weeks=n) for n in sorted(ago, reverse=True)]


def code_on(sku: Sku, start: date, day: date, today: date) -> str:
    """The code of the lot that was being sold on `day`; "" for a SKU without lots."""
    if not has_lots(sku):
        return ""
    days = beginnings(sku, start, today)
    return named(days[bisect_right(days, day) - 1])


def named(first: date) -> str:
    return f"L{first:%y%m%d}"


def count(world: Any, sku: Sku, start: date, lines: Iterable[Any], today: date) -> None:
    """Keep how many units were sold of each lot, until the lots are entered."""
    if not hasattr(world, "lot_units"):
        world.lot_units = defaultdict(lambda: defaultdict(int))
    days = beginnings(sku, start, today)
    for line in lines:
        if has_lots(sku) and line.kind == SALE:
            world.lot_units[sku.id][days[bisect_right(days, line.day) - 1]] += line.units


def tell(world: Any) -> None:
    """Enter the lots with the units that were sold of them, and lay them out."""
    actor = world.actor("shen.ke")
    for sku_id, units in world.lot_units.items():
        sku = access.get_visible(Sku, sku_id, actor)
        bad = next((span for code, span, _ in BAD if code == sku.code), None)
        for n, first in enumerate(sorted(units)):
            number = round(units[first] * (IN_STOCK if n == len(units) - 1 else 1))
            is_bad = bad is not None and first == world.now.date() - timedelta(weeks=bad[0])
            data = {"code": named(first), "available_on": first, "made_on": first - timedelta(days=18), "units": number}
            lot_service.enter(sku, {**data, "note": NOTES[sku.code] if is_bad else ""}, actor, world.now)
    while laying.lay(actor.organisation_id):
        pass
