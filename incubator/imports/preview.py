"""The first lines of a file as they would be read under a mapping: what each cell becomes, and what would be refused. It writes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from incubator.imports.kinds import Cells, Columns, Kind, Line, Refusal
from incubator.imports.models import DataImport
from incubator.imports.reading import Source
from incubator.imports.words import OUTCOMES
from incubator.kernel.actor import Actor


@dataclass(frozen=True)
class Shown:
    """One line: column → text, column → why it is refused, reasons that belong to no column shown, and the outcome in a word with its tone."""

    number: int
    cells: Mapping[str, str]
    wrong: Mapping[str, str]
    more: Sequence[str]
    outcome: Any
    tone: str


def shown(source: Source, rows: Sequence[tuple[int, list[str]]], chosen: Mapping[str, str], made: DataImport, actor: Actor) -> list[Shown]:
    """`rows` of the file as the kind reads them under `chosen` (column → heading)."""
    read = source.reader(dict(chosen))
    cells = [(number, read(row)) for number, row in rows]
    lines = _lines(source.kind, cells, made, actor)
    return [_one(source.kind, line, dict(values)) for line, (_, values) in zip(lines, cells, strict=False)]


def _lines(kind: Kind, cells: Sequence[Cells], made: DataImport, actor: Actor) -> Iterable[Line]:
    """What a kind makes of some lines; one that reads columns says only which of them it refuses."""
    if kind.read is not None:
        return kind.read(iter(cells), made, actor)
    assert kind.read_columns is not None
    turned = {c.name: [values[c.name] for _, values in cells] for c in kind.columns}
    refused: dict[int, list[Refusal]] = {}
    for batch in kind.read_columns([Columns([number for number, _ in cells], turned)], made, actor):
        for number, refusal in batch.refusals:
            refused.setdefault(number, []).append(refusal)
    return [Line(n, None if n in refused else {"line": n}, refused.get(n, ())) for n, _ in cells]


def _one(kind: Kind, line: Line, cells: dict[str, str]) -> Shown:
    names = {str(column.label): column.name for column in kind.columns}
    wrong: dict[str, str] = {}
    more = []
    for refusal in line.refusals:
        name = names.get(refusal.column)
        if name and cells.get(name):
            wrong[name] = str(refusal.message)
        else:
            more.append(f"{refusal.column}: {refusal.message}" if refusal.column else str(refusal.message))
    if line.refusals:
        return Shown(line.number, cells, wrong, more, OUTCOMES["refused"], "bad")
    if line.row is not None:
        return Shown(line.number, cells, wrong, more, OUTCOMES["ready"], "good")
    return Shown(line.number, cells, wrong, more, OUTCOMES.get(line.outcome) or kind.outcomes.get(line.outcome, line.outcome), "neutral")
