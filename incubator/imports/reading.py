"""The file of an import, opened: its headings, how they are read, and its lines as column → text. It checks and writes nothing."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from flask_babel import force_locale

from incubator.imports import kinds, mapping, queries
from incubator.imports.kinds import Cells, Line
from incubator.imports.models import DataImport
from incubator.kernel import access, files, sheets
from incubator.kernel.actor import Actor
from incubator.kernel.db import read_only, release
from incubator.kernel.file_table import StoredFile

PROGRESS_EVERY = 500
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
        self.expected = self.stream.expected
        self.guess = self._guess(made, actor)

    def _guess(self, made: DataImport, actor: Actor) -> mapping.Guess:
        """What a person said, else the chosen preset, else what was remembered, else a preset that fits, else the names."""
        said = made.mapping
        if said is None and self.preset is None:
            said = queries.remembered(made.kind, self.signature, actor)
            self.preset = mapping.fitting_preset(self.kind, self.headings) if said is None else None
        return mapping.guess(self.kind, self.headings, self.preset, said)

    def cells(self, progress: Progress) -> Iterator[Cells]:
        """(line number, column → text) per line; what the file leaves blank, the preset says."""
        defaults = {c.name: "" for c in self.kind.columns} | dict(self.preset.defaults if self.preset else {})
        places = [(column, self.headings.index(heading)) for column, heading in self.guess.mapping.items()]
        for number, (line, row) in enumerate(self.stream.rows, 1):
            if number % PROGRESS_EVERY == 0:
                progress(number, max(number, self.expected))
            yield line, defaults | {column: row[place] for column, place in places if row[place]}

    def preview(self, rows: int) -> list[list[str]]:
        """The first lines as they stand."""
        return [cells for _, cells in islice(self.stream.rows, rows)]


def pieces(lines: Iterable[Line], actor: Actor, size: int | None) -> Iterator[list[Line]]:
    """`lines` by the thousand, read while nobody has to wait for the database; all of them at once without a `size`."""
    rest: Iterator[Any] = iter(lines)
    while True:
        with read_only(), force_locale(actor.locale):
            piece = list(islice(rest, size))
            release()
        if not piece:
            return
        yield piece


def opened(made: DataImport, actor: Actor) -> Source:
    """The file of `made`, with no transaction left open behind it."""
    release()
    with read_only(), force_locale(actor.locale):
        source = Source(made, actor)
        release()
    return source
