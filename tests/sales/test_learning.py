"""What the mornings' job writes: the same rows again, heroes by the brand's word, proposals by its terms, and nothing of another brand."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from incubator.feedback import compiling
from incubator.kernel import clock
from incubator.kernel.errors import Conflict, Forbidden, NotFound, Refused
from incubator.launches.models import SkuFactory
from incubator.sales import festivals, grading, jobs, settling, supply
from incubator.sales.learning import learn
from incubator.sales.models import SkuGrade, SkuWeek
from incubator.sales.outlook_models import HeroRule, Learning, SkuOutlook
from incubator.sales.stock_models import StockDay
from tests import builders
from tests.builders import put
from tests.sales.desk import Desk, a_sku
from tests.sourcing import builders as sourcing

WEEK = timedelta(weeks=1)


def last_week():
    return grading.last_complete_week(clock.now().date())


def sold(desk, code, units, **values):
    """A SKU with weeks that end with the last one, oldest first."""
    sku = a_sku(desk.product, code, **{"factory_organisation_id": desk.factories[0].id, **values})
    for n, number in enumerate(reversed(units)):
        if number:
            put(
                SkuWeek(
                    brand_id=desk.brand.id, sku_id=sku.id, channel_id=desk.channel.id, week=last_week() - n * WEEK, units=number, orders=number,
                    revenue_minor=number * 100, base_minor=number * 100, currency="CNY", table_version=1,
                )
            )  # fmt: skip
    return sku


def stocked(desk, sku, on_hand, on_order=None):
    put(
        StockDay(
            brand_id=desk.brand.id, channel_id=desk.channel.id, sku_id=sku.id, code=sku.code, day=clock.today(), week=clock.today(),
            taken_at=clock.now(), file_no=1, on_hand=on_hand, on_order=on_order,
        )
    )  # fmt: skip


def made_by(sku, factory, weeks_ago):
    put(SkuFactory(sku_id=sku.id, organisation_id=factory.id, from_on=last_week() - weeks_ago * WEEK, created_at=clock.now()))


def learnt(desk, session, week=None):
    """SKU id → its row."""
    for _ in learn(desk.brand.id, week or last_week(), clock.now()):
        session.commit()
    session.expire_all()
    return {row.sku_id: row for row in session.scalars(select(SkuOutlook).where(SkuOutlook.week == (week or last_week())))}


def values(row):
    return (row.why, row.model, row.expected, row.bands, row.hit, row.cover, row.reorder)


def test_every_sku_gets_its_row_and_again_the_same(session):
    desk = Desk()
    steady, young, few = sold(desk, "S", [20] * 30), sold(desk, "Y", [5] * 2), sold(desk, "F", [1] + [0] * 20 + [1] * 2)
    stocked(desk, steady, 30, 10)
    stocked(desk, young, 5)
    first = learnt(desk, session)
    kept = {sku_id: values(row) for sku_id, row in first.items()}
    assert {sku_id: row.why for sku_id, row in first.items()} == {steady.id: "", young.id: "young", few.id: "few"}
    row = first[steady.id]
    assert (
        row.expected == pytest.approx([20] * 13, rel=0.15)
        and row.next4 == pytest.approx(80, rel=0.15)
        and row.cover == pytest.approx(1.5, rel=0.15)
    )
    assert (
        row.bands["low80"][0] <= 20 <= row.bands["high80"][0]
        and row.reorder["position"] == 40
        and row.quantity
        and row.order_on == clock.today()
    )
    assert first[young.id].hit is not None and first[young.id].cover is None and row.hit is None, "only a young SKU may still become a hit"
    assert {sku_id: values(row) for sku_id, row in learnt(desk, session).items()} == kept
    (noted,) = session.scalars(select(Learning))
    assert (noted.skus, noted.forecasts, noted.hit_model["is_own"], noted.record) == (3, 1, False, {})


def test_forecasts_of_four_weeks_ago_are_looked_at_again(session):
    desk = Desk()
    for n in range(3):
        sold(desk, f"S-{n}", [20] * 30)
    learnt(desk, session, last_week() - 4 * WEEK)
    learnt(desk, session)
    record = session.scalars(select(Learning.record).where(Learning.week == last_week())).one()
    assert (record["skus"], record["came"], record["in80"], record["in95"]) == (3, 240, 1.0, 1.0) and record["expected"] == pytest.approx(
        240, rel=0.15
    )
    assert (record["history"], [row["came"] for row in record["by_week"]]) == (30, [60] * 4)
    assert sum(row["expected"] for row in record["by_week"]) == pytest.approx(record["expected"], abs=2)


def test_a_festival_that_breaks_the_band_is_seen_in_its_week(session):
    desk = Desk()
    for n in range(3):
        sold(desk, f"S-{n}", [20] * 28 + [20, 140])
    learnt(desk, session, last_week() - 4 * WEEK)
    learnt(desk, session)
    record = session.scalars(select(Learning.record).where(Learning.week == last_week())).one()
    assert [row["in80"] for row in record["by_week"]] == [1.0, 1.0, 1.0, 0.0]
    (miss,) = festivals.missed([(last_week(), record)])
    assert (miss.week, miss.came, miss.is_above, miss.knows_season) == (last_week(), 420, True, False)


def test_without_stock_nothing_is_proposed(session):
    desk = Desk()
    sku = sold(desk, "S", [20] * 30)
    row = learnt(desk, session)[sku.id]
    assert row.expected and row.reorder is None and row.quantity is None and row.cover is None


def test_the_job_grades_and_learns_and_can_be_run_again(session):
    desk = Desk()
    sold(desk, "S", [20] * 30, planned_units_per_week=10)

    class Run:
        def progress(self, *_): ...

    assert jobs.learn(Run(), clock.now()) == {"skus": 1} == jobs.learn(Run(), clock.now())
    assert session.scalar(select(func.count(SkuOutlook.id))) == 1
    grade = session.scalars(select(SkuGrade)).one()
    assert (grade.grade, grade.rule, grade.is_hero) == ("hit", 2, False)


def test_a_grade_has_hysteresis_from_the_week_before_and_earlier_ones_stay(session):
    desk = Desk()
    sold(desk, "S", [155] * 8 + [145] * 4, planned_units_per_week=100)
    last = last_week()
    for ago in (4, 3, 2, 1, 0):
        grading.grade(desk.brand.id, last - ago * WEEK)
    session.commit()

    def graded():
        return session.execute(select(SkuGrade.week, SkuGrade.grade).order_by(SkuGrade.week)).all()

    assert [g for _, g in graded()] == ["hit"] * 4 + ["strong"], "under the limit for the second week"
    before = graded()
    grading.grade(desk.brand.id, last)
    session.commit()
    assert graded() == before


def test_a_hero_is_one_by_the_brands_own_word(session):
    desk = Desk()
    strong, weak = sold(desk, "S", [60] * 6), sold(desk, "W", [60] * 3 + [10] + [60] * 2)
    rule = settling.add_rule({"programme_id": None, "category": "", "measure": "units", "least": 50, "weeks": 4}, desk.actor, clock.now())
    grading.grade(desk.brand.id, last_week())
    session.commit()
    heroes = dict(session.execute(select(SkuGrade.sku_id, SkuGrade.is_hero)).all())
    assert heroes == {strong.id: True, weak.id: False}
    values = {"programme_id": None, "category": desk.product.category, "measure": "revenue", "least": 6001, "weeks": 1}
    settling.add_rule(values, desk.actor, clock.now())
    grading.grade(desk.brand.id, last_week())
    session.commit()
    assert not any(session.scalars(select(SkuGrade.is_hero))), "of its category 60.01 is asked"
    with pytest.raises(Refused):
        settling.add_rule(values, desk.actor, clock.now())
    settling.remove_rule(rule, desk.actor, clock.now())
    assert session.scalar(select(func.count(HeroRule.id))) == 1


def test_settings_and_supply_change_the_proposal_and_guard_against_two_at_once(session):
    desk = Desk()
    sku = sold(desk, "S", [20] * 30, units_per_carton=12)
    stocked(desk, sku, 10)
    plain = learnt(desk, session)[sku.id]
    assert plain.quantity % 12 == 0 and plain.reorder["source"] == "assumed"
    settling.settle({"service_bp": 9900, "review_days": 56, "currency": "CNY"}, 0, desk.actor, clock.now())
    wanted = {"moq": 1000, "lead_days": 14, "multiple": 50, "service_bp": None}
    supply.change(sku, wanted, None, desk.actor, clock.now())
    found = learnt(desk, session)[sku.id].reorder
    assert (found["lead_days"], found["moq"], found["multiple"], found["service"], found["review_days"]) == (14, 1000, 50, 0.99, 56)
    assert found["quantity"] == 1000 and found["source"] == "own"
    for again in (
        lambda: supply.change(sku, wanted, None, desk.actor, clock.now()),
        lambda: settling.settle({"service_bp": 9000, "review_days": 7, "currency": "CNY"}, 0, desk.actor, clock.now()),
    ):
        with pytest.raises(Conflict):
            again()


def test_lead_time_and_minimum_come_from_the_awarded_quotation(session):
    house, maker, other = sourcing.a_house(), sourcing.a_maker(), sourcing.a_maker()
    rfq = sourcing.an_rfq(house, maker, other)
    for who in (maker, other):
        sourcing.a_quotation(rfq, who, lead_days=41, moq=250)
    sourcing.opened(rfq, house.buyer)
    sourcing.awarded(rfq, maker, house.buyer)
    session.commit()
    own, theirs = (
        a_sku(rfq.product, code, factory_organisation_id=who.organisation_id) for code, who in (("OWN", maker), ("THEIRS", other))
    )
    session.commit()
    found = supply.terms(rfq.brand_id, [own.id, theirs.id])
    assert (found[own.id].lead_days, found[own.id].moq, found[own.id].source) == (41, 250, "quotation")
    assert (found[theirs.id].source, found[theirs.id].moq) == ("assumed", 0), "who lost the award supplies by no quotation"


def test_another_brand_learns_nothing_of_it(session):
    desk, rival = Desk(), Desk()
    sku = sold(desk, "S", [20] * 30)
    assert learnt(rival, session) == {} and learnt(desk, session).keys() == {sku.id}
    rule = settling.add_rule({"programme_id": None, "category": "", "measure": "units", "least": 5, "weeks": 1}, desk.actor, clock.now())
    with pytest.raises((Forbidden, NotFound)):
        settling.remove_rule(rule, rival.actor, clock.now())
    with pytest.raises((Forbidden, NotFound)):
        supply.change(sku, {"moq": 1, "lead_days": 1, "multiple": 1, "service_bp": None}, None, rival.actor, clock.now())
    with pytest.raises(NotFound):
        settling.add_rule(
            {"programme_id": desk.product.programme_id, "category": "", "measure": "units", "least": 5, "weeks": 1},
            rival.actor,
            clock.now(),
        )


def test_a_factory_is_told_a_quantity_and_a_day_and_nothing_of_the_stock(session):
    desk = Desk()
    due, full = sold(desk, "DUE", [40] * 30, planned_units_per_week=30), sold(desk, "FULL", [40] * 30, planned_units_per_week=30)
    stocked(desk, due, 713, 0)
    stocked(desk, full, 99_991)
    for sku in (due, full):
        made_by(sku, desk.factories[0], 40)
    put(HeroRule(brand_id=desk.brand.id, scope="x", measure="units", least=1, weeks=1, created_at=clock.now()))
    supply.change(due, {"moq": None, "lead_days": 120, "multiple": None, "service_bp": None}, None, desk.actor, clock.now())
    rows = learnt(desk, session)
    draft = compiling.drafts(desk.brand.id, last_week())[desk.factories[0].id]
    suggested = {row["code"]: row["suggestion"] for row in draft.rows}
    assert suggested["DUE"] == {
        "choice": "reorder", "why": "due", "params": {"quantity": rows[due.id].quantity, "on": rows[due.id].ready_on.isoformat(), "rate": 0.0},
    }  # fmt: skip
    assert suggested["FULL"]["choice"] == "carry_on", "what stands in stock is enough"
    assert "713" not in str(draft.rows) and "99991" not in str(draft.rows) and str(rows[due.id].reorder["point"]) not in str(draft.rows)


def test_a_factory_that_no_longer_makes_it_is_told_no_quantity(session):
    desk = Desk()
    sku = sold(desk, "DUE", [40] * 30, planned_units_per_week=30)
    stocked(desk, sku, 0)
    made_by(sku, desk.factories[0], 40)
    made_by(sku, desk.factories[1], 2)
    learnt(desk, session)
    drafts = compiling.drafts(desk.brand.id, last_week())
    why = {factory: draft.rows[0]["suggestion"]["why"] for factory, draft in drafts.items()}
    assert why == {desk.factories[1].id: "due", desk.factories[0].id: "steady"}
    assert builders.an_organisation("factory").id not in drafts
