"""Hears topics in texts: Chinese words wherever they stand, English ones as whole words. Pure; it knows neither brand nor database."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LONGEST_WORD = 40
MOST_WORDS = 200
LETTERS = re.compile(r"[^\W\d_]")
KANA = re.compile(r"[\u3040-\u30ff]")
SAMPLE = 80  # characters
LATIN = re.compile(r"[a-z]", re.IGNORECASE)


@dataclass(frozen=True)
class Ear:
    """The words of some topics, ready to listen; the Chinese ones by their first character."""

    chinese: dict[str, list[tuple[str, int]]]
    english: tuple[tuple[str, int, re.Pattern[str]], ...]

    def topics(self, text: str) -> set[int]:
        """The ids of the topics that `text` speaks of."""
        found = {topic for first in self.chinese.keys() & set(text) for word, topic in self.chinese[first] if word in text}
        if LATIN.search(text):
            lower = text.lower()
            found.update(topic for word, topic, whole in self.english if topic not in found and word in lower and whole.search(lower))
        return found


def ear(topics: Mapping[int, tuple[str, str]]) -> Ear:
    """Topic id → its words in Chinese and in English, one per line."""
    chinese: dict[str, list[tuple[str, int]]] = {}
    for i, (zh, _) in topics.items():
        for word in words(zh):
            chinese.setdefault(word[0], []).append((word, i))
    english = [(word.lower(), i) for i, (_, en) in topics.items() for word in words(en)]
    return Ear(chinese, tuple((w, i, re.compile(rf"(?<![a-z]){re.escape(w)}(?![a-z])")) for w, i in english))


def words(text: str) -> list[str]:
    """One word or phrase per line or comma, each once, in order."""
    return list(dict.fromkeys(word for part in re.split(r"[\n,，、;；]+", text) if (word := part.strip())))


def joined(found: Iterable[str]) -> str:
    return "\n".join(found)


def language(text: str) -> str:
    """ "zh" where a fifth of the letters are Chinese characters, "en" where nearly all are Latin, else "other"; by its beginning."""
    letters = LETTERS.findall(text[:SAMPLE])
    han = sum("\u3400" <= letter <= "\u9fff" for letter in letters)
    if han and han * 5 >= len(letters):
        return "other" if KANA.search(text[:SAMPLE]) else "zh"
    latin = sum(letter < "\u0250" for letter in letters)
    return "en" if latin and latin * 10 >= len(letters) * 9 else "other"


def plain_code(name: str) -> str:
    """Letters and digits of a name, for a code."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:20]
