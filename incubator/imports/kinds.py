"""What can be imported: each package declares its kinds in `imports.py` as `KINDS`, and everything else about an import is here.

A kind names its columns, reads mapped lines into rows or refusals, and writes checked rows set by set. It opens no file.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from incubator.imports.models import DataImport
from incubator.kernel import access
from incubator.kernel.actor import Actor
from incubator.kernel.errors import NotFound

OUTCOMES = ("new", "changed", "unchanged", "duplicates", "refused")
Row = dict[str, Any]
Counts = dict[str, int]


@dataclass(frozen=True)
class Column:
    """What a line may hold. `also` are further headings by which it is known; `example` stands in the example sheet."""

    name: str
    label: Any
    required: bool = False
    meaning: Any = ""
    example: Any = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preset:
    """A known source: heading → column ("" leaves the heading out), values that all its lines share, and its encoding."""

    name: str
    title: Any
    headings: Mapping[str, str]
    defaults: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""


@dataclass(frozen=True)
class Refusal:
    """What is wrong in one cell: the column as people call it, the value, and what would be right."""

    column: str
    value: str
    message: str


@dataclass(frozen=True)
class Line:
    """What became of one line when it was read: a row to write, reasons to refuse it, or an outcome ("duplicates", "filler")."""

    number: int
    row: Row | None = None
    refusals: Sequence[Refusal] = ()
    outcome: str = ""


@dataclass(frozen=True)
class Batch:
    """What became of a piece of a file: how many lines were read, what some of them are already, why others are refused.

    `rows` is what `apply` takes; its length is the number of lines that are still to be written.
    """

    size: int
    outcomes: Mapping[str, int]
    refusals: Sequence[tuple[int, Refusal]]
    refused: int
    rows: Any

    @classmethod
    def of(cls, lines: Sequence[Line]) -> "Batch":
        """The same of lines that were read one by one."""
        reasons = [(line.number, refusal) for line in lines for refusal in line.refusals]
        refused = sum(1 for line in lines if line.refusals)
        outcomes = Counter(line.outcome for line in lines if line.outcome)
        return cls(len(lines), outcomes, reasons, refused, [line.row for line in lines if line.row is not None])


class RowsRefused(Exception):
    """What `plan` and `apply` raise before they write anything: line number → why that row cannot be written."""

    def __init__(self, refusals: Mapping[int, Refusal]):
        super().__init__(f"{len(refusals)} rows refused")
        self.refusals = refusals


class Advice(NamedTuple):
    """What somebody should know of a file that is read in this way: a tone ("info", "warn"), a title, and what follows."""

    tone: str
    title: str
    text: str


Cells = tuple[int, dict[str, str]]  # line number, column → text


class Columns(NamedTuple):
    """Some lines of a file, turned: their numbers, column → its texts, and the number of a last line that has no end (0: none)."""

    numbers: Sequence[int]
    texts: Mapping[str, Sequence[str]]
    cut: int = 0


ReadColumns = Callable[[Iterable[Columns], DataImport, Actor], Iterator[Batch]]
Read = Callable[[Iterable[Cells], DataImport, Actor], Iterator[Line]]
Plan = Callable[[Sequence[Row], DataImport, Actor], Counts]
Apply = Callable[[Sequence[Row], DataImport, Actor, Any, Any], Counts]


@dataclass(frozen=True)
class Kind:
    """One kind of rows.

    `rule` is the verb of `access.may` that lets an actor import it. `read(cells, made, actor)` gives exactly one Line for each
    (line number, column → text). `apply(rows, made, actor, now, progress)` writes rows, each a dict with its "line", and returns
    how many were new, changed, unchanged (or outcomes of its own, named in `outcomes`); their sum is the number of rows. With
    `whole` a single wrong line refuses the file, and `apply` gets all rows at once; without, it gets some thousands at a time,
    each committed. A kind of millions of lines reads them column by column instead: `read_columns(pieces, made, actor)` gives a Batch for
    each piece, and `apply` takes its rows. `plan(rows, made, actor)` counts before anything is written what `apply` would do. Both raise RowsRefused.
    `options(actor)` gives a form to fill in with the file; `advice(preset, columns)` what follows from the columns that a file has;
    `done` is the endpoint of the list to look at afterwards.
    """

    name: str
    title: Any
    rule: str
    columns: tuple[Column, ...]
    read: Read | None
    apply: Apply
    presets: tuple[Preset, ...] = ()
    whole: bool = False
    plan: Plan | None = None
    read_columns: ReadColumns | None = None
    options: Callable[[Actor], Any] | None = None
    advice: Callable[[str, Collection[str]], Advice | None] | None = None
    outcomes: Mapping[str, Any] = field(default_factory=dict)
    help: Any = ""
    done: str = ""
    done_label: Any = ""
    turn: str = ""  # kinds of one turn are applied one after the other; else each kind by itself

    @property
    def package(self) -> str:
        """The command group that imports it."""
        return self.name.partition(".")[0]

    def column(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)

    def advised(self, preset: Preset | None, mapped: Collection[str]) -> Advice | None:
        """What follows from the columns of a file: those that were mapped, and those to which the preset gives a value."""
        return self.advice(preset.name if preset else "", {*mapped, *(preset.defaults if preset else ())}) if self.advice else None

    def preset(self, name: str) -> Preset | None:
        return next((p for p in self.presets if p.name == name), None)


_kinds: dict[str, Kind] = {}


def register(kinds: Iterable[Kind]) -> None:
    """Take a package's `KINDS`; the composition root calls this."""
    for kind in kinds:
        names = [c.name for c in kind.columns]
        strange = {c for p in kind.presets for c in (*p.headings.values(), *p.defaults) if c} - set(names)
        if strange or len(names) != len(set(names)):
            raise ValueError(f"{kind.name}: columns that do not fit: {strange or names}")
        _kinds[kind.name] = kind


def declared() -> Mapping[str, Kind]:
    return _kinds


def find(name: str) -> Kind:
    """The declared kind; LookupError for any other name."""
    if name not in _kinds:
        raise LookupError(f"no kind of import is named {name!r}")
    return _kinds[name]


def allowed(name: str, actor: Actor) -> Kind:
    """The kind, if the actor may import it; else NotFound."""
    kind = _kinds.get(name)
    if kind is None or not access.may(kind.rule, actor):
        raise NotFound()
    return kind


def open_to(actor: Actor) -> list[Kind]:
    """The kinds that the actor may import."""
    return [kind for kind in _kinds.values() if access.may(kind.rule, actor)]
