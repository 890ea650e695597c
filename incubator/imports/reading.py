"""The file of an import, opened: its headings, how they are read, and its lines as column → text. It checks and writes nothing."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from flask_babel import force_locale

from incubator.imports import kinds, mapping, queries
from incubator.imports.kinds import Batch, Cells, Columns
from incubator.imports.models import DataImport
from incubator.kernel import access, files, sheets
from incubator.kernel.actor import Actor
from incubator.kernel.db import read_only, release
from incubator.kernel.file_table import StoredFile

PROGRESS_EVERY = 500
SMALL = 5000  # rows that are turned at once: more keep the garbage collector busy
PIECE = 5000  # lines that are written and committed together
SHOWN = 6  # lines that somebody sees who says what headings mean
MANY = 100_000  # the same where they are read column by column
Progress = Callable[[int, int], None]


class Source:
    """An open file. TooLarge or Invalid (also from `cells`, where the damage is) when it cannot be read."""

    def __init__(self, made: DataImport, actor: Actor) -> None:
        self.kind = kinds.find(made.kind)
        stored = access.get_visible(StoredFile, made.file_id, actor)
        self.preset = self.kind.preset(made.preset)
        self.stream = sheets.stream(files.read(stored), self.preset.encoding if self.preset else "")
        self.headings = mapping.distinct(self.stream.headers)
        self.signature = mapping.signature(self.headings)
        self.expected, self.done = self.stream.expected, 0
        self.version_id: int | None = None
        self.guess = self._guess(made, actor)

    def _guess(self, made: DataImport, actor: Actor) -> mapping.Guess:
        """What a person said; else the version asked for, the chosen preset or what was remembered, whichever fits first; else the names."""
        if made.mapping is not None:
            return self._as_said(made.mapping, made.mapping_version_id)
        asked = queries.version(made.mapping_version_id, actor)
        if asked and mapping.fits(found := self._as_said(asked.mapping, asked.id), asked.mapping):
            return found
        self.version_id = None
        by_preset = mapping.guess(self.kind, self.headings, self.preset)
        if self.preset and not by_preset.missing:
            return by_preset
        if known := queries.remembered(made.kind, self.signature, actor):
            return self._as_said(known.mapping, known.id)
        self.preset = self.preset or mapping.fitting_preset(self.kind, self.headings)
        return mapping.guess(self.kind, self.headings, self.preset)

    def _as_said(self, said: mapping.Mapped, version_id: int | None) -> mapping.Guess:
        self.version_id = version_id
        return mapping.guess(self.kind, self.headings, self.preset, said)

    def cells(self, progress: Progress) -> Iterator[Cells]:
        """(line number, column → text) per line; what the file leaves blank, the preset says."""
        read = self.reader(self.guess.mapping)
        for number, (line, row) in enumerate(self.stream.rows, 1):
            if number % PROGRESS_EVERY == 0:
                progress(number, max(number, self.expected))
            yield line, read(row)

    def columns(self, progress: Progress, size: int) -> Iterator[Columns]:
        """The same by `size` lines at a time. Columns that the file and the preset lack are left out."""
        defaults = dict(self.preset.defaults if self.preset else {})
        places = {column: self.headings.index(heading) for column, heading in self.guess.mapping.items()}
        rows = iter(self.stream.rows)
        piece = list(islice(rows, SMALL))
        while piece:
            numbers: list[int] = []
            found: dict[str, list[str]] = {column: [] for column in {**places, **defaults}}
            while piece and len(numbers) < size:
                _turn(piece, numbers, found, places, defaults)
                piece = list(islice(rows, SMALL))
            self.done += len(numbers)
            progress(self.done, max(self.done, self.expected))
            yield Columns(numbers, found, 0 if piece or not self.stream.is_cut else numbers[-1])

    def reader(self, chosen: mapping.Mapped) -> Callable[[list[str]], dict[str, str]]:
        """Cells of a row → column → text, as `chosen` says."""
        defaults = {c.name: "" for c in self.kind.columns} | dict(self.preset.defaults if self.preset else {})
        places = [(column, self.headings.index(heading)) for column, heading in chosen.items()]
        return lambda row: defaults | {column: row[place] for column, place in places if row[place]}

    def first(self, rows: int) -> list[tuple[int, list[str]]]:
        """The first lines with their numbers, as they stand; they are then read, so this is for pages."""
        return list(islice(self.stream.rows, rows))


def _turn(
    piece: Sequence[tuple[int, list[str]]],
    numbers: list[int],
    found: dict[str, list[str]],
    places: dict[str, int],
    defaults: dict[str, str],
) -> None:
    """Some rows, turned and put behind the columns that were found so far."""
    lines, cells = zip(*piece, strict=True)
    numbers += lines
    turned = list(zip(*cells, strict=True))
    for column, texts in found.items():
        value = defaults.get(column, "")
        said = turned[places[column]] if column in places else [""] * len(lines)
        texts.extend([text or value for text in said] if value else said)


def batches(source: Source, made: DataImport, actor: Actor, progress: Progress) -> Iterator[Batch]:
    """The file piece by piece, read while nobody has to wait for the database; as one piece where the kind is `whole`."""
    rest = _batches(source, made, actor, progress)
    while True:
        with read_only(), force_locale(actor.locale):
            batch = next(rest, None)
            release()
        if batch is None:
            return
        yield batch


def _batches(source: Source, made: DataImport, actor: Actor, progress: Progress) -> Iterator[Batch]:
    kind = source.kind
    if kind.read_columns:
        yield from kind.read_columns(source.columns(progress, MANY), made, actor)
        return
    assert kind.read is not None
    lines = iter(kind.read(source.cells(progress), made, actor))
    while piece := list(islice(lines, None if kind.whole else PIECE)):
        yield Batch.of(piece)


def opened(made: DataImport, actor: Actor) -> Source:
    """The file of `made`, with no transaction left open behind it."""
    release()
    with read_only(), force_locale(actor.locale):
        source = Source(made, actor)
        release()
    return source
