"""The reason taxonomy against texts that people have labelled: accuracy per class, the confusion table, and what the lexicon misses.

    .venv/bin/python -m benchmarks.reasons FOLDER [--write]

FOLDER holds `open_repair` (why vacuum cleaners and computers broke, labelled by volunteers) and, for Chinese, `cn_reviews`. Nothing of the data
is kept: `--write` puts the figures into docs/reasons.md. The words were found by reading one half of the texts, chosen by a hash of their ids;
the other half was never read, and its figures are the ones to believe.
"""

import argparse
import csv
import hashlib
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from incubator.sales import folding, reasons, topics

DOCS = Path(__file__).parents[1] / "docs" / "reasons.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
NONE, OTHER = "(none said)", "(a topic of no class)"
# Label → our topics. A symptom that the labels have no class for ("noise") counts as none said.
VACUUMS = {
    "Cable/cord": "cable", "Motor": "motor", "Power/battery": "battery power boot", "Internal damage": "circuit", "Blockage": "blockage suction",
    "Button/switch": "button", "Filter": "filter", "External damage": "case impact", "Overheating": "overheating", "Hose/tube/pipe": "hose",
    "Brush": "brush", "Wheels/rollers": "wheels", "Dustbag/canister": "container", "Liquid damage": "moisture leak",
    "Accessories/attachments": "attachment", "Display/LED": "display", NONE: "noise",
}  # fmt: skip
COMPUTERS = {
    "Performance": "slow", "Power/battery": "battery power cable", "Configuration": "software connection", "Integrated screen": "display",
    "Internal storage": "storage", "Operating system": "system", "Boot": "boot", "Ports/slots/connectors": "ports", "Overheating": "overheating",
    "Integrated keyboard": "keyboard", "Case/chassis": "case button", "System board": "circuit", "Internal damage": "moisture impact",
    "Virus/malware": "virus", "Integrated media component": "media", "Integrated pointing device": "pointer", "Integrated optical drive": "optical",
    NONE: "noise",
}  # fmt: skip
UNSAID = {"Poor data", "Unknown", "Multiple", "Other"}  # labels that name no class
COUNTRIES = {
    "NLD": "Dutch", "DEU": "German", "AUT": "German", "FRA": "French", "ITA": "Italian", "ESP": "Spanish", "ARG": "Spanish", "NOR": "Nordic",
    "SWE": "Nordic", "DNK": "Nordic", "ISL": "Nordic", "BEL": "Belgium (mixed)", "TUN": "French",
}  # fmt: skip
WORD = re.compile(r"[a-z]{3,}")


@dataclass(frozen=True)
class Case:
    """A text with what people and what the lexicon say of it; `held_out` when nobody read it while the words were gathered."""

    text: str
    label: str
    heard: str
    language: str
    held_out: bool


