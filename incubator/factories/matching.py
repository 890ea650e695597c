"""Whether two records of suppliers are one factory: a probability, with the reasons. Pure; it merges nothing and asks no registry.

An equal social credit code decides, a different one nearly so. Otherwise names weigh most, then addresses; a unit number, a house
number, a city or a country that differs weighs against. The weights were set by hand on pairs that people had labelled.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from rapidfuzz.distance import Indel

from incubator.factories import normal, uscc, vocabulary

BASE, NAME, ADDRESS = -9.3, 9.0, 5.0
OTHER_MARKS, ONE_MARK, SAME_MARKS = -3.5, -1.0, 0.7
NO_COMMON_NUMBER, OTHER_NUMBERS = -4.0, -1.2
OTHER_COUNTRY, OTHER_CITY = -4.0, -2.0
UNKNOWN_ADDRESS = 0.55
SUGGESTED = 0.5
LARGEST_BLOCK = 60  # records that share a key; a key shared by more tells nothing
Reason = tuple[str, int | str]


@dataclass(frozen=True)
class Supplier:
    """What is compared; blanks are unknown. `country` is an ISO code."""

    id: int
    name_zh: str = ""
    name_en: str = ""
    country: str = ""
    city: str = ""
    address: str = ""
    uscc: str = ""


@dataclass(frozen=True)
class Verdict:
    """The probability (0 to 1) that two records are one factory, and (code, value) of what speaks for or against it."""

    probability: float
    reasons: tuple[Reason, ...]


def compare(a: Supplier, b: Supplier) -> Verdict:
    """Compare two records; the order does not matter."""
    codes = [uscc.cleaned(record.uscc) for record in (a, b)]
    if all(uscc.is_valid(code) for code in codes):
        same = codes[0] == codes[1]
        return Verdict(1.0, (("same_uscc", codes[0]),)) if same else Verdict(0.02, (("other_uscc", ""),))
    name = _name_likeness(a, b)
    if name is None:
        return Verdict(0.0, (("no_common_name", ""),))
    weighed = [("name", BASE + NAME * name, round(name * 100)), *_places(a, b), *_numbers(a, b)]
    total = sum(weight for _, weight, _ in weighed)
    return Verdict(1 / (1 + math.exp(-total)), tuple((code, value) for code, _, value in weighed))


def _ratio(a: str, b: str) -> float:
    return Indel.normalized_similarity(a, b) if a and b else 0.0


def _name_likeness(a: Supplier, b: Supplier) -> float | None:
    """0 to 1 in the language in which both names are given and closest; None where they share no language."""
    found = []
    if a.name_zh and b.name_zh:
        found.append(_mixed(_ratio(normal.zh_name(a.name_zh), normal.zh_name(b.name_zh)), _core_zh(a.name_zh, b.name_zh)))
    if a.name_en and b.name_en:
        found.append(_latin(a.name_en, b.name_en))
    return max(found) if found else None


def _core_zh(a: str, b: str) -> float:
    return _ratio(normal.zh_core(a), normal.zh_core(b))


def _mixed(whole: float, own: float) -> float:
    return 0.4 * whole + 0.6 * own


def _latin(a: str, b: str) -> float:
    whole = _ratio(*("".join(w for w in _words(name) if not w.isdigit()) for name in (a, b)))
    if normal.is_scattered(a) or normal.is_scattered(b):
        return whole
    return _mixed(whole, _ratio(_own(a), _own(b)))


@lru_cache(maxsize=4096)
def _words(name: str) -> tuple[str, ...]:
    return tuple(normal.name_words(name))


def _own(name: str) -> str:
    """The words that are not every factory's, as one text; all of them where too little is left."""
    own = "".join(w for w in _words(name) if w not in vocabulary.COMMON and not w.isdigit())
    return own if len(own) >= 4 else "".join(w for w in _words(name) if not w.isdigit())


def _places(a: Supplier, b: Supplier) -> Iterator[tuple[str, float, int | str]]:
    if a.country and b.country and a.country != b.country:
        yield "other_country", OTHER_COUNTRY, f"{a.country} / {b.country}"
    if _differ(a.city, b.city):
        yield "other_city", OTHER_CITY, f"{a.city} / {b.city}"
    if a.address and b.address:
        likeness = address_likeness(a.address, b.address)
        yield "address", ADDRESS * likeness, round(likeness * 100)
    else:
        yield "no_address", ADDRESS * UNKNOWN_ADDRESS, ""


