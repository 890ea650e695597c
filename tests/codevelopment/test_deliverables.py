"""A deliverable from plan to acceptance: milestones, revisions, decisions, and what may not happen to them."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from incubator.codevelopment import due_days, page_queries, queries, readiness, service
from incubator.codevelopment.models import DeliverableDecision, RevisionFile
from incubator.kernel import clock, workflow
from incubator.kernel.audit import AuditEntry
from incubator.kernel.errors import Conflict, Forbidden, Invalid, Refused
from tests.backends import on
from tests.builders import an_actor, an_organisation
from tests.codevelopment.builders import DAY, Scene, a_picture, a_text

BACKENDS = ("sqlite",)
BOTH = on("sqlite", "postgresql")


def fields(found, **changes):
    return {name: getattr(found, name) for name in service.LABELS} | changes


@BOTH
def test_the_due_day_is_a_milestone_that_follows(session):
    scene = Scene()
    found = scene.deliverable(due_on=clock.today() + 3 * DAY)
    milestone = due_days.milestone_of(found)
    assert (milestone.name, milestone.due_on, milestone.owner_id) == ("三视图", found.due_on, scene.leader.user_id)
    service.edit(found, fields(found, due_on=clock.today() + 9 * DAY, title="四视图"), found.version, scene.leader, clock.now())
    assert (milestone.name, milestone.due_on - milestone.baseline_on) == ("四视图", 6 * DAY)
    scene.submit(found, a_picture())
    assert milestone.done_at is None
    scene.decide(found)
    assert milestone.done_at is not None
    service.move(found, "reopen", scene.leader, clock.now(), "量产时发现干涉")
    assert (found.state, milestone.done_at) == ("changes_asked", None)
    service.move(found, "drop", scene.leader, clock.now(), "并入下一版")
    assert due_days.milestone_of(found) is None


@BOTH
def test_revisions_are_numbered_and_the_last_one_counts(session):
    scene = Scene()
    found = scene.submitted(a_picture("a.png"), a_text("b.csv"))
    assert (found.state, found.current_number, found.submitted_by_id) == ("submitted", 1, scene.designer.user_id)
    assert found.review_due_on == clock.today() + 5 * DAY
    scene.decide(found, "ask_changes", "横梁太薄")
    kept = [row.file_id for row in page_queries.revisions(found, scene.leader)[0].files if row.name == "b.csv"]
    scene.submit(found, a_picture("a.png", "red"), keep=kept)
    first, second = page_queries.revisions(found, scene.leader)
    assert [r.name for r in second.files] == ["b.csv", "a.png"]
    assert second.files[0].file_id == kept[0]
    decided = page_queries.decisions(found, scene.leader)
    assert decided[first.id].reason == "横梁太薄" and second.id not in decided


def test_two_photos_of_one_name_keep_apart(session):
    scene = Scene()
    found = scene.submitted(a_picture("image.png"), a_picture("image.png", "red"))
    assert [row.name for row in page_queries.revisions(found, scene.leader)[0].files] == ["image.png", "image (2).png"]


@BOTH
def test_what_was_submitted_and_decided_is_never_changed(session):
    scene = Scene()
    found = scene.submitted()
    scene.decide(found)
    session.commit()
    for table in ("deliverable_revision", "revision_file", "deliverable_decision"):
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError):
                session.execute(text(statement))
            session.rollback()


def test_a_revision_needs_a_file_and_takes_none_of_another_deliverable(session):
    scene = Scene()
    found, other = scene.deliverable(), scene.submitted(title="别的")
    foreign = session.scalar(select(RevisionFile.file_id))
    for keep in ((), (foreign,), (987_654,)):
        with pytest.raises(Invalid):
            scene.submit(found, keep=keep)
    assert (found.state, found.current_number) == ("planned", 0) and other.current_number == 1


def test_only_the_owner_submits_and_only_when_it_is_its_turn(session):
    scene = Scene()
    found = scene.submitted()
    for actor in (scene.leader, scene.toolmaker):
        with pytest.raises(Forbidden):
            scene.__class__.submit(_as(scene, actor), found, a_picture())
    service.move(found, "review", scene.leader, clock.now())
    with pytest.raises(Conflict):
        scene.submit(found, a_picture())


def _as(scene, actor):
    other = object.__new__(Scene)
    other.__dict__ |= scene.__dict__ | {"designer": actor, "toolmaker": actor}
    return other


def test_a_double_press_submits_once(session):
    scene = Scene()
    found = scene.deliverable()
    shown = found.version
    scene.submit(found, a_picture(), expected=shown)
    with pytest.raises(Conflict):
        scene.submit(found, a_picture(), expected=shown)
    assert found.current_number == 1


def test_a_decision_is_on_the_revision_that_was_read(session):
    scene = Scene()
    found = scene.submitted()
    scene.submit(found, a_picture("b.png"))
    with pytest.raises(Conflict):
        service.decide(found, "accept", "", 1, scene.leader, clock.now())
    with pytest.raises(Conflict):
        service.decide(found, "accept", "", 7, scene.leader, clock.now())
    assert session.scalar(select(func.count(DeliverableDecision.id))) == 0


@BOTH
def test_case_34_two_decide_at_once_and_one_is_told_so(session):
    scene = Scene()
    found = scene.submitted()
    seen = found.version
    service.decide(found, "accept", "可以", 1, scene.leader, clock.now(), seen)
    session.commit()
    with pytest.raises(Conflict) as refused:
        service.decide(found, "ask_changes", "再改", 1, scene.colleague, clock.now(), seen)
    assert refused.value.details["what"].event == "deliverable.accept"
    assert (
        session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.event.in_(("deliverable.accept", "deliverable.ask_changes"))))
        == 1
    )


def test_case_47_nobody_decides_on_their_own_revision(session):
    scene = Scene()
    found = scene.deliverable(scene.brand)
    scene.designer = scene.leader
    found_owner = _as(scene, scene.leader)
    found_owner.submit(found, a_picture())
    with pytest.raises(Refused, match="colleague"):
        scene.decide(found)
    assert scene.decide(found, actor=scene.colleague).outcome == "accept"


def test_changes_need_a_reason(session):
    scene = Scene()
    with pytest.raises(Invalid):
        scene.decide(scene.submitted(), "ask_changes", " ")


def test_the_second_of_two_editors_reads_the_difference(session):
    scene = Scene()
    found = scene.deliverable()
    seen = found.version
    service.edit(found, fields(found, title="甲"), seen, scene.leader, clock.now())
    with pytest.raises(Conflict) as refused:
        service.edit(found, fields(found, title="乙"), seen, scene.colleague, clock.now())
    assert refused.value.details["difference"][0][1:] == ("乙", "甲")


def test_it_stays_with_its_owner_once_submitted(session):
    scene = Scene()
    found = scene.submitted()
    with pytest.raises(Invalid):
        service.edit(found, fields(found, owner_id=scene.maker.id), found.version, scene.leader, clock.now())
    with pytest.raises(Invalid):
        scene.deliverable(an_organisation("design_firm"))
    scene.decide(found)
    with pytest.raises(Refused):
        service.edit(found, fields(found, title="x"), found.version, scene.leader, clock.now())


def test_readiness_names_what_is_open(session):
    scene = Scene()
    assert [str(r) for r in readiness.missing(scene.product, scene.leader)] == [
        "No deliverable was asked of anybody yet.",
        "The consortium agreement is not signed by all parties.",
    ]
    found = scene.submitted()
    scene.in_force()
    assert [str(r) for r in readiness.missing(scene.product, scene.leader)] == ["“三视图” is not accepted yet."]
    scene.deliverable(title="第二件")
    assert "2 deliverables" in str(readiness.missing(scene.product, scene.leader)[0])
    assert readiness.panel(scene.product, scene.leader)
    for one in (found, page_queries.whole(found.id + 1, scene.leader)):
        service.move(one, "drop", scene.leader, clock.now(), "x")
    assert readiness.panel(scene.product, scene.leader) is None


@BOTH
def test_what_waits_is_counted_and_listed_alike(session):
    scene = Scene()
    today = clock.today()
    scene.submitted(title="交了")
    scene.deliverable(title="快到期", due_on=today + 3 * DAY)
    scene.deliverable(title="还早", due_on=today + 40 * DAY)
    scene.proposed()
    scene.invitation(an_organisation("design_firm"))
    expected = {scene.leader: ["decide", "sign"], scene.designer: ["sign", "submit"], scene.toolmaker: ["sign"]}
    for actor, whats in expected.items():
        assert sorted(a.what for a in queries.asked_of(actor, today)) == whats
        assert session.scalar(select(queries.waiting_count(actor, today))) == len(whats)
    assert queries.asked_of(an_actor(an_organisation("investor")), today) == []


def test_reviewing_tells_nobody_twice_who_acted(session):
    scene = Scene()
    found = scene.submitted()
    offers = {o.event for o in workflow.available(found, scene.leader) if not o.reason}
    assert {"review", "accept", "ask_changes", "drop"} <= offers
    assert {o.event for o in workflow.available(found, scene.designer)} == {"submit"}
