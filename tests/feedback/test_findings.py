"""Findings from the weeks of sales to the factory's pack: made once, kept, told, acted on, gone, found again; and effects beside comparable SKUs."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from incubator.feedback import finding_ground, finding_lots, finding_service, jobs, measuring, service
from incubator.feedback.finding_models import EffectComparison, Finding, FindingRun
from incubator.feedback.models import FeedbackEffect
from incubator.kernel import access, clock
from incubator.kernel.audit import AuditEntry
from incubator.kernel.db import db
from incubator.sales import grading
from incubator.sales.lot_models import ProductionLot, SkuLotWeek
from incubator.sales.models import SkuGrade, SkuWeek, SkuWeekReason
from tests import builders
from tests.builders import counted, put
from tests.feedback.builders import WEEK, Desk
from tests.signals import builders as signals_builders


class Run:
    """What a job reports to."""

    def progress(self, *_numbers):
        return None


def look(desk, weeks=0, lots=None):
    """At the end of the desk's week, or some weeks later."""
    return finding_service.look(desk.brand.id, desk.week + weeks * WEEK, clock.now(), lots)


def found(session, **values):
    query = select(Finding).order_by(Finding.id)
    return session.scalars(query.filter_by(**values)).all()


def peers(desk, number=8, factory=None, returned=2, reason="quality"):
    """Comparable SKUs that go on as ever."""
    made = [desk.sku(f"PEER-{n}", factory or desk.rival) for n in range(number)]
    for n, sku in enumerate(made):
        desk.sold(sku, [40] * 26, [(n + k) % (returned + 1) for k in range(26)], reason)
    return made


def test_a_rise_is_found_with_its_week_its_reason_and_what_stands_behind_it(session):
    desk = Desk()
    signals_builders.topics_heard(desk.actor)
    day = desk.week
    rows = [("BAD-1", "塑料味冲鼻子", day, "bad"), ("BAD-1", "颜色好看", day, "good"), ("BAD-1", "异味大", day - 13 * WEEK, "bad")]
    signals_builders.voices_of(desk.actor, rows)
    run = look(desk)
    (row,) = found(session)
    assert (row.sku_id, row.reason, row.kind, row.state, row.step) == (desk.bad.id, "smell", "change", "open", "fix")
    assert row.since == desk.week - 7 * WEEK and row.ratio > 2 and row.low > 1 and row.q < 0.01
    assert (row.orders, row.returned) == (400, 96)
    assert (row.evidence["returned"][-12:], len(row.evidence["orders"])) == ([1] * 4 + [12] * 8, 26)
    assert (row.evidence["voices"], [q["quote"] for q in row.evidence["quotes"]]) == (1, ["塑料味冲鼻子"])
    assert (run.skus, run.found, run.table_version) == (2, 1, 3) and run.tested >= 2


def test_a_finding_that_persists_is_one_finding(session):
    desk = Desk()
    look(desk)
    first = found(session)[0]
    desk.sold(desk.bad, [50], [12], "smell", desk.week + WEEK)
    desk.sold(desk.good, [60], [1], week=desk.week + WEEK)
    session.flush()
    look(desk, 1)
    (row,) = found(session)
    assert (row.id, row.first_week, row.last_week, row.state) == (first.id, desk.week, desk.week + WEEK, "open")
    assert row.orders == 450
    assert session.scalar(select(func.count(FindingRun.id))) == 2


def test_looking_twice_changes_nothing(session):
    desk = Desk()
    look(desk)
    before = [(r.id, r.ratio, r.p, r.state, r.version) for r in found(session)]
    acts = session.scalar(select(func.count(AuditEntry.id)))
    look(desk)
    session.expire_all()
    after = [(r.id, r.ratio, r.p, r.state) for r in found(session)]
    assert after == [row[:-1] for row in before] and session.scalar(select(func.count(AuditEntry.id))) == acts
    assert session.scalar(select(func.count(FindingRun.id))) == 1
    assert finding_service.look_if_new(desk.brand.id, desk.week, clock.now()) is False


def test_an_older_week_does_not_turn_a_finding_back(session):
    desk = Desk()
    look(desk)
    look(desk, -1)
    assert found(session)[0].last_week == desk.week


def test_new_lines_are_looked_at_again(session):
    desk = Desk()
    look(desk)
    session.execute(text("UPDATE sku_week SET table_version = 9 WHERE sku_id = :sku"), {"sku": desk.good.id})
    assert finding_service.look_if_new(desk.brand.id, desk.week, clock.now()) is True
    assert session.scalars(select(FindingRun)).one().table_version == 9


