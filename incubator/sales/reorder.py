"""How many to order again and by when, by an order-up-to rule that can be checked by hand. Pure.

    position    what stands in the warehouses and what is on order already
    point       units that will not be exceeded, with the service level's certainty, in the lead time and the week until the next look
    up to       the same for the lead time and the review period: an order should last until the one after it has come
    needed      up to − position
    quantity    at least the minimum order (MOQ), rounded up to whole packs

It is due as soon as the position is at most the point; else on the Monday before expected sales have brought it there, up to thirteen weeks
ahead. The periodic review with an order-up-to level is the (R, s, S) policy of E. A. Silver, D. F. Pyke and R. Peterson, "Inventory Management
and Production Planning and Scheduling", 3rd edition, Wiley 1998, chapter 7. Cover is the stock at hand by the expected sales of a week.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any

HORIZON, LOOK_DAYS = 13, 7
LEAD_DAYS, LONGEST_LEAD = 30, 365  # days that are taken where nobody has said, and the most that anybody may
LONGEST_COVER = 99.0
MOST = 10_000_000
Need = tuple[float, float]  # expected units, and units that are not exceeded with the service level's certainty


@dataclass(frozen=True)
class Terms:
    """What holds for a SKU: its supply (`source` says who said so), the service level (0 to 1) and the days from one order to the next."""

    lead_days: int = LEAD_DAYS
    moq: int = 0
    multiple: int = 1
    service: float = 0.95
    review_days: int = 28
    source: str = "assumed"


@dataclass(frozen=True)
class Stock:
    """Units at hand (below zero: sold and not there) and on order, as of a day."""

    on_hand: int
    on_order: int
    day: date


@dataclass(frozen=True)
class Proposal:
    """The arithmetic, in the order of the rule. `quantity` is what an order placed on `order_on` would be; None: none within the horizon."""

    lead_days: int
    review_days: int
    service: float
    moq: int
    multiple: int
    source: str
    on_hand: int
    on_order: int
    stock_on: str
    position: int
    expected_lead: float
    point: int
    expected: float
    up_to: int
    needed: int
    quantity: int | None
    order_on: str | None
    ready_on: str | None
    is_due: bool

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))


def propose(path: Sequence[float], until_look: Need, until_next: Need, stock: Stock, terms: Terms, today: date) -> Proposal:
    """The proposal of a day. `path` is the expected sales of the coming thirteen weeks; `until_look` what the lead time and a week need,
    `until_next` what the lead time and the review period need."""
    position = stock.on_hand + stock.on_order
    expected_lead, point = until_look
    expected, up_to = until_next
    weeks = _weeks_until(position, point, path)
    order_on = None if weeks is None else (today if weeks == 0 else _monday(today) + timedelta(weeks=weeks))
    needed = ceil(up_to) - position + (round(sum(path[:weeks])) if weeks else 0)
    quantity = None if weeks is None else rounded(needed, terms.moq, terms.multiple)
    return Proposal(
        terms.lead_days, terms.review_days, terms.service, terms.moq, terms.multiple, terms.source, stock.on_hand, stock.on_order,
        stock.day.isoformat(), position, round(expected_lead, 1), ceil(point), round(expected, 1), ceil(up_to), max(needed, 0), quantity or None,
        order_on.isoformat() if order_on and quantity else None,
        (order_on + timedelta(days=terms.lead_days)).isoformat() if order_on and quantity else None, weeks == 0 and bool(quantity),
    )  # fmt: skip


def rounded(needed: int, moq: int, multiple: int) -> int:
    """At least the MOQ and whole packs; 0 where nothing is needed."""
    if needed <= 0:
        return 0
    pack = max(multiple, 1)
    return min(ceil(max(needed, moq) / pack) * pack, MOST)


def _weeks_until(position: int, point: float, path: Sequence[float]) -> int | None:
    """How many Mondays from now the position will have come down to the point; 0 now, None not within the horizon."""
    left = float(position)
    for weeks, sold in enumerate(path[:HORIZON]):
        if left <= point:
            return weeks
        left -= sold
    return None


def _monday(today: date) -> date:
    return today - timedelta(days=today.weekday())


def cover(on_hand: int, path: Sequence[float]) -> float:
    """For how many weeks what is at hand lasts at the expected sales; beyond thirteen weeks at those of the last. At most LONGEST_COVER."""
    left, weeks = float(max(on_hand, 0)), 0.0
    for sold in path:
        if sold > 0 and left < sold:
            return weeks + left / sold
        left -= sold
        weeks += 1
    last = path[-1] if path else 0.0
    return min(weeks + left / last, LONGEST_COVER) if last > 0 else LONGEST_COVER
