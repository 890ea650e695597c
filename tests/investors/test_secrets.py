"""Hardening cases 1, 4 and 7: what a rival investor learns of another one, anywhere. The rival is a reader of the same programme's reports."""

import re

import pytest
from sqlalchemy import select

from incubator.accounts.models import Notification
from incubator.investors import printing, report_service, tranche_service
from incubator.investors.report_models import LANGUAGES
from incubator.kernel import access, clock, pdf
from incubator.kernel.audit import AuditEntry
from incubator.kernel.mail_table import OutboxMail
from tests.builders import a_person, sign_in
from tests.investors.builders import (
    Desk,
    a_commitment,
    a_document,
    a_due_tranche,
    a_frozen_report,
    a_full_programme,
    a_payment,
    a_released_report,
    a_report,
    a_tranche,
    by_date,
)
from tests.world import a_token

BACKENDS = ("sqlite",)
SECRETS = ("云杉资本", "SECRET-REF", "7,654", "765400", "不传之秘", "密约", "对方期", "ICBC-SECRET", "对方的问题", "对方原因")


class Scene:
    """`desk.ours` holds the secrets; `rival` reads the same report."""

    def __init__(self, session):
        self.desk = desk = Desk()
        desk.ours.name = "云杉资本"
        a_full_programme(desk)
        self.secret = a_commitment(desk, amount=7654, reference="SECRET-REF", terms="不传之秘", contact="密约")
        self.tranche = a_due_tranche(desk, self.secret, name="对方期")
        a_payment(desk, self.tranche, reference="ICBC-SECRET")
        tranche_service.release(self.tranche, self.tranche.version, desk.second, clock.now())
        other = a_due_tranche(desk, self.secret, name="对方期二")
        tranche_service.withhold(other, "对方原因", other.version, desk.chief, clock.now())
        a_tranche(desk, a_commitment(desk, desk.rival, 55), by_date(desk.today), name="自己期", amount=5)
        self.report = a_released_report(desk, desk.ours, desk.rival)
        self.alone = a_released_report(desk, month=desk.today.replace(year=2025, day=1))
        self.frozen = a_frozen_report(desk, desk.rival, month=desk.today.replace(year=2024, day=1))
        self.draft = a_report(desk, desk.rival, month=desk.today.replace(year=2023, day=1))
        report_service.remark(self.report, "对方的问题", None, desk.reader, clock.now())
        self.documents = {o.id: a_document(self.report, o) for o in (desk.ours, desk.rival)}
        self.person = a_person(desk.rival)
        self.token = a_token(self.person)
        session.commit()


@pytest.fixture
def scene(session):
    return Scene(session)


@pytest.fixture
def rival(app, scene):
    return sign_in(app.test_client(), scene.person)


def clean(text):
    found = [secret for secret in SECRETS if secret in text]
    assert not found, found
    return text


def test_case_07_no_page_sheet_or_json_tells_of_another_investor(scene, rival):
    report = f"/reports/{scene.report.id}"
    for path in ("/", "/investors", "/tranches", "/reports", report, "/search?q=SECRET", "/search?q=云杉", "/notifications"):
        answer = rival.get(path)
        assert answer.status_code == 200
        clean(answer.text.replace('value="SECRET"', "").replace('value="云杉"', ""))
    assert "自己期" in rival.get(report).text and "Your commitment and tranches" in rival.get(report).text
    for path in ("/investors/export.csv", "/tranches/export.csv", "/reports/export.csv", f"{report}/figures.csv"):
        clean(rival.get(path).text)
    for path in ("commitments", "tranches", "reports", f"reports/{scene.report.id}"):
        answer = rival.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {scene.token}"})
        assert answer.status_code == 200
        clean(answer.text)


def test_case_07_nothing_tells_how_many_others_there_are(scene, rival):
    body = rival.get(f"/api/v1/reports/{scene.report.id}", headers={"Authorization": f"Bearer {scene.token}"}).json
    assert {f["section"] for f in body["figures"]} >= {"kpis", "commitments", "tranches"}
    assert all(not {"source", "recipe", "investor_id", "inputs", "position"} & set(f) for f in body["figures"])
    assert len([f for f in body["figures"] if f["section"] == "tranches"]) == 1 and len(body["documents"]) == 1
    page = rival.get(f"/reports/{scene.report.id}").text
    count = int(re.search(r"(\d+) figures", page)[1])
    assert count == len(body["figures"]) < scene.report.freeze.figures


