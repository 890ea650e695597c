"""Stock and traffic: again changes nothing, an older file overwrites nothing, unknown codes wait, old days become weeks, and figures follow by hand."""

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from incubator.imports import jobs, kinds
from incubator.imports import service as imports
from incubator.imports.models import ImportRefusal
from incubator.kernel import clock
from incubator.launches.models import SkuPrice
from incubator.sales import jobs as sales_jobs
from incubator.sales import measures, service, stock_service
from incubator.sales.models import FeedCode, SkuWeek
from incubator.sales.stock_models import SkuMeasure, StockDay, TrafficDay
from tests.builders import put
from tests.sales.desk import Desk, a_channel, a_sku, outcomes

WEEK = timedelta(weeks=1)
HEAD = "code,at,on_hand,on_order,warehouse\n"
LOOKED = "code,at,views,visitors,carts,buyers\n"


class Run:
    def progress(self, *_): ...


def monday(weeks_ago=0):
    today = clock.today()
    return today - timedelta(days=today.weekday()) - weeks_ago * WEEK


def hand_in(desk, session, text, kind="sales.stock", channel=None):
    now = clock.now()
    upload = FileStorage(io.BytesIO(text.encode()), "sheet.csv")
    made = imports.start(kinds.find(kind), upload, desk.actor, now, options={"channel_id": str((channel or desk.channel).id)})
    session.commit()
    made = jobs.check_now(made.id, desk.actor, lambda *_: None, ask=False)
    if made.status == "checked":
        imports.ask_to_apply(made, desk.actor, now)
        session.commit()
        made = jobs.apply_now(made.id, desk.actor, now, lambda *_: None)
    return outcomes(made)


def told(session):
    rows = session.execute(
        select(StockDay.code, StockDay.day, StockDay.warehouse, StockDay.on_hand, StockDay.on_order).order_by(StockDay.id)
    )
    return [tuple(row) for row in rows]


def test_the_same_sheet_again_changes_nothing(session):
    desk = Desk()
    sku = a_sku(desk.product, "K-1")
    day = monday()
    text = HEAD + f"k-1,{day},12,30,义乌仓\nK-1,{day},5,,东莞仓\nK-1,{day},5,,东莞仓\n"
    assert hand_in(desk, session, text) == {"read": 3, "new": 2, "duplicates": 1}
    before = told(session)
    assert before == [("K-1", day, "义乌仓", 12, 30), ("K-1", day, "东莞仓", 5, None)]
    assert hand_in(desk, session, text) == {"read": 3, "unchanged": 2, "duplicates": 1} and told(session) == before
    assert session.scalars(select(StockDay.sku_id)).all() == [sku.id, sku.id]
    assert hand_in(desk, session, HEAD + f"K-1,{day},7,,东莞仓\n") == {"read": 1, "changed": 1}


def test_an_older_sheet_overwrites_nothing(session):
    """Case 35 of out-of-order files: by the hour where the sheet has one, else by which bytes came first."""
    desk = Desk()
    day = monday()
    morning, evening = (HEAD + f"K-1,{day} {hour}:00,{units},,\n" for hour, units in (("08", 9), ("20", 4)))
    assert hand_in(desk, session, evening) == {"read": 1, "new": 1}
    assert hand_in(desk, session, morning) == {"read": 1, "older": 1} and told(session)[0][3] == 4
    assert hand_in(desk, session, HEAD + f"K-1,{day},1,,\n") == {"read": 1, "older": 1}, "without an hour it is that day's midnight"
    first, second = (HEAD + f"K-2,{day},{units},,\n" for units in (10, 20))
    hand_in(desk, session, first)
    assert hand_in(desk, session, second) == {"read": 1, "changed": 1}
    assert hand_in(desk, session, first) == {"read": 1, "older": 1} and told(session)[-1][3] == 20


