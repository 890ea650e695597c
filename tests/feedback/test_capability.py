"""Capability scores: the formula against what was computed by hand, the facts of every factory at once, once a Monday, and who reads which of it."""

import re
from datetime import date, timedelta
from math import sqrt

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from incubator.factories.models import Capability, Factory
from incubator.feedback import action_service, capability, jobs, score_queries, score_routes, score_service
from incubator.feedback.capability import Fact
from incubator.feedback.models import FeedbackAction
from incubator.feedback.score_models import FactoryScore
from incubator.kernel import clock
from incubator.sales.models import SkuGrade
from tests import builders
from tests.builders import counted, put, sign_in
from tests.feedback.builders import Desk
from tests.feedback.test_ledger import improved
from tests.feedback.test_packs import Run


def test_a_share_is_the_mean_of_its_posterior_and_uncertain_when_little_is_known():
    part = capability.part("kept", capability.ABILITIES["produce"]["kept"], Fact(3, 4))
    assert part.value == pytest.approx(4 / 6)
    assert part.deviation == pytest.approx(sqrt(4 * 2 / (6 * 6 * 7)))
    many = capability.part("kept", capability.ABILITIES["produce"]["kept"], Fact(300, 400))
    assert many.deviation < part.deviation / 5


def test_the_score_by_hand():
    found = capability.score("develop", {"first_pass": Fact(3, 4), "effects": Fact(5, 8)})
    p, q = 4 / 6, 6 / 10
    mean = (0.4 * p + 0.4 * q) / 0.8
    half = 1.959964 * sqrt((0.4 * sqrt(4 * 2 / (36 * 7))) ** 2 + (0.4 * sqrt(6 * 4 / (100 * 11))) ** 2) / 0.8
    assert (found.value, found.low, found.high) == (round(100 * mean, 1), round(100 * (mean - half), 1), round(100 * (mean + half), 1))
    assert [p.value for p in found.parts][2] is None, "hits are not known, and weigh nothing"


@pytest.mark.parametrize(("moq", "worth"), [(1, 1), (50, 1), (3000, 0), (99999, 0), (387, 0.5)])
def test_what_is_stated_is_a_level_between_best_and_worst(moq, worth):
    assert capability.part("moq", capability.ABILITIES["produce"]["moq"], Fact(level=moq)).value == pytest.approx(worth, abs=0.001)


def test_below_eight_cases_nothing_is_said():
    assert capability.score("produce", {"kept": Fact(7, 7), "moq": Fact(level=50)}).value is None
    assert capability.score("produce", {"kept": Fact(8, 8)}).value is not None
    assert capability.score("develop", {}).value is None