def test_case_01_foreign_ids_are_as_absent_as_none(scene, rival):
    gets = [
        f"/commitments/{scene.secret.id}", f"/tranches/{scene.tranche.id}", f"/reports/{scene.alone.id}", f"/reports/{scene.frozen.id}", f"/reports/{scene.draft.id}",
        f"/reports/{scene.draft.id}/document-zh.pdf", f"/reports/{scene.frozen.id}/document-en.pdf", f"/reports/{scene.alone.id}/figures.csv",
        f"/reports/{scene.report.id}/document-en.pdf", f"/files/{scene.documents[scene.desk.ours.id].file_id}", f"/reports/{scene.report.id}/sources",
        f"/programmes/{scene.desk.programme.id}/investors", f"/programmes/{scene.desk.programme.id}/burn", "/portfolio",
    ]  # fmt: skip
    absent = rival.get("/commitments/987654")
    for path in gets:
        answer = rival.get(path)
        assert answer.status_code == 404 and answer.data == absent.data, path
    for path in (f"reports/{scene.alone.id}", f"reports/{scene.draft.id}", f"reports/{scene.frozen.id}"):
        assert rival.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {scene.token}"}).status_code == 404
    for path in ("release", "withhold", "propose"):
        assert rival.post(f"/tranches/{scene.tranche.id}/{path}", data={"version": 1}).status_code == 404
    assert rival.post(f"/reports/{scene.alone.id}/remarks", data={"body": "x"}).status_code == 404
    for step in ("freeze", "release", "renew", "discard"):
        assert rival.post(f"/reports/{scene.report.id}/{step}", data={"version": 1}).status_code == 404


def test_case_04_its_own_document_is_its_own_whatever_it_asks_for(scene, rival):
    own = rival.get(f"/reports/{scene.report.id}/document-zh.pdf?for={scene.desk.ours.id}")
    assert own.status_code == 200 and scene.desk.rival.name in own.data.decode() and "云杉资本" not in own.data.decode()
    assert own.headers["Content-Disposition"].startswith("attachment") and "sandbox" in own.headers["Content-Security-Policy"]
    assert rival.get(f"/files/{scene.documents[scene.desk.rival.id].file_id}").status_code == 200


def test_case_07_documents_are_drawn_without_the_others(scene, session, monkeypatch):
    drawn = []
    monkeypatch.setattr(pdf, "render", lambda html, stored=None: drawn.append(html) or b"%PDF-1.4")
    monkeypatch.setattr(printing, "burn_chart", lambda *_: None)
    wanted = [w for w in printing.missing() if w.organisation_id == scene.desk.rival.id]
    assert {w.report_id for w in wanted} == {scene.report.id, scene.frozen.id}
    for one in wanted:
        assert printing.make(one, clock.now()) == 1
        session.commit()
    assert len(drawn) == 3 and any("自己期" in html for html in drawn)
    for html in drawn:
        clean(html)
        assert "/products/" not in html and "/programmes/" not in html
    assert printing.make(wanted[0], clock.now()) == 0
    session.commit()


def test_case_07_notices_mails_and_the_audit_tell_nothing(scene, session):
    to_rival = session.scalars(select(Notification).where(Notification.user_id == scene.desk.stranger.user_id)).all()
    assert to_rival
    for note in to_rival:
        clean(f"{note.text} {note.params} {note.url}")
    address = session.scalar(select(OutboxMail.to_address).where(OutboxMail.text.contains(scene.desk.stranger.name)))
    for mail in session.scalars(select(OutboxMail).where(OutboxMail.to_address == address)):
        clean(mail.subject + mail.text)
    seen = session.scalars(access.select_visible(AuditEntry, scene.desk.stranger)).all()
    assert all(e.actor_organisation_id == scene.desk.rival.id for e in seen)


def test_case_04_two_brands_know_nothing_of_each_other(app, scene, session):
    client = sign_in(app.test_client(), a_person(Desk().brand, manager=True))
    for path in ("/investors", "/tranches", "/reports", "/portfolio", "/search?q=SECRET"):
        clean(client.get(path).text.replace('value="SECRET"', ""))
    for path in (
        f"/commitments/{scene.secret.id}",
        f"/tranches/{scene.tranche.id}",
        f"/reports/{scene.report.id}",
        f"/reports/{scene.report.id}/sources",
    ):
        assert client.get(path).status_code == 404
    assert LANGUAGES == ("zh", "en")
