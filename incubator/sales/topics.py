"""What a return is about: the part or fault, its usual reason, and the words that tell of both, read once from the tables beside."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from incubator.sales import folding

VERSION = 2  # of the lexicon: raised with every change of its words or of the rule that weighs them
TABLES = ("electric", "machines", "computing", "goods")
# The topics, each with the reason that a fault of it means where the words say no other.
TOPICS = {
    "battery": "malfunction", "power": "malfunction", "cable": "malfunction", "button": "malfunction", "display": "malfunction",
    "motor": "malfunction", "circuit": "malfunction", "light": "malfunction", "heating": "malfunction", "pump": "malfunction",
    "noise": "performance", "overheating": "malfunction", "suction": "performance", "blockage": "performance", "filter": "performance",
    "hose": "quality", "brush": "quality", "wheels": "quality", "container": "quality", "attachment": "quality", "leak": "quality",
    "moisture": "quality", "case": "quality", "assembly": "quality", "wobble": "quality", "impact": "damaged",
    "slow": "performance", "boot": "malfunction", "software": "malfunction", "system": "malfunction", "virus": "malfunction",
    "connection": "malfunction", "keyboard": "malfunction", "pointer": "malfunction", "ports": "malfunction", "storage": "malfunction",
    "optical": "malfunction", "media": "malfunction",
    "zip": "quality", "fastening": "quality", "stitching": "quality", "fabric": "quality", "colour": "quality", "pilling": "quality",
    "shrinkage": "quality", "size": "size", "smell": "smell", "surface": "quality", "breakage": "damaged", "sole": "quality",
    "effect": "performance", "skin": "safety", "taste": "quality", "freshness": "quality", "print": "quality", "packaging": "damaged",
    "style": "not_as_described",
}  # fmt: skip


@dataclass(frozen=True)
class Word:
    """One word of the lexicon: what it tells of (a topic, a reason or a mark), how, and its spelling.

    Of topics: part, fault, sign, trait; of reasons: said, named (a neutral noun), vague (mere displeasure); mark.
    """

    tells: str
    kind: str
    language: str
    spelling: str


@cache
def words() -> tuple[Word, ...]:
    """Every word of the tables, folded, its stars kept; of one that stands twice, the first."""
    once: dict[str, Word] = {}
    for word in _read():
        once.setdefault(word.spelling.strip("*"), word)
    return tuple(once.values())


def _read() -> Iterator[Word]:
    for table in ("marks", *TABLES, "reasons"):
        text = files("incubator.sales.taxonomy").joinpath(f"{table}.tsv").read_text(encoding="utf-8")
        for row in csv.reader((line for line in text.splitlines() if line and line[0] != "#"), delimiter="\t"):
            tells, kind, language, spellings = (row[0], "mark", *row[1:]) if table == "marks" else row
            for spelling in spellings.split("|"):
                yield Word(tells, kind, language, spelled(spelling))


def spelled(word: str) -> str:
    """A word as it is looked up: folded, the stars of an open beginning or end kept."""
    return "*" * word.startswith("*") + folding.folded(word.strip("*")) + "*" * word.endswith("*")