def test_what_is_normal_again_is_gone_and_what_returns_came_back(session):
    desk = Desk()
    look(desk)
    for sku, calm in ((desk.bad, [1] * 12), (desk.good, [1] * 12)):
        desk.sold(sku, [50] * 12, calm, "smell", desk.week + 12 * WEEK)
    session.flush()
    look(desk, 12)
    (row,) = found(session)
    assert row.state == "gone" and row.evidence["now"]["came"] == 8
    desk.sold(desk.bad, [50] * 6, [14] * 6, "smell", desk.week + 18 * WEEK)
    desk.sold(desk.good, [50] * 6, [1] * 6, "smell", desk.week + 18 * WEEK)
    session.flush()
    look(desk, 18)
    (again,) = found(session)
    assert (again.id, again.state, again.first_week) == (row.id, "back", desk.week)
    session.commit()
    events = session.scalars(select(AuditEntry.event).where(AuditEntry.record_type == "finding").order_by(AuditEntry.id)).all()
    assert events == ["finding.find", "finding.end", "finding.return"]


def test_a_level_above_many_peers_is_found_without_a_beginning(session):
    desk = Desk()
    peers(desk, reason="size")
    steady = desk.sku("HIGH-1")
    desk.sold(steady, [40] * 26, [6, 5, 7, 6] * 6 + [6, 6], "size")
    session.flush()
    look(desk)
    (row,) = [r for r in found(session) if r.sku_id == steady.id]
    assert (row.kind, row.since, row.reason, row.evidence["peers"]) == ("level", None, "size", "category")
    assert 2 < row.low < row.ratio < row.high


def test_two_causes_of_the_same_returns_are_one_finding_the_finer_one(session):
    desk = Desk()
    session.execute(text("UPDATE sku_week_reason SET topic = 'zip' WHERE sku_id = :sku"), {"sku": desk.bad.id})
    look(desk)
    assert [(r.reason, r.topic) for r in found(session)] == [("smell", "zip")]


def test_orders_are_counted_and_not_units(session):
    """Forty units of one order that came back are one return."""
    desk = Desk()
    bulk = desk.sku("BULK-1")
    desk.sold(bulk, [30] * 26, [0] * 22 + [1] * 4)
    session.execute(text("UPDATE sku_week SET returned_units = 40 * returned_units WHERE sku_id = :sku"), {"sku": bulk.id})
    look(desk)
    assert [r.sku_id for r in found(session)] == [desk.bad.id]


def test_the_lot_is_named_where_lots_are_known(session):
    desk = Desk()
    rise = desk.week - 7 * WEEK
    lots = [("L16", rise - 9 * WEEK), ("L17", rise)]
    look(desk, lots={desk.bad.id: lots})
    assert found(session)[0].lot == "L17"
    for code, first in lots:
        lot = put(
            ProductionLot(brand_id=desk.brand.id, sku_id=desk.bad.id, code=code, available_on=first, units=900, created_at=clock.now())
        )
        put(SkuLotWeek(brand_id=desk.brand.id, sku_id=desk.bad.id, lot_id=lot.id, week=first, units=50, table_version=3))
    assert finding_lots.of_brand(desk.brand.id, desk.week) == {desk.bad.id: lots}
    session.execute(text("UPDATE finding SET lot = ''"))
    session.expire_all()
    look(desk)
    assert found(session)[0].lot == "L17"


def test_the_monday_job_looks_before_packs_are_sent(session):
    Desk()
    session.commit()
    assert jobs.find(Run(), clock.now()) == {"looked": 1}
    assert jobs.find(Run(), clock.now()) == {"looked": 0}
    jobs.compile_and_send(Run(), clock.now())
    assert found(session)[0].state == "told"


def test_packs_that_are_sent_without_the_job_look_first(session):
    desk = Desk()
    session.commit()
    jobs.compile_and_send(Run(), clock.now())
    assert [r.state for r in found(session)] == ["told"] and desk.week


def test_a_finding_is_told_with_its_pack_and_acted_on_with_its_promise(session):
    desk = Desk()
    pack = desk.pack("compiled")
    assert found(session)[0].state == "open"
    section = next(s for s in pack.sections if s.code == "BAD-1")
    (entry,) = section.findings
    assert (entry["reason"], entry["against"], entry["since"]) == ("smell", "own", (desk.week - 7 * WEEK).isoformat())
    assert (entry["before"]["returned"], entry["after"]["returned"], section.suggestion["why"]) == (4, 96, "finding")
    desk.lead(pack, "acted")
    assert found(session)[0].state == "acted"


