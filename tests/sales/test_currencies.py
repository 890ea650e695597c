"""Channels of several currencies in one sum: the rate of the day is frozen with the line, a missing one comes later, codes excluded by rule."""

from datetime import date

import pytest
from sqlalchemy import select

from incubator.kernel import clock
from incubator.kernel.errors import Refused
from incubator.kernel.money import ExchangeRate
from incubator.sales import engine, exclusion, jobs, lake, rating, service, settling
from incubator.sales.models import FeedCode, NonProduct, SkuWeek
from tests.builders import put
from tests.sales.desk import HEAD, Desk, a_channel, a_sku, line
from tests.sales.test_weeks import MONDAY


def a_rate(base, on, rate, quote="CNY"):
    return put(ExchangeRate(base=base, quote=quote, on_date=on, rate_e8=round(rate * 10**8), source="ECB"))


def lines(brand):
    with engine.connection() as duck:
        found = lake.scan(duck, lake.files_of(lake.opened(), brand.id))
        return duck.execute(f"SELECT code, amount_minor, rate_e8, base_minor FROM ({found}) ORDER BY ALL").fetchall()


def weeks(session, desk):
    while service.roll_up(desk.brand.id):
        session.commit()
    return [(w.revenue_minor, w.base_minor, w.unrated) for w in session.scalars(select(SkuWeek).order_by(SkuWeek.channel_id, SkuWeek.week))]


@pytest.fixture
def desk(session):
    desk = Desk("USD")
    a_sku(desk.product, "K-1")
    session.commit()
    return desk


def test_the_rate_of_the_day_is_frozen_with_the_line(session, desk):
    a_rate("USD", date(2026, 3, 1), 7.0)
    later = a_rate("USD", date(2026, 3, 4), 7.2)
    session.commit()
    text = HEAD + line("1", "K-1", 1, date(2026, 3, 3), "10.01", key="1") + line("2", "K-1", 1, date(2026, 3, 5), "10.01")
    desk.hand_in(text)
    assert [(e8, base) for _, _, e8, base in lines(desk.brand)] == [(700_000_000, 7007), (720_000_000, 7207)]
    later.rate_e8 = 900_000_000
    session.commit()
    desk.hand_in(text + line("1", "K-1", 2, date(2026, 3, 3), "10.01", key="1"))
    assert [(e8, base) for _, _, e8, base in lines(desk.brand)] == [(720_000_000, 7207), (700_000_000, 14_014)]
    assert weeks(session, desk) == [(3003, 21_221, 0)]


def test_a_line_without_a_rate_waits_for_it_and_is_counted_meanwhile(session, desk):
    desk.hand_in(HEAD + line("1", "K-1", 1, MONDAY, "10.00") + line("2", "K-1", 1, MONDAY, "5.00"))
    assert weeks(session, desk) == [(1500, 0, 2)] and rating.waiting() == []
    a_rate("USD", date(2026, 3, 1), 7.0)
    session.commit()
    assert rating.waiting() == [desk.brand.id]
    run = type("Run", (), {"progress": staticmethod(lambda n: None)})
    assert jobs.rate(run, clock.now()) == {"weeks": 1} and rating.waiting() == [desk.brand.id]
    assert weeks(session, desk) == [(1500, 10_500, 0)] and rating.waiting() == [] and jobs.rate(run, clock.now()) == {"weeks": 0}


def test_another_reporting_currency_adds_everything_up_anew(session, desk):
    home = a_channel(desk.brand, "国内", "CNY")
    a_rate("USD", date(2026, 3, 1), 7.0)
    a_rate("USD", date(2026, 3, 1), 150.0, "JPY")
    a_rate("CNY", date(2026, 3, 1), 21.0, "JPY")
    session.commit()
    desk.hand_in(HEAD + line("1", "K-1", 1, MONDAY, "10.00"))
    desk.hand_in(HEAD + line("1", "K-1", 1, MONDAY, "10.00"), channel=home)
    assert weeks(session, desk) == [(1000, 7000, 0), (1000, 1000, 0)]
    settling.settle({"service_bp": 9500, "review_days": 28, "currency": "JPY"}, 0, desk.actor, clock.now())
    session.commit()
    assert rating.waiting() == [desk.brand.id]
    rating.rate(desk.brand.id, clock.now())
    assert weeks(session, desk) == [(1000, 1500, 0), (1000, 210, 0)] and rating.waiting() == []


def test_codes_of_a_form_are_no_products(session, desk):
    desk.hand_in(HEAD + line("1", "POST-1", 1, MONDAY) + line("2", "POSTER", 1, MONDAY) + line("3", "GIFT[1]", 1, MONDAY))
    assert exclusion.add("post-*", desk.actor, clock.now()) == 1 and exclusion.add("gift[1]", desk.actor, clock.now()) == 1
    with pytest.raises(Refused, match="stands already"):
        exclusion.add("POST-*", desk.actor, clock.now())
    session.commit()
    desk.hand_in(HEAD + line("4", "POST-2", 1, MONDAY))
    status = {c.code: c.status for c in session.scalars(select(FeedCode))}
    assert status == {"POST-1": "ignored", "POSTER": "open", "GIFT[1]": "ignored", "POST-2": "ignored"}
    exclusion.remove(session.scalars(select(NonProduct)).first(), desk.actor, clock.now())
    assert len(exclusion.rules(desk.actor)) == 1