def test_more_evidence_of_the_same_narrows_and_better_evidence_raises():
    few, many = (capability.score("produce", {"kept": Fact(n * 3 // 4, n)}) for n in (8, 800))
    assert many.high - many.low < few.high - few.low
    assert capability.score("produce", {"kept": Fact(790, 800)}).low > many.high
    for score in (few, many):
        assert 0 <= score.low <= score.value <= score.high <= 100


def test_more_hits_than_cases_is_refused():
    with pytest.raises(ValueError, match="kept"):
        capability.part("kept", capability.ABILITIES["produce"]["kept"], Fact(2, 1))


def today():
    return clock.today("Asia/Shanghai")


def test_promises_count_by_who_kept_or_broke_them(session):
    desk = Desk()
    desk.pack("acknowledged")
    fix, reorder = session.scalars(select(FeedbackAction).order_by(FeedbackAction.kind)).all()
    assert "kept" not in score_queries.facts(today())[desk.factory.id], "nothing has ended"
    action_service.finish(fix, today(), "好", (), desk.maker_actor, clock.now())
    assert score_queries.facts(today())[desk.factory.id]["kept"] == Fact(1, 1)
    later = today() + timedelta(days=60)
    assert score_queries.facts(later)[desk.factory.id]["kept"] == Fact(1, 2), "its day has passed"
    action_service.drop(reorder, "品牌改主意", desk.actor, clock.now())
    assert score_queries.facts(later)[desk.factory.id]["kept"] == Fact(1, 1), "the brand dropped it"
    assert desk.rival.id not in score_queries.facts(later)


def test_a_promise_that_the_factory_gave_up_was_not_kept(session):
    desk = Desk()
    desk.pack("acknowledged")
    action = session.scalars(select(FeedbackAction)).first()
    action_service.drop(action, "没有料", desk.maker_actor, clock.now())
    assert score_queries.facts(today())[desk.factory.id]["kept"] == Fact(0, 1)


def test_effects_and_grades_are_counted_for_their_maker(session):
    desk = Desk()
    improved(session, desk)
    facts = score_queries.facts(today())[desk.factory.id]
    assert facts["effects"] == Fact(1, 1), "a reorder, which changes nothing, is no change that failed"
    assert facts["hits"].of == 2


def test_a_score_counts_the_grades_that_packs_told_and_no_others(session):
    """Case 1: a grade against too few other factories is kept from the factory, and its share must not tell it."""
    desk = Desk()
    desk.pack("sent")
    told = score_queries.facts(today())[desk.factory.id]["hits"]
    assert told.of == 2
    for grade in ("hit", "stale", None):
        session.execute(update(SkuGrade).values(grade=grade))
        assert score_queries.facts(today())[desk.factory.id]["hits"] == told


def stated(desk, moq=120, lead=12):
    profile = put(Factory(organisation_id=desk.factory.id, state="approved", state_since=clock.now(), name_zh=desk.factory.name))
    for extra in (0, 400):
        put(Capability(factory_id=profile.id, kind="process", name_zh="注塑", moq=moq + extra, lead_days=lead + extra))
    return profile


def test_the_least_that_is_stated_counts(session):
    desk = Desk()
    stated(desk)
    facts = score_queries.facts(today())[desk.factory.id]
    assert (facts["moq"].level, facts["lead"].level) == (120, 12)


def test_every_factory_is_counted_in_a_fixed_number_of_statements(session):
    for _ in range(3):
        stated(Desk())
    session.commit()
    with counted() as asked:
        found = score_queries.facts(today())
    assert len(found) == 3 and len(asked) == 6


def test_a_monday_is_scored_once_and_a_score_never_changes(session):
    desk = Desk()
    improved(session, desk)
    stated(desk)
    session.commit()
    now = clock.now().replace(hour=12)
    assert jobs.score(Run(), now) == {"scored": 2}
    assert jobs.score(Run(), now + timedelta(hours=1)) == {"scored": 0}
    assert jobs.score(Run(), now + timedelta(days=7)) == {"scored": 2}
    rows = session.scalars(select(FactoryScore).order_by(FactoryScore.id)).all()
    assert {r.on.weekday() for r in rows} == {0} and len({r.on for r in rows}) == 2
    assert not score_service.keep(desk.factory.id, capability.score("develop", {}), rows[0].on, now), "two processes"
    session.commit()
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(text("UPDATE factory_score SET value = 100"))
    session.rollback()


def scored(session, desk):
    improved(session, desk)
    profile = stated(desk)
    facts = {"kept": Fact(37, 41), "in_time": Fact(3, 4), "moq": Fact(level=120)}
    for week in range(3):
        on = date(2026, 11, 9) + timedelta(weeks=week)
        score_service.keep(desk.factory.id, capability.score("produce", facts), on, clock.now())
    score_service.keep(desk.factory.id, capability.score("develop", {}), on, clock.now())
    session.commit()
    return profile


def test_the_tab_shows_the_factory_its_counts_and_a_brand_none(session, client):
    desk = Desk()
    profile = scored(session, desk)
    own = sign_in(client, desk.maker).get(f"/factories/{profile.id}/scores").text
    assert re.search(r'class="table[^"]* stack', own), "on a phone no column is cut off"
    assert "37 / 41" in own and "证据不足" in own and "polyline" in own
    brand = sign_in(client, desk.user).get(f"/factories/{profile.id}/scores").text
    assert "polyline" in brand and "10 to 50 cases" in brand
    assert not [n for n in ("37 of 41", ">37<", ">41<") if n in brand], "how much it does for others stays its own"
    assert "scores" in client.get(f"/factories/{profile.id}").text


def test_case_1_a_rival_and_strangers_see_no_score(session, client):
    desk = Desk()
    profile = scored(session, desk)
    agent = builders.a_person(staff_role="field_agent")
    strangers = [
        desk.rival_user,
        builders.a_person(builders.an_organisation("investor")),
        builders.a_person(builders.an_organisation("design_firm")),
        agent,
    ]
    session.commit()
    assert [sign_in(client, person).get(f"/factories/{profile.id}/scores").status_code for person in strangers] == [404] * 4
    for actor in (desk.rival_actor, builders.an_actor(user=agent, role="field_agent")):
        assert score_queries.history(desk.factory.id, actor) == {"develop": [], "produce": []}


def test_the_drawing_needs_two_known_days(session):
    assert score_routes.line([]) == {"value": "", "band": ""}
    rows = [FactoryScore(value=50.0, low=40.0, high=60.0), FactoryScore(value=None), FactoryScore(value=100.0, low=90.0, high=100.0)]
    assert score_routes.line(rows)["value"] == "0.0,44.0 320.0,0.0"
    assert score_routes.kept_rate(FactoryScore(parts=[{"name": "kept", "hits": 0, "of": 0}])) is None


test_the_tab_shows_the_factory_its_counts_and_a_brand_none.backends = ("sqlite",)
test_case_1_a_rival_and_strangers_see_no_score.backends = ("sqlite",)