def test_a_pack_says_nothing_of_a_week_before_the_maker_changed(session):
    desk = Desk()
    desk.moved(desk.bad, desk.rival, desk.week - 7 * WEEK)
    session.flush()
    told = {
        code: row["findings"]
        for f in (desk.factory, desk.rival)
        for row in desk.drafts().get(f.id, []).rows
        for code in [f.id]
        if row["code"] == "BAD-1"
    }
    assert found(session) and all(entries == [] for entries in told.values())


def test_findings_are_the_brands_alone(session):
    desk, other = Desk(), Desk()
    look(desk)
    for model in (Finding, FindingRun, EffectComparison):
        for actor in (desk.maker_actor, desk.rival_actor, other.actor, builders.an_actor(builders.an_organisation("investor"))):
            assert session.scalars(access.select_visible(model, actor)).all() == []
    assert len(session.scalars(access.select_visible(Finding, desk.actor)).all()) == 1


def test_looking_asks_a_fixed_number_of_questions(session):
    desk = Desk()
    look(desk)
    with counted() as few:
        finding_ground.gather(desk.brand.id, desk.week)
    peers(desk, 20)
    with counted() as many:
        basis = finding_ground.gather(desk.brand.id, desk.week)
    assert len(many) == len(few) == 5 and len(basis.sku_ids) == 22
    assert finding_ground.gather(desk.brand.id, desk.week - 99 * WEEK) is None


def test_grades_hold_the_rate_drawn_towards_the_category(session):
    desk = Desk()
    peers(desk)
    grading.grade(desk.brand.id, desk.week)
    grade = session.scalars(select(SkuGrade).where(SkuGrade.sku_id == desk.bad.id)).one()
    told = grade.figures["returns"]
    assert (told["orders"], told["returned"], told["prior"]) == (400, 96, "category")
    assert grade.return_rate == told["rate"] < 0.24 and told["low"] < told["low90"] < told["rate"] < told["high90"] < told["high"]


def test_a_rate_leans_on_the_category_only_behind_five_other_factories(session):
    """Case 7: otherwise it would tell a factory the rate of the others."""
    desk = Desk()
    peers(desk)
    alone = next(r for r in desk.drafts()[desk.factory.id].rows if r["code"] == "GOOD-1")
    assert alone["rate"]["factories"] == 0 and alone["rate"]["rate"] == round(8 / 480, 5)
    for n in range(5):
        desk.sold(desk.sku(f"OTHER-{n}", builders.an_organisation("factory")), [40] * 26, [2] * 26)
    session.flush()
    grading.grade(desk.brand.id, desk.week)
    many = next(r for r in desk.drafts()[desk.factory.id].rows if r["code"] == "GOOD-1")
    assert many["rate"]["factories"] == 6 and many["rate"]["rate"] > 8 / 480


def acted_on(desk, weeks=5):
    """The promises were done some complete weeks ago; the bad SKU is better since."""
    pack = desk.pack("acted")
    for section in pack.sections:
        if section.action:
            section.action.done_on = desk.week - timedelta(days=7 * weeks - 6)
    since = {"sku": desk.bad.id, "since": (desk.week - weeks * WEEK).isoformat()}
    for table in ("sku_week SET returned_units = 0, returned_orders = 0", "sku_week_reason SET units = 0, orders = 0"):
        desk_text = text(f"UPDATE {table} WHERE sku_id = :sku AND week > :since")
        db.session.execute(desk_text, since)
    return next(s.action for s in pack.sections if s.code == "BAD-1")


def test_an_effect_is_measured_beside_comparable_skus_of_five_factories(session):
    desk = Desk()
    for n in range(6):
        desk.sold(desk.sku(f"OTHER-{n}", builders.an_organisation("factory")), [40] * 26, [2] * 26)
    action = acted_on(desk)
    session.commit()
    jobs.measure(Run(), clock.now())
    effect = session.scalars(select(FeedbackEffect).where(FeedbackEffect.action_id == action.id)).one()
    beside = session.scalars(select(EffectComparison).where(EffectComparison.action_id == action.id)).one()
    assert effect.verdict == beside.verdict == "improved"
    assert effect.change["controls"] == 7 == len(beside.controls) and beside.factories == 6
    assert "OTHER-0" in beside.controls and "OTHER" not in str(effect.change), "names are the brand's alone"
    assert "BAD-1" not in beside.controls and "GOOD-1" in beside.controls, "nothing was mended on the other"


def test_few_factories_behind_the_peers_leave_the_factory_before_and_after(session):
    """Case 7: the change of one rival's SKUs would be told by the difference."""
    desk = Desk()
    peers(desk)
    action = acted_on(desk)
    session.commit()
    jobs.measure(Run(), clock.now())
    effect = session.scalars(select(FeedbackEffect).where(FeedbackEffect.action_id == action.id)).one()
    beside = session.scalars(select(EffectComparison).where(EffectComparison.action_id == action.id)).one()
    assert (effect.change["controls"], effect.change["trend"]) == (0, None)
    assert (beside.effect["controls"], beside.factories) == (9, 1)


