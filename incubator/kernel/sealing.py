"""Secrets that the product must use again (a password for another machine), sealed under SECRET_KEY. What only has to be recognised is hashed instead.

Fernet (AES-128-CBC with an HMAC) under a key of our own derived from SECRET_KEY; after a rotation the fallbacks still open.
"""

import base64
import hashlib
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l

from incubator.kernel.errors import Refused


class Unreadable(Refused):
    """Sealed under a key that this installation no longer has, or damaged."""

    default = _l("The kept secret can no longer be read. Enter it again.")


def seal(text: str) -> str:
    """`text` as something that says nothing without the key; different each time."""
    return str(_box().encrypt(text.encode()).decode())


def unseal(sealed: str) -> str:
    """What was sealed; Unreadable when the key is gone."""
    from cryptography.fernet import InvalidToken  # noqa: PLC0415 - heavy, and needed by few

    try:
        return str(_box().decrypt(sealed.encode()).decode())
    except InvalidToken as error:
        raise Unreadable() from error


def is_sealed(text: str) -> bool:
    """Whether it looks like what `seal` gives: a version byte and a time of these decades."""
    return text.startswith("gAAAA")


def _box() -> Any:
    from cryptography.fernet import Fernet, MultiFernet  # noqa: PLC0415 - heavy, and needed by few

    keys = [current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"]]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"sealing:{key}".encode()).digest())) for key in keys])
