"""What a report can say: the figures that later packages register, and the line that is frozen. Nothing here touches the database.

A line is made of `inputs` (the rows that were read) by a recipe (a pure function with a version), so it can be rebuilt from the
frozen inputs alone, years later, and its digest tells whether a bit of it was changed.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask_babel import force_locale

from incubator.products.models import PROGRAMME_TYPES, Programme

LOCALES = ("zh", "en")
Fold = Callable[[Any], Any]


@dataclass(frozen=True)
class Reading:
    """What a figure says at a moment: a number, text or None; the path of the page that shows it; and the rows behind it (JSON)."""

    value: Any
    source: str = ""
    inputs: Any = None


@dataclass(frozen=True)
class Figure:
    """A registered figure. `read(programme, as_of)` gives its Reading; `fold(inputs)` gives the value again."""

    key: str
    label: Any
    unit: str
    read: Callable[[Programme, datetime], Reading]
    types: tuple[str, ...]
    rank: int
    fold: Fold | None
    version: int


_registered: dict[str, Figure] = {}
RECIPES: dict[str, Fold] = {"row@1": lambda inputs: inputs}


def register_figure(
    key: str,
    label: Any,
    unit: str,
    read: Callable[[Programme, datetime], Reading],
    *,
    types: tuple[str, ...] = PROGRAMME_TYPES,
    rank: int = 500,
    fold: Fold | None = None,
    version: int = 1,
) -> None:
    """Let reports show a further figure, among those of the programme types `types`, in the order of `rank` (the niche is 10).

    `unit` is a key of `words.UNITS` or a currency. With `fold`, the value can be rebuilt from the inputs; without it only the digest holds.
    """  # fmt: skip
    _registered[key] = Figure(key, label, unit, read, types, rank, fold, version)
    if fold is not None:
        RECIPES[f"{key}@{version}"] = fold


def registered(programme_type: str) -> list[Figure]:
    """The figures of later packages for a programme of this type, by rank."""
    return sorted((f for f in _registered.values() if programme_type in f.types), key=lambda f: (f.rank, f.key))


def forget(key: str) -> None:
    """Take a figure out again, for tests."""
    _registered.pop(key, None)
    for name in [name for name in RECIPES if name.rpartition("@")[0] == key]:
        del RECIPES[name]


@dataclass(frozen=True)
class Line:
    """One figure or row of a report, as it is frozen."""

    section: str
    key: str
    label: dict[str, str]
    value: Any
    unit: str
    as_of: datetime
    source: str = ""
    recipe: str = "row@1"
    inputs: Any = None
    audience_id: int | None = None

    @property
    def digest(self) -> str:
        return digest_of(self, self.inputs)


def row(
    section: str, key: str, label: dict[str, str], value: Any, unit: str, as_of: datetime, source: str, audience_id: int | None = None
) -> Line:
    """A line that says what was read, as it was read."""
    return Line(section, key, label, value, unit, as_of, source, "row@1", value, audience_id)


def digest_of(line: Any, inputs: Any) -> str:
    """SHA-256 over the canonical JSON of everything that a line says and was made of; `line` may be a frozen row."""
    moment = line.as_of.astimezone(UTC).isoformat()
    body = [line.section, line.key, line.label, line.value, line.unit, moment, line.source, line.recipe, line.audience_id, inputs]
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(digests: list[str]) -> str:
    """One hash over the lines of a report in their order."""
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def rebuilt(recipe: str, inputs: Any) -> tuple[bool, Any]:
    """(whether the recipe is known here, the value that it makes of `inputs`)."""
    fold = RECIPES.get(recipe)
    return (False, None) if fold is None else (True, fold(inputs))


def both(label: Any) -> dict[str, str]:
    """A lazy text in both languages, for freezing."""
    found = {}
    for locale in LOCALES:
        with force_locale(locale):
            found[locale] = str(label)
    return found


def same(text: str) -> dict[str, str]:
    """A name that is the same in both languages."""
    return dict.fromkeys(LOCALES, text)
