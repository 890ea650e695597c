"""Which names still stand in a text that is to say nothing about whose it was. Pure; it changes no text, and finds only what it is given or can be
told by its shape: names and codes with their short forms, addresses, numbers of phones and companies."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from incubator.factories import normal

GAPS = re.compile(r"[\s\-_.·・()（）/]+")
LATIN = re.compile(r"[a-z0-9]+")
HAN = re.compile(r"[\u3400-\u9fff]")
SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("address", re.compile(r"[^\s@<>，。；]+@[^\s@<>，。；]+\.[a-z]{2,}", re.IGNORECASE)),
    ("address", re.compile(r"(?:https?://|www\.)[^\s，。；）]+", re.IGNORECASE)),
    ("number", re.compile(r"(?<![\w.])\+?\d(?:[\s-]?\d){9,14}(?![\w.])")),
    ("number", re.compile(r"(?<![0-9A-Za-z])[0-9A-HJ-NPQRTUWXY]{18}(?![0-9A-Za-z])")),
)


@dataclass(frozen=True)
class Known:
    """A name that must not stand: `kind` is organisation, person, code, product or lot."""

    kind: str
    name: str


@dataclass(frozen=True)
class Standing:
    """What was found: in which field, what it is, and the words as they were known or written."""

    field: str
    kind: str
    text: str


def standing(texts: Mapping[str, str], known: Iterable[Known]) -> list[Standing]:
    """Every name of `known` and every telling number that stands in `texts` (field → text), each once per field."""
    forms = [(entry, form) for entry in known for form in _forms(entry)]
    found: dict[Standing, None] = {}
    for name, text in texts.items():
        folded = unicodedata.normalize("NFKC", text).lower()
        close = GAPS.sub("", folded)
        for entry, form in forms:
            if _stands(form, folded, close):
                found[Standing(name, entry.kind, entry.name)] = None
        for kind, shape in SHAPES:
            for hit in shape.findall(unicodedata.normalize("NFKC", text)):
                found[Standing(name, kind, hit)] = None
    return list(found)


def _forms(known: Known) -> Iterator[str]:
    """The name as it is compared; of an organisation also without its legal form, trade and place."""
    whole = unicodedata.normalize("NFKC", known.name).strip()
    names = {whole}
    if known.kind == "organisation":
        names |= {normal.zh_name(whole), normal.zh_core(whole)} if HAN.search(whole) else {" ".join(normal.name_words(whole))}
    for name in sorted(names):
        form = name.lower().strip()
        if len(GAPS.sub("", form)) >= (2 if HAN.search(form) or known.kind in ("code", "lot") else 3):
            yield form


def _stands(form: str, folded: str, close: str) -> bool:
    """Chinese and long codes wherever they are, however spaced; a short Latin name only as a word: "tea" is not in "steam"."""
    tight = GAPS.sub("", form)
    if HAN.search(form) or len(tight) >= 6:
        return tight in close
    return re.search(rf"(?<![a-z0-9]){re.escape(form)}(?![a-z0-9])", folded) is not None
