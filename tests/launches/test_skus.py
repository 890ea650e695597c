"""The verbs of SKUs: codes and GTINs are one brand's own, factories follow each other by day, prices never overlap."""

import itertools
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from incubator.accounts.models import Notification
from incubator.kernel import clock, workflow
from incubator.kernel.audit import AuditEntry
from incubator.kernel.errors import Conflict, Forbidden, Invalid, Refused
from incubator.kernel.money import Money
from incubator.launches import channel_service, gtin, service
from incubator.launches.models import Sku, SkuPrice
from tests.builders import a_participant, an_organisation
from tests.launches.builders import a_channel, a_gtin, a_price, a_sku
from tests.launches.desk import Market

DAY = timedelta(days=1)
DATA = {
    "code": "NAP-01", "name_zh": "午睡枕", "name_en": "Nap pillow", "gtin": "6291041500213", "gtin_exemption": "", "colour": "燕麦", "size": "", "pack": "",
    "launch_price_minor": 8900, "currency": "CNY", "units_per_carton": 24, "planned_units_per_week": 120, "is_legacy": False,
}  # fmt: skip


def test_a_sku_is_a_draft_with_its_factory_and_one_spelling_of_its_gtin(session):
    market = Market()
    sku = service.create(market.product, DATA, market.actor, market.now, market.factory.id)
    assert (sku.state, sku.gtin, gtin.shown(sku.gtin)) == ("draft", "06291041500213", "6291041500213")
    assert sku.factory_organisation_id == market.factory.id and [m.organisation_id for m in sku.makers] == [market.factory.id]
    session.commit()
    assert set(session.scalars(select(AuditEntry.event).where(AuditEntry.record_type == "sku"))) == {"sku.create", "sku.factory"}
    told = session.scalars(select(Notification.user_id)).all()
    assert told == [market.maker.user_id]


@pytest.mark.parametrize(("field", "value"), [("code", "NAP-01"), ("gtin", "06291041500213")])
def test_a_code_and_a_gtin_name_one_sku_of_a_brand(session, field, value):
    market = Market()
    service.create(market.product, DATA, market.actor, market.now)
    with pytest.raises(Invalid) as refused:
        service.create(market.product, {**DATA, "code": "NAP-02", "gtin": a_gtin(), field: value}, market.actor, market.now)
    assert field in refused.value.fields
    other = Market()
    assert service.create(other.product, DATA, other.actor, other.now).id


def test_a_wrong_check_digit_is_refused_by_the_service_too(session):
    market = Market()
    with pytest.raises(Invalid):
        service.create(market.product, {**DATA, "gtin": "6291041500214"}, market.actor, market.now)


def test_only_the_brand_creates_and_changes(session):
    market, stranger = Market(), Market()
    for actor in (market.maker, market.designer, stranger.actor):
        with pytest.raises(Forbidden):
            service.create(market.product, DATA, actor, market.now)
    sku = market.a_sku()
    with pytest.raises(Forbidden):
        service.edit(sku, {"name_zh": "偷改"}, None, market.maker, market.now)


def test_case_36_the_second_editor_is_told_the_difference(session):
    market = Market()
    sku = service.create(market.product, DATA, market.actor, market.now)
    session.commit()
    seen = sku.version
    service.edit(sku, {"name_zh": "第一个人"}, seen, market.actor, market.now)
    session.commit()
    with pytest.raises(Conflict) as refused:
        service.edit(sku, {"name_zh": "第二个人"}, seen, market.colleague, market.now)
    assert [(mine, theirs) for _, mine, theirs in refused.value.details["difference"]] == [("第二个人", "第一个人")]


def test_a_sku_that_is_ready_stays_complete(session):
    market = Market()
    sku = market.a_sku()
    workflow.fire(sku, "make_ready", market.actor)
    with pytest.raises(Invalid):
        service.edit(sku, {"gtin": None}, None, market.actor, market.now)
    session.rollback()


@pytest.mark.parametrize(
    ("values", "lacks"),
    [({"gtin": None}, "GTIN"), ({"launch_price_minor": None}, "price"), ({"factory_organisation_id": None}, "factory")],
)
def test_an_incomplete_sku_is_not_ready_and_says_why(session, values, lacks):
    market = Market()
    sku = market.a_sku()
    for name, value in values.items():
        setattr(sku, name, value)
    session.flush()
    with pytest.raises(Refused, match=lacks):
        workflow.fire(sku, "make_ready", market.actor)


def test_a_reason_stands_in_for_a_gtin(session):
    market = Market()
    sku = market.a_sku(gtin=None, gtin_exemption="店内散装")
    assert workflow.fire(sku, "make_ready", market.actor).state == "ready"


def test_case_47_nothing_is_listed_before_its_product_launches_except_legacy(session):
    market = Market("test_launch")
    new, old = market.a_sku(state="ready"), market.a_sku(state="ready", is_legacy=True)
    with pytest.raises(Refused, match="not launched"):
        workflow.fire(new, "list", market.actor)
    assert workflow.fire(old, "list", market.actor).state == "listed"
    with pytest.raises(Invalid):
        workflow.fire(old, "retire", market.actor)
    workflow.fire(old, "retire", market.actor, note="停产")
    with pytest.raises(Forbidden):
        service.edit(old, {"name_zh": "改不了"}, None, market.actor, market.now)


