"""Checklists: their tasks come from the platform, are done with proof, and see by themselves what can be seen."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from incubator.accounts.models import Notification
from incubator.kernel import clock
from incubator.kernel.errors import Conflict, Forbidden, Invalid, Refused
from incubator.launches import checklist_service, checklists, launch_queries
from tests.builders import an_actor, an_organisation
from tests.launches.builders import a_channel, a_checklist, a_price
from tests.launches.desk import Market

DAY = timedelta(days=1)


def item_of(market, key, platform="tmall", channel=None):
    channel = channel or a_channel(market.brand, platform)
    return next(i for i in a_checklist(market.product, channel, market.actor) if i.key == key)


def test_a_checklist_is_started_once_and_falls_due_before_the_launch(session):
    market, channel, day = Market(), a_channel(platform="douyin"), clock.today() + 30 * DAY
    channel = a_channel(market.brand, "douyin")
    items = checklist_service.start(market.product, channel, day, market.actor, market.now)
    assert [i.key for i in items] == [task.key for task in checklists.TEMPLATES["douyin"]]
    assert {i.key: i.due_on for i in items}["stock"] == day - 3 * DAY
    assert checklist_service.start(market.product, channel, day, market.actor, market.now) == []
    own = checklist_service.add(market.product, channel, "给主播寄样", True, None, market.actor, market.now)
    assert own.position == len(items) and checklist_service.title_of(own) == "给主播寄样"


def test_a_task_needs_proof_and_is_done_once(session):
    market = Market()
    item = item_of(market, "script")
    with pytest.raises(Invalid):
        checklist_service.do(item, "", market.actor, market.now)
    checklist_service.do(item, "组长签收", market.actor, market.now)
    assert item.done_by_id == market.actor.user_id
    with pytest.raises(Conflict):
        checklist_service.do(item, "再来一次", market.actor, market.now)
    checklist_service.reopen(item, market.actor, market.now)
    assert item.done_at is None and item.proof == "组长签收"


def test_a_file_proves_as_well(session):
    market = Market()
    item = item_of(market, "compliance")
    checklist_service.do(item, "", market.actor, market.now, FileStorage(io.BytesIO(b"%PDF-1.4 ccc"), "ccc.pdf"))
    session.refresh(item)
    assert item.file.subject_type == "checklist_item" and item.file.name == "ccc.pdf"


@pytest.mark.parametrize("key", ["title", "gtin", "price"])
def test_what_can_be_seen_is_not_just_claimed(session, key):
    market = Market()
    item = item_of(market, key)
    with pytest.raises(Refused, match="no SKU"):
        checklist_service.do(item, "真的", market.actor, market.now)


def test_a_title_too_long_is_refused_with_its_length(session):
    market = Market()
    market.a_sku(name_zh="枕" * 31, code="LONG")
    with pytest.raises(Refused, match="LONG is 2 too long; this channel takes 60"):
        checklist_service.do(item_of(market, "title"), "看过", market.actor, market.now)


def test_an_english_channel_reads_the_english_name(session):
    market = Market()
    market.a_sku(name_zh="枕" * 100, name_en="", code="NO-EN")
    with pytest.raises(Refused, match="NO-EN has no name in English"):
        checklist_service.do(item_of(market, "title", "amazon"), "ok", market.actor, market.now)


def test_a_missing_gtin_is_seen_and_an_exemption_accepted(session):
    market = Market()
    sku = market.a_sku(gtin=None, code="BARE")
    item = item_of(market, "gtin")
    with pytest.raises(Refused, match="BARE"):
        checklist_service.do(item, "看过", market.actor, market.now)
    sku.gtin_exemption = "散装"
    assert checklist_service.do(item, "看过", market.actor, market.now).done_at


@pytest.mark.parametrize(("minor", "fits"), [(45_000, True), (51_700, True), (38_300, True), (52_000, False), (30_000, False)])
def test_a_price_stands_within_the_briefs_band(session, minor, fits):
    """The builder's brief aims at ¥450.00; the band is 15% to either side."""
    market = Market()
    sku, channel = market.a_sku(), a_channel(market.brand)
    item = item_of(market, "price", channel=channel)
    with pytest.raises(Refused, match="Without a price"):
        checklist_service.do(item, "看过", market.actor, market.now)
    a_price(sku, channel, minor)
    if fits:
        assert checklist_service.do(item, "看过", market.actor, market.now).done_at
        return
    with pytest.raises(Refused, match="15% from the brief"):
        checklist_service.do(item, "看过", market.actor, market.now)


def test_a_launch_partner_does_its_own_task_and_no_other(session):
    market = Market()
    item = item_of(market, "live_room", "douyin")
    with pytest.raises(Forbidden):
        checklist_service.do(item, "样品到了", market.seller, market.now)
    checklist_service.assign(item, None, market.partner.id, clock.today(), market.actor, market.now)
    assert session.scalar(select(Notification.user_id).where(Notification.text == "checklist.assigned")) == market.seller.user_id
    assert [t.url for t in launch_queries.tasks_for(market.seller, clock.today())] == [f"/checklist/{item.id}"]
    assert checklist_service.do(item, "样品到了", market.seller, market.now).done_by_id == market.seller.user_id
    assert launch_queries.tasks_for(market.seller, clock.today()) == []


def test_case_07_a_partner_is_not_told_what_the_brief_aims_at(session):
    market = Market()
    sku, channel = market.a_sku(), a_channel(market.brand)
    a_price(sku, channel, 99_900)
    item = item_of(market, "price", channel=channel)
    checklist_service.assign(item, None, market.partner.id, None, market.actor, market.now)
    with pytest.raises(Refused) as refused:
        checklist_service.do(item, "看过", market.seller, market.now)
    assert "%" not in str(refused.value) and sku.code not in str(refused.value)


def test_a_task_is_given_to_colleagues_and_to_partners_that_take_part(session):
    market = Market()
    item = item_of(market, "stock")
    for organisation in (an_organisation("launch_partner"), market.firm, market.factory):
        with pytest.raises(Invalid):
            checklist_service.assign(item, None, organisation.id, None, market.actor, market.now)
    with pytest.raises(Invalid):
        checklist_service.assign(item, market.seller.user_id, None, None, market.actor, market.now)
    with pytest.raises(Forbidden):
        checklist_service.assign(item, None, market.partner.id, None, market.seller, market.now)


def test_what_waits_for_a_person_of_the_brand_is_due_within_a_week(session):
    market = Market()
    channel = a_channel(market.brand)
    checklist_service.start(market.product, channel, clock.today() + 12 * DAY, market.actor, market.now)
    waiting = launch_queries.tasks_for(market.actor, clock.today(), 20)
    assert waiting and all(task.due <= clock.today() + 7 * DAY for task in waiting)
    assert waiting == sorted(waiting, key=lambda task: task.due)
    assert launch_queries.tasks_for(an_actor(market.brand), clock.today()) == []
