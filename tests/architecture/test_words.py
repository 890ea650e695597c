"""Every text for people is translated: marked in the source, and complete in both catalogues."""

import ast
import re
from functools import cache

import pytest

from incubator import catalogues
from tests.architecture.source import calls, modules, show

SPEAKING = ("flash", "Refused", "Forbidden", "Conflict", "NotFound", "TooLarge", "ValidationError")
WORD = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"%\((\w+)\)([a-z])|%%")


@cache
def extracted():
    return list(catalogues.extract())


@pytest.mark.parametrize("locale", catalogues.LOCALES)
def test_the_catalogue_is_complete(locale):
    catalogue = catalogues.read(locale)
    problems = []
    for text in extracted():
        known = catalogue.get(text if isinstance(text, str) else text[0])
        if known is None or known.fuzzy or not catalogues.is_complete(known.string):
            problems.append(f"{text!r} is missing: run `make catalogues`, then translate it")
        elif not same_placeholders(forms(text), forms(known.string)):
            problems.append(f"{text!r} has other placeholders than {known.string!r}")
    assert not problems, show(problems)


@pytest.mark.parametrize("locale", catalogues.LOCALES)
def test_the_catalogue_holds_nothing_else(locale):
    wanted = {text if isinstance(text, str) else text[0] for text in extracted()}
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in catalogues.read(locale) if message.id}
    assert known <= wanted, show(sorted(known - wanted))


def forms(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def same_placeholders(wanted: tuple[str, ...], given: tuple[str, ...]) -> bool:
    """The last form (plural, or the only one) names what the last one of the source names; a singular may leave the number out."""
    allowed = [placeholders(form) for form in wanted]
    return placeholders(given[-1]) == allowed[-1] and all(placeholders(form) in allowed for form in given)


def placeholders(text: str) -> set[tuple[str, str]]:
    return set(PLACEHOLDER.findall(text))


def test_what_the_code_says_to_people_is_marked():
    problems = []
    for module in modules():
        for call in ast.walk(module.tree):
            if isinstance(call, ast.Call) and call.args and _speaks(call) and _is_text(call.args[0]):
                problems.append(f"{module.at(call)} {ast.unparse(call.args[0])}")
        problems += [f"{module.at(node)} {ast.unparse(node)}" for node in _refusals(module)]
    assert not problems, show(problems)


def _speaks(call: ast.Call) -> bool:
    name = ast.unparse(call.func).rpartition(".")[2]
    return name in SPEAKING or (name.endswith("Field") and name[:1].isupper())


def _is_text(node: ast.expr) -> bool:
    return (isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(WORD.search(node.value))) or isinstance(
        node, ast.JoinedStr
    )


def _refusals(module):
    """Guards return the reason to refuse; Invalid takes field → messages."""
    if module.kind == "workflow":
        yield from (
            node
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Return) and node.value and _is_text(node.value) and " " in ast.unparse(node)
        )
    for call in calls(module.tree, "Invalid"):
        for node in ast.walk(call):
            if isinstance(node, ast.Dict):
                yield from (text for value in node.values if isinstance(value, ast.List) for text in value.elts if _is_text(text))


def test_repeated_parts_of_forms_are_named():
    """WTForms would name them after their field, in English, where a form that came back says what is to be corrected."""
    problems = [
        module.at(call)
        for module in modules()
        for call in calls(module.tree, "FieldList")
        if len(call.args) < 2 and not any(keyword.arg == "label" for keyword in call.keywords)
    ]
    assert not problems, show(problems)
