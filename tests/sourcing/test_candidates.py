"""Whom one may ask, and why: approved factories, best reasons first."""

import pytest

from incubator.kernel import clock
from incubator.sourcing import candidates
from tests.builders import a_participant, an_organisation, counted
from tests.factories.builders import a_certificate, a_factory
from tests.sourcing.builders import a_draft, a_house, a_maker, an_invitation

BACKENDS = ("sqlite",)


@pytest.fixture
def house(session):
    return a_house()


def a_candidate(name, state="approved", **values):
    organisation = an_organisation("factory", name)
    return organisation, a_factory(state, organisation=organisation, name_zh=name, name_en="", **values)


def test_those_who_fit_best_come_first_with_their_reasons(house):
    rfq = a_draft(house, quantity_1=600)
    rfq.product.category = "小家电"
    plain, first = a_candidate("乙厂")
    fits, factory = a_candidate("甲厂", "conditional")
    a_participant(rfq.product, fits)
    a_certificate(factory)
    first.categories[0].name, first.capabilities[0].moq = "家纺", 5000
    for state in ("prospect", "pending", "suspended"):
        a_candidate(f"{state}厂", state)
    a_factory(name_zh="无账号厂")
    found = candidates.of(rfq, house.buyer, {}, clock.today())
    assert [c.organisation_id for c in found] == [fits.id, plain.id]
    assert found[0].reasons == (
        "takes part in this product", "takes part in 1 of your products", "makes 小家电", "starts at 600 pieces or fewer", "1 valid certificate",
    )  # fmt: skip
    assert found[1].reasons == () and found[0].state == "conditional"


def test_filters_narrow_and_who_was_asked_is_not_offered_again(house):
    rfq = a_draft(house)
    a_candidate("甲厂", city="宁波")
    a_candidate("乙厂", city="佛山")
    asked = a_maker("丙厂")
    an_invitation(rfq, asked)

    def names(**wanted):
        return [c.name for c in candidates.of(rfq, house.buyer, wanted, clock.today())]

    assert names() == ["乙厂", "甲厂"] or sorted(names()) == ["乙厂", "甲厂"]
    assert names(q="宁波") == ["甲厂"] and names(q="100%") == [] and names(category="家纺") == []
    assert len(names(process="注塑", moq="500")) == 2 and names(moq="10") == []


def test_more_factories_ask_no_more_questions(house):
    rfq = a_draft(house)
    a_candidate("一")
    assert rfq.product.category == ""
    with counted() as few:
        candidates.of(rfq, house.buyer, {}, clock.today())
    for n in range(12):
        a_candidate(f"厂 {n}")
    with counted() as many:
        candidates.of(rfq, house.buyer, {}, clock.today())
    assert len(many) == len(few)
