"""What buyers said about a SKU, word for word. A package that hears buyers registers a source; nobody's words are changed here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Voice:
    """One quotation about one SKU: `quote` as it was said, `theme` in words, the day, and where it was said ("" when not known)."""

    sku_id: int
    quote: str
    theme: str
    day: date
    source: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"quote": self.quote, "theme": self.theme, "day": self.day.isoformat(), "source": self.source}


Source = Callable[[Sequence[int], date, date], Sequence[Voice]]
_sources: list[Source] = []


def register_source(source: Source) -> None:
    """`source(sku_ids, since, until)` gives what was said about these SKUs from `since` to `until`, both days included."""
    if source not in _sources:
        _sources.append(source)


def forget_source(source: Source) -> None:
    _sources.remove(source)


def heard(sku_ids: Sequence[int], since: date, until: date) -> list[Voice]:
    """The voices of every source about these SKUs and no other, the latest first."""
    wanted = set(sku_ids)
    found = [voice for source in _sources for voice in source(list(sku_ids), since, until)]
    kept = [voice for voice in found if voice.sku_id in wanted and since <= voice.day <= until]
    return sorted(kept, key=lambda voice: (voice.day, voice.quote), reverse=True)
