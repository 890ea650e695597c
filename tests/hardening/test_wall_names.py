"""Case 7 on the complaint wall: a complaint that is shown to several parties does not tell one what is another's."""

import pytest

from incubator.accounts.models import User
from incubator.kernel import clock
from incubator.signals import subjects, wall_service
from tests.builders import a_participant, a_person, an_actor, an_organisation, sign_in
from tests.sales.desk import a_sku
from tests.samples.builders import Desk
from tests.signals.builders import a_voice


@pytest.fixture
def wall(session, app):
    """(desk, browser of each: its factory, a rival of the product, a design firm), the complaint maker."""
    desk = Desk()
    rival, design = an_organisation("factory"), an_organisation("design_firm")
    for organisation in (rival, design):
        a_participant(desk.product, organisation)
    people = {"maker": a_person(desk.factory), "rival": a_person(rival), "design": a_person(design)}
    brand = an_actor(desk.product.brand, desk.user)

    def complain(kind, record):
        made = wall_service.open_complaint(
            a_voice(brand, "开线了"), desk.user.id, subjects.find(kind, record.id, brand), brand, clock.now()
        )
        for organisation in (desk.factory, rival, design):
            wall_service.share(made, organisation.id, brand, clock.now())
        session.commit()
        return made

    def pages(who, made):
        browser = sign_in(app.test_client(), session.get_one(User, people[who].id))
        return "".join(browser.get(path).text for path in (f"/wall/{made.id}", "/wall", "/wall/export.csv"))

    return desk, complain, pages


@pytest.mark.parametrize(("kind", "name"), [("sku", "S-SECRET-9"), ("sample_round", "Round 1 ")])
def test_case_07_a_rival_does_not_read_whose_sample_or_sku_a_complaint_is_about(wall, kind, name):
    desk, complain, pages = wall
    made = complain(kind, a_sku(desk.product, "S-SECRET-9", desk.factory) if kind == "sku" else desk.round())
    assert name in made.subject_name
    assert name in pages("maker", made)
    for who in ("rival", "design"):
        shown = pages(who, made)
        assert "开线了" in shown and name not in shown


def test_a_product_is_named_to_all_who_take_part(wall):
    desk, complain, pages = wall
    made = complain("product", desk.product)
    assert all(pages(who, made).count(desk.product.name) >= 2 for who in ("maker", "rival", "design"))
