"""Which names still stand in a text that is to say nothing about whose it was. Pure; it changes no text, and finds only what it is given or can be
told by its shape: names and codes with their short forms, addresses, numbers of phones and companies.
What it cannot see stands in docs/playbooks.md."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from incubator.factories import normal
from incubator.feedback import lookalikes
from incubator.feedback.han_forms import SIMPLIFIED

GAPS = re.compile(r"[\W_]+")
UNSEEN = re.compile(r"[\u115f\u1160\u2800\u3164\uffa0]")  # blank letters; what else is not seen is of the categories below
RUNS = re.compile(r"[a-z]+|[0-9]+|[^a-z0-9]+")
HAN = re.compile(r"[\u3400-\u9fff]")
SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("address", re.compile(r"[^\s@<>，。；]+\s?@\s?[^\s@<>，。；]+\s?\.\s?[a-z]{2,}", re.IGNORECASE)),
    ("address", re.compile(r"(?:https?://|www\.)[^\s，。；）]+", re.IGNORECASE)),
    ("address", re.compile(r"(?<![\w.@/])(?:[a-z0-9-]+\.)+(?:com|cn|net|org|cc|top|shop|vip|co|io|de|uk)(?![a-z0-9])", re.IGNORECASE)),
    (
        "number",
        re.compile(r"(?:[微薇]\s?信|wechat|weixin|whatsapp|(?<![a-z])(?:qq|vx|wx)(?![a-z]))[\s:：号]*[a-z0-9_-]{5,}", re.IGNORECASE),
    ),
    ("number", re.compile(r"(?<![\w.])\+?\(?\d(?:[\s().\-‐-―]{0,2}\d){9,14}(?![\w.])")),
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
        seen = _seen(text)
        views = [(view, GAPS.sub("", view)) for view in (_folded(seen), lookalikes.counted(_folded(seen)))]
        for entry, form in forms:
            if any(_stands(form, folded, close) for folded, close in views):
                found[Standing(name, entry.kind, entry.name)] = None
        for kind, shape in SHAPES:
            for hit in shape.finditer(lookalikes.as_typed(seen)):
                found[Standing(name, kind, seen[hit.start() : hit.end()])] = None
    return list(found)


def _seen(text: str) -> str:
    """The text as it is read: full width as usual, without characters that nobody sees and marks over, through or around others."""
    return "".join(c for c in UNSEEN.sub("", unicodedata.normalize("NFKC", text)) if unicodedata.category(c) not in ("Cf", "Mn", "Me"))


def _folded(seen: str) -> str:
    """For comparison: small letters without accents and variants, foreign ones as the Latin ones that they look like, simplified characters."""
    return lookalikes.plain("".join(c for c in unicodedata.normalize("NFKD", seen.lower()) if unicodedata.category(c) != "Mn"))


def _forms(known: Known) -> Iterator[str]:
    """The name as it is compared, also with its numerals as digits; of an organisation also without its legal form, trade and place."""
    whole = _seen(known.name).strip().translate(SIMPLIFIED)
    names = {whole}
    if known.kind == "organisation":
        names |= {normal.zh_name(whole), normal.zh_core(whole)} if HAN.search(whole) else {" ".join(normal.name_words(whole))}
    forms = {_folded(name).strip() for name in names}
    numbered = {form for form in map(lookalikes.counted, forms) if not form.isdigit()}  # "三一" is no "31" of pieces
    for form in sorted(forms | numbered):
        if len(GAPS.sub("", form)) >= (2 if HAN.search(form) or known.kind in ("code", "lot") else 3):
            yield form


def _stands(form: str, folded: str, close: str) -> bool:
    """Chinese and long names wherever they are, however spaced; a short Latin one only as a word, whole or letter by letter: "tea" is not in
    "steam", and "a top" is not "Atop"."""
    tight = GAPS.sub("", form)
    if HAN.search(form) or len(tight) >= 6:
        return tight in close
    runs, letters = r"[\W_]*".join(map(re.escape, RUNS.findall(tight))), r"[\W_]+".join(map(re.escape, tight))
    before, after = ("a-z" if end.isalpha() else "a-z0-9" for end in (tight[0], tight[-1]))
    return re.search(rf"(?<![{before}])(?:{re.escape(form)}|{runs}|{letters})(?![{after}])", folded) is not None
