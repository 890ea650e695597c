"""Several who plan at once, over HTTP, each in a thread of their own; on both databases."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from incubator.kernel import clock
from incubator.schedule import plan, service
from incubator.schedule.models import Milestone, MilestoneLink
from tests.builders import a_milestone, a_person, a_product, a_programme, an_actor, an_organisation, sign_in
from tests.hardening.test_concurrency import all_at_once
from tests.schedule.builders import a_link

WORKDAY = date(2027, 6, 2)


@pytest.fixture
def product(session):
    return a_product(a_programme(an_organisation("brand")), "sampling")


def browsers(app, session, product, number):
    found = [sign_in(app.test_client(), a_person(product.brand)) for _ in range(number)]
    session.commit()
    return found


def test_case_34_two_links_at_once_close_no_circle(app, session, product):
    ids = [a_milestone(product, name, WORKDAY).id for name in "ab"]
    people = browsers(app, session, product, 2)
    acts = [(people[0], ids[0], ids[1]), (people[1], ids[1], ids[0])]
    answers = all_at_once([lambda who=w, a=a, b=b: who.post(f"/milestones/{a}/links", data={"before_id": b}) for w, a, b in acts])
    assert Counter(answer.status_code for answer in answers) == {302: 1, 422: 1}
    assert session.scalar(select(func.count(MilestoneLink.id))) == 1


def test_case_37_many_lay_one_template_and_it_is_there_once(app, session, product):
    path = f"/products/{product.id}/plan/template"
    people = browsers(app, session, product, 6)
    data = {"template": "basic", "direction": "start", "day": WORKDAY.isoformat(), "language": "zh"}
    answers = all_at_once([lambda b=b: b.post(path, data=data) for b in people])
    assert Counter(answer.status_code for answer in answers) == {302: 1, 409: 5}
    assert session.scalar(select(func.count(Milestone.id))) == 16


def test_milestones_met_at_once_leave_the_forecast_that_both_give(app, session, product):
    today = clock.today()
    before = [a_milestone(product, f"m{n}", today + timedelta(days=20)) for n in range(6)]
    end = a_milestone(product, "end", today + timedelta(days=30), duration_days=3)
    for milestone in before:
        a_link(milestone, end)
    service.replan(product.id, product.brand_id, an_actor(product.brand), clock.now())
    paths = [f"/milestones/{milestone.id}/done" for milestone in before]
    people = browsers(app, session, product, 6)
    answers = all_at_once([lambda b=b, p=p: b.post(p) for b, p in zip(people, paths, strict=True)])
    done = Counter(answer.status_code for answer in answers)
    assert done[302] >= 1
    assert set(done) <= {302, 409}
    session.expire_all()
    assert sum(m.done_at is not None for m in before) == done[302]
    assert plan.load(product.id, product.brand_id).preview().moves == ()
