"""What a change pushes: previewed, then written; who is told; and what a partner's act leaves unsaid."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from incubator.accounts.models import Notification
from incubator.kernel.audit import AuditEntry
from incubator.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from incubator.schedule import apply_service, link_service, plan, service
from incubator.schedule.models import Milestone, MilestoneLink
from tests.builders import a_milestone, a_participant, a_person, a_product, a_programme, an_actor, an_organisation, counted
from tests.schedule.builders import a_chain, a_closure, a_link

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)  # a Monday
MONDAY = NOW.date()


@pytest.fixture
def scene(session):
    brand = an_organisation("brand")
    owner = a_person(brand, timezone="UTC")
    return a_product(a_programme(brand), "sampling", owner_id=owner.id), an_actor(brand, owner)


def days(*milestones):
    return [m.due_on.isoformat()[5:] for m in milestones]


def a_plan(product, actor, count=3):
    """A chain whose forecasts are written: M0 on Monday, each of 5 working days after the last."""
    made = a_chain(product, *(f"M{n}" for n in range(count)), first=MONDAY)
    service.replan(product.id, product.brand_id, actor, NOW)
    return made


def test_a_slip_pushes_what_waits_and_the_preview_says_so_before(scene):
    product, actor = scene
    first, second, third = a_plan(product, actor)
    assert days(first, second, third) == ["06-01", "06-08", "06-15"]
    preview = link_service.preview_edit(first, {"due_on": date(2026, 6, 4)})
    assert [(move.name, move.days) for move in preview.moves] == [("M1", 3), ("M2", 3)]
    assert preview.launch.name == "M2"
    assert days(first, second, third) == ["06-01", "06-08", "06-15"]
    service.edit(first, {"due_on": date(2026, 6, 4)}, first.version, actor, NOW)
    assert days(first, second, third) == ["06-04", "06-11", "06-18"]
    assert third.baseline_on == date(2026, 6, 15)
    assert link_service.preview_edit(second, {"duration_days": 7}).mark == f"{third.id}:2026-06-23"  # 19 June is the Dragon Boat Festival


def test_a_moved_milestone_is_reminded_anew_and_the_products_outlook_follows(scene):
    product, actor = scene
    first, second, _ = a_plan(product, actor)
    second.reminded_for = "late"
    service.finish(first, actor, NOW + timedelta(days=2))
    assert (first.done_on, second.reminded_for, days(second)) == (date(2026, 6, 3), "", ["06-10"])
    assert (product.next_milestone, product.next_milestone_on, product.risk) == ("M1", date(2026, 6, 10), "amber")


def test_met_early_brings_the_rest_forward_and_undone_takes_it_back(scene):
    product, actor = scene
    first, second, third = a_plan(product, actor)
    service.finish(first, actor, NOW, date(2026, 5, 25))
    assert days(second, third) == ["06-01", "06-08"]
    assert first.actual_on == date(2026, 5, 25)
    service.reopen(first, actor, NOW)
    assert (first.actual_on, *days(second, third)) == (None, "06-08", "06-15")
    with pytest.raises(Invalid):
        service.finish(first, actor, NOW, date(2026, 6, 2))


def test_held_back_it_comes_no_earlier(scene):
    product, actor = scene
    first, second, third = a_plan(product, actor)
    service.edit(second, {"due_on": date(2026, 6, 22)}, second.version, actor, NOW)
    assert (second.not_before_on, *days(second, third)) == (date(2026, 6, 22), "06-22", "06-29")
    assert (first.float_days, first.critical, second.critical) == (9, False, True)
    service.edit(second, {"not_before_on": None}, second.version, actor, NOW)
    assert days(second, third) == ["06-08", "06-15"]
    service.edit(second, {"due_on": date(2026, 6, 2)}, second.version, actor, NOW)  # cannot be: it waits
    assert days(second) == ["06-08"]


def test_a_link_brings_nothing_earlier_and_taken_away_leaves_the_day(scene):
    product, actor = scene
    first, late = a_milestone(product, "M0", MONDAY), a_milestone(product, "late", date(2026, 7, 1), duration_days=3)
    link_service.link(first, late, 2, actor, NOW)
    assert (late.due_on, late.not_before_on, late.float_days) == (date(2026, 7, 1), date(2026, 7, 1), 0)
    service.edit(first, {"due_on": date(2026, 6, 30)}, first.version, actor, NOW)
    assert days(late) == ["07-07"]
    found = link_service.links_into(late, actor)[0]
    assert link_service.preview_unlink(found).moves == ()
    link_service.unlink(found, actor, NOW)
    assert (late.due_on, late.not_before_on, late.critical, late.float_days) == (date(2026, 7, 7), None, False, None)


def test_a_circle_is_refused_by_name(scene, session):
    product, actor = scene
    first, second, third = a_plan(product, actor)
    for try_it in (lambda: link_service.link(third, first, 0, actor, NOW), lambda: link_service.preview_link(third, first, 0)):
        with pytest.raises(Invalid) as refusal:
            try_it()
        assert "M2 → M0" in str(refusal.value.fields["before_id"][0])
    with pytest.raises(Invalid):
        link_service.link(first, second, 0, actor, NOW)
    with pytest.raises(NotFound):
        link_service.link(a_milestone(a_product(product.programme)), first, 0, actor, NOW)
    assert session.query(MilestoneLink).count() == 2


def test_deleted_it_takes_its_links_along(scene, session):
    product, actor = scene
    first, second, third = a_plan(product, actor)
    service.delete(second, actor, NOW)
    assert session.query(MilestoneLink).count() == 0
    assert days(first, third) == ["06-01", "06-15"]


def test_floats_are_results_and_no_edits(scene):
    product, actor = scene
    first, second, third = a_plan(product, actor)
    side = a_milestone(product, "side", MONDAY, duration_days=1)
    before = [(m.version, m.updated_at) for m in (first, second, third)]
    link_service.link(side, third, 0, actor, NOW)
    assert [(m.version, m.updated_at) for m in (first, second)] == before[:2]
    assert (side.float_days, third.critical) == (5, True)


def test_case_36_who_edits_what_was_pushed_meanwhile_sees_the_difference(scene):
    product, actor = scene
    first, second, _ = a_plan(product, actor)
    seen = second.version
    service.edit(first, {"due_on": date(2026, 6, 4)}, first.version, actor, NOW)
    with pytest.raises(Conflict):
        service.edit(second, {"name": "other"}, seen, actor, NOW)


def test_the_calendar_of_who_owes_it_counts(scene):
    product, actor = scene
    factory, stranger = an_organisation("factory"), an_organisation("factory")
    a_participant(product, factory)
    brand = product.brand
    a_closure(factory, date(2026, 6, 2), date(2026, 6, 9))
    a_closure(factory, date(2026, 6, 10), date(2026, 6, 10), recorded_by=brand, name="电话告知")
    a_closure(factory, date(2026, 6, 11), date(2026, 6, 30), recorded_by=stranger)  # of no concern to this brand
    _first, second, _third = a_plan(product, actor)
    owed = {"owner_part": "factory", "organisation_id": factory.id}
    assert [move.name for move in link_service.preview_edit(second, owed).moves] == ["M2"]
    service.edit(second, owed, second.version, actor, NOW)
    assert days(second) == ["06-17"]
    for wrong in ({"organisation_id": stranger.id, "owner_part": "factory"}, {"organisation_id": factory.id, "owner_part": "design_firm"}):
        with pytest.raises(Invalid):
            service.edit(second, wrong, second.version, actor, NOW)


def told(session):
    return session.execute(select(Notification.user_id, Notification.text, Notification.params).order_by(Notification.id)).all()


def test_those_are_told_whose_milestones_moved_and_a_partner_learns_no_cause(scene, session):
    product, actor = scene
    factory = an_organisation("factory", "甲厂")
    a_participant(product, factory)
    colleague = a_person(product.brand, "Wu")
    worker = a_person(factory)
    first, second, third = a_plan(product, actor)
    second.owner_id, third.owner_part, third.organisation_id = colleague.id, "factory", factory.id
    service.edit(first, {"due_on": date(2026, 6, 4)}, first.version, actor, NOW)
    rows = {row.user_id: row for row in told(session)}
    assert set(rows) == {colleague.id, worker.id}
    assert rows[colleague.id].params == {"cause": "M0", "product": product.name, "names": "M1"}
    assert rows[worker.id].text == "milestone.new_day"
    assert "M0" not in str(rows[worker.id].params)


def test_a_partner_meets_what_it_owes_and_reads_no_more_than_that(scene, session):
    product, actor = scene
    factory = an_organisation("factory", "甲厂")
    a_participant(product, factory)
    party = an_actor(factory)
    first, second, _ = a_plan(product, actor)
    with pytest.raises(Forbidden):
        service.finish(first, party, NOW)
    first.owner_part, first.organisation_id = "factory", factory.id
    service.finish(first, party, NOW + timedelta(days=3))
    assert days(second) == ["06-11"]
    for forbidden in (
        lambda: service.reopen(first, party, NOW),
        lambda: service.delete(first, party, NOW),
        lambda: service.edit(first, {"name": "x"}, first.version, party, NOW),
        lambda: link_service.link(second, first, 0, party, NOW),
    ):
        with pytest.raises(Forbidden):
            forbidden()
    session.commit()
    acts = session.execute(select(AuditEntry.event, AuditEntry.actor_organisation_id)).all()
    assert [event for event, organisation in acts if organisation == factory.id] == ["milestone.done"]
    assert ("plan.pushed", None) in acts
    assert [row.text for row in told(session) if row.user_id == product.owner_id] == ["milestone.met"]


def test_what_is_nobodys_yet_is_given_to_who_takes_part(scene):
    product, actor = scene
    factory = an_organisation("factory")
    a_participant(product, factory)
    a_closure(factory, date(2026, 6, 2), date(2026, 6, 30))
    _first, second, third = a_plan(product, actor)
    for milestone in (second, third):
        milestone.owner_part = "factory"
    third.done_at = NOW
    assert apply_service.assign(product, "factory", factory.id, actor, NOW) == 1
    assert (second.organisation_id, third.organisation_id, *days(second)) == (factory.id, None, "07-07")
    with pytest.raises(Invalid):
        apply_service.assign(product, "design_firm", factory.id, actor, NOW)


def test_nothing_linked_nothing_is_computed(scene):
    product, actor = scene
    milestone = a_milestone(product, "M", MONDAY)
    with counted() as statements:
        service.edit(milestone, {"due_on": date(2026, 6, 9)}, milestone.version, actor, NOW)
    assert len(statements) <= 9, statements
    assert (milestone.float_days, milestone.critical) == (None, False)


def test_a_forecast_that_is_out_of_date_is_mended_by_computing_anew(scene, session):
    """A closure, or the statutory days of a year becoming known, changes no milestone by itself."""
    product, actor = scene
    first, second, third = a_plan(product, actor)
    a_closure(product.brand, date(2026, 6, 2), date(2026, 6, 5))
    assert [move.after.isoformat() for move in plan.load(product.id, product.brand_id).preview().moves] == ["2026-06-12", "2026-06-22"]
    session.execute(update(Milestone).where(Milestone.id == first.id).values(duration_days=1))
    service.replan(product.id, product.brand_id, actor, NOW)
    assert days(second, third) == ["06-12", "06-22"]


def test_two_plans_do_not_touch(scene):
    product, actor = scene
    other = a_plan(a_product(product.programme), actor)
    mine = a_plan(product, actor)
    a_link(other[0], other[2])
    service.edit(mine[0], {"due_on": date(2026, 7, 1)}, mine[0].version, actor, NOW)
    assert days(*other) == ["06-01", "06-08", "06-15"]
