"""Lays a SKU's sales and returns to the production lots that they came from. Pure: arrays in, arrays out; it knows no database.

A line with a lot code belongs to that lot. The others are laid to lots first in, first out, and each such unit is an estimate: lots in the
order in which they became available, each with the units that no coded line takes from it. With D the units sold so far and C the units of
all lots available by then, U = max(0, running maximum of D − C) is what no lot can have held, and S = D − U what the lots gave: a queue
that cannot give what it does not have (J. M. Harrison, "Brownian Motion and Stochastic Flow Systems", Wiley 1985, on reflection). Units
that exceed the lots are nobody's, and are counted as such. What came back is not taken for sold again.

A return belongs to the lot of its code; else of its own order; else to the lot that was being sold on the day of its sale, where the feed
tells that day; else on its own day less the usual delay between a sale and its return.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

NOBODY = -1  # in the place of a lot: what exceeds the lots, or names a lot that nobody entered
USUAL_DELAY = 14  # days between a sale and its return, where the feed does not tell
EPOCH = date(1970, 1, 1)


class Lot(NamedTuple):
    """A lot as it is sold: its code in capitals, the first day on which it could be sold (days since 1970), its units."""

    lot_id: int
    code: str
    available: int
    units: int


@dataclass(frozen=True)
class Lines:
    """Lines of one SKU, by day: arrays of one length. Days and weeks (Mondays) are days since 1970; `sold_on` is −1 where nobody tells.

    `lot` is the place of the lot whose code stands in the line, or NOBODY; `coded` whether any code stands there. `order` is a number per
    order as weeks count orders; it counts where `named`, and `told` orders more where a line sums up several. `link` is a number per channel
    and order, −1 for a sale that names none. `about` is the number of a return's reason and topic.
    """

    day: Any
    week: Any
    units: Any
    lot: Any
    coded: Any
    order: Any
    named: Any
    told: Any
    link: Any
    sold_on: Any
    about: Any


class Pieces(NamedTuple):
    """Parts of lines, arrays of one length: the line, the place of its lot or NOBODY, units, whether that is an estimate; and the lot of
    each line's first unit, an array as long as the lines."""

    line: Any
    lot: Any
    units: Any
    estimated: Any
    home: Any


def of_sales(sales: Lines, lots: Sequence[Lot]) -> Pieces:
    """Every unit sold, laid to a lot or to NOBODY. `lots` in the order of their availability; the pieces of a line add up to its units."""
    import numpy as np  # noqa: PLC0415

    home = sales.lot.copy()
    taken = np.zeros(len(lots), dtype=np.int64)
    np.add.at(taken, home[home != NOBODY], sales.units[home != NOBODY])
    left = np.maximum(np.array([lot.units for lot in lots], dtype=np.int64) - taken, 0)
    edges = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(left)))
    sold, waiting = np.flatnonzero(sales.coded), np.flatnonzero(~sales.coded)
    line, lot, units, first = _by_turn(
        sales.day[waiting], sales.units[waiting], edges, np.array([x.available for x in lots], dtype=np.int64)
    )
    home[waiting] = first
    return Pieces(
        np.concatenate((sold, waiting[line])), np.concatenate((home[sold], lot)), np.concatenate((sales.units[sold], units)),
        np.concatenate((np.zeros(len(sold), dtype=bool), lot != NOBODY)), home,
    )  # fmt: skip


