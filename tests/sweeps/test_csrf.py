"""Hardening case 19: a form without its token is refused, and changes nothing."""

from incubator.kernel.actor import ROLES
from tests.sweeps.conftest import ask, fingerprint, methods, said

BACKENDS = ("sqlite",)  # what lacks its token never reaches a record


def test_a_form_without_its_token_is_refused(full, routes, signed_in, app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    clients = {role: signed_in(full.insiders[role]) for role in ROLES}
    before, problems = fingerprint(), []
    for role, client in clients.items():
        for rule in routes:
            path = full.path(rule)
            for method in set(methods(rule)) - {"GET"}:
                if not path.startswith("/api/") and (answer := ask(client, method, path)).status_code not in _refusals(app, rule, role):
                    problems.append(f"{role} {method} {rule.rule}: {said(answer)}")
    assert not problems, "\n" + "\n".join(problems)
    assert fingerprint() == before


def _refusals(app, rule, role) -> tuple[int, ...]:
    """Whoever may not call it at all learns nothing from the missing token either."""
    allowed = app.view_functions[rule.endpoint].allowed_roles
    return (400,) if role in allowed or not allowed else (400, 404)
