"""A pack from its compiling to its measuring: what is in it, who may do what when, and that nothing happens twice."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from incubator.accounts.models import Notification
from incubator.feedback import action_service, compiling, jobs, measuring, reminders, service
from incubator.feedback.models import FeedbackAction, FeedbackEffect, FeedbackPack, PackSection
from incubator.kernel import clock
from incubator.kernel.actor import SYSTEM
from incubator.kernel.errors import Conflict, Forbidden, Invalid, Refused
from incubator.kernel.mail_table import OutboxMail
from incubator.sales.models import StaleWeek
from incubator.schedule.models import Milestone
from tests import builders
from tests.builders import an_actor, an_organisation, put
from tests.feedback.builders import WEEK, Desk
from tests.samples.builders import Desk as Samples
from tests.signals import builders as signals_builders


class Run:
    """What a job reports to."""

    def progress(self, *_numbers):
        return None


def section_of(pack, code):
    return next(s for s in pack.sections if s.code == code)


def count(session, model):
    return session.scalar(select(func.count(model.id)))


def test_a_pack_holds_every_sku_with_its_frozen_figures(session):
    pack = Desk().pack("compiled")
    good, bad = section_of(pack, "GOOD-1"), section_of(pack, "BAD-1")
    assert [s.code for s in pack.sections] == ["GOOD-1", "BAD-1"], "the best seller first"
    assert (good.units, good.returned, pack.table_version) == ([60] * 8, [1] * 8, 3)
    assert good.rate["rate"] == pytest.approx(8 / 480, abs=1e-5)
    assert bad.reasons == [{"reason": "smell", "units": 96, "share": 1.0}]
    assert (good.suggestion["choice"], bad.suggestion["choice"], bad.suggestion["why"]) == ("reorder", "fix", "finding")
    assert good.compared["against"] == "plan"


def test_requirements_come_from_the_factorys_own_samples_and_are_touched_by_returns(session):
    desk = Desk()
    samples = Samples(
        asked=(("气味等级", "le", "3", "级", "", "must"), ("承重", "ge", "120", "kg", "", "must")), brand=desk.brand, factory=desk.factory
    )
    desk.bad.product_id = samples.product.id
    samples.round("measured", {"气味等级": "4", "承重": "126"})
    session.flush()
    first, second = section_of(desk.pack("compiled"), "BAD-1").requirements
    assert (first["attribute"], first["measured"], first["verdict"], first["touched"]) == ("气味等级", "4", "fail", ["smell"])
    assert (second["verdict"], second["touched"]) == ("pass", [])


def test_a_change_of_maker_gives_each_its_own_weeks(session):
    desk = Desk()
    desk.moved(desk.good, desk.rival, desk.week - 2 * WEEK)
    session.flush()
    drafts = desk.drafts()
    mine = next(r for r in drafts[desk.factory.id].rows if r["code"] == "GOOD-1")
    theirs = next(r for r in drafts[desk.rival.id].rows if r["code"] == "GOOD-1")
    assert mine["units"] == [60] * 5 + [None] * 3
    assert theirs["units"] == [None] * 5 + [60] * 3
    assert (mine["grade"], mine["compared"]) == (None, {"why": "two_makers"})
    assert (theirs["reasons"], theirs["earlier"]) == ([{"reason": "quality", "units": 3, "share": 1.0}], None)


def test_a_change_within_a_week_counts_from_the_next_monday(session):
    desk = Desk()
    desk.moved(desk.good, desk.rival, desk.week + timedelta(days=1))
    session.flush()
    assert desk.rival.id not in desk.drafts()


def test_there_is_one_pack_per_factory_and_week(session):
    desk = Desk()
    desk.pack("compiled")
    assert service.compile_week(desk.week, desk.actor, clock.now()) == []
    assert count(session, FeedbackPack) == 1


def test_figures_cannot_be_changed_even_by_hand(session):
    desk = Desk()
    pack = desk.pack("sent")
    session.commit()
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(text("UPDATE feedback_section SET code = 'x'"))
    session.rollback()
    with pytest.raises(Refused):
        service.recompile(pack, desk.actor, clock.now())


def test_a_pack_that_was_not_sent_can_be_compiled_anew(session):
    desk = Desk()
    pack = desk.pack("compiled")
    desk.sold(desk.sku("NEW-1"), [9], [0])
    session.flush()
    service.recompile(pack, desk.actor, clock.now())
    assert [s.code for s in pack.sections] == ["GOOD-1", "BAD-1", "NEW-1"]
    assert count(session, PackSection) == 5


def test_a_late_correction_is_noted_in_the_next_pack(session):
    desk = Desk()
    desk.pack("sent")
    session.execute(
        text("UPDATE sku_week SET units = 55 WHERE sku_id = :sku AND week = :week"), {"sku": desk.good.id, "week": desk.week.isoformat()}
    )
    session.expire_all()
    rows = compiling.drafts(desk.brand.id, desk.week + WEEK)[desk.factory.id].rows
    corrected = next(r for r in rows if r["code"] == "GOOD-1")["corrected"]
    assert corrected == [{"week": desk.week.isoformat(), "was": [60, 1], "now": [55, 1]}]


def test_weeks_that_are_being_rolled_up_are_waited_for(session):
    desk = Desk()
    put(StaleWeek(brand_id=desk.brand.id, week=desk.week - WEEK, marked_at=clock.now()))
    with pytest.raises(Refused):
        service.compile_week(desk.week, desk.actor, clock.now())
    assert jobs.compile_and_send(Run(), clock.now()) == {"sent": 0, "left": 1}


def test_the_monday_job_sends_each_pack_once_and_completes_what_a_killed_run_left(session, monkeypatch):
    desk = Desk()
    desk.sold(desk.sku("RIVAL-1", desk.rival), [30], [0])
    session.commit()
    real, calls = service.send, []

    def killed(pack, actor, now, expected=None):
        calls.append(pack.id)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(pack, actor, now, expected)

    monkeypatch.setattr(service, "send", killed)
    with pytest.raises(KeyboardInterrupt):
        jobs.compile_and_send(Run(), clock.now())
    session.rollback()
    assert [p.state for p in session.scalars(select(FeedbackPack))] == ["sent"], "no half pack"
    monkeypatch.setattr(service, "send", real)
    assert jobs.compile_and_send(Run(), clock.now())["sent"] == 1
    assert jobs.compile_and_send(Run(), clock.now())["sent"] == 0
    assert (count(session, FeedbackPack), count(session, PackSection)) == (2, 3)


def test_sending_tells_the_factory_in_its_language_without_a_figure(session):
    desk = Desk()
    pack = desk.pack("sent")
    mail = session.scalars(select(OutboxMail)).one()
    assert (mail.to_address, mail.locale) == (desk.maker.email, "zh")
    assert mail.link.endswith(f"/feedback/packs/{pack.id}")
    assert "GOOD-1" not in mail.text + mail.subject
    assert "60" not in mail.subject
    assert pack.due_on == clock.today("Asia/Shanghai") + timedelta(days=5)
    assert pack.language == "zh"


def test_reading_is_a_receipt_given_once(session):
    desk = Desk()
    pack = desk.pack("sent")
    service.read(pack, desk.actor, clock.now())
    assert pack.read_at is None, "the brand looks at it without reading it"
    service.read(pack, desk.maker_actor, clock.now())
    first = pack.read_at
    service.read(pack, desk.maker_actor, clock.now() + timedelta(hours=1))
    assert (pack.state, pack.read_at, pack.read_by_id) == ("read", first, desk.maker.id)


def test_acknowledging_needs_an_answer_for_every_sku(session):
    desk = Desk()
    pack = desk.pack("sent")
    with pytest.raises(Refused):
        service.acknowledge(pack, desk.maker_actor, clock.now())
    half = {section_of(pack, "GOOD-1").id: {"choice": "reorder"}}
    service.answer(pack, half, desk.maker_actor, clock.now())
    with pytest.raises(Refused):
        service.acknowledge(pack, desk.maker_actor, clock.now())
    assert count(session, FeedbackAction) == 0


def test_each_answer_becomes_a_promise_with_a_milestone(session):
    desk = Desk()
    pack = desk.pack("acknowledged")
    actions = {a.kind: a for a in session.scalars(select(FeedbackAction))}
    assert set(actions) == {"reorder", "fix"}
    assert (actions["fix"].what, actions["fix"].lot, actions["reorder"].quantity) == ("换密封圈", "L-7", 400)
    milestones = session.scalars(select(Milestone).where(Milestone.source.like("feedback:%"))).all()
    assert {m.due_on for m in milestones} == {actions["fix"].due_on}
    assert all(m.product_id == desk.product.id for m in milestones)
    assert pack.acknowledged_by_id == desk.maker.id


def test_carrying_on_with_everything_needs_no_promise(session):
    desk = Desk()
    pack = desk.pack("read")
    service.answer(pack, {s.id: {"choice": "carry_on"} for s in pack.sections}, desk.maker_actor, clock.now())
    service.acknowledge(pack, desk.maker_actor, clock.now())
    assert (pack.state, count(session, FeedbackAction)) == ("acted", 0)


def test_the_second_of_two_who_answer_or_acknowledge_is_told(session):
    desk = Desk()
    pack = desk.pack("read")
    colleague = builders.an_actor(desk.factory, builders.a_person(desk.factory))
    desk.answer(pack, expected=0)
    with pytest.raises(Conflict):
        desk.answer(pack, colleague, expected=0)
    service.acknowledge(pack, desk.maker_actor, clock.now())
    with pytest.raises(Conflict):
        service.acknowledge(pack, colleague, clock.now())
    assert count(session, FeedbackAction) == 2


@pytest.mark.parametrize("data", [{"choice": "stop", "on": date(2020, 1, 1)}, {"choice": "fix", "what": "x", "on": date(2020, 1, 1)}])
def test_a_day_that_has_passed_is_refused(session, data):
    desk = Desk()
    pack = desk.pack("read")
    with pytest.raises(Invalid):
        service.answer(pack, {pack.sections[0].id: data}, desk.maker_actor, clock.now())


def test_sections_of_another_pack_are_refused(session):
    desk, other = Desk(), Desk()
    foreign = other.pack("sent").sections[0].id
    with pytest.raises(Invalid):
        service.answer(desk.pack("read"), {foreign: {"choice": "carry_on"}}, desk.maker_actor, clock.now())


def test_nobody_but_the_factory_answers_and_nobody_but_the_brand_compiles(session):
    desk = Desk()
    pack = desk.pack("sent")
    for actor in (desk.actor, desk.rival_actor):
        with pytest.raises(Forbidden):
            desk.answer(pack, actor)
    with pytest.raises(Forbidden):
        service.compile_week(desk.week, desk.maker_actor, clock.now())


def test_a_promise_is_done_with_a_day_and_a_proof(session):
    desk = Desk()
    desk.pack("acknowledged")
    action = session.scalars(select(FeedbackAction).where(FeedbackAction.kind == "fix")).one()
    today = clock.today("Asia/Shanghai")
    for day, note in ((today + timedelta(days=1), "好了"), (today - timedelta(days=9), "好了"), (today, " ")):
        with pytest.raises(Invalid):
            action_service.finish(action, day, note, (), desk.maker_actor, clock.now())
    action_service.finish(action, clock.today("Asia/Shanghai"), "换好了", (), desk.maker_actor, clock.now())
    assert (action.state, action.closing_note) == ("done", "换好了")
    assert session.scalars(select(Milestone).where(Milestone.source == f"feedback:{action.id}")).one().done_at is not None
    with pytest.raises(Conflict):
        action_service.finish(action, clock.today("Asia/Shanghai"), "再来", (), desk.maker_actor, clock.now())


def test_a_pack_is_acted_on_when_nothing_promised_is_open(session):
    desk = Desk()
    pack = desk.pack("acknowledged")
    first, second = session.scalars(select(FeedbackAction).order_by(FeedbackAction.id))
    action_service.drop(first, "没有料了", desk.actor, clock.now())
    assert pack.state == "acknowledged"
    with pytest.raises(Invalid):
        action_service.drop(second, " ", desk.maker_actor, clock.now())
    action_service.finish(second, clock.today("Asia/Shanghai"), "好了", (), desk.maker_actor, clock.now())
    assert pack.state == "acted"
    assert session.scalars(select(Milestone).where(Milestone.source == f"feedback:{first.id}")).all() == []


@pytest.mark.parametrize(("days", "state", "told"), [(3, "sent", 0), (4, "sent", 1), (5, "sent", 1), (6, "overdue", 1)])
def test_the_deadline_is_a_day_of_the_factory(session, days, state, told):
    desk = Desk()
    pack = desk.pack("sent")
    moment = clock.now() + timedelta(days=days)
    told_now, _last = reminders.remind_batch(moment, 0)
    assert (pack.state, told_now) == (state, told)
    assert reminders.remind_batch(moment, 0)[0] == 0, "once"


def test_an_overdue_pack_is_escalated_once_and_can_still_be_acknowledged(session):
    desk = Desk()
    pack = desk.pack("sent")
    reminders.remind_batch(clock.now() + timedelta(days=7), 0)
    told = session.scalars(select(Notification.text).where(Notification.user_id == desk.user.id)).all()
    assert told == ["feedback.escalated"]
    service.read(pack, desk.maker_actor, clock.now())
    assert pack.state == "overdue"
    desk.answer(pack)
    service.acknowledge(pack, desk.maker_actor, clock.now())
    assert pack.state == "acknowledged"


def acted(desk, weeks=5):
    """The pack was acted on `weeks` complete weeks ago, and the bad SKU is better since."""
    pack = desk.pack("acted")
    for action in session_actions(pack):
        action.done_on = desk.week - timedelta(days=7 * weeks + 1 - 7)
    pack.acted_at = clock.now() - 6 * WEEK
    return pack


def session_actions(pack):
    return [s.action for s in pack.sections if s.action]


def test_the_effect_is_measured_four_complete_weeks_later(session):
    desk = Desk()
    pack = acted(desk)
    session.execute(
        text("UPDATE sku_week SET returned_units = 0, returned_orders = 0 WHERE sku_id = :sku AND week > :since"),
        {"sku": desk.bad.id, "since": (desk.week - 5 * WEEK).isoformat()},
    )
    session.commit()
    assert jobs.measure(Run(), clock.now()) == {"measured": 1, "closed": 1}
    found = {e.action.kind: e for e in session.scalars(select(FeedbackEffect))}
    assert set(found) == {"fix"}, "who makes more of a SKU has changed nothing that returns could tell"
    assert found["fix"].verdict == "improved"
    assert found["fix"].rate_before["rate"] > 0.09 > 0.03 > found["fix"].rate_after["high"]
    assert found["fix"].change["high"] < 1 and found["fix"].change["controls"] == 0
    assert pack.state == "measured"
    assert jobs.measure(Run(), clock.now()) == {"measured": 0, "closed": 0}


def test_who_has_stopped_making_it_is_not_asked_again_each_week(session):
    desk = Desk()
    pack = desk.pack("read")
    day = clock.today() + timedelta(days=9)
    service.answer(pack, {s.id: {"choice": "stop", "on": day} for s in pack.sections}, desk.maker_actor, clock.now())
    service.acknowledge(pack, desk.maker_actor, clock.now())
    stopped = compiling._stopped(desk.brand.id, [desk.good.id, desk.bad.id])
    assert stopped == {(desk.good.id, desk.factory.id), (desk.bad.id, desk.factory.id)}
    action_service.drop(section_of(pack, "GOOD-1").action, "还要做", desk.maker_actor, clock.now())
    assert compiling._stopped(desk.brand.id, [desk.good.id, desk.bad.id]) == {(desk.bad.id, desk.factory.id)}


def test_three_weeks_are_too_early(session):
    desk = Desk()
    acted(desk, 3)
    session.commit()
    assert jobs.measure(Run(), clock.now())["measured"] == 0


def test_weeks_after_are_complete_and_eight_at_most(session):
    now = clock.now()
    today = now.date()
    assert measuring.weeks_after(today, now) == []
    many = measuring.weeks_after(today - timedelta(days=200), now)
    assert (len(many), {w.weekday() for w in many}) == (8, {0})
    assert SYSTEM.is_system


def test_a_pack_quotes_the_voices_about_its_own_skus(session):
    desk = Desk()
    other = desk.sku("OTHER-1", desk.rival)
    desk.sold(other, [40] * 12, [1] * 12)
    stranger = an_actor(an_organisation("brand"))
    day = desk.week
    for actor, rows in (
        (desk.actor, [("BAD-1", "塑料味冲鼻子", day, "bad"), ("BAD-1", "好看", day, "good"), ("OTHER-1", "对手的东西", day, "bad")]),
        (desk.actor, [("BAD-1", "三个月前的话", day - 13 * WEEK, "bad"), ("bad-1", "别的编号", day, "bad")]),
        (stranger, [("BAD-1", "别家品牌的话", day, "bad")]),
    ):
        signals_builders.topics_heard(actor)
        signals_builders.voices_of(actor, rows)
    section = next(r for r in desk.drafts()[desk.factory.id].rows if r["code"] == "BAD-1")
    assert [(v["quote"], v["day"]) for v in section["voices"]] == [("塑料味冲鼻子", day.isoformat()), ("好看", day.isoformat())]
    assert section["voices"][0]["theme"]["zh"] and section["voices"][0]["theme"]["en"].isascii()
    assert "对手" not in str(section["voices"]) and "别家" not in str(desk.drafts())