def _by_turn(days: Any, units: Any, edges: Any, available: Any) -> tuple[Any, Any, Any, Any]:
    """First in, first out: (line, lot, units) of every piece, and the lot of each line's first unit. `edges` bound the lots' own units."""
    import numpy as np  # noqa: PLC0415

    asked, had = np.cumsum(units), edges[np.searchsorted(available, days, side="right")]
    given = asked - np.maximum.accumulate(np.maximum(asked - had, 0))
    before = np.concatenate(([0], given[:-1])) if len(given) else given
    first, last = np.searchsorted(edges, before, side="right") - 1, np.searchsorted(edges, given, side="left") - 1
    number = np.where(given > before, last - first + 1, 0)
    line = np.repeat(np.arange(len(units)), number)
    lot = first[line] + np.arange(len(line)) - np.repeat(np.cumsum(number) - number, number)
    part = np.minimum(edges[lot + 1], given[line]) - np.maximum(edges[lot], before[line])
    short = units - (given - before)
    lacking = np.flatnonzero(short)
    keep = part > 0
    return (
        np.concatenate((line[keep], lacking)),
        np.concatenate((lot[keep], np.full(len(lacking), NOBODY))),
        np.concatenate((part[keep], short[lacking])),
        np.where(given > before, first, NOBODY),
    )


def of_returns(returns: Lines, sales: Lines, sold: Pieces, delay: int = USUAL_DELAY) -> Pieces:
    """Every return, laid whole to one lot or to NOBODY. `delay` in days; `sold` is what `of_sales` made of `sales`."""
    import numpy as np  # noqa: PLC0415

    number = len(returns.units)
    home, sale, matched = returns.lot.copy(), np.full(number, NOBODY), np.zeros(number, dtype=bool)
    if len(sales.units):
        links, where = np.unique(sales.link, return_index=True)
        at = np.minimum(np.searchsorted(links, returns.link), len(links) - 1)
        matched = links[at] == returns.link
        on = np.where(returns.sold_on >= 0, returns.sold_on, returns.day - delay)
        sale = np.where(matched, where[at], np.searchsorted(sales.day, on, side="right") - 1)
        guessed = np.where(sale >= 0, sold.home[sale], NOBODY)
        home = np.where(returns.coded, home, guessed)
        matched &= sales.coded[sale]
    return Pieces(np.arange(number), home, returns.units, ~returns.coded & (home != NOBODY) & ~matched, home)


def by_week(lines: Lines, pieces: Pieces) -> dict[tuple[int, int], tuple[int, int, int]]:
    """(lot, week) → (units, orders, units estimated). An order of a week counts once, for the lot of its first unit."""
    import numpy as np  # noqa: PLC0415

    keys = (pieces.lot, lines.week[pieces.line])
    units, guessed = _summed(keys, pieces.units), _summed(keys, pieces.units * pieces.estimated)
    own = np.flatnonzero(lines.named)
    orders = _orders((lines.week[own], lines.order[own]), pieces.home[own], (lines.week[own],))
    told = _summed((pieces.home, lines.week), lines.told)
    return {key: (units.get(key, 0), orders.get(key, 0) + told.get(key, 0), guessed.get(key, 0)) for key in units.keys() | told.keys()}


def by_reason(lines: Lines, pieces: Pieces) -> dict[tuple[int, int, int], tuple[int, int]]:
    """(lot, week, number of the reason) → (units, orders) of returns."""
    units = _summed((pieces.lot, lines.week[pieces.line], lines.about[pieces.line]), pieces.units)
    orders = _orders((lines.week, lines.about, lines.link), pieces.home, (lines.week, lines.about))
    return {key: (units.get(key, 0), orders.get(key, 0)) for key in units.keys() | orders.keys()}


def _summed(keys: tuple[Any, ...], values: Any) -> dict[Any, int]:
    import numpy as np  # noqa: PLC0415

    distinct, place = np.unique(np.stack(keys), axis=1, return_inverse=True)
    total = np.zeros(distinct.shape[1], dtype=np.int64)
    np.add.at(total, place.ravel(), values)
    return {tuple(key): value for key, value in zip(distinct.T.tolist(), total.tolist(), strict=True)}


def _orders(distinct: tuple[Any, ...], home: Any, told: tuple[Any, ...]) -> dict[Any, int]:
    """(lot, *told) → how many orders there are, each distinct key counted where its first line is."""
    import numpy as np  # noqa: PLC0415

    _, first = np.unique(np.stack(distinct), axis=1, return_index=True)
    return _summed((home[first], *(column[first] for column in told)), np.ones(len(first), dtype=np.int64))
