"""Case 8 for briefs and the gate: fields that nobody asked for are ignored and logged."""

import pytest
from sqlalchemy import func, select

from incubator.briefs.gate_models import GateDecision, GateReview
from incubator.briefs.models import ProductBrief, ReferenceProduct
from tests.builders import an_organisation
from tests.hardening.test_briefs_scope import Table, browser_of, table

__all__ = ["table"]
PROBES = {
    "role": "administrator",
    "organisation_id": "1",
    "state": "accepted",
    "approved_by": "1",
    "brand_id": "1",
    "released_at": "2026-01-01",
}
FORMS = {
    "/briefs/new": {"title": "新", "type": "basic"}, "/briefs/{b}/edit": {"title": "改", "type": "basic"}, "/briefs/{b}/clone": {},
    "/briefs/{b}/references/new": {"name": "款", "price": "1", "currency": "CNY"}, "/briefs/{b}/references/{ref}": {"name": "款", "price": "1", "currency": "CNY"},
    "/briefs/{b}/claims/new": {"kind": "function", "statement": "新"}, "/briefs/{b}/claims/{c}": {"kind": "function", "statement": "新"},
    "/briefs/{b}/claims/{c}/remove": {}, "/briefs/{b}/references/{ref}/remove": {}, "/briefs/{b}/move/close": {"note": "x"}, "/briefs/{b}/files": {},
    "/imports/new/briefs": {}, "/briefs/{b}/submit": {},
}  # fmt: skip


@pytest.mark.parametrize("path", FORMS)
def test_case_8_unasked_fields_are_ignored_and_logged(app, session, caplog, path):
    table = Table(session, open_review=False)
    brief, other = table.brief, an_organisation("brand")
    browser = browser_of(app, session, table.author)
    address = path.format(b=brief.id, ref=brief.references[0].id, c=brief.claims[0].id)
    session.rollback()
    data = {**FORMS[path], "programme_id": brief.product.programme_id, **PROBES, "brand_id": other.id, "organisation_id": other.id}
    session.rollback()
    answer = browser.post(address, data=data)
    assert answer.status_code < 500
    session.expire_all()
    assert (brief.brand_id, brief.state in ("draft", "submitted"), brief.product.brand_id) == (table.brand.id, True, table.brand.id)
    assert session.scalar(select(func.count()).where(ProductBrief.brand_id == other.id)) == 0
    assert session.scalar(select(func.count()).where(ProductBrief.state == "accepted")) == 0
    assert session.scalar(select(func.count()).where(ReferenceProduct.brief_id != brief.id)) in (0, 1)
    assert "unexpected_fields" in caplog.text or answer.status_code == 409


def test_case_8_at_the_gate(app, session, table, caplog):
    browser, colleague = browser_of(app, session, table.reader), browser_of(app, session, table.approver)
    path = f"/reviews/{table.review.id}"
    signed = {
        "first": "4",
        "second": "4",
        "statement": "可行",
        **PROBES,
        "organisation_id": table.rival.id,
        "user_id": table.rival_person.user_id,
    }
    assert browser.post(f"{path}/sign", data=signed).status_code == 302
    assert "unexpected_fields" in caplog.text
    session.expire_all()
    assert [s.organisation_id for s in table.review.signatories if s.signature] == [table.factory.id]
    caplog.clear()
    decided = {
        "outcome": "hold",
        "reason": "再议",
        **PROBES,
        "decided_by_id": table.author.user_id,
        "decided_at": "2020-01-01",
        "number": "9",
    }
    assert colleague.post(f"{path}/decide", data=decided).status_code == 302
    assert "unexpected_fields" in caplog.text
    session.expire_all()
    decision = session.scalars(select(GateDecision)).one()
    assert (decision.decided_by_id, decision.organisation_id) == (table.approver.user_id, table.brand.id)
    assert decision.decided_at.year > 2020 and session.scalars(select(GateReview.number)).all() == [1]
