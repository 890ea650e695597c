"""The eight weeks of a SKU as small bars: positions for an inline SVG, so that a phone needs no chart library. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, GAP = 296, 64, 6


@dataclass(frozen=True)
class Bar:
    """One week: x, width, and heights from the ground; `known` is False for a week of another maker. `back` is what came back."""

    x: float
    width: float
    sold: float
    back: float
    units: int | None
    returned: int | None

    @property
    def known(self) -> bool:
        return self.units is not None

    @property
    def top(self) -> float:
        return round(HEIGHT - self.sold, 1)


def bars(units: Sequence[int | None], returned: Sequence[int | None]) -> list[Bar]:
    """A bar per week, oldest first, all to one scale; what came back is drawn inside what was sold."""
    most = max((max(u or 0, r or 0) for u, r in zip(units, returned, strict=True)), default=0) or 1
    width = (WIDTH - GAP * (len(units) - 1)) / max(len(units), 1)
    return [
        Bar(round(n * (width + GAP), 1), round(width, 1), _height(u, most), _height(r, most), u, r)
        for n, (u, r) in enumerate(zip(units, returned, strict=True))
    ]


def _height(value: int | None, most: int) -> float:
    """At least a hair for anything that is not nothing."""
    return max(1.5, round((value or 0) / most * HEIGHT, 1)) if value else 0.0


@dataclass(frozen=True)
class Range:
    """A rate and its interval on one scale: x of the lower end, the rate, the upper end, and y of its line."""

    low: float
    middle: float
    high: float
    y: int


def ranges(rates: Sequence[Mapping[str, float]]) -> list[Range]:
    """A line per rate, one below the other, from 0 to the highest upper end."""
    most = max((rate["high"] for rate in rates), default=0) or 1
    x = [{name: round(4 + rate[name] / most * (WIDTH - 8), 1) for name in ("low", "rate", "high")} for rate in rates]
    return [Range(ends["low"], ends["rate"], ends["high"], 10 + 20 * n) for n, ends in enumerate(x)]
