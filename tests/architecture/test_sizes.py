"""A function is at most 30 lines, a file 250, a template 120: what grows beyond is two ideas."""

import ast

from incubator.config import ROOT
from tests.architecture.source import modules, show, templates

FUNCTION, WITH_SIGNATURE, FILE, TEMPLATE = 30, 40, 250, 120


def body_lines(function: ast.FunctionDef) -> int:
    """Lines of the body without the docstring."""
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1


def test_functions_are_short():
    problems = [
        f"{module.at(function)} {function.name}: {body_lines(function)} lines"
        for module in modules()
        for function in module.functions()
        if body_lines(function) > FUNCTION or (function.end_lineno or 0) - function.lineno + 1 > WITH_SIGNATURE
    ]
    assert not problems, show(problems)


def test_files_are_short():
    problems = [f"{m.path.relative_to(ROOT)}: {n}" for m in modules() if (n := len(m.path.read_text().splitlines())) > FILE]
    problems += [f"{path.relative_to(ROOT)}: {n}" for path in templates() if (n := len(path.read_text().splitlines())) > TEMPLATE]
    assert not problems, show(problems)
