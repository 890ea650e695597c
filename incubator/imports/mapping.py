"""Which heading of a file is which column: guessed from names in both languages, taken from a preset, or as it was last time. Pure."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from flask_babel import force_locale

from incubator.imports import kinds
from incubator.imports.kinds import Kind, Preset

NOISE = re.compile(r"[\s_\-·.:：*/（）()\[\]【】%，,]+")
LANGUAGES = ("zh", "en")
Mapped = dict[str, str]  # column → heading


@dataclass(frozen=True)
class Guess:
    """A mapping, which headings nobody knows, and which required columns are still to be found."""

    mapping: Mapped
    unknown: list[str]
    missing: list[str]

    @property
    def is_complete(self) -> bool:
        return not (self.unknown or self.missing)


def distinct(headings: Sequence[str]) -> list[str]:
    """Headings as names: the second “价格” is “价格 (2)”, a blank one its place in the sheet."""
    found: list[str] = []
    for place, heading in enumerate(headings, 1):
        name, number = heading or f"#{place}", 2
        while name in found:
            name, number = f"{heading} ({number})", number + 1
        found.append(name)
    return found


def signature(headings: Iterable[str]) -> str:
    """The same for the same headings in any order."""
    return hashlib.sha256("\x1f".join(sorted(map(plain, headings))).encode()).hexdigest()


def plain(heading: str) -> str:
    """A heading without case, blanks and punctuation."""
    return NOISE.sub("", heading.lower())


@cache
def names_of(kind_name: str) -> Mapped:
    """Plain heading → column, by the column's name, its labels in both languages, and its other names."""
    kind, found = kinds.find(kind_name), {}
    for locale in LANGUAGES:
        with force_locale(locale):
            found.update({plain(str(c.label)): c.name for c in kind.columns})
    found.update({plain(name): c.name for c in kind.columns for name in (*c.also, c.name)})
    return found


def guess(kind: Kind, headings: Sequence[str], preset: Preset | None = None, remembered: Mapping[str, str] | None = None) -> Guess:
    """The best reading of `headings`. What was remembered, or a preset says, counts as known, also where it leaves a heading out."""
    if remembered is not None:
        mapping = _found_again(remembered, headings)
        return _judged(kind, mapping, set(headings), headings, preset)
    said = {plain(h): c for h, c in preset.headings.items()} if preset else {}
    words, mapping, known = {**names_of(kind.name), **said}, {}, set()
    for heading in headings:
        column = words.get(plain(heading))
        if column is None or mapping.get(column):
            continue
        known.add(heading)
        if column:
            mapping[column] = heading
    return _judged(kind, mapping, set(headings) if preset else known, headings, preset)


def _found_again(remembered: Mapping[str, str], headings: Sequence[str]) -> Mapped:
    """The remembered headings as this file writes them: case, blanks and punctuation may differ."""
    present = {plain(h): h for h in headings}
    found = {column: heading if heading in headings else present.get(plain(heading), "") for column, heading in remembered.items()}
    return {column: heading for column, heading in found.items() if heading}


def fits(found: Guess, remembered: Mapping[str, str]) -> bool:
    """Whether a file has everything that was remembered, and everything that is needed."""
    return not found.missing and len(found.mapping) == len(remembered)


def _judged(kind: Kind, mapping: Mapped, known: set[str], headings: Sequence[str], preset: Preset | None) -> Guess:
    given = set(mapping) | set(preset.defaults if preset else ())
    unknown = [h for h in headings if h not in known and not h.startswith("#")]
    return Guess(mapping, unknown, [c.name for c in kind.columns if c.required and c.name not in given])


def fitting_preset(kind: Kind, headings: Sequence[str]) -> Preset | None:
    """The preset whose headings all stand in the file, the one with most of them."""
    present = set(map(plain, headings))
    fitting = [p for p in kind.presets if {plain(h) for h in p.headings} <= present]
    return max(fitting, key=lambda p: len(p.headings), default=None)
