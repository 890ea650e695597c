"""The launch: what stands in its way, what it moves, who is told."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from incubator.accounts.models import Notification
from incubator.kernel import clock, workflow
from incubator.kernel.errors import Conflict, Forbidden, Invalid, Refused
from incubator.launches import checklist_service, launch_queries, launch_service
from incubator.launches.launch_models import ChecklistItem, Launch
from tests.builders import a_product
from tests.launches.builders import a_channel, a_checklist, a_price
from tests.launches.desk import Market

DAY = timedelta(days=1)


def planned(*platforms, stage="test_launch", checked=True):
    market = Market(stage, **({"state": "in_development"} if stage == "test_launch" else {}))
    sku, channels = market.for_sale(*platforms)
    launch = launch_service.plan(market.product, clock.today(), [c.id for c in channels], [sku.id], "首批", market.actor, market.now)
    if checked:
        for channel in channels:
            a_checklist(market.product, channel, market.actor, done=True)
    return market, sku, channels, launch


def reasons(launch):
    launch_service.look([launch])
    return [str(reason) for reason in launch.reasons]


def test_a_launch_moves_product_skus_and_brief(session):
    market, sku, _, launch = planned("tmall", "douyin")
    assert reasons(launch) == []
    launch_service.go_live(launch, market.colleague, market.now, launch.version)
    session.commit()
    assert (launch.state, market.product.state, sku.state, market.brief.state) == ("live", "launch", "listed", "launched")
    told = set(session.scalars(select(Notification.user_id).where(Notification.text == "launch.live")))
    assert told == {market.maker.user_id, market.designer.user_id, market.seller.user_id}, "the rival factory makes none of these SKUs"


def test_everything_that_stands_in_the_way_is_said(session):
    market, sku, (channel,), launch = planned(checked=False)
    sku.gtin, sku.factory_organisation_id = None, None
    bare = a_channel(market.brand, "jd", name_zh="京东", name_en="JD shop")
    launch_service.edit(launch, launch.launch_on, [channel.id, bare.id], [sku.id], "", None, market.actor, market.now)
    a_checklist(market.product, channel, market.actor)
    said = " ".join(reasons(launch))
    for words in (f"{sku.code} lacks a GTIN", "the factory", "No price on JD shop", "checklist of JD shop", "To do for"):
        assert words in said
    with pytest.raises(Refused):
        launch_service.go_live(launch, market.actor, market.now)
    assert market.product.state == "test_launch"


def test_an_optional_task_holds_nothing_up(session):
    market, _, (_channel,), launch = planned()
    session.flush()
    optional = session.scalar(select(ChecklistItem).where(ChecklistItem.key == "video"))
    optional.done_at = None
    assert reasons(launch) == []
    required = session.scalar(select(ChecklistItem).where(ChecklistItem.key == "stock"))
    checklist_service.reopen(required, market.actor, market.now)
    assert len(reasons(launch)) == 1


def test_a_price_must_hold_on_the_day(session):
    market, sku, (channel,), launch = planned()
    launch_service.edit(launch, clock.today() - 20 * DAY, [channel.id], [sku.id], "", None, market.actor, market.now)
    assert "No price" in reasons(launch)[0]
    a_price(sku, channel, valid_from=clock.today() - 25 * DAY, valid_to=clock.today() - 15 * DAY)
    assert reasons(launch) == []


def test_an_empty_launch_says_so(session):
    market = Market("test_launch")
    launch = launch_service.plan(market.product, clock.today(), [], [], "", market.actor, market.now)
    assert len(reasons(launch)) == 2


def test_case_47_the_launch_stage_is_entered_by_a_launch_only(session):
    market, *_rest, launch = planned()
    with pytest.raises(Refused, match="tab “Launch”"):
        workflow.fire(market.product, "launch", market.actor)
    launch_service.go_live(launch, market.actor, market.now)
    assert workflow.fire(market.product, "scale", market.actor).state == "scale"


def test_case_47_a_launch_before_its_stage_is_refused(session):
    market, *_rest, launch = planned(stage="preproduction")
    with pytest.raises(Refused, match="not reached"):
        launch_service.go_live(launch, market.actor, market.now)


def test_case_34_a_launch_goes_live_once(session):
    market, *_rest, launch = planned()
    launch_service.go_live(launch, market.actor, market.now)
    session.commit()
    with pytest.raises(Conflict):
        launch_service.go_live(launch, market.colleague, market.now)
    with pytest.raises(Conflict):
        launch_service.edit(launch, clock.today(), [], [], "", None, market.actor, market.now)


def test_a_second_launch_adds_a_channel_and_moves_nothing_else(session):
    market, sku, _, launch = planned()
    launch_service.go_live(launch, market.actor, market.now)
    second = a_channel(market.brand, "jd")
    a_price(sku, second, 45_000)
    a_checklist(market.product, second, market.actor, done=True)
    later = launch_service.plan(market.product, clock.today(), [second.id], [sku.id], "", market.actor, market.now)
    launch_service.go_live(later, market.actor, market.now)
    assert (later.number, market.product.state, sku.state) == (2, "launch", "listed")


@pytest.mark.parametrize("stage", ["brief", "sampling", "codevelopment", "handed_over", "stopped"])
def test_a_launch_is_planned_when_there_is_something_to_launch(session, stage):
    market = Market(stage)
    with pytest.raises(Refused):
        launch_service.plan(market.product, clock.today(), [], [], "", market.actor, market.now)


def test_case_02_skus_and_channels_of_others_are_refused(session):
    market, other = Market("test_launch"), Market("test_launch")
    theirs, (channel,) = other.for_sale()
    sibling = a_product(market.product.programme, "test_launch")
    for channels, skus in (([channel.id], []), ([], [theirs.id]), ([], [Market().a_sku().id])):
        with pytest.raises(Invalid):
            launch_service.plan(market.product, clock.today(), channels, skus, "", market.actor, market.now)
    with pytest.raises(Invalid):
        launch_service.plan(sibling, clock.today(), [], [market.a_sku().id], "", market.actor, market.now)
    for actor in (market.seller, market.maker, other.actor):
        with pytest.raises(Forbidden):
            launch_service.plan(market.product, clock.today(), [], [], "", actor, market.now)


def test_a_cancelled_launch_is_told_and_a_stop_cancels_what_is_planned(session):
    market, *_rest, launch = planned()
    with pytest.raises(Invalid):
        launch_service.cancel(launch, " ", market.actor, market.now)
    launch_service.cancel(launch, "货期晚两周", market.actor, market.now)
    assert session.scalar(select(Notification.id).where(Notification.text == "launch.cancelled"))
    again = launch_service.plan(market.product, clock.today(), [], [], "", market.actor, market.now)
    workflow.fire(market.product, "stop", market.actor, note="需求是补贴买来的")
    assert session.get_one(Launch, again.id).state == "cancelled"


def test_a_new_day_is_told_again(session):
    market, sku, (channel,), launch = planned()
    before = len(session.scalars(select(Notification).where(Notification.text == "launch.planned")).all())
    launch_service.edit(launch, clock.today() + 9 * DAY, [channel.id], [sku.id], "", None, market.actor, market.now)
    params = session.scalars(select(Notification.params).where(Notification.text == "launch.planned")).all()
    assert len(params) == 2 * before and params[-1]["day"] == (clock.today() + 9 * DAY).isoformat()


def test_the_calendar_shows_what_comes_and_what_was(session):
    market, *_rest, launch = planned()
    assert [row.id for row in launch_queries.calendar(market.actor, "coming", clock.today(), None).rows] == [launch.id]
    launch_service.go_live(launch, market.actor, market.now)
    assert [row.id for row in launch_queries.calendar(market.seller, "past", clock.today(), None).rows] == [launch.id]
    assert launch_queries.calendar(market.other_maker, "past", clock.today(), None).rows == []