def _differ(a: str, b: str) -> bool:
    """Two cities written in one script that are not one city; across scripts nobody can tell."""
    first, second = (normal.folded(city).strip().removesuffix("市").removesuffix(" city") for city in (a, b))
    if not first or not second or bool(normal.HAN.search(first)) != bool(normal.HAN.search(second)):
        return False
    return _ratio(first, second) < 0.8 and first not in second and second not in first


def address_likeness(a: str, b: str) -> float:
    """0 to 1: the letters in their order, or how much of each stands in the other."""
    first, second = normal.address_words(a), normal.address_words(b)
    return max(_ratio("".join(first), "".join(second)), _shared(first, second))


def _shared(a: Sequence[str], b: Sequence[str]) -> float:
    """Twice the weight of common words over the weight of all; words of every address weigh little."""
    total = sum(_weight(w) for w in (*a, *b))
    common = sum(_weight(w) for w in a if w in b) + sum(_weight(w) for w in b if w in a)
    return common / total if total else 0.0


def _weight(word: str) -> float:
    return 0.3 if word in vocabulary.NOISE or len(word) == 1 else 1.0


def _numbers(a: Supplier, b: Supplier) -> Iterator[tuple[str, float, int | str]]:
    first, second = normal.marks(a.name_en), normal.marks(b.name_en)
    if first and second:
        same = bool(first & second)
        yield ("same_marks", SAME_MARKS, _listed(first & second)) if same else ("other_marks", OTHER_MARKS, _both(first, second))
    elif first or second:
        yield "one_mark", ONE_MARK, _listed(first or second)
    here, there = normal.numbers(a.address), normal.numbers(b.address)
    left, right = _unmatched(here, there), _unmatched(there, here)
    if left and right:
        weight = NO_COMMON_NUMBER if left == here and right == there else OTHER_NUMBERS
        yield "other_numbers", weight, _both(left, right)


def _unmatched(some: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """Numbers that the others lack; one that is the beginning of another ("33o", "330") may be a slip of the pen."""
    return frozenset(
        n for n in some if not any(n == o or (min(len(n), len(o)) > 1 and (n.startswith(o) or o.startswith(n))) for o in others)
    )


def _listed(found: Iterable[str]) -> str:
    return ", ".join(sorted(found, key=lambda n: (len(n), n))[:4])


def _both(left: Iterable[str], right: Iterable[str]) -> str:
    return f"{_listed(left)} / {_listed(right)}"


def keys(record: Supplier) -> set[str]:
    """What a record shares with its possible twins: its code, the beginnings of its own words, pairs of its characters, its house and street."""
    found = {f"u{uscc.cleaned(record.uscc)}"} if uscc.is_valid(record.uscc) else set()
    own = [w for w in _words(record.name_en) if w not in vocabulary.COMMON and len(w) > 2 and not w.isdigit()] if record.name_en else []
    found |= {f"w{word[:5]}" for word in own}
    if record.name_en:
        found.add(f"n{_own(record.name_en)[:4]}")
    core = normal.zh_core(record.name_zh) if record.name_zh else ""
    found |= {f"z{core[i : i + 2]}" for i in range(len(core) - 1)}
    words = [w for w in normal.address_words(record.address) if len(w) > 3 and w not in vocabulary.NOISE]
    found |= {f"a{number}{word}" for number in normal.numbers(record.address) for word in words[:4]}
    return found


def candidates(records: Sequence[Supplier], fresh: set[int] | None = None) -> set[tuple[int, int]]:
    """Pairs (smaller id first) that share a key, of which one at least is `fresh` (all, when none is given)."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for record in records:
        for key in keys(record):
            blocks[key].append(record.id)
    pairs = set()
    for ids in blocks.values():
        if 1 < len(ids) <= LARGEST_BLOCK:
            pairs |= {(min(p), max(p)) for p in combinations(ids, 2) if fresh is None or fresh & set(p)}
    return pairs


def suggestions(records: Sequence[Supplier], fresh: set[int] | None = None) -> list[tuple[int, int, Verdict]]:
    """(smaller id, larger id, verdict) of the pairs that are more likely one factory than not, the likeliest first."""
    by_id = {record.id: record for record in records}
    judged = ((a, b, compare(by_id[a], by_id[b])) for a, b in candidates(records, fresh))
    return sorted((row for row in judged if row[2].probability >= SUGGESTED), key=lambda row: (-row[2].probability, row[0], row[1]))
