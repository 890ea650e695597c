"""Why things come back: a buyer's words, in Chinese, English and six more languages, to a reason and the part or fault that they name.

Nothing is dropped: a blank is "unstated", words that fit nothing are "other", and both are counted. It knows no database; a brand's own
words are given to `Ear`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import NamedTuple

from incubator.sales import folding, hearing, topics
from incubator.sales.models import REASONS

WEIGHTS = {"fault": 4.0, "part": 3.0, "sign": 1.5, "trait": 1.5}
AT_FAULT = 2.0  # a part in whose clause something is said to be broken
NEAR = 12  # characters between a denial and what it denies, and no word more than one
PRECEDENCE = (
    "missing_part", "wrong_item", "safety", "damaged", "size", "smell", "not_as_described", "malfunction", "performance", "quality", "late", "service",
    "price", "changed_mind",
)  # fmt: skip


class Heard(NamedTuple):
    """One of `models.REASONS`, and one of `topics.TOPICS` or ""."""

    reason: str
    topic: str


class Own(NamedTuple):
    """A brand's own word: where its fragment stands in a text, that is what the text means."""

    fragment: str
    reason: str
    topic: str


UNSTATED, OTHER = Heard("unstated", ""), Heard("other", "")
SITUATIONS = frozenset(PRECEDENCE[:7])  # reasons that the words say more surely than a part does
BROKEN = frozenset(("malfunction", "quality", "damaged"))


@dataclass
class Clause:
    """What was heard between two breaks."""

    parts: list[tuple[str, str]] = field(default_factory=list)  # topic, kind
    at_fault: bool = False
    praised: bool = False
    denied: int = -NEAR  # where the last denial ended

    def close(self, scores: dict[str, float]) -> None:
        """Add what the clause says to the topics' `scores`: a part that is praised is no complaint; one beside a fault is a surer one."""
        for topic, kind in self.parts:
            neutral = kind in ("part", "trait")
            if neutral and self.praised and not self.at_fault:
                continue
            scores[topic] = scores.get(topic, 0.0) + WEIGHTS[kind] + (AT_FAULT if neutral and self.at_fault else 0.0)


class Ear:
    """The lexicon ready to listen, with a brand's own words before it. Texts that were read once are not read again."""

    def __init__(self, own: Sequence[Own] = ()) -> None:
        self.own = {topics.spelled(word.fragment).strip("*"): Heard(word.reason, word.topic) for word in own}
        self.read = cache(self._read)

    @cached_property
    def _own_pattern(self) -> re.Pattern[str] | None:
        return hearing.expression(self.own) if self.own else None

    def _read(self, text: str) -> Heard:
        said = folding.folded(text)
        if not said:
            return UNSTATED
        if self._own_pattern is not None:
            words = [word for _, _, word in hearing.found(self._own_pattern, said) if word]
            if words:
                return self.own[max(words, key=len)]
        if said.replace(" ", "_") in REASONS:
            return Heard(said.replace(" ", "_"), "")
        return _heard(said)


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
        tells, kind = meaning[word] if word else ("but", "mark")
        if tells == "but":
            clause.close(scores)
            clause = Clause()
            continue
        denied = start - clause.denied < NEAR and said.count(" ", clause.denied, start) < 3
        if kind == "mark":
            _mark(clause, tells, end, denied)
        elif kind in ("part", "trait"):
            clause.parts.append((tells, kind))
            clause.at_fault |= denied
        elif not denied:
            clause.at_fault |= kind == "fault" or tells in BROKEN
            if kind == "said":
                reasons.add(tells)
            else:
                clause.parts.append((tells, kind))
    clause.close(scores)
    return _settled(scores, reasons)


def _mark(clause: Clause, mark: str, end: int, denied: bool) -> None:
    if mark == "no":
        clause.denied = end
    elif denied:
        clause.at_fault = True
    else:
        clause.praised = True


def _settled(scores: Mapping[str, float], reasons: set[str]) -> Heard:
    topic = max(scores, key=lambda name: scores[name], default="")
    said = next((reason for reason in PRECEDENCE if reason in reasons), "")
    if said in SITUATIONS or not topic:
        return Heard(said, topic) if said else OTHER
    return Heard(topics.TOPICS[topic], topic)


OURS = Ear()


def read(text: str) -> Heard:
    """What a buyer's words mean, by the lexicon of the product alone."""
    return OURS.read(text)


def read_many(texts: Iterable[str], own: Sequence[Own] = ()) -> list[Heard]:
    """The same of many texts, each distinct one read once, with a brand's own words first."""
    ear = Ear(own) if own else OURS
    return [ear.read(text) for text in texts]


def reason_of(text: str) -> str:
    """One of `models.REASONS`: "unstated" for a blank, "other" for words that the lexicon does not know."""
    return read(text).reason
