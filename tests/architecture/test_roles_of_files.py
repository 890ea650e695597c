"""What each kind of file may not do, after the table in docs/architecture.md."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import Module, calls, domain, dotted, show

REQUEST = ("flask.request", "flask.g", "flask.session", "flask_login.current_user", "incubator.kernel.web.actor")
SQL = ("sqlalchemy.select", "sqlalchemy.insert", "sqlalchemy.update", "sqlalchemy.delete", "sqlalchemy.text", "sqlalchemy.func")
WRITES = ("session.add", "session.add_all", "session.delete", "session.merge", "session.flush")
DATABASE = "incubator.kernel.db.db"

# kind: (names it may not import, calls it may not make)
NEVER: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "models": ((*REQUEST, DATABASE), ("session.commit", *WRITES)),
    "workflow": ((*REQUEST, *SQL, DATABASE), ("session.commit", *WRITES)),
    "policies": ((*REQUEST, DATABASE), ("session.commit", *WRITES)),
    "forms": ((*REQUEST, *SQL, DATABASE), ("session.commit", *WRITES)),
    "service": (REQUEST, ("session.commit", "session.rollback")),
    "queries": (REQUEST, ("session.commit", "insert", "update", "delete", *WRITES)),
    "routes": ((*SQL, "flask_login.current_user"), WRITES),
    "api": ((*SQL, "flask_login.current_user"), WRITES),
    "reactions": ((*REQUEST, *SQL), ("session.commit", *WRITES)),
    "jobs": ((*REQUEST, *SQL), WRITES),
    "cli": (("flask.request", *SQL), WRITES),
    "noun": (("flask.request", "flask.session", "flask_login.current_user"), ("session.commit",)),
}

# (module, what): why it may. An entry that is no longer needed fails.
EXCEPTIONS: dict[tuple[str, str], str] = {
    ("accounts.identity", "flask.request"): "turns the cookie or bearer token of a request into an Actor",
    ("accounts.identity", "flask.session"): "the same",
    ("portals.frame", "flask.request"): "draws what surrounds the page of the present request",
    ("portals.nav", "flask.request"): "marks the entry of the present page",
    ("accounts.throttle", "db.session.commit"): "a failed attempt is remembered although its request changes nothing",
}


def violations(module: Module) -> Iterator[tuple[str, str]]:
    """(what, where) of everything that `module` does against the rule of its kind."""
    names, forbidden = NEVER[module.kind]
    for line, name in module.imports():
        if name in names:
            yield name, module.at(line)
    for call in calls(module.tree, *forbidden):
        if not _is_of_a_set(call):
            yield dotted(call.func), module.at(call)


def _is_of_a_set(call: ast.Call) -> bool:
    """`found.update(…)` of a dict or set is no SQL; `update(Model)` stands alone."""
    return isinstance(call.func, ast.Attribute) and call.func.attr in ("update", "insert", "delete") and "session" not in dotted(call.func)


@pytest.mark.parametrize("kind", NEVER)
def test_a_file_keeps_to_its_role(kind):
    problems = [
        f"{where}: {what}"
        for module in domain()
        if module.kind == kind
        for what, where in violations(module)
        if (module.name, what) not in EXCEPTIONS
    ]
    assert not problems, show(problems)


def test_every_exception_is_needed():
    found = {(module.name, what) for module in domain() for what, _ in violations(module)}
    assert set(EXCEPTIONS) <= found


def test_models_import_only_models_and_the_kernel():
    problems = [
        f"{module.at(line)}: {name}"
        for module in domain()
        if module.kind == "models"
        for line, name in module.imports()
        if name.startswith("incubator.") and not name.startswith("incubator.kernel.") and not _is_of_models(name)
    ]
    assert not problems, show(problems)


def _is_of_models(name: str) -> bool:
    return name.split(".")[-2].endswith(("models", "table"))
