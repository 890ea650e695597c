"""Milestones and the outlook that a product carries."""

from datetime import UTC, date, datetime, timedelta

import pytest

from incubator.kernel.actor import SYSTEM
from incubator.kernel.errors import Conflict, Forbidden, Invalid
from incubator.schedule import service
from incubator.schedule.models import Milestone
from tests.builders import a_milestone, a_person, a_product, a_programme, an_actor, an_organisation

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def scene(session):
    brand = an_organisation("brand")
    owner = a_person(brand, timezone="UTC")
    return a_product(a_programme(brand), "sampling", owner_id=owner.id), an_actor(brand, owner)


def in_days(days):
    return TODAY + timedelta(days=days)


def outlook(product):
    return product.next_milestone, product.next_milestone_on, product.risk


def test_the_outlook_follows_the_open_milestones(scene):
    product, actor = scene
    version, changed = product.version, product.updated_at
    late = service.add(product, "T2", in_days(40), actor, NOW)
    assert outlook(product) == ("T2", in_days(40), "green")
    first = service.add(product, "T1", in_days(3), actor, NOW)
    assert outlook(product) == ("T1", in_days(3), "amber")
    service.edit(first, {"due_on": in_days(-1)}, first.version, actor, NOW)
    assert outlook(product) == ("T1", in_days(-1), "red")
    service.finish(first, actor, NOW)
    assert outlook(product) == ("T2", in_days(40), "green")
    service.edit(late, {"due_on": in_days(60)}, late.version, actor, NOW)
    assert outlook(product) == ("T2", in_days(60), "amber")
    service.delete(late, actor, NOW)
    assert outlook(product) == ("", None, "none")
    service.reopen(first, actor, NOW)
    assert product.risk == "red"
    assert (product.version, product.updated_at) == (version, changed)


def test_a_forecast_keeps_the_promise_and_reminds_anew(scene):
    product, actor = scene
    milestone = service.add(product, "T1", in_days(10), actor, NOW)
    milestone.reminded_for = "soon"
    service.edit(milestone, {"due_on": in_days(20), "name": "T1"}, milestone.version, actor, NOW)
    assert (milestone.baseline_on, milestone.due_on, milestone.reminded_for) == (in_days(10), in_days(20), "")


def test_the_day_is_the_owners_own(scene):
    product, actor = scene
    evening = datetime(2026, 11, 22, 20, tzinfo=UTC)  # already the 23rd in Shanghai, still the 22nd in Los Angeles
    for zone, risk in (("Asia/Shanghai", "red"), ("America/Los_Angeles", "amber"), ("Mars/Olympus", "amber")):
        milestone = a_milestone(product, due_on=date(2026, 11, 22), owner_id=a_person(an_organisation("brand"), timezone=zone).id)
        service.refresh_outlook([product.id], evening)
        assert product.risk == risk, zone
        service.delete(milestone, actor, evening)


def test_one_source_one_milestone(scene):
    product, actor = scene
    service.add(product, "Condition", in_days(5), actor, NOW, source="gate:1:1")
    with pytest.raises(Invalid):
        service.add(product, "Condition", in_days(5), actor, NOW, source="gate:1:1")
    assert service.add(product, "Other", in_days(5), SYSTEM, NOW, source="gate:1:2").id


def test_stale_edits_and_strangers_are_refused(scene):
    product, actor = scene
    milestone = service.add(product, "T1", in_days(10), actor, NOW)
    seen = milestone.version
    service.edit(milestone, {"name": "T1a", "owner_id": actor.user_id}, seen, actor, NOW)
    with pytest.raises(Conflict) as refusal:
        service.edit(milestone, {"name": "T1b", "owner_id": None}, seen, actor, NOW)
    assert [mine for _, mine, _ in refusal.value.details["difference"]] == ["T1b", "–"]
    with pytest.raises(Invalid):
        service.add(product, "T2", in_days(1), actor, NOW, owner_id=a_person(an_organisation("factory")).id)
    with pytest.raises(Forbidden):
        service.add(product, "T2", in_days(1), an_actor(an_organisation("factory")), NOW)


def test_doing_twice_is_doing_once(scene, session):
    product, actor = scene
    milestone = service.add(product, "T1", in_days(10), actor, NOW)
    for _ in range(2):
        service.finish(milestone, actor, NOW)
    for _ in range(2):
        service.reopen(milestone, actor, NOW)
    assert service.edit(milestone, {"name": "T1"}, milestone.version, actor, NOW) is milestone
    assert session.query(Milestone).one().done_at is None
