"""A page asks the database a bounded number of questions, however many rows there are."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from incubator.kernel.db import db
from tests import builders, world
from tests.sweeps.conftest import ask
from tests.sweeps.test_every_page import pages

BUDGET = 20
BUDGETS = {  # pages that may ask more: the review with its signatures, decision and conditions; the home, which asks every stage
    "briefs.review": 30,
    "portals.home": 26,
}
COMMANDS = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE", "SET ")


@contextmanager
def counted(engine):
    """The statements that are executed inside."""
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(COMMANDS):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def counts(client, full, rules, token) -> dict[str, int]:
    found = {}
    for rule in rules:
        with counted(db.engine) as statements:
            ask(client, "GET", full.path(rule), token)
        found[rule.endpoint] = len(statements)
    return found


@pytest.mark.parametrize("role", ["brand", "factory", "brand_company", "administrator"])
def test_no_page_asks_more_than_its_budget_and_none_asks_more_for_more_rows(role, full, routes, signed_in, app):
    person = full.insiders[role]
    client, token, rules = signed_in(person), full.tokens[person.id], list(pages(app, routes, role))
    counts(client, full, rules, token)  # warms what is cached once per process
    few = counts(client, full, rules, token)
    many_rows(full)
    many = counts(client, full, rules, token)
    over = [f"{name}: {n} queries, budget {BUDGETS.get(name, BUDGET)}" for name, n in few.items() if n > BUDGETS.get(name, BUDGET)]
    grown = [f"{name}: {few[name]} queries, then {n} with more rows" for name, n in many.items() if n > few[name]]
    assert not over + grown, "\n" + "\n".join(over + grown)


def many_rows(full: world.World, number: int = 45) -> None:
    """As many more products, briefs, milestones, participants and colleagues of A."""
    brand = full.insiders["brand"].memberships[0].organisation
    factory = full.insiders["factory"].memberships[0].organisation
    programme = builders.a_programme(brand)
    for n in range(number):
        product = builders.a_product(programme, "brief", owner_id=full.insiders["brand"].id)
        builders.a_milestone(product, owner_id=full.insiders["brand"].id)
        builders.a_brief(product, full.insiders["brand"])
        builders.a_participant(product, factory)
        if n % 5 == 0:
            builders.a_person(brand)
            builders.an_organisation("factory")
    db.session.commit()
