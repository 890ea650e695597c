"""Finds the words of a lexicon in a text, in one pass of one expression: the longest at each place, Latin ones by their boundaries. Pure."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

LATIN = re.compile(r"[a-z0-9]")
BREAK = "[.,;:!?~…|\n。,;:!?、]+"
START, END = "(?<![a-z0-9])", "(?![a-z0-9])"
FAN = 8  # branches that are tried one after the other before a set of first characters decides
Node = dict[str, Any]


def expression(words: Iterable[str]) -> re.Pattern[str]:
    """What finds each of `words` (folded): `zip` as a whole word, `zip*` at a word's beginning, `*zip` at its end, `*zip*` anywhere.

    Words of Chinese stand anywhere. Where several begin at one place, the longest is found. Breaks of clauses are found as group 1.
    """
    inner, outer = Node(), Node()
    for word in words:
        text = word.strip("*")
        whole = bool(LATIN.match(text[-1])) and not word.endswith("*")
        _plant(outer, text, whole)
        if word.startswith("*") or not LATIN.match(text[0]):
            _plant(inner, text, whole)
    found = [f"{START}{_drawn(outer)}"] + ([_drawn(inner)] if inner else [])
    return re.compile(f"({BREAK})|{'|'.join(found)}")


def _plant(root: Node, text: str, whole: bool) -> None:
    node = root
    for character in text:
        node = node.setdefault(character, {})
    node["whole" if whole else "open"] = True


def _drawn(node: Node) -> str:
    """A trie as an expression; whatever goes on is tried before what ends here."""
    branches = [(key, re.escape(key) + _drawn(below)) for key, below in sorted(node.items()) if len(key) == 1]
    parts = [_chosen(branches)] if branches else []
    if "open" in node or "whole" in node:
        parts.append("" if "open" in node else END)
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


def _chosen(branches: list[tuple[str, str]]) -> str:
    """One of many branches, found by sets of first characters, so that a thousand of them cost a dozen steps."""
    if len(branches) <= FAN:
        drawn = [branch for _, branch in branches]
        return drawn[0] if len(drawn) == 1 else f"(?:{'|'.join(drawn)})"
    size = -(-len(branches) // FAN)
    groups = [branches[start : start + size] for start in range(0, len(branches), size)]
    return f"(?:{'|'.join(f'(?=[{_set(group)}]){_chosen(group)}' for group in groups)})"


def _set(group: list[tuple[str, str]]) -> str:
    return "".join(re.escape(key) for key, _ in group)


def found(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int, str]]:
    """(where it begins, where it ends, the word or "" for a break) of everything in the folded `text`, in order."""
    for match in pattern.finditer(text):
        yield match.start(), match.end(), "" if match.group(1) else match.group()
