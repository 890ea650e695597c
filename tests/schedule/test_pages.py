"""The plan of a product, the list of milestones and the timeline."""

from datetime import date, timedelta

import pytest

from incubator.kernel import clock
from incubator.schedule import timeline
from incubator.schedule.models import Milestone
from incubator.schedule.timeline import Dates, Period
from tests.builders import a_milestone, a_person, a_product, a_programme, an_organisation, sign_in


@pytest.fixture
def scene(session, client):
    brand = an_organisation("brand")
    user = a_person(brand, "Lin")
    product = a_product(a_programme(brand, "计划一"), "sampling", "云朻椅", owner_id=user.id)
    sign_in(client, user)
    return product, user


def in_days(days):
    return clock.today() + timedelta(days=days)


def text(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_plan_edit_do_undo_delete(client, scene, session):
    product, _ = scene
    plan = f"/products/{product.id}/plan"
    assert client.post(plan, data={"name": "T1", "due_on": ""}).status_code == 422
    assert client.post(plan, data={"name": "T1", "due_on": "0001-01-01"}).status_code == 422
    assert client.post(plan, data={"name": "T1 试模", "due_on": in_days(9).isoformat(), "owner_id": ""}).status_code == 302
    assert "T1 试模" in text(client, plan)
    assert "in 9 days" in text(client, f"/products/{product.id}")
    milestone = session.query(Milestone).one()
    edit = f"/milestones/{milestone.id}/edit"
    form = {"name": "T1", "due_on": in_days(12).isoformat(), "owner_id": "", "version": str(milestone.version)}
    text(client, edit)
    assert client.post(edit, data={**form, "name": ""}).status_code == 422
    assert client.post(edit, data=form).status_code == 302
    assert client.post(edit, data={**form, "name": "other"}).status_code == 409
    assert "3 days after the promise" in text(client, plan)
    for act, words in (("done", "Undo"), ("undo", "Mark as done")):
        assert client.post(f"/milestones/{milestone.id}/{act}", data={"next": "//evil"}).headers["Location"] == plan
        assert words in text(client, plan)
    client.post(f"/milestones/{milestone.id}/delete")
    assert "Nothing is planned yet" in text(client, plan)


def test_late_at_risk_open_and_done_are_told_apart(client, scene):
    product, user = scene
    a_milestone(product, "was due", in_days(-2))
    a_milestone(product, "slipped", in_days(50), baseline_on=in_days(20))
    a_milestone(product, "far away", in_days(60), owner_id=a_person(an_organisation("brand"), "Wu").id)
    a_milestone(product, "is done", in_days(-5), done_at=clock.now())
    a_milestone(a_product(product.programme, "stopped"), "of a stopped one", in_days(-9))
    a_milestone(a_product(), "of another brand", in_days(-9))
    expected = {"risk": {"was due", "slipped"}, "late": {"was due"}, "open": {"was due", "slipped", "far away"}, "done": {"is done"}}
    everything = set.union(*expected.values()) | {"of a stopped one", "of another brand"}
    for which, names in expected.items():
        page = text(client, f"/milestones?show={which}")
        assert {name for name in everything if name in page} == names, which
    assert "far away" not in text(client, f"/milestones?show=open&owner={user.id}")
    assert "was due" in text(client, f"/milestones?programme={product.programme_id}")
    assert "was due" not in text(client, "/milestones?programme=999")
    assert "was due" in text(client, "/milestones?show=evil'")


def test_the_timeline_draws_promise_forecast_and_launch(client, scene):
    product, _ = scene
    product.launch_on = in_days(40)
    a_milestone(product, "T1", in_days(20), baseline_on=in_days(10))
    page = text(client, "/products/timeline")
    for part in ("计划一", "云朻椅", "lane-plan late", "lane-base", "+10 days", "lane-today", "lane-mark"):
        assert part in page
    assert "lane-today" not in text(client, "/products/timeline?start=2030-01-01&span=6")
    for address in ("?span=7&start=x", "?start=0001-01-01", "?span=9999999999", "?stage=brief"):
        text(client, f"/products/timeline{address}")


def test_only_the_brand_plans(client, scene):
    product, _ = scene
    milestone = a_milestone(product)
    for kind in ("brand", "factory"):
        sign_in(client, a_person(an_organisation(kind)))
        assert client.get(f"/milestones/{milestone.id}/edit").status_code == 404
        assert client.post(f"/milestones/{milestone.id}/done").status_code == 404
        assert client.get(f"/products/{product.id}/plan").status_code == 404


TODAY = date(2026, 11, 22)


def test_a_period_holds_its_months():
    period = Period.around(TODAY, 12)
    assert (period.start, period.end) == (date(2026, 8, 1), date(2027, 8, 1))
    assert (period.earlier(), period.later()) == (date(2026, 2, 1), date(2027, 2, 1))
    assert [tick[1].month for tick in period.ticks()] == [8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7]
    assert len(Period.around(TODAY, 36).ticks()) == 12
    assert Period.around(TODAY, 6, date(2026, 1, 31)).start == date(2026, 1, 1)


def test_bars_are_held_at_the_edges():
    period = Period(date(2026, 1, 1), date(2026, 1, 11))
    assert period.bar(date(2025, 1, 1), date(2026, 1, 6)) == (0.0, 50.0)
    assert period.bar(date(2026, 1, 2), date(2026, 1, 2)) == (10.0, 10.5)
    assert period.bar(date(2026, 1, 10), date(2027, 1, 1)) == (90.0, 100.0)
    assert period.bar(date(2025, 1, 1), date(2025, 2, 1)) is None
    assert period.bar(date(2026, 1, 11), date(2026, 2, 1)) is None


def test_a_lane_without_a_plan_is_empty():
    period = Period.around(TODAY, 12)
    drawn = timeline.lane(Dates(begin=TODAY), period, TODAY)
    assert (drawn["baseline"], drawn["forecast"], drawn["done"], drawn["late"], drawn["marks"]) == (None, None, None, False, [])
