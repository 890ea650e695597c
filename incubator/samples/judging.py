"""Whether what was measured meets what was asked: exact decimals, one formula, no opinion. It refuses what is no number.

With target t (or a range a–b) and tolerance τ ≥ 0 a reading v passes when, both ends included,

    eq       t − τ ≤ v ≤ t + τ          le   v ≤ t + τ          ge   v ≥ t − τ          between   a − τ ≤ v ≤ b + τ
    is       somebody ticked, piece by piece, that the words hold

A tolerance written with a percent sign is that share of its target, unless the unit is itself a percentage.
Of several pieces every one must pass; the piece that lies furthest out (or nearest to the limit) speaks for the round.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation, localcontext
from typing import Any

from flask_babel import lazy_gettext as _l

LONGEST = 40  # characters of a reading as typed
WHOLE, AFTER = 12, 6  # digits before and behind the point
PRECISION = 60
BEYOND = Decimal(10) ** WHOLE
PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)")
GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
COMMA = re.compile(r"[+-]?\d+,\d+")


class Nonsense(ValueError):
    """What was typed is no reading; `message` says what would be right."""

    def __init__(self, message: Any):
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True)
class Limits:
    """The ends of what is allowed, tolerance included; None where there is none. Both ends are allowed themselves."""

    lower: Decimal | None
    upper: Decimal | None
    is_range: bool = False

    def excess(self, value: Decimal) -> Decimal:
        """How far `value` lies outside; negative by how far it lies inside the nearer end."""
        with localcontext(prec=PRECISION):
            return max(d for d in (self._below(value), self._above(value)) if d is not None)

    def _below(self, value: Decimal) -> Decimal | None:
        return None if self.lower is None else self.lower - value

    def _above(self, value: Decimal) -> Decimal | None:
        return None if self.upper is None else value - self.upper


@dataclass(frozen=True)
class Judgement:
    """What the readings of one requirement say: status "pass", "fail" or "missing", the deciding value and how far it lies outside."""

    status: str
    limits: Limits | None = None
    deciding: Decimal | None = None
    excess: Decimal | None = None
    count: int = 0


@dataclass(frozen=True)
class Change:
    """From the last round to this one: the difference of the deciding values (None for ticks) and "better", "worse" or "same"."""

    delta: Decimal | None
    trend: str


def reading(text: str | None, unit: str = "") -> Decimal | None:
    """The number that somebody typed, exactly, or None for nothing; Nonsense with words for all else.

    Full-width signs, thousands separators and the requirement's own unit behind the number are understood. No exponents, no NaN.
    """
    typed = _plain(text or "")
    if not typed:
        return None
    if len(typed) > LONGEST:
        raise Nonsense(_l("This is too long for a measured value."))
    bare = typed.removesuffix(_plain(unit)) if unit and typed != _plain(unit) else typed
    if GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    if not PLAIN.fullmatch(bare):
        raise Nonsense(_complaint(typed, bare, unit))
    return _bounded(Decimal(bare))


def _plain(text: str) -> str:
    """One spelling for what keyboards and input methods produce."""
    return unicodedata.normalize("NFKC", text).replace("−", "-").replace("。", ".").replace(" ", "").strip().casefold()


def _complaint(typed: str, bare: str, unit: str) -> Any:
    if COMMA.fullmatch(bare):
        return _l("Write a decimal point: %(right)s instead of %(value)s.", right=bare.replace(",", "."), value=typed)
    if unit:
        return _l("“%(value)s” is not a number in %(unit)s, like 96.2.", value=typed, unit=unit)
    return _l("“%(value)s” is not a number, like 96.2.", value=typed)


def _bounded(value: Decimal) -> Decimal:
    if abs(value) >= BEYOND:
        raise Nonsense(_l("No measured value has more than %(n)s digits before the point.", n=WHOLE))
    if int(value.as_tuple().exponent) < -AFTER:
        raise Nonsense(_l("At most %(n)s digits behind the point.", n=AFTER))
    return value if value else abs(value)


def written(value: Decimal) -> str:
    """The decimal as it was written, without an exponent: 96.20 stays 96.20."""
    return format(value, "f")


def shown(value: Decimal | str) -> str:
    """The same for people, with separators of thousands: 126,400."""
    return format(Decimal(value), ",f")


def limits(operator: str, target: str, tolerance: str = "", unit: str = "") -> Limits | None:
    """What is allowed, or None where the requirement is words and each piece is ticked."""
    ends = [_number(part) for part in _parts(operator, target)]
    if not ends or None in ends:
        return None
    low, high = ends[0], ends[-1]
    assert low is not None and high is not None
    with localcontext(prec=PRECISION):
        lower, upper = low - _width(tolerance, low, target, unit), high + _width(tolerance, high, target, unit)
    return Limits(
        lower=lower if operator in ("eq", "ge", "between") else None,
        upper=upper if operator in ("eq", "le", "between") else None,
        is_range=operator == "between",
    )


def _parts(operator: str, target: str) -> list[str]:
    if operator == "is":
        return []
    if operator == "between":
        parts = target.replace("~", "–").replace("-", "–").split("–")
        return parts if len(parts) == 2 else []
    return [target]


def _number(text: str) -> Decimal | None:
    """A number of the brief, which allows separators and a percent sign."""
    try:
        found = Decimal(text.replace(",", "").replace("%", "").strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < BEYOND else None


def _width(tolerance: str, end: Decimal, target: str, unit: str) -> Decimal:
    width = abs(_number(tolerance) or Decimal(0)) if tolerance else Decimal(0)
    is_share = "%" in tolerance and "%" not in target + unit
    return abs(end) * width / 100 if is_share else width


def judge(allowed: Limits | None, values: Sequence[Decimal] = (), ticks: Sequence[bool] = ()) -> Judgement:
    """The verdict on one requirement; "missing" while nothing was read."""
    if allowed is None:
        return Judgement("missing" if not ticks else "pass" if all(ticks) else "fail", count=len(ticks))
    if not values:
        return Judgement("missing", allowed)
    deciding = max(values, key=allowed.excess)
    excess = allowed.excess(deciding)
    return Judgement("fail" if excess > 0 else "pass", allowed, deciding, excess, len(values))


def compare(now: Judgement, before: Judgement) -> Change | None:
    """What changed since the last round; None unless both were read in the same way. This round's limits judge both."""
    if "missing" in (now.status, before.status) or (now.deciding is None) != (before.deciding is None):
        return None
    if now.deciding is None or before.deciding is None or now.limits is None:
        return Change(None, _trend(int(now.status == "fail"), int(before.status == "fail")))
    with localcontext(prec=PRECISION):
        delta = now.deciding - before.deciding
    here, there = now.limits.excess(now.deciding), now.limits.excess(before.deciding)
    if now.limits.is_range and max(here, there) <= 0:
        return Change(delta, "same")  # anywhere in a range is as good
    return Change(delta, _trend(here, there))


def _trend(now: Any, before: Any) -> str:
    return "same" if now == before else "better" if now < before else "worse"
