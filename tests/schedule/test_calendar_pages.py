"""Closing days: who notes them for whom, who sees them, and what they move."""

from datetime import date
from types import SimpleNamespace

import pytest

from incubator.kernel import clock
from incubator.kernel.errors import Forbidden, Invalid
from incubator.kernel.job_table import JobRun
from incubator.schedule import closure_service, service
from incubator.schedule.calendar_models import Closure
from incubator.schedule.jobs import replan
from tests.builders import a_milestone, a_participant, a_person, a_product, a_programme, an_actor, an_organisation, sign_in
from tests.schedule.builders import a_chain, a_closure

BACKENDS = ("sqlite",)
FIRST, LAST = date(2027, 1, 28), date(2027, 2, 20)


@pytest.fixture
def scene(session):
    """A brand, its factory, and both as actors."""
    brand, factory = an_organisation("brand", "源选"), an_organisation("factory", "甲厂")
    product = a_product(a_programme(brand), "sampling", owner_id=a_person(brand).id)
    a_participant(product, factory)
    return product, brand, factory


def text(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.get_data(as_text=True)


def test_the_year_says_what_is_not_known(client, scene):
    sign_in(client, a_person(scene[1]))
    assert "not announced yet" not in text(client, "/calendar?year=2026")
    page = text(client, "/calendar?year=2026")
    assert "National Day" in page
    assert page.count("day makeup") == 6 + 1  # and the legend
    assert "The make-up days of 2095 are not announced yet" in text(client, "/calendar?year=2095")
    scene[1].country = "XX"
    assert "The holidays of 2026 are not known here" in text(client, "/calendar?year=2026")
    for address in ("?year=x", "?year=-5", "?year=99999999999999999999", "?organisation=999", "?organisation=%27", "?year=2100"):
        text(client, f"/calendar{address}")


def test_both_sides_note_and_each_sees_what_concerns_it(client, scene, session):
    _product, brand, factory = scene
    form = {"organisation_id": factory.id, "name": "春节停产", "starts_on": FIRST.isoformat(), "ends_on": LAST.isoformat()}
    sign_in(client, a_person(factory))
    assert client.post("/calendar", data=form).status_code == 302
    assert client.post("/calendar", data={**form, "organisation_id": brand.id}).status_code == 422
    sign_in(client, a_person(brand))
    assert client.post("/calendar", data={**form, "name": "电话里说到 2 月 25 日", "ends_on": "2027-02-25"}).status_code == 302
    page = text(client, f"/calendar?year=2027&organisation={factory.id}")
    assert "春节停产" in page
    assert "电话里说到 2 月 25 日" in page
    sign_in(client, a_person(factory))
    page = text(client, "/calendar?year=2027")
    assert "春节停产" in page
    assert "电话里" not in page
    sign_in(client, a_person(an_organisation("brand")))
    assert "甲厂" not in text(client, "/calendar?year=2027")
    assert client.post("/calendar", data=form).status_code == 422


def test_only_who_noted_it_takes_it_back(client, scene, session):
    _product, brand, factory = scene
    own, noted = a_closure(factory, FIRST, LAST), a_closure(factory, FIRST, LAST, recorded_by=brand)
    sign_in(client, a_person(brand))
    assert client.post(f"/calendar/closures/{own.id}/delete").status_code == 403
    assert client.post(f"/calendar/closures/{noted.id}/delete").status_code == 302
    sign_in(client, a_person(an_organisation("factory")))
    assert client.post(f"/calendar/closures/{own.id}/delete").status_code == 404
    sign_in(client, a_person(factory))
    assert client.post(f"/calendar/closures/{own.id}/delete").status_code == 302
    assert session.query(Closure).count() == 0


def test_what_is_no_closure_is_refused(scene):
    _product, brand, factory = scene
    actor = an_actor(factory)
    for first, last, field in ((LAST, FIRST, "ends_on"), (date(2027, 1, 1), date(2027, 12, 31), "ends_on")):
        with pytest.raises(Invalid) as refusal:
            closure_service.add(factory.id, "x", first, last, actor, clock.now())
        assert field in refusal.value.fields
    for _ in range(closure_service.MOST):
        a_closure(factory, FIRST, FIRST)
    with pytest.raises(Invalid):
        closure_service.add(factory.id, "x", FIRST, LAST, actor, clock.now())
    with pytest.raises(Forbidden):
        closure_service.delete(a_closure(brand, FIRST, LAST), actor, clock.now())


def test_a_closure_moves_the_plans_it_counts_in(scene, session):
    product, brand, factory = scene
    other = a_product(a_programme(an_organisation("brand")), "sampling")
    a_participant(other, factory)
    plans = []
    for each in (product, other):
        made = a_chain(each, "开模", "试模", first=date(2027, 1, 25))
        made[1].owner_part, made[1].organisation_id = "factory", factory.id
        service.replan(each.id, each.brand_id, an_actor(each.brand), clock.now())
        plans.append(made[1])
    before = [m.due_on for m in plans]
    a_milestone(a_product(product.programme), "unlinked", owner_part="factory", organisation_id=factory.id)
    closure_service.add(factory.id, "停产", FIRST, LAST, an_actor(brand), clock.now())
    run = session.query(JobRun).filter_by(job="milestones.replan").one()
    assert run.args == {"organisation_id": factory.id, "recorded_by_id": brand.id}
    done = replan(SimpleNamespace(progress=lambda *_: None), clock.now(), **run.args)
    assert done == {"plans": 1, "moved": 1}
    session.expire_all()
    assert (plans[0].due_on > before[0], plans[1].due_on) == (True, before[1])
    closure_service.add(factory.id, "停产", FIRST, LAST, an_actor(factory), clock.now())
    assert replan(SimpleNamespace(progress=lambda *_: None), clock.now(), factory.id, factory.id)["plans"] == 2
    assert replan(SimpleNamespace(progress=lambda *_: None), clock.now()) == {"plans": 2, "moved": 0}
    session.expire_all()
    assert plans[1].due_on > before[1]
