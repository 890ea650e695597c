"""Keyset paging: page 200 costs what page 1 costs. There are no page numbers, because counting to one is what is slow."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from incubator.kernel.db import db
from incubator.kernel.errors import Invalid

PAGE_SIZE = 50
LARGEST_PAGE = 200
COUNT_LIMIT = 10_000
LONGEST_CURSOR = 2000


@dataclass(frozen=True)
class Order:
    """A sort: the column, its direction, and how a row yields the column's value (attribute name).

    The column must not be NULL: NULLs have no place in a keyset.
    """

    column: Any
    attribute: str
    descending: bool = False


@dataclass(frozen=True)
class Page:
    """Rows of one page with the cursors of its neighbours, `None` at the ends; `total` stops at COUNT_LIMIT."""

    rows: Sequence[Any]
    next: str | None
    previous: str | None
    total: int | None

    @property
    def total_is_capped(self) -> bool:
        return self.total is not None and self.total > COUNT_LIMIT


def fetch(
    query: Select[Any], id_column: Any, order: Order, cursor: str | None, size: int = PAGE_SIZE, count: Select[Any] | None = None
) -> Page:
    """One page of `query` (unsorted), by `order` and then id. `cursor` comes from an earlier Page; Invalid when it was tampered with.

    `count` is a cheaper unsorted select with the same criteria for the total; without it no total is given.
    """
    size = max(1, min(size, LARGEST_PAGE))
    backwards, after = _decode(cursor)
    rows = _slice(query, id_column, order, after, backwards, size)
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    return Page(
        rows,
        next=_encode(False, rows[-1], order) if rows and (more or backwards) else None,
        previous=_encode(True, rows[0], order) if rows and (more if backwards else after is not None) else None,
        total=db.session.scalar(select(func.count()).select_from(count.order_by(None).limit(COUNT_LIMIT + 1).subquery()))
        if count is not None
        else None,
    )


def _slice(query: Select[Any], id_column: Any, order: Order, after: list[Any] | None, backwards: bool, size: int) -> list[Any]:
    descending = order.descending != backwards
    if after is not None:
        query = query.where(_beyond(order.column, id_column, after, descending))
    direction = (order.column.desc(), id_column.desc()) if descending else (order.column.asc(), id_column.asc())
    result = db.session.execute(query.order_by(*direction).limit(size + 1))
    return list(result.all())


def _beyond(column: Any, id_column: Any, after: list[Any], descending: bool) -> ColumnElement[bool]:
    value, row_id = after
    value = _typed(column, value)
    # The redundant first bound lets the planner seek in the (column, id) index instead of filtering.
    if descending:
        return and_(column <= value, or_(column < value, id_column < row_id))
    return and_(column >= value, or_(column > value, id_column > row_id))


def _typed(column: Any, value: Any) -> Any:
    """JSON text back to what the column holds; a cursor whose types do not fit is refused as tampered with."""
    expected = column.type.python_type
    try:
        value = expected.fromisoformat(value) if expected in (datetime, date) else value
        value = float(value) if expected is float and isinstance(value, int) else value
        if isinstance(value, datetime) and value.tzinfo is not None:
            return value.astimezone(UTC)
        if isinstance(value, str):
            value.encode()  # half a character has no bytes
    except (TypeError, ValueError, OverflowError) as error:
        raise _bad_cursor() from error
    if not isinstance(value, expected) or isinstance(value, datetime) or "\0" in str(value):
        raise _bad_cursor()
    return value


def _encode(backwards: bool, row: Any, order: Order) -> str:
    value = getattr(row, order.attribute)
    value = value.isoformat() if isinstance(value, datetime | date) else value
    return base64.urlsafe_b64encode(json.dumps([backwards, value, row.id], ensure_ascii=False).encode()).decode().rstrip("=")


def _decode(cursor: str | None) -> tuple[bool, list[Any] | None]:
    if not cursor:
        return False, None
    if len(cursor) > LONGEST_CURSOR:
        raise _bad_cursor()
    try:
        backwards, value, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError, RecursionError, binascii.Error) as error:
        raise _bad_cursor() from error
    if (
        type(row_id) is not int
        or not 0 < row_id < 2**63
        or not isinstance(value, str | int | float)
        or (not isinstance(value, str) and not abs(value) < 2**63)
    ):
        raise _bad_cursor()
    return bool(backwards), [value, row_id]


def _bad_cursor() -> Invalid:
    return Invalid({"cursor": [_l("This page link is damaged. Go back to the first page.")]})
