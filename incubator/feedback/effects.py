"""Whether what a factory changed helped: its SKU before and after, beside comparable SKUs in the same weeks. Pure.

With r returned orders of n lagged sales (`exposure`), 0 before and 1 after, small letters for the SKU and capitals for the comparable ones together,
the difference in differences on the log scale is

    log g = log((r₁ + ½)/n₁) − log((r₀ + ½)/n₀) − [log((R₁ + ½)/N₁) − log((R₀ + ½)/N₀)]
    var   = φ/(r₁ + ½) + φ/(r₀ + ½) + φ/(R₁ + ½) + φ/(R₀ + ½) + τ²

φ is the dispersion of counts. τ² is how differently comparable SKUs changed among each other without anybody doing anything, beyond chance: by
moments from their own before and after, each binomial given its total (in the manner of T. G. Conley and C. R. Taber, "Inference with difference in
differences with a small number of policy changes", Review of Economics and Statistics 93 (2011), 113–125, who read it off the controls' residuals).

What comes back after the change was partly sold before it. With s the share of the lagged sales after it that was sold after it, the ratio for what was
sold since is ρ = 1 + (g − 1)/s, and its interval the same of g's ends. Below LEAST_NEW of s it is too early.

Fewer than LEAST_CONTROLS comparable SKUs, or hardly any returns of theirs: the SKU is compared with itself alone, and τ = ALONE stands for
the trend that nobody can know. Improved or worse is said when the 95% interval leaves 1 out; "same" when at least LEAST_DUE returns were due and it does not.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import exp, log, sqrt
from typing import Any

from incubator.feedback import exposure

Z95 = 1.959964
LEAST_CONTROLS, LEAST_DUE, LEAST_POOL, LEAST_NEW, ALONE, ALIKE = 5, 5.0, 5.0, 0.4, 0.15, 4.0


@dataclass(frozen=True)
class Halves:
    """Lagged sales and returned orders of a SKU before and after; `new` is the share of `after` that was sold after."""

    before: float
    back_before: float
    after: float
    back_after: float
    new: float = 1.0


@dataclass(frozen=True)
class Effect:
    """The ratio of return rates after to before (1: no change) with its 95% interval, net of `trend`, that of `controls` comparable SKUs."""

    verdict: str
    ratio: float | None
    low: float | None
    high: float | None
    controls: int = 0
    trend: float | None = None

    def as_json(self) -> dict[str, Any]:
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(self).items()}


def halves(orders: Any, returned: Any, keep: float, before: int, since: int) -> list[Halves]:
    """Per SKU from orders [S, LEAD + T] and returned orders [S, T]: the first `before` weeks, and those from week `since` on; `keep` is the lag's."""
    import numpy as np  # noqa: PLC0415 - heavy

    late = np.array(orders, dtype=float)
    late[:, : exposure.LEAD + since] = 0
    whole, new = exposure.lagged(orders, keep), exposure.lagged(late, keep)
    sums = [a.sum(axis=1) for a in (whole[:, :before], returned[:, :before], whole[:, since:], returned[:, since:], new[:, since:])]
    return [
        Halves(float(a), float(b), float(c), float(d), min(1.0, float(n / c)) if c > 0 else 0.0)
        for a, b, c, d, n in zip(*sums, strict=True)
    ]


def comparable(own: Halves, others: Sequence[Halves]) -> list[int]:
    """The indices of those that sold in both halves, and neither ALIKE times more nor less than `own` before."""
    sizes = [(n, o.before) for n, o in enumerate(others) if o.before > 0 and o.after > 0]
    return [n for n, size in sizes if own.before / ALIKE <= size <= own.before * ALIKE]


def measured(own: Halves, controls: Sequence[Halves], phi: float) -> Effect:
    """The difference in differences, or before and after alone where the controls say too little."""
    if own.before <= 0 or own.after <= 0 or own.new < LEAST_NEW:
        return Effect("too_few", None, None, None)
    pool = _sum(controls)
    enough = len(controls) >= LEAST_CONTROLS and min(pool.back_before, pool.back_after) >= LEAST_POOL
    trend = _change(pool) if enough else 0.0
    unknown = _differing(controls, exp(trend), phi) if enough else ALONE**2
    spread = phi * (1 / (own.back_before + 0.5) + 1 / (own.back_after + 0.5)) + unknown
    spread += phi * (1 / (pool.back_before + 0.5) + 1 / (pool.back_after + 0.5)) if enough else 0.0
    centre, half = _change(own) - trend, Z95 * sqrt(spread)
    ratio, low, high = (_of_new(exp(value), own.new) for value in (centre, centre - half, centre + half))
    due = own.back_before / own.before * own.after * exp(trend)
    verdict = said(low, high, due, own.back_after)
    return Effect(verdict, ratio, low, high, len(controls) if enough else 0, exp(trend) if enough else None)


def said(low: float, high: float, due: float, came: float) -> str:
    """The word for an interval; `due` returns were expected without a change, `came` came."""
    if high < 1:
        return "improved"
    if low > 1:
        return "worse"
    return "same" if max(due, came) >= LEAST_DUE else "too_few"


def _sum(parts: Sequence[Halves]) -> Halves:
    return Halves(*(sum(getattr(p, name) for p in parts) for name in ("before", "back_before", "after", "back_after")))


def _change(part: Halves) -> float:
    return log((part.back_after + 0.5) / part.after) - log((part.back_before + 0.5) / part.before)


def _of_new(ratio: float, new: float) -> float:
    return max(0.0, 1 + (ratio - 1) / new)


def _differing(controls: Sequence[Halves], trend: float, phi: float) -> float:
    """τ²: the variance of the controls' own log changes beyond chance, never below 0."""
    extra = square = 0.0
    for part in controls:
        total = part.back_before + part.back_after
        share = part.after * trend / (part.before + part.after * trend)
        chance = total * share * (1 - share)
        extra += (part.back_after - total * share) ** 2 - phi * chance
        square += chance**2
    return max(0.0, extra / square) if square > 0 else 0.0
