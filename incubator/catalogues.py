"""The translation catalogues: extracted from the source, English filled with the text itself, compiled when stale.

It refuses fuzzy guesses: a text without a translation stays empty, and the tests fail until a person writes it.
"""

import os
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from incubator.config import ROOT

LOCALES = ("zh", "en")
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2)}
METHODS = [("incubator/**.py", "python"), ("templates/**.html", "jinja2")]
HEADER = {"project": "Incubator", "version": "0", "msgid_bugs_address": "-", "last_translator": "Incubator", "language_team": "Incubator"}
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)  # a fixed date in the header, so that only texts change a catalogue


def path_of(locale: str) -> Path:
    return ROOT / "translations" / locale / "LC_MESSAGES" / "messages.po"


def extract() -> list[Any]:
    """Every msgid of the source, as text or (singular, plural), sorted and once each."""
    options = {"templates/**.html": {"silent": "false", "trimmed": "true"}}
    found = {
        message
        for folder in ("incubator", "templates")
        for _, _, message, _, _ in extract_from_dir(
            ROOT / folder,
            method_map=[(pattern.split("/", 1)[1], method) for pattern, method in METHODS if pattern.startswith(folder)],
            options_map={pattern.split("/", 1)[1]: value for pattern, value in options.items()},
            keywords=KEYWORDS,
        )
    }
    return sorted((m for m in found if m), key=lambda m: m if isinstance(m, str) else m[0])


def read(locale: str) -> Catalog:
    path = path_of(locale)
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def update() -> dict[str, int]:
    """Rewrite the catalogues from the source; the number of texts without translation per locale."""
    messages = extract()
    return {locale: _update(locale, messages) for locale in LOCALES}


def _update(locale: str, messages: list[Any]) -> int:
    old = read(locale)
    new = Catalog(locale=locale, creation_date=EPOCH, revision_date=EPOCH, fuzzy=False, header_comment="", **HEADER)
    missing = 0
    for text in messages:
        known = old.get(text if isinstance(text, str) else text[0])
        value = text if locale == "en" else _translation(known, text)
        missing += not is_complete(value)
        new.add(text, value)
    path_of(locale).parent.mkdir(parents=True, exist_ok=True)
    whole = BytesIO()  # first: half a catalogue on the disk would lose the rest of it
    write_po(whole, new, width=0, no_location=True, omit_header=False)
    path_of(locale).write_bytes(whole.getvalue())
    return missing


def _translation(known: Message | None, text: Any) -> Any:
    """What there is, unless the text has become a plural or stopped being one."""
    return known.string if known and not known.fuzzy and isinstance(known.string, str) == isinstance(text, str) else ""


def is_complete(value: Any) -> bool:
    """Every form of the text is written."""
    return bool(value) and all((value,) if isinstance(value, str) else value)


def compile_stale() -> int:
    """Write the .mo files that are missing or older than their .po; how many were written."""
    written = 0
    for locale in LOCALES:
        source = path_of(locale)
        target = source.with_suffix(".mo")
        if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
            continue
        fresh = target.with_name(f"{target.name}.{os.getpid()}")
        with fresh.open("wb") as file:
            write_mo(file, read(locale))
        fresh.replace(target)  # whoever reads it meanwhile finds a whole one
        written += 1
    return written


def main() -> None:
    """Bring the catalogues up to date and say what is missing."""
    for locale, missing in update().items():
        print(f"{locale}: {missing} missing")
    compile_stale()
