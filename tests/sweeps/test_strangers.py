"""Hardening case 1: whoever has nothing to do with a record is told the same as about one that does not exist, and changes nothing."""

from incubator.kernel.actor import ROLES
from tests.sweeps.conftest import ask, fingerprint, methods, said
from tests.world import absent, is_numbered

# The administrator manages organisations, people, jobs and mail of the whole platform.
ADMINISTRATOR_SEES = ("organisation_id", "factory_id", "user_id", "membership_id", "invitation_id", "run_id", "mail_id")

DIRECTORIES = ("factories", "factories_api")  # and it keeps the directory of factories


def is_the_administrators(rule) -> bool:
    return set(absent(rule)) <= set(ADMINISTRATOR_SEES) or rule.endpoint.partition(".")[0] in DIRECTORIES


def test_a_strangers_record_does_not_exist(full, routes, signed_in):
    numbered = [rule for rule in routes if is_numbered(rule)]
    assert len(numbered) > 60, "the sweep has lost its routes"
    clients = {role: signed_in(full.strangers[role]) for role in ROLES}
    problems, before = [], fingerprint()
    for role, client in clients.items():
        token = full.tokens[full.strangers[role].id]
        for rule in numbered:
            if role == "administrator" and is_the_administrators(rule):
                continue
            for method in methods(rule):
                real = ask(client, method, full.path(rule), token, full.body(rule))
                none = ask(client, method, full.path(rule, **absent(rule)), token, full.body(rule, **absent(rule)))
                if real.status_code != 404 or real.data != none.data or none.status_code != 404:
                    told = f"{said(real)}, absent {none.status_code}, same body: {real.data == none.data}"
                    problems.append(f"{role} {method} {rule.rule}: {told}")
    assert not problems, "\n" + "\n".join(problems)
    after = fingerprint()
    assert {name for name in before if before[name] != after[name]} == set()
