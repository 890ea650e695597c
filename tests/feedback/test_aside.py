"""A finding that the brand sets aside: with a reason, on the record, told to no factory again unless it is new, and taken up again at will."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from incubator.feedback import aside_service, compiling, finding_service, service, standing
from incubator.feedback.finding_models import Finding
from incubator.kernel import clock
from incubator.kernel.audit import AuditEntry
from incubator.kernel.errors import Conflict, Forbidden, Invalid, Refused
from incubator.sales.models import StaleWeek
from tests.builders import counted, put, sign_in
from tests.feedback.builders import WEEK, Desk


def look(desk, weeks=0):
    finding_service.look(desk.brand.id, desk.week + weeks * WEEK, clock.now())


def found_of(session, desk, **values):
    return session.scalars(select(Finding).filter_by(brand_id=desk.brand.id, **values).order_by(Finding.id)).all()


def aside(session, desk, note="客户搬家，一单退了二十件"):
    look(desk)
    (row,) = found_of(session, desk)
    aside_service.set_aside(row, note, desk.actor, clock.now(), row.version)
    return row


def go_on(session, desk, bad, weeks=1, orders=50):
    """Some more weeks of both SKUs."""
    desk.sold(desk.bad, [orders] * weeks, [bad] * weeks, "smell", desk.week + weeks * WEEK)
    desk.sold(desk.good, [60] * weeks, [1] * weeks, week=desk.week + weeks * WEEK)
    session.flush()
    look(desk, weeks)


def told(desk, weeks=0):
    (rows,) = [d.rows for factory, d in compiling.drafts(desk.brand.id, desk.week + weeks * WEEK).items() if factory == desk.factory.id]
    return [(f["reason"], f["topic"]) for row in rows for f in row["findings"]]


def test_what_is_set_aside_is_on_the_record_and_the_factory_is_not_told_of_it(session):
    desk = Desk()
    look(desk)
    assert told(desk) == [("smell", "")]
    row = aside(session, desk)
    assert (row.state, row.aside_note, row.aside_by_id) == ("aside", "客户搬家，一单退了二十件", desk.user.id)
    assert told(desk) == []
    go_on(session, desk, 12)
    assert (row.state, row.last_week) == ("aside", desk.week + WEEK), "it is still found, and still aside"
    assert told(desk, 1) == []
    session.commit()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "finding.set_aside")).one()
    assert (entry.note, entry.organisation_id, entry.data["before"], entry.data["code"]) == (row.aside_note, desk.brand.id, "open", "BAD-1")


def test_a_reason_is_needed_and_only_the_brand_decides(session):
    desk = Desk()
    look(desk)
    (row,) = found_of(session, desk)
    for note in ("", "  "):
        with pytest.raises(Invalid):
            aside_service.set_aside(row, note, desk.actor, clock.now())
    with pytest.raises(Forbidden):
        aside_service.set_aside(row, "x", desk.maker_actor, clock.now())
    with pytest.raises(Conflict):
        aside_service.set_aside(row, "x", desk.actor, clock.now(), row.version + 1)
    assert row.state == "open"


def test_it_can_be_taken_up_again_and_is_told_again(session):
    desk = Desk()
    row = aside(session, desk)
    aside_service.reopen(row, desk.actor, clock.now())
    assert (row.state, row.aside) == ("open", None) and row.aside_note, "the reason stays on the record"
    assert told(desk) == [("smell", "")]
    service.send(desk.pack("compiled"), desk.actor, clock.now())
    assert row.state == "told"
    with pytest.raises(Conflict):
        aside_service.reopen(row, desk.actor, clock.now())


def test_a_new_change_takes_it_up_by_itself(session):
    desk = Desk()
    row = aside(session, desk)
    go_on(session, desk, 45, 6)
    assert (row.state, row.aside) == ("back", None)
    assert told(desk, 6) == [("smell", "")]


def test_what_is_gone_while_it_is_aside_stays_aside(session):
    desk = Desk()
    row = aside(session, desk)
    go_on(session, desk, 1, 12)
    assert row.state == "aside"


def test_new_is_a_later_beginning_or_clearly_more():
    known = {"week": "2026-10-05", "high": 4.0}
    day = clock.today().replace(year=2026, month=10, day=5)
    assert not standing.is_new(known, day, 2.0) and not standing.is_new(known, None, 4.0)
    assert standing.is_new(known, day + timedelta(weeks=1), 1.1) and standing.is_new(known, None, 4.01)


def test_a_coarser_finding_of_the_same_returns_does_not_take_its_place(session):
    desk = Desk()
    look(desk)
    (fine,) = found_of(session, desk)
    values = {c.name: getattr(fine, c.name) for c in fine.__table__.columns if c.name not in ("id", "reason", "version")}
    put(Finding(**values, reason=""))
    assert told(desk) == [("smell", "")]
    aside_service.set_aside(fine, "一单", desk.actor, clock.now())
    assert told(desk) == []


def test_a_pack_that_waits_to_be_sent_is_compiled_anew_and_one_that_was_sent_stays(session):
    desk = Desk()
    pack = desk.pack("compiled")
    (row,) = found_of(session, desk)
    aside_service.set_aside(row, "一单", desk.actor, clock.now())
    assert pack.revision == 2 and not any(s.findings for s in pack.sections)
    assert next(s for s in pack.sections if s.code == "BAD-1").suggestion["why"] != "finding"
    service.send(pack, desk.actor, clock.now())
    assert row.state == "aside"
    other = Desk()
    sent = other.pack("sent")
    (row,) = found_of(session, other)
    aside_service.set_aside(row, "一单", other.actor, clock.now())
    assert sent.revision == 1 and any(s.findings for s in sent.sections)


def test_while_sales_are_rolled_up_nothing_is_set_aside_by_half(session):
    desk = Desk()
    desk.pack("compiled")
    (row,) = found_of(session, desk)
    put(StaleWeek(brand_id=desk.brand.id, week=desk.week, marked_at=clock.now()))
    session.commit()
    with pytest.raises(Refused):
        aside_service.set_aside(row, "一单", desk.actor, clock.now())
    session.rollback()
    assert found_of(session, desk)[0].state == "open"


def test_the_brand_sets_aside_on_the_page_and_reads_why_in_list_ledger_and_export(session, client):
    desk = Desk()
    look(desk)
    session.commit()
    (row,) = found_of(session, desk)
    path, version = f"/feedback/findings/{row.id}", row.version
    sign_in(client, desk.user)
    refused = client.post(f"{path}/set-aside", data={"version": version, "note": " "})
    assert refused.status_code == 422 and f'name="version" type="hidden" value="{version}"' in refused.text
    note = "=1+1 <b>一单</b> 搬家"
    assert client.post(f"{path}/set-aside", data={"version": version, "note": note}).status_code == 302
    page = client.get(path).text
    assert "&lt;b&gt;" in page and "<b>一单" not in page and "Take up again" in page and "BAD-1" in page
    assert path not in client.get("/feedback/findings").text, "the list shows what stands"
    assert path in client.get("/feedback/findings?state=aside").text
    ledger = client.get("/feedback/ledger/set-aside").text
    assert "搬家" in ledger and "BAD-1" in ledger and desk.user.name in ledger
    assert "'=1+1" in client.get("/feedback/findings/export.csv?state=").text, "a formula is no formula in a sheet"
    session.expire_all()
    assert client.post(f"{path}/reopen", data={"version": row.version}).status_code == 302
    assert "It was set aside before" in client.get(path).text
    assert client.post(f"{path}/set-aside", data={"version": version, "note": "x"}).status_code == 409, "an old page"


def test_nobody_else_sets_aside_or_reads_why(session, client):
    desk, other = Desk(), Desk()
    row = aside(session, desk)
    session.commit()
    for person in (desk.maker, desk.rival_user, other.user):
        sign_in(client, person)
        for verb in ("set-aside", "reopen"):
            assert client.post(f"/feedback/findings/{row.id}/{verb}", data={"note": "x"}).status_code == 404
        assert "搬家" not in client.get("/feedback/ledger/set-aside").text


def test_the_ledger_of_what_was_set_aside_asks_no_more_for_more(session, client):
    desk = Desk()
    first = aside(session, desk)
    session.commit()
    sign_in(client, desk.user).get("/feedback/ledger/set-aside")
    with counted() as few:
        client.get("/feedback/ledger/set-aside")
    values = {c.name: getattr(first, c.name) for c in first.__table__.columns if c.name not in ("id", "sku_id", "version")}
    for n in range(60):
        put(Finding(**{**values, "sku_id": desk.sku(f"MORE-{n}").id}))
    session.commit()
    with counted() as many:
        page = client.get("/feedback/ledger/set-aside").text
    assert len(many) <= len(few) and "cursor=" in page
