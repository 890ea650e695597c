"""The unified social credit code of a Chinese organisation (统一社会信用代码), checked as GB 32100-2015 says. It asks no registry.

Eighteen characters: registering authority, kind of organisation, six digits of the district, nine of the organisation code
(GB 11714), and a check character modulo 31 over the weights 3^i. I, O, S, V and Z never occur.
"""

import re

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
VALUES = {character: value for value, character in enumerate(ALPHABET)}
WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
SHAPE = re.compile(rf"[{ALPHABET}]{{2}}\d{{6}}[{ALPHABET}]{{10}}")


def cleaned(text: str) -> str:
    """In capitals, half width, without blanks and dashes."""
    half = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)
    return re.sub(r"[\s\-–—]", "", half).upper()


def check_character(first_seventeen: str) -> str:
    """The eighteenth character: 31 less the weighted sum modulo 31, itself modulo 31."""
    total = sum(VALUES[c] * w for c, w in zip(first_seventeen, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def is_valid(text: str) -> bool:
    """Whether `text`, once cleaned, is a code with a right check character."""
    code = cleaned(text)
    return bool(SHAPE.fullmatch(code)) and check_character(code[:17]) == code[17]
