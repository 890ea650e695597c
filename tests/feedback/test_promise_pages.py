"""The page of a promise: from which lot it was done, and from when its effect counts."""

import pytest
from sqlalchemy import select

from incubator.feedback.models import FeedbackAction
from incubator.kernel import clock
from incubator.sales.lot_models import ProductionLot
from tests.builders import put, sign_in
from tests.feedback.builders import Desk

BACKENDS = ("sqlite",)


def the_fix(session):
    return session.scalars(select(FeedbackAction).where(FeedbackAction.kind == "fix")).one()


def a_lot(desk, sku_id, code, factory=None):
    maker = factory or desk.factory
    own = {"brand_id": desk.brand.id, "sku_id": sku_id, "factory_organisation_id": maker.id, "code": code}
    now = clock.now()
    return put(ProductionLot(**own, units=90, available_on=desk.week, created_at=now, updated_at=now))


def test_the_lot_may_be_named_when_it_is_done_and_the_page_says_from_when_it_counts(session, client):
    desk = Desk()
    desk.pack("acknowledged")
    fix = the_fix(session)
    a_lot(desk, fix.sku_id, "L-9")
    a_lot(desk, fix.sku_id, "R-1", desk.rival)
    session.commit()
    sign_in(client, desk.maker)
    body = client.get(f"/feedback/actions/{fix.id}").text
    assert '<option value="L-9">' in body and 'value="L-7"' in body, "the lots to choose from, and the one that was promised"
    assert "R-1" not in body, "a lot of another maker of the SKU"
    done = {"version": fix.version, "done_on": clock.today("Asia/Shanghai").isoformat(), "note": "换好了", "lot": "L-9"}
    assert client.post(f"/feedback/actions/{fix.id}/done", data=done).status_code == 302
    session.expire_all()
    assert (fix.state, fix.lot) == ("done", "L-9")
    assert "尚无售出" in client.get(f"/feedback/actions/{fix.id}").text


def test_a_lot_left_empty_stays_as_it_was_promised_and_an_unknown_one_is_told(session, client):
    desk = Desk()
    desk.pack("acted")
    session.commit()
    fix = the_fix(session)
    assert fix.lot == "L-7"
    assert "没有叫“L-7”的批次" in sign_in(client, desk.maker).get(f"/feedback/actions/{fix.id}").text


def test_what_changes_nothing_about_the_sku_announces_no_measurement(session, client):
    desk = Desk()
    desk.pack("acted")
    session.commit()
    sign_in(client, desk.maker)
    fix, reorder = session.scalars(select(FeedbackAction).order_by(FeedbackAction.kind)).all()
    assert "为时尚早" in client.get(f"/feedback/actions/{fix.id}").text
    assert "为时尚早" not in client.get(f"/feedback/actions/{reorder.id}").text


@pytest.mark.parametrize(("query", "shown"), [("verdict=open", ["BAD-1"]), ("", ["BAD-1", "GOOD-1"])])
def test_only_a_fix_waits_to_be_measured(session, client, query, shown):
    desk = Desk()
    desk.pack("acted")
    session.commit()
    body = sign_in(client, desk.user).get(f"/feedback/ledger/export.csv?{query}").text
    assert [code for code in ("BAD-1", "GOOD-1") if code in body] == shown


def test_a_new_factory_is_led_on_and_not_in_a_circle(session, client):
    desk = Desk()
    session.commit()
    sign_in(client, desk.maker)
    first, every = (client.get(f"/feedback/actions{query}").text for query in ("", "?state="))
    assert 'href="/feedback/actions?state="' in first
    assert "还没有承诺" in every and 'class="btn' in every and "没有符合" not in every
    assert 'href="/feedback"' in client.get("/feedback/ledger").text