def test_the_newest_of_one_file_counts_in_any_order(session):
    desk, day = Desk(), monday()
    found = hand_in(desk, session, HEAD + f"K-1,{day} 20:00,4,,\nK-1,{day} 08:00,9,,\n")
    assert found == {"read": 2, "new": 1, "changed": 1} and told(session)[0][3] == 4


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("K-1,2026-02-30,1,,", "date"), ("K-1,1980-01-01,1,,", "day on which"), (",2026-03-01,1,,", "blank"), ("K-1,2026-03-01,many,,", "whole number"),
        ("K-1,2026-03-01,1,-5,", "below zero"), (f"{'K' * 81},2026-03-01,1,,", "80 characters"), ("K-1,2026-03-01,1e400,,", "whole number"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_what_would_be_right(session, line, word):
    desk = Desk()
    assert hand_in(desk, session, HEAD + line + f"\nK-2,{monday()},-3,,\n") == {"read": 2, "new": 1, "refused": 1}
    assert word in session.scalars(select(ImportRefusal.message)).one()
    assert told(session)[0][3] == -3, "more was sold than was there"


def test_unknown_codes_wait_and_get_their_sku_later(session):
    desk, day = Desk(), monday()
    hand_in(desk, session, HEAD + f"SHOP-9,{day},5,,\nSHOP-9,{day - timedelta(days=1)},6,,\n")
    hand_in(desk, session, LOOKED + f"SHOP-9,{day},100,50,,2\n", "sales.traffic")
    (code,) = session.scalars(select(FeedCode))
    assert (code.code, code.lines, code.first_on, code.last_on, code.units) == ("SHOP-9", 3, day - timedelta(days=1), day, 0)
    sku = a_sku(desk.product, "K-1")
    service.resolve([code], sku, desk.actor, clock.now())
    session.commit()
    stock_service.claim(desk.brand.id)
    session.commit()
    assert set(session.scalars(select(StockDay.sku_id))) == set(session.scalars(select(TrafficDay.sku_id))) == {sku.id}


def test_an_alias_of_the_channel_goes_before_one_of_all_and_before_the_own_code(session):
    desk, day = Desk(), monday()
    first, second = a_sku(desk.product, "X-1"), a_sku(desk.product, "K-2")
    other = a_channel(desk.brand, "京东店")
    hand_in(desk, session, HEAD + f"77,{day},1,,\n")
    hand_in(desk, session, HEAD + f"77,{day},2,,\n", channel=other)
    for code in session.scalars(select(FeedCode)):
        service.resolve([code], first if code.channel_id == desk.channel.id else second, desk.actor, clock.now())
    stock_service.claim(desk.brand.id)
    session.commit()
    assert session.execute(select(StockDay.on_hand, StockDay.sku_id).order_by(StockDay.on_hand)).all() == [(1, first.id), (2, second.id)]


def test_another_brands_rows_are_not_touched(session):
    desk, rival = Desk(), Desk()
    hand_in(desk, session, HEAD + f"K-1,{monday()},5,,\n")
    hand_in(rival, session, HEAD + f"K-1,{monday()},9,,\n")
    theirs = a_sku(rival.product, "K-1")
    session.commit()
    stock_service.claim(rival.brand.id)
    session.commit()
    found = dict(session.execute(select(StockDay.brand_id, StockDay.sku_id)).all())
    assert found == {desk.brand.id: None, rival.brand.id: theirs.id}
    assert measures.stock_at(desk.brand.id, monday()) == {}


def test_days_older_than_half_a_year_become_one_row_a_week(session):
    desk = Desk()
    old, young = monday(30), monday(2)
    days = [(old + timedelta(days=n), n) for n in range(7)] + [(young + timedelta(days=n), n) for n in range(3)]
    hand_in(desk, session, HEAD + "".join(f"K-1,{day},{10 + n},{n},仓\n" for day, n in days))
    hand_in(desk, session, LOOKED + "".join(f"K-1,{day},{100 + n},,,1\n" for day, n in days), "sales.traffic")
    assert sales_jobs.fold(Run(), clock.now()) == {"days": 14} and sales_jobs.fold(Run(), clock.now()) == {"days": 0}
    stock = session.execute(select(StockDay.day, StockDay.on_hand, StockDay.on_order).where(StockDay.span == "week")).all()
    assert stock == [(old + timedelta(days=6), 16, 6)], "the last snapshot of the week"
    looked = session.execute(
        select(TrafficDay.week, TrafficDay.views, TrafficDay.visitors, TrafficDay.buyers).where(TrafficDay.span == "week")
    ).all()
    assert looked == [(old, 721, None, 7)]
    assert session.scalar(select(func.count(StockDay.id)).where(StockDay.span == "day")) == 3
    assert hand_in(desk, session, HEAD + f"K-1,{old},99,,仓\n") == {"read": 1, "closed": 1}
    assert session.scalar(select(func.count(StockDay.id))) == 4


def sold(desk, sku, week, units, minor, channel=None):
    put(
        SkuWeek(
            brand_id=desk.brand.id, sku_id=sku.id, channel_id=(channel or desk.channel).id, week=week, units=units, orders=units, revenue_minor=minor,
            currency="CNY", table_version=1,
        )
    )  # fmt: skip


def measured(session, desk, week):
    measures.measure(desk.brand.id, week)
    session.commit()
    return session.scalars(select(SkuMeasure).where(SkuMeasure.week == week)).one()


def test_sell_through_and_conversion_by_hand(session):
    desk, week = Desk(), monday(1)
    sku = a_sku(desk.product, "K-1")
    sold(desk, sku, week, 30, 300_00)
    sunday = week + timedelta(days=6)
    hand_in(
        desk,
        session,
        HEAD
        + f"K-1,{week},99,,甲仓\nK-1,{sunday},50,7,甲仓\nK-1,{week - timedelta(days=2)},20,,乙仓\nK-1,{week - timedelta(days=40)},500,,丙仓\n",
    )
    hand_in(desk, session, LOOKED + f"K-1,{week},900,400,60,20\nK-1,{sunday},100,100,9,5\n", "sales.traffic")
    row = measured(session, desk, week)
    assert (row.on_hand, row.on_order, row.stock_on) == (70, 7, week - timedelta(days=2)), "two warehouses; the third told too long ago"
    assert (row.sold, row.sell_through) == (30, 0.3)
    assert (row.views, row.visitors, row.carts, row.buyers, row.conversion) == (1000, 500, 69, 25, 0.05)
    assert measures.measure(desk.brand.id, week) == 1, "doing it again makes the same row"


def test_one_warehouse_that_two_channels_tell_of_counts_once(session):
    desk, day = Desk(), monday(1) + timedelta(days=6)
    a_sku(desk.product, "K-1")
    other = a_channel(desk.brand, "京东店")
    hand_in(desk, session, HEAD + f"K-1,{day} 09:00,50,,总仓\nK-1,{day},3,,\n")
    hand_in(desk, session, HEAD + f"K-1,{day} 18:00,40,,总仓\nK-1,{day},4,,\n", channel=other)
    assert [row[1] for row in measures.stock_at(desk.brand.id, day).values()] == [47], "the later count of it, and both channels' own"


def test_without_stock_or_visitors_nothing_is_said(session):
    desk, week = Desk(), monday(1)
    sold(desk, a_sku(desk.product, "K-1"), week, 3, 30_00)
    row = measured(session, desk, week)
    assert (row.on_hand, row.sell_through, row.conversion, row.views) == (None, None, None, None)
    assert measures.sell_through(0, 0) is None and measures.sell_through(0, 9) == 0.0 and measures.sell_through(5, -2) == 1.0


def test_the_price_index_is_against_list_launch_or_the_first_weeks(session):
    desk, week = Desk(), monday(1)
    listed, planned, own = a_sku(desk.product, "L"), a_sku(desk.product, "P", launch_price_minor=20_00), a_sku(desk.product, "F")
    put(
        SkuPrice(
            sku_id=listed.id,
            channel_id=desk.channel.id,
            price_minor=10_00,
            currency="CNY",
            valid_from=date(2020, 1, 1),
            created_at=clock.now(),
        )
    )
    for n in range(12):
        sold(desk, own, week - (n + 1) * WEEK, 10, (1000 if n >= 4 else 500) * 10)
    for sku, minor in ((listed, 8_00), (planned, 19_00), (own, 9_00)):
        sold(desk, sku, week, 10, minor * 10)
    other = a_channel(desk.brand, "二店")
    sold(desk, listed, week, 30, 30 * 5_00, other)
    measures.measure(desk.brand.id, week)
    session.commit()
    found = {row.sku_id: (row.price_index, row.price_against) for row in session.scalars(select(SkuMeasure).where(SkuMeasure.week == week))}
    assert found[planned.id] == (95.0, "launch") and found[own.id] == (90.0, "first")
    assert found[listed.id] == (95.0, "first"), "10 at 80 of the list, 30 at 100 of their own first price on the other channel"
