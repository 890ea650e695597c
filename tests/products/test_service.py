"""A product from creation to its end: codes, edits, stages, stop."""

import pytest
from sqlalchemy import select

from incubator.accounts.models import Notification
from incubator.kernel import audit, clock
from incubator.kernel.actor import SYSTEM
from incubator.kernel.audit import AuditEntry
from incubator.kernel.errors import Conflict, Forbidden, Invalid
from incubator.products import service
from tests.builders import a_participant, a_person, a_product, a_programme, an_actor, an_organisation


def made(programme, actor, name="椅子", **more):
    return service.create(programme, name, "hero", actor, clock.now(), **more)


def test_codes_count_up_per_brand_and_skip_what_was_typed(session):
    brand, other = an_organisation("brand"), an_organisation("brand")
    actor, programme = an_actor(brand), a_programme(brand)
    assert made(programme, actor).code == "P-00001"
    made(programme, actor, code="P-00002")
    assert made(programme, actor).code == "P-00003"
    assert made(a_programme(other), an_actor(other)).code == "P-00001"


def test_a_code_is_taken_once(session):
    brand = an_organisation("brand")
    actor, programme = an_actor(brand), a_programme(brand)
    made(programme, actor, code="X-1")
    with pytest.raises(Invalid) as refusal:
        made(programme, actor, code="X-1")
    assert "code" in refusal.value.fields


def test_two_who_type_one_code_at_once_learn_it(session, monkeypatch):
    brand = an_organisation("brand")
    actor, programme = an_actor(brand), a_programme(brand)
    made(programme, actor, code="X-1")
    monkeypatch.setattr(service, "_free_code", lambda brand_id, code, but=None: code)
    with pytest.raises(Invalid):
        made(programme, actor, code="X-1")
    assert made(programme, actor, code="X-2").id


def test_a_closed_programme_takes_no_product_and_a_stranger_owns_none(session):
    brand = an_organisation("brand")
    actor = an_actor(brand)
    with pytest.raises(Invalid):
        made(a_programme(brand, closed_at=clock.now()), actor)
    with pytest.raises(Invalid):
        made(a_programme(brand), actor, owner_id=a_person(an_organisation("factory")).id)
    with pytest.raises(ValueError, match="starts as"):
        made(a_programme(brand), actor, start="launch")


def test_only_the_brand_creates(session):
    programme = a_programme()
    for actor in (an_actor(an_organisation("factory")), an_actor(an_organisation("brand"))):
        with pytest.raises(Forbidden):
            made(programme, actor)
    assert made(programme, SYSTEM).state == "brief"


def test_an_edit_keeps_both_versions_on_the_record(session):
    brand = an_organisation("brand")
    actor, programme, second = an_actor(brand), a_programme(brand), a_programme(brand)
    product = made(programme, actor)
    service.edit(product, {"name": "沙发", "programme_id": second.id, "state": "launch"}, product.version, actor, clock.now())
    session.commit()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "product.edit")).one()
    assert entry.data["before"]["name"] == "椅子"
    assert entry.data["after"]["name"] == "沙发"
    assert (product.programme_id, product.state) == (second.id, "brief")
    assert audit.first_broken() is None


def test_an_edit_that_changes_nothing_leaves_no_trace(session):
    brand = an_organisation("brand")
    actor = an_actor(brand)
    product = made(a_programme(brand), actor)
    version = product.version
    assert service.edit(product, {"name": product.name}, version, actor, clock.now()).version == version


def test_an_edit_refuses_foreign_programmes_owners_and_taken_codes(session):
    brand = an_organisation("brand")
    actor, programme = an_actor(brand), a_programme(brand)
    product, other = made(programme, actor), made(programme, actor)
    for values in ({"programme_id": a_programme().id}, {"owner_id": a_person(an_organisation("factory")).id}, {"code": other.code}):
        with pytest.raises(Invalid):
            service.edit(product, values, product.version, actor, clock.now())


def test_the_second_of_two_editors_sees_the_difference(session):
    brand = an_organisation("brand")
    actor, programme = an_actor(brand), a_programme(brand)
    product = made(programme, actor)
    seen = product.version
    chen = a_person(brand, "陈浩")
    service.edit(product, {"name": "沙发", "owner_id": chen.id}, seen, actor, clock.now())
    with pytest.raises(Conflict) as refusal:
        service.edit(product, {"name": "凳子", "owner_id": None, "category": "x"}, seen, actor, clock.now())
    assert [(str(label), mine, theirs) for label, mine, theirs in refusal.value.details["difference"]] == [
        ("Name", "凳子", "沙发"), ("Owner", "–", "陈浩"), ("Category", "x", "–"),
    ]  # fmt: skip
    assert service.readable("programme_id", programme.id) == programme.name


def test_stages_move_one_by_one_and_the_gate_is_not_a_button(session):
    brand = an_organisation("brand")
    actor = an_actor(brand)
    product = made(a_programme(brand), actor, start="signal")
    for event in ("segment", "start_brief"):
        service.move(product, event, actor, clock.now())
    with pytest.raises(Forbidden):
        service.move(product, "pass_gate", actor, clock.now())
    with pytest.raises(Conflict):
        service.move(product, "launch", actor, clock.now())
    assert product.state == "brief"


def test_stopping_needs_a_reason_which_the_parties_do_not_learn(session):
    brand, factory, gone = an_organisation("brand"), an_organisation("factory"), an_organisation("factory")
    actor, worker, former = an_actor(brand), a_person(factory), a_person(gone)
    product = a_product(a_programme(brand), "sampling")
    a_participant(product, factory)
    a_participant(product, gone, left_at=clock.now())
    with pytest.raises(Invalid):
        service.move(product, "stop", actor, clock.now(), " ")
    service.move(product, "stop", actor, clock.now(), "模具太贵")
    session.commit()
    assert (product.state, product.stopped_reason) == ("stopped", "模具太贵")
    note = session.scalars(select(Notification)).one()
    assert note.user_id == worker.id != former.id
    assert "模具" not in str(note.params)
