"""A visit solves one problem on the spot and brings one back; it is read by the factory, its agents and the administrator alone."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from incubator.accounts.models import Notification
from incubator.factories import queries, visit_queries, visit_service
from incubator.factories.models import Caseload
from incubator.factories.visit_models import FactoryProblem, FieldVisit
from incubator.kernel import clock
from incubator.kernel.errors import Forbidden, Invalid, NotFound, Refused
from tests.builders import a_person, an_actor, an_organisation, put, sign_in
from tests.factories.builders import a_factory


def a_visit(**given):
    return {
        "visited_on": clock.today(),
        "problem_id": None,
        "found": "色粉混放",
        "how": "分柜上锁",
        "brought": "夜班没有首件检验",
        "note": "",
        **given,
    }


class Desk:
    def __init__(self):
        self.organisation = an_organisation("factory")
        self.factory = a_factory(organisation=self.organisation)
        self.agent_user = a_person(staff_role="field_agent")
        self.agent = an_actor(user=self.agent_user, role="field_agent")
        put(Caseload(factory_id=self.factory.id, agent_user_id=self.agent_user.id))

    def record(self, actor=None, **given):
        return visit_service.record(self.factory, a_visit(**given), actor or self.agent, clock.now())


def test_each_visit_solves_one_problem_and_brings_one_back(session):
    desk = Desk()
    first = desk.record()
    [open_problem] = visit_queries.open_problems(desk.factory, desk.agent)
    assert (first.number, open_problem.text) == (1, "夜班没有首件检验")
    second = desk.record(problem_id=open_problem.id, found="", how="首件卡上墙", brought="纸托太薄")
    assert second.number == 2 and [p.text for p in visit_queries.open_problems(desk.factory, desk.agent)] == ["纸托太薄"]
    latest, earlier = visit_queries.page(desk.factory, desk.agent, None).rows
    assert (latest.solved, latest.how, latest.brought) == ("夜班没有首件检验", "首件卡上墙", "纸托太薄") and earlier.solved == "色粉混放"
    [line] = queries.caseload(desk.agent)
    assert (line.visited_on, line.problems) == (clock.today(), 1)


@pytest.mark.parametrize("given", [{"found": ""}, {"how": ""}, {"brought": ""}, {"visited_on": clock.today() + timedelta(days=2)}])
def test_half_a_visit_is_refused(session, given):
    desk = Desk()
    with pytest.raises(Invalid):
        desk.record(**given)
    assert session.scalar(select(func.count(FieldVisit.id))) == 0


def test_a_problem_is_solved_once(session):
    desk, other = Desk(), Desk()
    desk.record()
    problem = visit_queries.open_problems(desk.factory, desk.agent)[0].id
    desk.record(problem_id=problem, found="")
    with pytest.raises(Refused):
        desk.record(problem_id=problem, found="")
    with pytest.raises(NotFound):
        other.record(problem_id=problem, found="")


def test_who_visits_and_who_reads(app, session):
    desk, elsewhere = Desk(), Desk()
    desk.record()
    brand = an_actor(an_organisation("brand"))
    for actor in (brand, elsewhere.agent, an_actor(desk.organisation)):
        with pytest.raises(Forbidden):
            desk.record(actor)
    owner, rival, buyer = a_person(desk.organisation), a_person(elsewhere.organisation), a_person(an_organisation("brand"), manager=True)
    session.commit()
    path = f"/factories/{desk.factory.id}/visits"
    assert "夜班没有首件检验" in sign_in(app.test_client(), owner).get(path).text
    assert "夜班没有首件检验" in sign_in(app.test_client(), owner).get(f"{path}.csv").text
    assert sign_in(app.test_client(), rival).get(path).status_code == 404
    assert sign_in(app.test_client(), elsewhere.agent_user).get(path).status_code in (403, 404)
    assert sign_in(app.test_client(), buyer).get(path).status_code in (403, 404)
    assert "夜班" not in sign_in(app.test_client(), buyer).get(f"/factories/{desk.factory.id}").text


def test_the_agent_records_a_visit_on_its_page(app, session):
    desk = Desk()
    owner = a_person(desk.organisation)
    session.commit()
    client = sign_in(app.test_client(), desk.agent_user)
    path = f"/factories/{desk.factory.id}/visits"
    assert "未来" not in client.get(path).text
    sent = a_visit(problem_id="") | {"visited_on": clock.today().isoformat()}
    assert client.post(path, data={**sent, "brought": ""}).status_code == 422
    assert "夜班没有首件检验" in client.post(path, data=sent, follow_redirects=True).text
    assert session.scalar(select(func.count(FactoryProblem.id))) == 2
    assert session.scalars(select(Notification.user_id).where(Notification.text == "factory.visited")).all() == [owner.id]
    assert "1" in client.get("/").text
