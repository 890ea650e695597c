"""What pages and JSON say of a feed and its files: the outcome in a word, how one sends a file. It reads no row."""

from typing import Any

from flask import current_app, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.imports.words import STATUS

ASIDE = ("refused", _l("Not a sheet of lines"), "bad")
STUCK = (_l("Cut off"), "bad")
OPEN = ("mapping", "checked", "failed")


def outcome(row: Any) -> tuple[str, Any, str]:
    """(name, word, tone) of what became of a file."""
    if row.status is None:
        return ASIDE
    if row.status in ("checking", "applying") and row.run in ("failed", "done"):
        return (row.status, *STUCK)
    return (row.status, *STATUS[row.status])


def went_in(row: Any) -> int:
    """Lines that were not there before: a kind may call them sold and returned, or otherwise."""
    counts, other = row.counts or {}, ("read", "changed", "unchanged", "duplicates", "refused", "held", "ready")
    return sum(number for name, number in counts.items() if name not in other) if row.status == "applied" else 0


def may_retry(row: Any) -> bool:
    """Whether the file may be imported again."""
    return row.status in OPEN or (row.status in ("checking", "applying") and row.run not in ("queued", "running"))


def rhythm(row: Any, words: Any) -> str:
    """How often, in words: every day at 08:00 (Asia/Shanghai)."""
    if row.rhythm == "day":
        return gettext("Every day at %(hour)s (%(zone)s)", hour=f"{row.hour:02d}:00", zone=row.timezone)
    return str(words[row.rhythm])


def push_address(feed_id: int) -> str:
    return str(current_app.config["BASE_URL"]) + url_for("feeds_api.send_file", feed_id=feed_id)


def example(feed_id: int) -> str:
    """The command that sends a file, for a shell."""
    return (
        f'curl -X POST "{push_address(feed_id)}?name=orders.csv" \\\n'
        '  -H "Authorization: Bearer $TOKEN" \\\n'
        '  -H "Idempotency-Key: orders-2026-03-01" \\\n'
        '  -H "Content-Type: text/csv" --data-binary @orders.csv'
    )


def row_cells(row: Any) -> list[Any]:
    """A file of a feed as cells of an export."""
    counts = row.counts or {}
    lines = [counts.get("read", 0), went_in(row), *(counts.get(name, 0) for name in ("changed", "unchanged", "refused"))]
    return [row.name, row.taken_at, row.size, str(outcome(row)[1]), *lines, row.problem]


HEADS = (
    _l("File"),
    _l("When"),
    _l("Bytes"),
    _l("Result"),
    _l("Lines read"),
    _l("New"),
    _l("Changed"),
    _l("Unchanged"),
    _l("Refused"),
    _l("Reason"),
)