def cases(path: Path) -> list[Case]:
    """The rows of a set, each label as a class of ours; ValueError for a set whose labels are not known."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    table = _table({row["fault_type"] for row in rows} - UNSAID)
    classes = {topic: label for label, names in table.items() for topic in names.split()}
    return [
        Case(
            row["problem"], NONE if row["fault_type"] in UNSAID else row["fault_type"], _heard(row["problem"], classes),
            COUNTRIES.get(row["country"], "English"), int(hashlib.sha256(row["id_ords"].encode()).hexdigest(), 16) % 2 == 1,
        )
        for row in rows
    ]  # fmt: skip


def _table(labels: set[str]) -> dict[str, str]:
    """The table that knows all of `labels`."""
    for table in (VACUUMS, COMPUTERS):
        if labels <= table.keys():
            return table
    raise ValueError(f"labels that no table knows: {sorted(labels)[:5]}")


def _heard(text: str, classes: Mapping[str, str]) -> str:
    topic = reasons.read(text).topic
    return classes.get(topic, OTHER) if topic else NONE


def scores(found: Sequence[Case]) -> Iterator[tuple[str, int, float, float, float]]:
    """(class, how many have it, precision, recall, F1), the most frequent first."""
    pairs = Counter((case.label, case.heard) for case in found)
    labels = Counter(case.label for case in found)
    heard = Counter(case.heard for case in found)
    for label, number in labels.most_common():
        right = pairs[label, label]
        precision, recall = right / heard[label] if heard[label] else 0.0, right / number
        yield label, number, precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0


def accuracy(found: Iterable[Case]) -> float:
    given = list(found)
    return sum(case.label == case.heard for case in given) / len(given) if given else 0.0


def missed_words(found: Sequence[Case], label: str, most: int = 8) -> list[str]:
    """The words that stand in most texts of the class that were heard as none or another, and that the lexicon does not know."""
    known = {word.spelling.strip("*") for word in topics.words()}
    counted: Counter[str] = Counter()
    for case in found:
        if case.label == label != case.heard:
            counted.update(set(WORD.findall(folding.folded(case.text))) - known)
    usual = Counter(word for case in found for word in set(WORD.findall(folding.folded(case.text))))
    told = sorted(counted, key=lambda word: (-(counted[word] ** 2) / usual[word], word))
    return [f"{word} ({counted[word]})" for word in told if counted[word] > 1][:most]


def of_set(name: str, found: Sequence[Case]) -> Iterator[str]:
    """The tables of one set as Markdown."""
    halves = {"read while the words were gathered": False, "held out": True}
    yield f"\n### {name}, {len(found):,} texts\n"
    yield "| half | texts | accuracy | of those that name a fault |\n|---|---|---|---|"
    for label, held in halves.items():
        half = [case for case in found if case.held_out == held]
        yield f"| {label} | {len(half):,} | {accuracy(half):.1%} | {accuracy(c for c in half if c.label != NONE):.1%} |"
    yield "\n| language | texts | accuracy | |\n|---|---|---|---|"
    spoken: dict[str, list[Case]] = defaultdict(list)
    for case in found:
        spoken[case.language].append(case)
    for language, those in sorted(spoken.items(), key=lambda item: -len(item[1])):
        yield f"| {language} | {len(those):,} | {accuracy(those):.1%} | held out {accuracy(c for c in those if c.held_out):.1%} |"
    held_out = [case for case in found if case.held_out]
    yield "\nHeld-out half, per class:\n\n| class | texts | precision | recall | F1 |\n|---|---|---|---|---|"
    for label, number, precision, recall, f1 in scores(held_out):
        yield f"| {label} | {number} | {precision:.2f} | {recall:.2f} | {f1:.2f} |"
    yield from _confusion(held_out)
    yield "\nWords of missed texts that the lexicon does not know (both halves):\n"
    yield from (f"- {label}: {', '.join(told)}" for label, *_ in scores(found) if (told := missed_words(found, label)))


def _confusion(found: Sequence[Case]) -> Iterator[str]:
    labels = [label for label, *_ in scores(found)]
    heard = [*labels, *sorted({case.heard for case in found} - set(labels))]
    pairs = Counter((case.label, case.heard) for case in found)
    yield "\nConfusion, held-out half (rows: what people say; columns: what the lexicon hears, in the order of the rows):\n"
    yield f"| | {' | '.join(str(n) for n in range(1, len(heard) + 1))} |\n|{'---|' * (len(heard) + 1)}"
    for n, label in enumerate(labels, 1):
        yield f"| {n} {label} | {' | '.join(str(pairs[label, other] or '') for other in heard)} |"
    yield "".join(f"\nColumn {n}: {label}." for n, label in enumerate(heard, 1) if label not in labels)


def of_reviews(path: Path) -> Iterator[str]:
    """How much of what dissatisfied Chinese buyers wrote is read at all."""
    yield "\n### Chinese shop reviews, the bad ones\n\n| goods | texts | with a reason | with a part or fault |\n|---|---|---|---|"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["label"] == "0"]
    for goods in dict.fromkeys(row["cat"] for row in rows):
        heard = reasons.read_many(row["review"] for row in rows if row["cat"] == goods)
        told, named = (sum(map(test, heard)) / len(heard) for test in (lambda h: h.reason != "other", lambda h: bool(h.topic)))
        yield f"| {goods} | {len(heard):,} | {told:.1%} | {named:.1%} |"


def speed(texts: Sequence[str], number: int = 100_000) -> str:
    """How long so many different texts take, none of them read before."""
    given = [f"{texts[n % len(texts)][:40]} {n}" for n in range(number)]
    reasons.read("warm")
    begun = time.process_time()
    reasons.read_many(given)
    took = time.process_time() - begun
    length = sum(map(len, given)) / number
    return f"\n{number:,} different texts of {length:.0f} characters on average: {took:.1f} s of one core; a text that was read before costs nothing."


def measured(folder: Path) -> str:
    sets = {
        name: cases(next((folder / "open_repair" / name).glob(pattern)))
        for name, pattern in (("vacuums", "dustup.csv"), ("computers", "*laptops.csv"))
    }
    parts = [line for name, found in sets.items() for line in of_set(name.capitalize(), found)]
    reviews = folder / "cn_reviews" / "reviews.csv"
    parts += of_reviews(reviews) if reviews.exists() else []
    return "\n".join(
        [f"Lexicon {topics.VERSION}, {len(topics.words()):,} words.", *parts, speed([c.text for found in sets.values() for c in found])]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true", help="into docs/reasons.md")
    given = parser.parse_args()
    told = measured(given.folder)
    print(told)
    if given.write:
        page = DOCS.read_text(encoding="utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        DOCS.write_text(f"{before}{BEGIN}\n\n{told}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
