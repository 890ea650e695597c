"""What changed from one revision's files to the next, by name and digest. It knows no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Difference:
    """One file name: "added", "changed", "same" or "removed"; `file` is the newer one where there is one."""

    name: str
    what: str
    file: Any


def compare(before: Sequence[Any], after: Sequence[Any]) -> list[Difference]:
    """`before` and `after` hold things with `name` and `sha256`. In the order of `after`, then what is gone."""
    old = {file.name: file.sha256 for file in before}
    found = [Difference(file.name, _what(old.get(file.name), file.sha256), file) for file in after]
    kept = {file.name for file in after}
    return found + [Difference(file.name, "removed", file) for file in before if file.name not in kept]


def _what(old: str | None, new: str) -> str:
    if old is None:
        return "added"
    return "same" if old == new else "changed"
