"""Hardening case 9: without a session there is the sign-in page, and no data."""

from tests.sweeps.conftest import ask, fingerprint, methods, said

BACKENDS = ("sqlite",)  # who has no session never reaches a record


def test_without_a_session_every_route_asks_to_sign_in(app, full, routes):
    client, problems, before = app.test_client(), [], fingerprint()
    for rule in routes:
        if app.view_functions[rule.endpoint].allowed_roles == frozenset():
            continue
        for method in methods(rule):
            answer = ask(client, method, full.path(rule))
            to_sign_in = answer.status_code == 302 and answer.location.startswith("/sign-in")
            if not (to_sign_in or (answer.status_code == 401 and "message" in answer.get_json())):
                problems.append(f"{method} {rule.rule}: {said(answer)}")
    assert not problems, "\n" + "\n".join(problems)
    assert fingerprint() == before


def test_a_forged_token_is_no_session(app, full, routes):
    client = app.test_client()
    for rule in routes:
        path = full.path(rule)
        if path.startswith("/api/") and app.view_functions[rule.endpoint].allowed_roles:
            for method in methods(rule):
                assert ask(client, method, path, "x" * 43).status_code == 401, f"{method} {rule.rule}"


def test_a_session_cookie_opens_no_api(full, routes, signed_in, app):
    client = signed_in(full.insiders["brand"])
    for rule in routes:
        path = full.path(rule)
        if path.startswith("/api/") and app.view_functions[rule.endpoint].allowed_roles:
            for method in methods(rule):
                assert ask(client, method, path).status_code == 401, f"{method} {rule.rule}"
