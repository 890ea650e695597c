"""Which rows and which verbs. Rows are obtained only through `select_visible` and `get_visible`; what is invisible does not exist."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, select, true

from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Forbidden, NotFound

LARGEST_ID = 2**63
Criterion = Callable[[Actor], ColumnElement[bool]]
Rule = Callable[[Actor, Any], bool]

LARGEST_ID = 2**63 - 1  # beyond it the drivers raise instead of finding nothing
_visible: dict[type, Criterion] = {}
_rules: dict[str, Rule] = {}


def register(visible: Mapping[type, Criterion], rules: Mapping[str, Rule] | None = None) -> None:
    """Take a package's `policies.VISIBLE` and `policies.RULES`; the composition root calls this."""
    _visible.update(visible)
    _rules.update(rules or {})


def visible(model: type, actor: Actor) -> ColumnElement[bool]:
    """The SQL criterion for the rows of `model` that `actor` may see. A model without a policy raises LookupError."""
    if model not in _visible:
        raise LookupError(f"{model.__name__} has no entry in any policies.VISIBLE")
    return true() if actor.is_system else _visible[model](actor)


def select_visible(model: type, actor: Actor, *columns: Any) -> Select[Any]:
    """A select of the visible rows of `model`, whole or only `columns` of them."""
    return select(*(columns or (model,))).select_from(model).where(visible(model, actor))


def within(column: Any, ids: Select[Any]) -> ColumnElement[bool]:
    """SQL: `column` is one of `ids`, looked up row by row; for an IN, SQLite would first list every id there is."""
    return ids.where(ids.selected_columns[0] == column).correlate(column.class_).exists()


def get_visible(model: Any, record_id: int, actor: Actor, *options: Any) -> Any:
    """The row, or NotFound both when it does not exist and when it is not the actor's to see."""
    if not 0 < record_id <= LARGEST_ID:
        raise NotFound()
    query = select_visible(model, actor).where(model.id == record_id).options(*options)
    record = db.session.scalars(query).unique().one_or_none()
    if record is None:
        raise NotFound()
    return record


def may(verb: str, actor: Actor, record: Any = None) -> bool:
    """Whether a verb outside the workflow (comment, upload, edit) is the actor's."""
    return actor.is_system or (actor.scope == "write" and _rules[verb](actor, record))


def require(verb: str, actor: Actor, record: Any = None) -> None:
    """Raise Forbidden unless `may`."""
    if not may(verb, actor, record):
        raise Forbidden()


def policies() -> Mapping[type, Criterion]:
    """What is registered, for the architecture tests."""
    return _visible
