"""The unified social credit code of a Chinese organisation (统一社会信用代码, GB 32100-2015): its form and check character. It asks no registry."""

import re
import unicodedata

from stdnum.cn import uscc


def cleaned(text: str) -> str:
    """In capitals, half width, without blanks and dashes."""
    return re.sub(r"[\s\-–—]", "", unicodedata.normalize("NFKC", text)).upper()


def is_valid(text: str) -> bool:
    """Whether `text`, once cleaned, is a code with a right check character; I, O, S, V and Z never occur."""
    return bool(uscc.is_valid(cleaned(text)))


def with_check_character(first_seventeen: str) -> str:
    """A whole code from its first seventeen characters."""
    return f"{first_seventeen}{uscc.calc_check_digit(first_seventeen)}"
