"""A profile's changes: proposed by the factory, published by those who look after it, never lost and never written over each other."""

import pytest

from incubator.factories import content, service
from incubator.kernel import clock, workflow
from incubator.kernel.errors import Conflict, Forbidden, Invalid, Refused
from tests.builders import an_actor, an_organisation
from tests.factories.builders import a_factory


@pytest.fixture
def scene(session):
    class Scene:
        brand, own = an_organisation("brand"), an_organisation("factory")
        keeper, owner = an_actor(brand), an_actor(own)
        factory = a_factory("approved", brand=brand, organisation=own, city="慈溪")

    return Scene


def said(factory, **values):
    return {**content.snapshot(factory), **values}


def save(scene, actor, expected=None, **values):
    return service.save(scene.factory, said(scene.factory, **values), actor, clock.now(), expected)


def test_the_published_profile_stays_until_somebody_has_read_the_change(scene, session):
    change = save(scene, scene.owner, city="宁波", capabilities=[], contacts=[])
    assert change.state == "proposed" and set(change.content) == {"city", "capabilities", "contacts"}
    assert (scene.factory.city, len(scene.factory.capabilities)) == ("慈溪", 1)
    service.decide(change, "approve", "", scene.keeper, clock.now())
    assert (scene.factory.city, scene.factory.capabilities, scene.factory.contacts) == ("宁波", [], [])
    assert change.before["city"] == "慈溪" and change.reviewer_id == scene.keeper.user_id


def test_a_returned_change_says_why_and_publishes_nothing(scene):
    change = save(scene, scene.owner, city="宁波")
    with pytest.raises(Invalid):
        service.decide(change, "return", " ", scene.keeper, clock.now())
    service.decide(change, "return", "请附租赁合同", scene.keeper, clock.now())
    assert (change.state, change.reason, scene.factory.city) == ("returned", "请附租赁合同", "慈溪")
    with pytest.raises(Conflict):
        service.decide(change, "approve", "", scene.keeper, clock.now())


def test_case_47_nobody_publishes_their_own_proposal_or_another_brands(scene):
    change = save(scene, scene.owner, city="宁波")
    with pytest.raises(Forbidden):
        service.decide(change, "approve", "", scene.owner, clock.now())
    with pytest.raises(Refused):
        service.decide(change, "approve", "", an_actor(role="brand"), clock.now())
    with pytest.raises(Forbidden):
        save(scene, an_actor(role="brand"), city="上海")
    with pytest.raises(Forbidden):
        save(scene, an_actor(role="factory"), city="上海")


def test_a_second_proposal_replaces_the_first(scene):
    first = save(scene, scene.owner, city="宁波")
    second = save(scene, scene.owner, city="杭州")
    assert (first.state, second.state, second.number) == ("withdrawn", "proposed", 2)
    service.decide(second, "withdraw", "", scene.owner, clock.now())
    assert second.state == "withdrawn" and service.open_changes(scene.factory) == []


def test_what_staff_publish_meanwhile_is_kept(scene):
    change = save(scene, scene.owner, city="宁波")
    save(scene, scene.keeper, staff_count=500)
    assert scene.factory.staff_count == 500 and change.state == "proposed"
    service.decide(change, "approve", "", scene.keeper, clock.now())
    assert (scene.factory.city, scene.factory.staff_count) == ("宁波", 500)


def test_case_36_the_second_of_two_editors_reads_the_difference(scene, session):
    version = scene.factory.version
    save(scene, scene.keeper, version, city="宁波")
    session.flush()
    with pytest.raises(Conflict) as refused:
        save(scene, scene.keeper, version, city="上海")
    assert [(str(a), b, c) for a, b, c in refused.value.details["difference"]] == [("City", "上海", "宁波")]


def test_nothing_to_say_and_a_cluster_that_is_not_there_are_refused(scene):
    with pytest.raises(Refused):
        save(scene, scene.keeper)
    with pytest.raises(Invalid):
        save(scene, scene.keeper, cluster_id=99_999)


def test_a_pointer_is_changed_by_nobody(scene, session):
    scene.factory.state = "inactive"
    scene.factory.merged_into_id = a_factory().id
    session.flush()
    for actor in (scene.keeper, scene.owner):
        with pytest.raises(Forbidden):
            save(scene, actor, city="宁波")
    with pytest.raises(Refused, match="merged"):
        workflow.fire(scene.factory, "reopen", scene.keeper, note="再来", now=clock.now())