def test_factories_follow_each_other_by_day_and_a_lot_finds_its_maker(session):
    market = Market()
    sku = market.a_sku()
    today = clock.today()
    service.give_to_factory(sku, market.rival.id, today - 10 * DAY, "产能", market.actor, market.now)
    assert sku.factory_organisation_id == market.rival.id
    assert service.maker_on(sku, today - 11 * DAY) == market.factory.id
    assert service.maker_on(sku, today - 10 * DAY) == service.maker_on(sku, today) == market.rival.id
    assert service.maker_on(sku, today - 400 * DAY) == market.factory.id


def test_a_change_of_factory_needs_a_participant_and_a_later_day_that_has_come(session):
    market = Market()
    sku = market.a_sku()
    today = clock.today()
    gone = an_organisation("factory")
    a_participant(market.product, gone, left_at=clock.now())
    for organisation_id in (an_organisation("factory").id, gone.id, market.firm.id, market.factory.id):
        with pytest.raises(Invalid) as refused:
            service.give_to_factory(sku, organisation_id, today, "", market.actor, market.now)
        assert "factory_id" in refused.value.fields
    for day in (today + 2 * DAY, today - 30 * DAY):
        with pytest.raises(Invalid) as refused:
            service.give_to_factory(sku, market.rival.id, day, "", market.actor, market.now)
        assert "from_on" in refused.value.fields


def test_an_alias_is_unique_per_channel_and_is_no_other_skus_code(session):
    market = Market()
    one, two, channel = market.a_sku(code="A-1"), market.a_sku(code="A-2"), a_channel(market.brand)
    service.add_alias(one, "TM-9", channel, market.actor, market.now)
    service.add_alias(two, "TM-9", None, market.actor, market.now)
    for sku, code, where in ((two, "TM-9", channel), (one, "TM-9", None), (one, "A-2", None)):
        with pytest.raises(Invalid):
            service.add_alias(sku, code, where, market.actor, market.now)
    with pytest.raises(Invalid):
        service.create(market.product, {**DATA, "code": "TM-9"}, market.actor, market.now)


def test_a_new_price_ends_the_open_one_and_no_two_overlap(session):
    market = Market()
    sku, channel = market.a_sku(), a_channel(market.brand)
    today = clock.today()

    def price(minor, start, end=None):
        return channel_service.set_price(sku, channel, Money(minor, "CNY"), start, end, market.actor, market.now)

    first = price(8900, today - 30 * DAY)
    second = price(7900, today, today + 10 * DAY)
    assert first.valid_to == today - DAY
    for start, end in ((today + 5 * DAY, None), (today - 40 * DAY, today), (today, today), (today - 60 * DAY, None)):
        with pytest.raises(Invalid):
            price(6900, start, end)
    assert price(9900, today + 11 * DAY).id
    channel_service.end_price(second, sku, today + 3 * DAY, market.actor, market.now)
    assert price(5900, today + 4 * DAY, today + 10 * DAY).id
    rows = session.scalars(select(SkuPrice).order_by(SkuPrice.valid_from)).all()
    assert all(a.valid_to < b.valid_from for a, b in itertools.pairwise(rows))


def test_a_price_is_in_the_channels_currency_and_on_an_open_channel(session):
    market = Market()
    sku, channel = market.a_sku(), a_channel(market.brand, "shopify", currency="USD")
    with pytest.raises(Invalid):
        channel_service.set_price(sku, channel, Money(100, "CNY"), clock.today(), None, market.actor, market.now)
    channel_service.close(channel, market.actor, market.now)
    with pytest.raises(Refused, match="closed"):
        channel_service.set_price(sku, channel, Money(100, "USD"), clock.today(), None, market.actor, market.now)


def test_a_channels_name_is_one_brands_own_and_its_currency_stays_with_its_prices(session):
    market, other = Market(), Market()
    data = {
        "name_zh": "天猫旗舰店",
        "name_en": "",
        "platform": "tmall",
        "currency": "CNY",
        "timezone": "Asia/Shanghai",
        "buyer_kind": "consumer",
    }
    channel = channel_service.create(data, market.actor, market.now)
    assert channel_service.create(data, other.actor, market.now).brand_id == other.brand.id
    with pytest.raises(Invalid):
        channel_service.create(data, market.actor, market.now)
    assert channel_service.edit(channel, {**data, "currency": "USD"}, None, market.actor, market.now).currency == "USD"
    a_price(market.a_sku(), channel)
    with pytest.raises(Invalid):
        channel_service.edit(channel, {**data, "currency": "EUR"}, None, market.actor, market.now)
    with pytest.raises(Forbidden):
        channel_service.edit(channel, data, None, other.actor, market.now)


def test_case_37_the_same_sku_twice_is_one_row(session):
    market = Market()
    a_sku(market.product, code="DUP")
    with pytest.raises(Invalid):
        service.create(market.product, {**DATA, "code": "DUP"}, market.actor, market.now)
    assert session.scalar(select(func.count(Sku.id)).where(Sku.code == "DUP")) == 1
