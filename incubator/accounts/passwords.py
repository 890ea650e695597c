"""Passwords: argon2id, and the few rules that help. It refuses what everybody tries first, and asks for no special characters.

Parameters: OWASP Password Storage Cheat Sheet, argon2id with m = 19 MiB, t = 2, p = 1. Rules: NIST SP 800-63B, 5.1.1.
"""

import secrets
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import lazy_gettext as _l

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
SHORTEST, LONGEST, FEWEST_DISTINCT = 12, 128, 5
RULES = _l(
    "At least 12 characters. Not your e-mail address, and none of the passwords that everyone tries first. Four unrelated words do well."
)
STEMS = """
password passw0rd p@ssword p@ssw0rd qwertyuiop qwerty 1qaz2wsx 1q2w3e4r asdfghjkl zxcvbnm letmein welcome administrator admin
iloveyou woaini incubator changeme abc123 a1b2c3d4 0123456789 123456789 12345678 1234567 123456 987654321 111111 666666 888888
5201314 football superman trustno1 sunshine princess dragon monkey
"""
COMMON_STEMS = tuple(STEMS.split())
_UNKNOWN = HASHER.hash(secrets.token_urlsafe(16))


def hashed(password: str) -> str:
    """An argon2id hash (about 30 ms of one core): end the transaction before you call this."""
    return HASHER.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether `password` belongs to `stored`. None (nobody by that address) takes as long and is False."""
    try:
        HASHER.verify(stored or _UNKNOWN, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def needs_rehash(stored: str) -> bool:
    return HASHER.check_needs_rehash(stored)


def problems(password: str, email: str) -> list[Any]:
    """Why `password` cannot be used, in words; empty when it can."""
    if len(password) < SHORTEST:
        return [_l("Use at least %(n)s characters.", n=SHORTEST)]
    if len(password) > LONGEST:
        return [_l("Use at most %(n)s characters.", n=LONGEST)]
    if _resembles(password, email):
        return [_l("Do not use your e-mail address as a password.")]
    if _is_common(password):
        return [_l("This is one of the passwords that everyone tries first. Choose another.")]
    return []


def _resembles(password: str, email: str) -> bool:
    low, whole = password.casefold(), email.casefold()
    local = whole.partition("@")[0]
    return low == whole or (len(local) >= 4 and low.replace(local, "", 1).strip("0123456789!@#$%._-") == "")


def _is_common(password: str) -> bool:
    """A common stem padded with digits, signs or itself, or hardly any different characters."""
    rest = password.casefold()
    if len(set(rest)) < FEWEST_DISTINCT:
        return True
    for stem in COMMON_STEMS:
        rest = rest.replace(stem, "")
    return len(rest.strip("0123456789!@#$%&*?._-")) < 2 and rest != password.casefold()
