"""Templates hold no inline style or script, and no word that is not translated."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from incubator.config import ROOT
from tests.architecture.source import show, templates

WORDS_OF_ATTRIBUTES = {"title", "alt", "placeholder", "aria-label", "aria-description"}
SAME_EVERYWHERE = {"Incubator", "English", "中文", "CSV", "XLSX", "PDF", "Ctrl", "Esc", "Enter", "Tab", "Shift", "JSON", "API", "KB", "MB"}
MAIL = {"templates/kernel/mail.html"}  # mail readers know no stylesheet
LETTERS = re.compile(r"[A-Za-z\u4e00-\u9fff]{2,}")
SENTENCE = re.compile(r"^[A-Z][a-z]+( |$|[a-z.?!…]+$)|[\u4e00-\u9fff]")
GETTEXT = {"_", "gettext", "ngettext", "_l"}
JINJA = re.compile(
    r"{#.*?#}|{% block page_class %}.*?{% endblock %}|{%-?\s*trans\b.*?endtrans\s*-?%}|{%-?\s*raw.*?endraw\s*-?%}|{{.*?}}|{%.*?%}",
    re.DOTALL,
)


class Page(HTMLParser):
    """Collects what a reader would see without translation, and what the content policy forbids."""

    def __init__(self, where: str):
        super().__init__()
        self.where, self.problems, self.quiet = where, [], 0

    def handle_starttag(self, tag, attrs):
        self.quiet += tag in ("kbd", "code")
        names = {name: value or "" for name, value in attrs}
        if (self.where not in MAIL and (tag == "style" or "style" in names)) or any(name.startswith("on") for name in names):
            self.complain(f"inline style or handler in <{tag}>")
        if tag == "script" and "src" not in names and names.get("type") != "application/json":
            self.complain("inline script")
        for name in WORDS_OF_ATTRIBUTES & set(names):
            self.check(names[name])

    def handle_endtag(self, tag):
        self.quiet -= tag in ("kbd", "code")

    def handle_data(self, data):
        if not self.quiet:
            self.check(data)

    def check(self, text):
        words = set(LETTERS.findall(text)) - SAME_EVERYWHERE
        if words:
            self.complain(f"not translated: {' '.join(text.split())[:80]}")

    def complain(self, what):
        self.problems.append(f"{self.where}:{self.getpos()[0]} {what}")


@cache
def environment() -> Environment:
    return Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"])


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", templates(), ids=short)
def test_every_text_is_translated_and_nothing_is_inline(path):
    page = Page(short(path))
    page.feed(JINJA.sub(lambda match: "\n" * match.group().count("\n"), path.read_text()))
    problems = page.problems + [f"{short(path)}:{line} not translated: {text}" for line, text in literals(path)]
    assert not problems, show(problems)


def literals(path: Path) -> list[tuple[int, str]]:
    """Sentences that stand as strings in expressions, outside gettext."""
    found: list[tuple[int, str]] = []
    _walk(environment().parse(path.read_text()), found)
    return found


def _walk(node: nodes.Node, found: list[tuple[int, str]]) -> None:
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in GETTEXT:
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and SENTENCE.search(node.value) and node.value not in SAME_EVERYWHERE:
        found.append((node.lineno, node.value))
    for child in node.iter_child_nodes():
        _walk(child, found)
