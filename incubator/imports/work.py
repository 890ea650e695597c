"""The work of an import: every line read and judged, then written. It opens the file, counts outcomes and keeps refusals.

`check` and `apply` give the word whenever what they have written may be committed; they hold no transaction while they read.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import force_locale, gettext
from sqlalchemy import delete

from incubator.imports import kinds, reading
from incubator.imports.kinds import Batch, Counts, Kind, Refusal, RowsRefused
from incubator.imports.models import DataImport, ImportRefusal
from incubator.imports.reading import Progress, Source
from incubator.kernel import access, exclusive
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.bulk import insert_many
from incubator.kernel.db import db


def fail(made: DataImport, message: Any, actor: Actor) -> None:
    """The file itself cannot be read: one refusal, of no line."""
    _forget(made)
    with force_locale(actor.locale):
        _refuse(made, [(0, Refusal("", made.name, str(message)))])
    made.status, made.counts = "failed", {"read": 0}


class Tally:
    """What became of the lines so far."""

    def __init__(self, kind: Kind, so_far: Counts | None = None) -> None:
        self.counts: Counter[str] = Counter(dict.fromkeys(("read", *kinds.OUTCOMES, *kind.outcomes), 0) | (so_far or {}))

    def add(self, batch: Batch) -> Any:
        """Count lines that were read; gives the rows that are still to be written."""
        self.counts["read"] += batch.size
        self.counts.update(batch.outcomes)
        self.counts["refused"] += batch.refused
        return batch.rows

    def hold(self, rows: int) -> None:
        """Rows that are right, in a file that is refused."""
        self.counts["held"] += rows


def check(made: DataImport, actor: Actor, progress: Progress, *, ask: bool = True) -> Iterator[None]:
    """Read every line, keep counts and refusals, and write nothing else. With `ask`, headings that nobody knows wait for a person."""
    source = reading.opened(made, actor)
    made.lines = made.position = 0
    made.preset = source.preset.name if source.preset else ""
    _forget(made)
    if source.guess.missing or (ask and made.mapping is None and source.guess.unknown):
        _wait_for_mapping(made, source, actor, ask)
        return
    made.mapping, made.mapping_version_id = source.guess.mapping, source.version_id
    yield
    tally, ready = Tally(source.kind), 0
    for piece in reading.batches(source, made, actor, progress):
        rows = tally.add(piece)
        planned, refused = _planned(source.kind, rows, made, actor)
        tally.counts.update(planned)
        tally.counts["refused"] += len(refused)
        ready += sum(planned.values())
        _refuse(made, [*piece.refusals, *refused.items()])
        yield
    _judge(made, source.kind, tally, ready)


def _wait_for_mapping(made: DataImport, source: Source, actor: Actor, ask: bool) -> None:
    """A person says which heading is which, looking at the first lines, so these must be readable; a command is refused."""
    if ask:
        with force_locale(actor.locale):
            source.first(reading.SHOWN)
        made.status = "mapping"
        return
    with force_locale(actor.locale):
        labels = [str(source.kind.column(name).label) for name in source.guess.missing]
        _refuse(made, [(1, Refusal(c, "", gettext("The sheet needs a column “%(name)s”.", name=c))) for c in labels])
    made.status, made.counts = "failed", {"read": 0}


def _judge(made: DataImport, kind: Kind, tally: Tally, ready: int) -> None:
    made.status = "checked"
    made.lines = tally.counts["read"]
    if kind.whole and tally.counts["refused"]:
        made.status = "failed"
        tally = _held(kind, tally, ready)
    made.counts = dict(tally.counts)


def _held(kind: Kind, tally: Tally, ready: int) -> Tally:
    """A refused file: its right rows are neither new nor changed, but held back."""
    found = Tally(kind, {name: number for name, number in tally.counts.items() if name not in ("new", "changed", "unchanged", "ready")})
    found.hold(ready)
    return found


def _planned(kind: Kind, rows: Any, made: DataImport, actor: Actor) -> tuple[Counts, Mapping[int, Refusal]]:
    """What writing `rows` would do: (counts, line → refusal)."""
    if kind.plan is None:
        return {"ready": len(rows)}, {}
    try:
        with force_locale(actor.locale):
            return kind.plan(rows, made, actor), {}
    except RowsRefused as found:
        right = [row for row in rows if row["line"] not in found.refusals]
        return kind.plan(right, made, actor), found.refusals


def apply(made: DataImport, actor: Actor, now: datetime, progress: Progress) -> Iterator[None]:
    """Write the checked rows: all in one transaction where the kind is `whole`, else piece by piece, going on where a killed run stopped.

    Of two imports of one kind and organisation, the second waits for the first.
    """
    kind = kinds.find(made.kind)
    with exclusive.turn(f"import:{kind.turn or kind.name}:{made.organisation_id}"):
        source = reading.opened(made, actor)
        begun = 0
        for piece in reading.batches(source, made, actor, progress):
            db.session.refresh(made, with_for_update=True)
            if made.status == "applied":
                return
            begun += piece.size
            if begun <= made.position:
                continue
            if not _write(made, kind, piece, actor, now, progress):
                return
            made.position = begun
            progress(begun, max(begun, made.lines))
            yield
        made.status, made.applied_at = "applied", now
        yield


def _write(made: DataImport, kind: Kind, piece: Batch, actor: Actor, now: datetime, progress: Progress) -> bool:
    """Write one piece and count it; False when a whole file is refused, with nothing written."""
    tally = Tally(kind, made.counts if made.position else None)
    rows, refused = tally.add(piece), dict[int, Refusal]()
    if kind.whole and tally.counts["refused"]:
        return _refuse_whole(made, tally, piece, {}, len(rows))
    try:
        with force_locale(actor.locale):
            tally.counts.update(_applied(kind, rows, made, actor, now, progress))
    except RowsRefused as found:
        refused = dict(found.refusals)
        tally.counts["refused"] += len(refused)
        if kind.whole:
            return _refuse_whole(made, tally, piece, refused, len(rows) - len(refused))
        right = [row for row in rows if row["line"] not in refused]
        tally.counts.update(_applied(kind, right, made, actor, now, progress))
    made.counts = dict(tally.counts)
    return True


def _applied(kind: Kind, rows: Any, made: DataImport, actor: Actor, now: datetime, progress: Progress) -> Counts:
    counts = kind.apply(rows, made, actor, now, progress) if len(rows) else {}
    if sum(counts.values()) != len(rows):
        raise RuntimeError(f"{kind.name}: {len(rows)} rows, but the outcomes are {counts}")
    return counts


def _refuse_whole(made: DataImport, tally: Tally, piece: Batch, refused: Mapping[int, Refusal], right: int) -> bool:
    _forget(made)
    _refuse(made, [*piece.refusals, *refused.items()])
    tally.hold(right)
    made.counts, made.status = dict(tally.counts), "failed"
    return False


def _refuse(made: DataImport, reasons: Sequence[tuple[int, Refusal]]) -> None:
    rows = [{"line": n, "column": r.column[:120], "value": r.value[:500], "message": r.message} for n, r in reasons]
    insert_many(ImportRefusal, rows, import_id=made.id)


def _forget(made: DataImport) -> None:
    """A check begins anew, also after one that was cut off."""
    db.session.execute(delete(ImportRefusal).where(ImportRefusal.import_id == made.id, access.visible(ImportRefusal, SYSTEM)))
