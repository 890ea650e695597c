"""Why things come back: a buyer's words, in Chinese, English and six more languages, to a reason and the part or fault that they name.

Nothing is dropped: a blank is "unstated", words that fit nothing are "other", and both are counted. It knows no database; a brand's own
words are given to `Ear`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

from incubator.sales import folding, hearing, topics
from incubator.sales.models import REASONS

WEIGHTS = {"fault": 4.0, "part": 3.0, "sign": 2.0, "trait": 1.5}
AT_FAULT = 1.0  # a part in whose clause something is said to be broken
NEAR, NEAR_HAN = 12, 2  # characters between a denial and the Latin or Chinese word that it denies
PRECEDENCE = (
    "missing_part", "wrong_item", "safety", "damaged", "size", "smell", "not_as_described", "malfunction", "performance", "quality", "late", "price",
    "service", "changed_mind",
)  # fmt: skip


class Heard(NamedTuple):
    """One of `models.REASONS`, and one of `topics.TOPICS` or ""."""

    reason: str
    topic: str = ""


class Own(NamedTuple):
    """A brand's own word: where its fragment stands in a text, that is what the text means."""

    fragment: str
    reason: str
    topic: str


BUT = ("but", "mark")
UNSTATED, OTHER = Heard("unstated", ""), Heard("other", "")
SITUATIONS = frozenset(PRECEDENCE[:7])  # reasons that the words say more surely than a part does
VAGUE = "vague"  # "disappointing": poor quality, where nothing else is said
BROKEN = frozenset(("malfunction", "quality", "damaged"))
# Parts that come loose in the box: "no charger" says that one is missing, "no display" that it does not work.
SEPARABLE = frozenset(("battery", "cable", "attachment", "filter", "container", "hose", "brush", "wheels", "fastening", "pointer", "storage", "light",
                       "assembly", "packaging"))  # fmt: skip


@dataclass
class Clause:
    """What was heard between two breaks: topics and neutral nouns, each with its kind; and whether something is broken, or praised."""

    parts: list[tuple[str, str]] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    reasons: set[str] = field(default_factory=set)
    at_fault: bool = False
    praised: bool = False
    denied: int = -NEAR  # where the last denial ended

    def close(self, scores: dict[str, float], reasons: set[str]) -> None:
        """Add up what the clause says: a part that is praised is no complaint, and one beside a fault is a surer one."""
        content = self.praised and not self.at_fault
        reasons |= self.reasons
        if not content:
            reasons.update(self.named)
        for topic, kind in self.parts:
            neutral = kind in ("part", "trait")
            if not (neutral and content):
                scores[topic] = scores.get(topic, 0.0) + WEIGHTS[kind] + (AT_FAULT if neutral and self.at_fault else 0.0)

    def take(self, tells: str, kind: str, place: tuple[int, int], denied: bool) -> None:
        """One word of the lexicon, and whether it is denied."""
        if kind == "mark":
            self._mark(tells, place[1], denied)
        elif kind == "named":
            self.named.append(tells)
            self.at_fault |= denied
        elif kind in ("part", "trait"):
            self.parts.append((tells, kind))
            self.at_fault |= denied
            if denied and kind == "part" and tells in SEPARABLE:
                self.reasons.add("missing_part")
        elif not denied:
            self._complain(tells, kind)

    def _mark(self, mark: str, end: int, denied: bool) -> None:
        if mark == "no":
            self.denied = end
        elif denied:
            self.at_fault = True
            self.reasons.add(VAGUE)
        else:
            self.praised = True

    def _complain(self, tells: str, kind: str) -> None:
        self.at_fault |= kind == "fault" or tells in BROKEN
        if kind == "vague":
            self.reasons.add(VAGUE)
        elif kind == "said":
            self.reasons.add(tells)
        else:
            self.parts.append((tells, kind))


class Ear:
    """A brand's own words before the lexicon of the product; the longest of several wins."""

    def __init__(self, own: Sequence[Own]) -> None:
        self.own = {topics.spelled(word.fragment).strip("*"): Heard(word.reason, word.topic) for word in own}
        self.pattern = hearing.expression(self.own)

    def read(self, text: str) -> Heard:
        words = [word for _, _, word in hearing.found(self.pattern, folding.folded(text)) if word]
        return self.own[max(words, key=len)] if words else read(text)


@cache
def _lexicon() -> tuple[re.Pattern[str], Mapping[str, tuple[str, str]]]:
    words = topics.words()
    return hearing.expression(word.spelling for word in words), {w.spelling.strip("*"): (w.tells, w.kind) for w in words}


def _heard(said: str) -> Heard:
    pattern, meaning = _lexicon()
    scores: dict[str, float] = {}
    reasons: set[str] = set()
    clause = Clause()
    for start, end, word in hearing.found(pattern, said):
        tells, kind = meaning[word] if word else BUT
        if tells == "but":
            clause.close(scores, reasons)
            clause = Clause()
            continue
        near = NEAR if word.isascii() else NEAR_HAN
        denied = start - clause.denied < near and said.count(" ", clause.denied, start) < 3
        clause.take(tells, kind, (start, end), denied)
    clause.close(scores, reasons)
    return _settled(scores, reasons)


def _settled(scores: Mapping[str, float], reasons: set[str]) -> Heard:
    topic = max(scores, key=lambda name: scores[name], default="")
    said = next((reason for reason in PRECEDENCE if reason in reasons), "")
    if said in SITUATIONS or not topic:
        return Heard(said, topic) if said else Heard("quality", "") if VAGUE in reasons else OTHER
    return Heard(topics.TOPICS[topic], topic)


@lru_cache(maxsize=100_000)
def read(text: str) -> Heard:
    """What a buyer's words mean, by the lexicon of the product alone; the name of a reason is that reason."""
    said = folding.folded(text)
    if not said:
        return UNSTATED
    code = said.replace(" ", "_")
    return Heard(code, "") if code in REASONS else _heard(said)


def read_many(texts: Iterable[str], own: Sequence[Own] = ()) -> list[Heard]:
    """The same of many texts, with a brand's own words first."""
    listen = Ear(own).read if own else read
    return [listen(text) for text in texts]


def reason_of(text: str) -> str:
    """One of `models.REASONS`: "unstated" for a blank, "other" for words that the lexicon does not know."""
    return read(text).reason
