"""How a finding stands once it was found: still there, gone, and since which lot; and what to do about it. Pure.

Gone is said of the last WEEKS weeks: at the rate that was normal (`base`) at least LEAST_DUE returns were due, at most ENOUGH times as many came, and the
upper 95% end of the ratio lies below the ratio that was found. What sells too little to be said gone is let go after FORGOTTEN weeks in which it was
not found again. A finding that persists stays the one it is. What the brand set aside comes back when it is new: a rise that began after the weeks that
were known then, or a ratio whose lower end lies above the upper end of then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import Any

WEEKS, LEAST_DUE, ENOUGH, FORGOTTEN = 8, 3.0, 1.25, 26
Z95 = 1.959964
STEP_OF = {"": "inspect", "unstated": "inspect", "other": "inspect", "changed_mind": "listing", "price": "listing", "late": "delivery"}


@dataclass(frozen=True)
class Standing:
    """What was `due` in the last weeks at the normal rate, what came, their ratio (None: nothing was due) and its upper end."""

    due: float
    came: int
    ratio: float | None
    high: float | None

    @property
    def is_normal(self) -> bool:
        return self.due >= LEAST_DUE and self.ratio is not None and self.ratio <= ENOUGH


def standing(due: float, came: int, phi: float) -> Standing:
    """The upper end after E. L. Byar's normal approximation of the Poisson limits, counts divided by φ."""
    if due <= 0:
        return Standing(due, came, None, None)
    own = came / phi + 1
    high = own * (1 - 1 / (9 * own) + Z95 / (3 * sqrt(own))) ** 3 * phi / due
    return Standing(round(due, 2), came, round(came / due, 3), round(high, 3))


def is_gone(now: Standing, found: float, weeks_since_found: int) -> bool:
    """Whether what was found at the ratio `found` is over."""
    over = now.is_normal and now.high is not None and now.high < found
    return over or weeks_since_found >= FORGOTTEN


def is_new(aside: Mapping[str, Any], since: date | None, low: float) -> bool:
    """Whether what is found now is something else than what was set aside (`Finding.aside`)."""
    return (since is not None and since > date.fromisoformat(aside["week"])) or low > aside["high"]


def step_for(reason: str) -> str:
    """What is suggested to the brand: to look at what came back, at the listing, at the delivery, or, of whatever a factory can mend, a fix."""
    return STEP_OF.get(reason, "fix")


def lot_of(lots: Sequence[tuple[str, date]], likely: date, earliest: date, latest: date) -> str:
    """The lot that began to be sold when the returns rose: of those first sold from a week before `earliest` to `latest`, the one nearest to
    `likely`; of equals the earlier. "" where there is none."""
    near = [(abs((first - likely).days), first, code) for code, first in lots if earliest - timedelta(weeks=1) <= first <= latest]
    return min(near)[2] if near else ""
