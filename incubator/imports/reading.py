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

    def reader(self, chosen: mapping.Mapped) -> Callable[[list[str]], dict[str, str]]:
        """Cells of a row → column → text, as `chosen` says."""
        defaults = {c.name: "" for c in self.kind.columns} | dict(self.preset.defaults if self.preset else {})
        places = [(column, self.headings.index(heading)) for column, heading in chosen.items()]
        return lambda row: defaults | {column: row[place] for column, place in places if row[place]}

    def first(self, rows: int) -> list[tuple[int, list[str]]]:
        """The first lines with their numbers, as they stand; they are then read, so this is for pages."""
        return list(islice(self.stream.rows, rows))


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
