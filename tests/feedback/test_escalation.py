"""What happens to a pack that nobody answers: reminded, overdue, escalated; each step once, on the factory's days, and nobody is told a figure."""

from datetime import timedelta

from sqlalchemy import select

from incubator.accounts.models import Notification
from incubator.factories.models import Caseload, Factory
from incubator.feedback import reminders, service
from incubator.kernel import clock
from incubator.kernel.mail_table import OutboxMail
from tests import builders
from tests.builders import put
from tests.feedback.builders import Desk

DAY = timedelta(days=1)


def sweep(days):
    return reminders.remind_batch(clock.now() + days * DAY, 0)[0]


def told(session, user):
    return list(session.scalars(select(Notification.text).where(Notification.user_id == user.id).order_by(Notification.id)))


def in_care_of(desk, agent):
    profile = put(Factory(organisation_id=desk.factory.id, state="approved", state_since=clock.now(), name_zh=desk.factory.name))
    put(Caseload(factory_id=profile.id, agent_user_id=agent.id))
    return profile


def test_each_step_comes_once_and_in_order(session):
    desk = Desk()
    owner = builders.a_person(desk.brand, "产品负责人")
    desk.product.owner_id = owner.id
    agent = builders.a_person(staff_role="field_agent")
    profile = in_care_of(desk, agent)
    desk.pack("sent")
    steps = [(d, sweep(d)) for d in range(10) for _ in range(2)]
    assert [d for d, number in steps if number] == [4, 6, 8], "the day before, the day after, three days after"
    assert told(session, desk.maker) == ["feedback.sent", "feedback.soon", "feedback.late"]
    assert told(session, desk.user) == ["feedback.escalated"]
    assert told(session, owner) == ["feedback.unanswered"]
    assert told(session, agent) == ["feedback.unanswered"]
    link = session.scalar(select(Notification.url).where(Notification.user_id == agent.id))
    assert link == f"/factories/{profile.id}", "an agent reads no pack"


def test_what_is_told_on_the_way_holds_no_sku_and_no_figure(session):
    desk = Desk()
    in_care_of(desk, builders.a_person(staff_role="field_agent"))
    desk.pack("sent")
    for days in (4, 6, 9):
        sweep(days)
    for mail in session.scalars(select(OutboxMail)):
        assert not [w for w in ("GOOD-1", "BAD-1", "480", "777") if w in mail.text + mail.subject]


def test_an_answer_ends_the_steps(session):
    desk = Desk()
    pack = desk.pack("sent")
    sweep(6)
    service.read(pack, desk.maker_actor, clock.now())
    desk.answer(pack)
    service.acknowledge(pack, desk.maker_actor, clock.now())
    assert sweep(9) == 0 and pack.escalated_at is None


def test_without_an_owner_the_managers_are_told_again_and_an_old_pack_is_left_in_peace(session):
    desk = Desk()
    desk.product.owner_id = None
    pack = desk.pack("sent")
    sweep(6)
    assert sweep(60) == 0, "a younger pack stands behind it"
    sweep(9)
    assert told(session, desk.user) == ["feedback.escalated", "feedback.unanswered"]
    assert pack.escalated_at is not None
