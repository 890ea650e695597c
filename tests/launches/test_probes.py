"""Test launches: the hypothesis stands once it runs, readings are dated, and the verdict is final."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from incubator.kernel import clock, workflow
from incubator.kernel.errors import Conflict, Forbidden, Invalid, Refused
from incubator.launches import probe_service
from incubator.launches.probe_models import ProbeReading, ProbeVerdict
from incubator.schedule.models import Milestone
from tests.builders import a_product
from tests.launches.builders import a_channel, a_probe
from tests.launches.desk import Market

DAY = timedelta(days=1)


def the_data(**more):
    today = clock.today()
    return {
        "belief": "愿意多付两成", "metric": "units_per_week", "direction": "at_least", "threshold_x100": 5000, "from_on": today, "to_on": today + 28 * DAY,
        "units": 500, "currency": "CNY", "price_minor": 8900, "budget_minor": 500_000, **more,
    }  # fmt: skip


def running(direction="at_least"):
    market = Market("test_launch")
    probe = a_probe(market.product, a_channel(market.brand), direction=direction)
    workflow.fire(probe, "start", market.actor)
    return market, probe


def judge(market, probe, verdict="supported", **more):
    values = {"next_step": "continue", "review_on": clock.today() + 60 * DAY, **more}
    return probe_service.judge(probe, verdict, "两周过线", values["next_step"], values["review_on"], market.actor, market.now)


def note(market, probe, value=5200, day=None, source="后台"):
    return probe_service.note_reading(probe, day or clock.today() - DAY, value, source, market.actor, market.now)


def test_a_test_is_planned_started_measured_and_judged(session):
    market = Market("test_launch")
    channel = a_channel(market.brand)
    probe = probe_service.plan(market.product, the_data(from_on=clock.today() - 7 * DAY), [channel.id], market.actor, market.now)
    workflow.fire(probe, "start", market.actor)
    note(market, probe)
    verdict = judge(market, probe)
    session.commit()
    assert (probe.state, probe.number, probe.is_met_by(5200)) == ("supported", 1, True)
    assert verdict.readings == [{"on": (clock.today() - DAY).isoformat(), "value_x100": 5200, "source": "后台"}]
    assert session.scalar(select(Milestone.due_on).where(Milestone.source == f"probe:{probe.id}")) == verdict.review_on
    again = probe_service.plan(market.product, the_data(), [channel.id], market.actor, market.now)
    assert again.number == 2


def test_the_direction_says_which_side_is_right():
    from incubator.launches.probe_models import Probe

    assert Probe(direction="at_most", threshold_x100=600).is_met_by(490)
    assert not Probe(direction="at_least", threshold_x100=600).is_met_by(490)


@pytest.mark.parametrize("stage", ["brief", "sourcing", "sampling", "handed_over", "stopped"])
def test_nothing_is_tested_where_there_is_nothing_to_sell(session, stage):
    market = Market(stage)
    with pytest.raises(Refused):
        probe_service.plan(market.product, the_data(), [a_channel(market.brand).id], market.actor, market.now)


def test_it_starts_at_its_stage_and_with_a_channel(session):
    market = Market("preproduction")
    probe = a_probe(market.product, a_channel(market.brand))
    with pytest.raises(Refused, match="not reached"):
        workflow.fire(probe, "start", market.actor)
    bare = a_probe(a_product(market.product.programme, "test_launch"))
    with pytest.raises(Refused, match="channel"):
        workflow.fire(bare, "start", market.actor)


def test_channels_of_another_brand_or_closed_ones_are_refused(session):
    market = Market("test_launch")
    for channel in (a_channel(), a_channel(market.brand, closed_at=clock.now())):
        with pytest.raises(Invalid):
            probe_service.plan(market.product, the_data(), [channel.id], market.actor, market.now)


def test_the_hypothesis_stands_once_it_runs(session):
    market = Market("test_launch")
    channel = a_channel(market.brand)
    probe = a_probe(market.product, channel)
    version = probe.version
    probe_service.edit(probe, the_data(threshold_x100=9000), [channel.id], version, market.actor, market.now)
    with pytest.raises(Conflict):
        probe_service.edit(probe, the_data(), [channel.id], version, market.actor, market.now)
    workflow.fire(probe, "start", market.actor)
    with pytest.raises(Refused, match="keeps its hypothesis"):
        probe_service.edit(probe, the_data(threshold_x100=1), [channel.id], None, market.actor, market.now)
    assert probe.threshold_x100 == 9000


def test_a_source_corrects_its_own_figure_of_a_day(session):
    market, probe = running()
    note(market, probe, 4000)
    note(market, probe, 4100)
    note(market, probe, 3900, source="仓库")
    assert sorted(session.scalars(select(ProbeReading.value_x100))) == [3900, 4100]


def test_readings_are_of_days_of_the_test_and_only_while_it_runs(session):
    market, probe = running()
    for day in (clock.today() + 2 * DAY, probe.from_on - DAY):
        with pytest.raises(Invalid):
            note(market, probe, day=day)
    note(market, probe)
    judge(market, probe)
    with pytest.raises(Refused, match="while the test runs"):
        note(market, probe)


def test_case_47_without_a_reading_only_inconclusive_is_possible(session):
    market, probe = running()
    for verdict in ("supported", "refuted"):
        with pytest.raises(Refused, match="reading"):
            judge(market, probe, verdict)
    assert judge(market, probe, "inconclusive", next_step="stop").next_step == "stop"


def test_case_34_a_verdict_is_given_once(session):
    market, probe = running()
    note(market, probe)
    judge(market, probe)
    session.commit()
    with pytest.raises(Conflict):
        judge(market, probe, "refuted")
    assert session.scalar(select(func.count(ProbeVerdict.id))) == 1


@pytest.mark.parametrize("wrong", [{"next_step": "wait"}, {"review_on": clock.today() - DAY}])
def test_the_patience_decision_needs_a_step_and_a_day_to_come(session, wrong):
    market, probe = running()
    note(market, probe)
    with pytest.raises(Invalid):
        judge(market, probe, **wrong)
    assert probe.state == "running"


def test_case_46_a_verdict_cannot_be_edited_even_by_hand(session):
    market, probe = running()
    note(market, probe)
    judge(market, probe)
    session.commit()
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(text("UPDATE probe_verdict SET verdict = 'refuted'"))
    session.rollback()


def test_only_the_brand_tests(session):
    market, probe = running()
    for actor in (market.seller, market.maker, Market().actor):
        with pytest.raises(Forbidden):
            probe_service.note_reading(probe, clock.today(), 1, "x", actor, market.now)
        with pytest.raises(Forbidden):
            workflow.fire(probe, "inconclusive", actor if actor.role != "brand" else market.designer, note="x")
