"""File names and the headers that carry them: a visitor's name is only ever a label, never a path and never a second header."""

import re
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import quote

LONGEST = 120  # characters; 255 bytes of UTF-8 would hold 85 Chinese ones, but no name reaches a disk
UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200b-\u200f\u2028-\u202e\u2066-\u2069]+')


def clean_name(name: str | None, fallback: str = "file") -> str:
    """The last path part without controls, direction overrides or reserved characters, cut in the middle of the stem if long."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name or ""))[-1]
    cleaned = UNSAFE.sub("_", last).strip(" .")
    if not cleaned.strip("_"):
        return fallback
    suffix = PurePosixPath(cleaned).suffix[:12]
    stem = cleaned[: len(cleaned) - len(suffix)] if suffix else cleaned
    return stem[: LONGEST - len(suffix)] + suffix


def with_suffix(name: str, suffixes: tuple[str, ...]) -> str:
    """`name` ending in one of `suffixes` (the first is appended when it does not), so that a label cannot lie about its type."""
    return name if name.lower().endswith(suffixes) else f"{name}{suffixes[0]}"


def disposition(name: str, *, inline: bool = False) -> str:
    """A Content-Disposition value with an ASCII name and, beside it, the true one (RFC 5987)."""
    name = clean_name(name)
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", unicodedata.normalize("NFKD", name).encode("ascii", "replace").decode()).replace("?", "_")
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
