"""GTIN-8, -12, -13 and -14 by their check digit. Pure; it knows nothing of who owns a number.

Source: GS1 General Specifications, section 7.9 (standard check digit calculations): from the right, the digits before the check
digit weigh 3, 1, 3, 1 …; the check digit brings the sum to a multiple of ten. In databases the number stands right-justified
in fourteen digits, zeros in front.
"""

LENGTHS = (8, 12, 13, 14)
DIGITS = 14


def check_digit(body: str) -> int:
    """The digit that belongs after `body` (ASCII digits)."""
    return -sum(int(digit) * (3 if n % 2 == 0 else 1) for n, digit in enumerate(reversed(body))) % 10


def normal(text: str) -> str | None:
    """Fourteen digits for a valid GTIN as people type it (spaces and hyphens between), or None when it is none."""
    digits = text.replace(" ", "").replace("-", "")
    if len(digits) not in LENGTHS or not (digits.isascii() and digits.isdigit()) or not digits.strip("0"):
        return None
    return digits.zfill(DIGITS) if check_digit(digits[:-1]) == int(digits[-1]) else None


def shown(gtin: str | None) -> str:
    """A kept GTIN as it stands under the bar code: the shortest of the four lengths that holds it."""
    if not gtin:
        return ""
    significant = gtin.lstrip("0")
    return next(significant.zfill(length) for length in LENGTHS if len(significant) <= length)
