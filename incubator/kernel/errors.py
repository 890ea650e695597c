"""Refusals as exceptions with a status and a sentence for the reader. They carry no trace of what the reader may not see."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l


class AppError(Exception):
    """A refusal that a person can understand and act on."""

    status = 400

    def __init__(self, message: Any = None, **details: Any):
        super().__init__(str(message) if message is not None else self.__class__.__name__)
        self.message = message if message is not None else self.default
        self.details = details

    default: Any = _l("This could not be done.")


class NotFound(AppError):
    """Absent or invisible; the two are answered alike."""

    status = 404
    default = _l("There is nothing here, or it is not yours to see.")


class Forbidden(AppError):
    """The record is visible, the verb is not this actor's."""

    status = 403
    default = _l("Your role may look at this, but may not do that.")


class Conflict(AppError):
    """Somebody else was first. `details` may hold `what` (what they did) and `difference`."""

    status = 409
    default = _l("Someone else changed this while you were looking at it. Read their change, then try again.")


class Refused(AppError):
    """A rule of the workflow says no, and `message` says why and what to do."""

    status = 409
    default = _l("This is not possible now.")


class Invalid(AppError):
    """Input that cannot be accepted; `fields` maps a field name to its messages."""

    status = 422
    default = _l("Some of what was entered cannot be accepted.")

    def __init__(self, fields: Mapping[str, list[Any]] | None = None, message: Any = None):
        super().__init__(message, fields=dict(fields or {}))
        self.fields = dict(fields or {})


class TooLarge(AppError):
    """More bytes, rows or pixels than the product takes."""

    status = 413
    default = _l("This is larger than the limit.")


class TooManyRequests(AppError):
    """Throttled."""

    status = 429
    default = _l("Too many attempts. Wait a minute, then try again.")
