"""Codes to SKUs, and their weeks added up. Pure: rows of the roll-up in, rows of pages out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from incubator.sales.lines import SALE
from incubator.sales.rollup import CodeWeek


@dataclass
class Week:
    """The columns of `SkuWeek` that are computed."""

    sku_id: int
    channel_id: int
    week: date
    currency: str
    segment: str = "consumer"
    units: int = 0
    orders: int = 0
    revenue_minor: int = 0
    returned_units: int = 0
    returned_orders: int = 0
    refunded_minor: int = 0
    base_minor: int = 0
    unrated: int = 0


@dataclass
class Reason:
    """The columns of `SkuWeekReason` that are computed."""

    sku_id: int
    channel_id: int
    week: date
    reason: str
    topic: str = ""
    units: int = 0
    orders: int = 0


def summed(lines: Sequence[CodeWeek], meaning: Mapping[int, Mapping[str, int]]) -> tuple[list[Week], list[Reason]]:
    """Weeks and reasons per SKU and channel; `meaning` is channel → code → SKU. Lines of unknown codes are left out.

    Two codes of one SKU add up; `orders` then may count an order twice that holds both.
    """
    made: dict[tuple[int, int, date], Week] = {}
    reasons: dict[tuple[int, int, date, str], Reason] = {}
    for line in lines:
        sku_id = meaning.get(line.channel_id, {}).get(line.code)
        if sku_id is None:
            continue
        key = (sku_id, line.channel_id, line.week)
        week = made.setdefault(key, Week(sku_id, line.channel_id, line.week, line.currency))
        if line.kind == SALE:
            week.units += line.units
            week.orders += line.orders
            week.revenue_minor += line.amount_minor
            continue
        week.returned_units += line.units
        week.returned_orders += line.orders
        week.refunded_minor += line.amount_minor
        reason = reasons.setdefault((*key, line.reason), Reason(*key, line.reason))
        reason.units += line.units
        reason.orders += line.orders
    return list(made.values()), list(reasons.values())
