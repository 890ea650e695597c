"""Every page renders for everyone who may open it: with one of everything, with nothing at all, and in both languages."""

import pytest

from incubator.kernel.actor import ROLES
from tests import world
from tests.sweeps.conftest import ask, fingerprint, said

FINE = (200, 302)
# Pages that are only there in a situation that the world is not in.
SITUATIONS = {
    "accounts.sign_in_code": "after the password of somebody with a second factor",
    "accounts.enable_second_factor": "after asking for a second factor",
    "accounts.renew_recovery_codes": "with a second factor",
    "accounts.disable_second_factor": "with a second factor",
}
SLOW = {
    "briefs.pdf",
    "samples.seal_card",
    "feedback.pdf",
    "launches.pack",
    "codevelopment.agreement_pdf",
    "sourcing.enquiry_pdf",
    "sourcing.comparison_pdf",
    "kernel.vega",
}  # a process of its own, and a library of three megabytes: they have their own tests


def pages(app, routes, role):
    for rule in routes:
        allowed = app.view_functions[rule.endpoint].allowed_roles
        if "GET" in rule.methods and rule.endpoint not in SLOW and (role in allowed or not allowed):
            yield rule


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_page_renders_in_a_full_world_and_changes_nothing(locale, full, routes, signed_in, app):
    clients = {role: signed_in(full.insiders[role], locale) for role in ROLES}
    problems, before = [], fingerprint()
    for role, client in clients.items():
        token = full.tokens[full.insiders[role].id]
        assert len(list(pages(app, routes, role))) > 10, "the sweep has lost its routes"
        for rule in pages(app, routes, role):
            answer = ask(client, "GET", full.path(rule), token)
            hidden = (
                answer.status_code == 404
                and (role != "brand" or rule.endpoint in SITUATIONS)
                and (rule.arguments or rule.endpoint in SITUATIONS)
            )
            if answer.status_code not in FINE and not hidden:
                problems.append(f"{role} {rule.rule}: {said(answer)}")
    assert not problems, "\n" + "\n".join(problems)
    after = fingerprint()
    assert {name for name in before if before[name] != after[name]} == set()


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_page_renders_in_an_empty_world(locale, session, routes, signed_in, app):
    people, problems = world.empty().insiders, []
    for role in ROLES:
        client, token = signed_in(people[role], locale), world.a_token(people[role])
        for rule in pages(app, routes, role):
            if not rule.arguments or all(hasattr(converter, "items") for converter in rule._converters.values()):
                answer = ask(client, "GET", world.World().path(rule), token)
                if answer.status_code not in FINE and rule.endpoint not in SITUATIONS:
                    problems.append(f"{role} {rule.rule}: {said(answer)}")
    assert not problems, "\n" + "\n".join(problems)