def test_skus_that_were_changed_as_well_are_no_controls(session):
    desk = Desk()
    made = peers(desk, 6)
    action = acted_on(desk)
    for sku in made:
        section = action.section
        other = put(
            type(section)(
                **{c.name: getattr(section, c.name) for c in section.__table__.columns if c.name not in ("id", "sku_id")}, sku_id=sku.id
            )
        )
        put(
            type(action)(
                pack_id=action.pack_id, section_id=other.id, brand_id=desk.brand.id, factory_id=desk.rival.id, product_id=sku.product_id, sku_id=sku.id,
                kind="fix", due_on=action.due_on, done_on=action.done_on, state="done", state_since=clock.now(), created_at=clock.now(),
            )
        )  # fmt: skip
    session.flush()
    assert measuring.measure(action, clock.now()).change["controls"] == 0
    assert session.scalars(select(EffectComparison)).all() == []


def test_too_little_after_four_weeks_waits_for_eight(session):
    desk = Desk()
    desk.sold(desk.sku("TINY-1"), [3] * 26, [0] * 26)
    pack = desk.pack("acted")
    tiny = next(s for s in pack.sections if s.code == "TINY-1").action
    if tiny is None:
        tiny = next(s.action for s in pack.sections if s.action)
        tiny.sku_id = next(s.sku_id for s in pack.sections if s.code == "TINY-1")
    for weeks, verdict in ((5, None), (9, "too_few")):
        tiny.done_on = desk.week - timedelta(days=7 * weeks - 6)
        session.flush()
        effect = measuring.measure(tiny, clock.now())
        assert (effect.verdict if effect else None) == verdict


def test_an_action_from_a_lot_counts_from_the_week_the_lot_sold(session):
    desk = Desk()
    pack = desk.pack("acted")
    action = next(s.action for s in pack.sections if s.code == "BAD-1")
    action.done_on, action.lot = desk.week - 8 * WEEK, "L-7 批起"
    assert measuring.starts_on(action, {"L-7": desk.week - 5 * WEEK}) == desk.week - 5 * WEEK
    assert measuring.starts_on(action, {"L-7": desk.week - 12 * WEEK, "L-77": desk.week}) == action.done_on
    assert measuring.starts_on(action, {"L-7": None}) is None, "nothing of the lot has been sold: there is nothing to measure"
    assert measuring.starts_on(action, {"L-77": None}) == action.done_on
    assert measuring.measure(action, clock.now(), {"L-7": None}) is None


@pytest.mark.parametrize("said", ["L-7", "自L-7批起", "l-7批起生产", "从 Ｌ-7 开始，L-8 也改", "(L-7)"])
def test_a_lot_is_read_as_people_write_it(said):
    assert finding_lots.named(said, ["L-7", "L-77"]) == ["L-7"]


@pytest.mark.parametrize("said", ["", "L-77 批起", "L-7-2", "XL-7", "下一批起", "A.L-7"])
def test_another_lot_is_not_taken_for_it(said):
    assert finding_lots.named(said, ["L-7"]) == []


def test_a_day_is_no_lot():
    assert finding_lots.named("2026年12月1日起", ["1", "12", "2026"]) == []


def test_a_pack_told_before_there_were_findings_still_opens(session, client):
    desk = Desk()
    pack = desk.pack("sent")
    row = {
        c.name: getattr(pack.sections[0], c.name)
        for c in pack.sections[0].__table__.columns
        if c.name not in ("id", "findings", "suggestion")
    }
    old = {"choice": "fix", "why": "worse", "params": {"rate": 24.0, "earlier": 2.0, "reason": "smell"}}
    pack.revision = row["revision"] = 2
    put(type(pack.sections[0])(**row, suggestion=old))
    session.commit()
    body = builders.sign_in(client, desk.maker).get(f"/feedback/packs/{pack.id}?view=all").text
    assert "24.0" in body and service.DAYS_TO_ANSWER


def test_weeks_and_reasons_add_up_to_what_is_looked_at(session):
    desk = Desk()
    basis = finding_ground.gather(desk.brand.id, desk.week)
    whole = int(session.scalar(select(func.sum(SkuWeek.returned_orders))))
    by_reason = int(session.scalar(select(func.sum(SkuWeekReason.orders))))
    assert basis.ground.counts[basis.ground.cause == 0].sum() == whole == by_reason == basis.ground.counts[basis.ground.cause > 0].sum()
    assert basis.ground.orders.sum() == int(session.scalar(select(func.sum(SkuWeek.orders))))
