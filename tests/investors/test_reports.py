"""Reports: what a draft says, that freezing keeps it, to whom a release goes, and that nothing frozen can be changed or half-written."""

import os
import signal
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from incubator.accounts.models import Notification
from incubator.investors import figures, report_queries, report_service, sections, verifying
from incubator.investors.report_models import ProgressReport, ReportDocument, ReportFigure, ReportFreeze, ReportInput
from incubator.kernel import access, audit, clock, files
from incubator.kernel.actor import SYSTEM
from incubator.kernel.audit import AuditEntry
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Forbidden, Invalid, Refused
from incubator.kernel.job_table import JobRun
from incubator.kernel.mail_table import OutboxMail
from incubator.products import service as products
from tests.backends import on
from tests.builders import a_brief, a_person, a_product, a_programme, an_actor, put, sign_in
from tests.hardening.test_concurrency import all_at_once
from tests.investors.builders import (
    SAID,
    Desk,
    a_commitment,
    a_frozen_report,
    a_full_programme,
    a_released_report,
    a_report,
    a_tranche,
)

BACKENDS = ("sqlite",)
EVERYWHERE = on("sqlite", "postgresql")


@pytest.fixture
def desk(session):
    desk = Desk()
    a_full_programme(desk)
    a_tranche(desk, a_commitment(desk))
    a_tranche(desk, a_commitment(desk, desk.rival, 777), name="对手期")
    return desk


def of(report, actor):
    return report_queries.frozen(report, actor)


def test_a_draft_is_for_a_month_or_a_quarter_and_once(session, desk):
    report = report_service.write(desk.programme, "quarter", date(2026, 8, 20), SAID, [desk.ours.id], desk.chief, clock.now())
    assert (report.starts_on, report.ends_on, report.period_label) == (date(2026, 7, 1), date(2026, 9, 30), "2026-Q3")
    assert report.title == desk.programme.name
    month = report_service.write(desk.programme, "month", date(2026, 2, 3), SAID, [], desk.chief, clock.now())
    assert (month.ends_on, month.period_label) == (date(2026, 2, 28), "2026-02")
    with pytest.raises(Invalid):
        report_service.write(desk.programme, "quarter", date(2026, 7, 2), SAID, [], desk.chief, clock.now())
    with pytest.raises(Invalid):
        report_service.write(desk.programme, "month", desk.today + timedelta(days=60), SAID, [], desk.chief, clock.now())


def test_it_is_addressed_to_investors_of_the_programme_alone(session, desk):
    stranger = Desk().ours
    with pytest.raises(Invalid):
        a_report(desk, stranger)


@pytest.mark.parametrize(
    ("texts", "readers", "missing"),
    [({"headline_en": ""}, True, "English"), ({"headline_zh": " "}, True, "Chinese"), ({}, False, "investor")],
)
def test_what_is_missing_is_named_before_freezing(session, desk, texts, readers, missing):
    report = a_report(desk, **texts)
    if not readers:
        report_service.edit(report, {**SAID, "title": "T"}, [], report.version, desk.chief, clock.now())
    with pytest.raises(Refused, match=missing):
        report_service.freeze(report, report.version, desk.chief, clock.now())


@EVERYWHERE
def test_freezing_computes_each_figure_once_and_keeps_it(session, desk):
    report = a_frozen_report(desk, now=clock.now())
    before = {line.key: (line.value, line.digest) for group in of(report, desk.chief).values() for line in group}
    assert {"niches", "burn_spent", "burn_months", "stage.launch"} <= set(before)
    assert any(key.startswith(("key_result.", "tranche.")) for key in before)
    desk.programme.objectives[0].key_results[0].current = 5.0
    desk.programme.burn[0].spent_minor = 1
    a_product(desk.programme, "launch", "另一款")
    session.commit()
    assert {line.key: (line.value, line.digest) for group in of(report, desk.chief).values() for line in group} == before
    assert report.freeze.figures == len(before) == session.scalar(select(func.count(ReportInput.id)))
    assert session.scalar(select(JobRun.args).where(JobRun.job == "reports.print")) == {"report_id": report.id}


def test_the_niche_comes_first_and_each_type_has_its_own_set(session):
    keys = {}
    for kind in ("consumer", "supply_chain"):
        desk = Desk(type=kind)
        brief = a_brief(a_product(desk.programme, "launch"), segment="久坐人群")
        a_brief(a_product(desk.programme, "scale"), segment=brief.segment)
        a_commitment(desk)
        lines = sections.grouped(report_service.preview(a_report(desk), desk.chief, clock.now())[1])["kpis"]
        assert (lines[0].key, lines[0].value) == ("niches", 1)
        assert lines[0].label["zh"] != lines[0].label["en"]
        keys[kind] = {line.key for line in lines}
    assert "repeating" in keys["supply_chain"] - keys["consumer"] and "heroes" in keys["consumer"] - keys["supply_chain"]


@EVERYWHERE
def test_stages_are_told_as_they_were_at_the_end_of_the_period(session):
    desk = Desk()
    a_commitment(desk)
    long_ago, lately = datetime(2026, 2, 10, tzinfo=UTC), datetime(2026, 5, 2, tzinfo=UTC)
    product = products.create(desk.programme, "椅", "hero", desk.chief, datetime(2026, 1, 5, tzinfo=UTC), start="signal")
    products.move(product, "segment", desk.chief, long_ago)
    products.move(product, "start_brief", desk.chief, lately)
    session.commit()
    for month, stage, moved in ((date(2026, 1, 1), "segment", 1), (date(2026, 4, 1), "brief", 1), (date(2026, 7, 1), "brief", 0)):
        report = a_report(desk, month=month)
        lines = sections.grouped(report_service.preview(report, desk.chief, clock.now())[1])
        assert [line.value["stage"] for line in lines["products"]] == [stage]
        assert len(lines["moves"]) == moved


def test_burn_is_cut_off_with_the_period(session, desk):
    lines = sections.grouped(report_service.preview(a_report(desk, month=date(2026, 1, 1)), desk.chief, clock.now())[1])
    assert [line.value["month"] for line in lines["burn_months"]] == ["2026-01-01", "2026-02-01", "2026-03-01"]
    by_key = {line.key: line.value for line in lines["burn"]}
    assert by_key["burn_spent"] == 20_000 and by_key["burn_left"] == 100_000_000 - 20_000


@EVERYWHERE
def test_every_figure_can_be_rebuilt_bit_for_bit(session, desk):
    report = a_frozen_report(desk)
    session.commit()
    session.expire_all()
    verdict = verifying.verify(report, desk.chief)
    assert verdict.is_fine and all(check.known and check.equal for check in verdict.checks)
    figure = verdict.checks[-1].figure
    changed = SimpleNamespace(**{n: getattr(figure, n) for n in NAMES}, value={"x": 1})
    assert figures.digest_of(changed, session.scalar(select(ReportInput.inputs).where(ReportInput.figure_id == figure.id))) != figure.digest


def test_a_later_package_registers_a_figure(session, desk):
    figures.register_figure(
        "sold", "卖出", "pieces", lambda programme, as_of: figures.Reading(7, f"/sales/{programme.id}", [3, 4]), rank=5, fold=sum
    )
    try:
        report = a_frozen_report(desk)
        line = of(report, desk.chief)["kpis"][0]
        assert (line.key, line.value, line.unit, line.source, line.recipe) == ("sold", 7, "pieces", f"/sales/{desk.programme.id}", "sold@1")
        assert verifying.verify(report, desk.chief).is_fine
    finally:
        figures.forget("sold")
    assert verifying.verify(report, desk.chief).is_fine  # its recipe is unknown here now: the hash still holds


def test_release_tells_the_readers_in_their_language_and_nobody_else(session, desk):
    a_person(desk.ours, locale="zh", email="zh@example.com")
    report = a_released_report(desk)
    session.commit()
    told = set(session.scalars(select(Notification.user_id).where(Notification.text == "report.released")))
    assert desk.reader.user_id in told and desk.stranger.user_id not in told and desk.chief.user_id not in told
    mails = {m.to_address: m for m in session.scalars(select(OutboxMail).where(OutboxMail.subject.contains(report.title)))}
    assert "已发布" in mails["zh@example.com"].subject and mails["zh@example.com"].link.endswith(f"/reports/{report.id}")
    assert len(mails) == 2
    assert "there for you to read" in next(m for a, m in mails.items() if a != "zh@example.com").subject


def test_a_draft_is_not_released_and_a_release_happens_once(session, desk):
    report = a_report(desk)
    with pytest.raises(Conflict):
        report_service.release(report, report.version, desk.chief, clock.now())
    report_service.freeze(report, report.version, desk.chief, clock.now())
    report_service.release(report, report.version, desk.chief, clock.now())
    with pytest.raises(Conflict):
        report_service.release(report, report.version, desk.chief, clock.now())


@EVERYWHERE
def test_a_new_edition_replaces_a_released_one_when_it_is_released(session, desk):
    report = a_released_report(desk, desk.ours, desk.rival)
    renewed = report_service.renew(report, desk.chief, clock.now())
    assert (renewed.edition, renewed.replaces_id, report.state, renewed.headline_zh) == (2, report.id, "released", report.headline_zh)
    with pytest.raises(Conflict):
        report_service.renew(report, desk.chief, clock.now())
    report_service.edit(renewed, {**SAID, "headline_zh": "更正"}, [desk.ours.id], renewed.version, desk.chief, clock.now())
    report_service.freeze(renewed, renewed.version, desk.chief, clock.now())
    report_service.release(renewed, renewed.version, desk.second, clock.now())
    session.commit()
    assert (report.state, renewed.state) == ("withdrawn", "released")
    assert access.get_visible(ProgressReport, report.id, desk.reader) is report
    replaced = set(session.scalars(select(Notification.user_id).where(Notification.text == "report.replaced")))
    assert replaced == {desk.stranger.user_id}


def test_a_frozen_one_that_nobody_saw_is_withdrawn_at_once(session, desk):
    report = a_frozen_report(desk)
    renewed = report_service.renew(report, desk.chief, clock.now())
    assert (report.state, renewed.state, renewed.replaces_id) == ("withdrawn", "draft", None)
    with pytest.raises(Exception, match="NotFound"):
        access.get_visible(ProgressReport, report.id, desk.reader)


def test_only_a_draft_is_edited_or_discarded(session, desk):
    report = a_report(desk)
    other = a_report(desk, month=date(2026, 1, 1))
    report_service.freeze(report, report.version, desk.chief, clock.now())
    with pytest.raises(Conflict):
        report_service.edit(report, SAID, [desk.ours.id], report.version, desk.chief, clock.now())
    with pytest.raises(Conflict):
        report_service.discard(report, desk.chief, clock.now())
    report_service.discard(other, desk.chief, clock.now())
    assert session.scalar(select(func.count(ProgressReport.id))) == 1


def test_case_36_two_editors_of_a_draft(session, desk):
    report = a_report(desk)
    report_service.edit(report, {**SAID, "title": "甲"}, [desk.ours.id], 1, desk.chief, clock.now())
    with pytest.raises(Conflict) as refused:
        report_service.edit(report, {**SAID, "title": "乙"}, [desk.ours.id], 1, desk.second, clock.now())
    assert ("乙", "甲") in [row[1:] for row in refused.value.details["difference"]]


def test_no_investor_and_no_other_brand_writes(session, desk):
    draft, frozen, released = a_report(desk), a_frozen_report(desk, month=date(2026, 1, 1)), a_released_report(desk, month=date(2025, 1, 1))
    for actor in (desk.reader, desk.stranger, an_actor()):
        acts = (
            lambda a=actor: report_service.write(desk.programme, "month", date(2026, 1, 1), SAID, [], a, clock.now()),
            lambda a=actor: report_service.edit(draft, SAID, [], draft.version, a, clock.now()),
            lambda a=actor: report_service.freeze(draft, draft.version, a, clock.now()),
            lambda a=actor: report_service.release(frozen, frozen.version, a, clock.now()),
            lambda a=actor: report_service.renew(released, a, clock.now()),
            lambda a=actor: report_service.discard(draft, a, clock.now()),
        )
        for act in acts:
            with pytest.raises(Forbidden):
                act()


NAMES = ("section", "key", "label", "unit", "as_of", "source", "recipe", "audience_id")
SEALED = [
    "UPDATE progress_report SET headline_zh = 'x'", "UPDATE progress_report SET state = 'draft'", "DELETE FROM progress_report",
    "UPDATE report_figure SET value = '1'", "DELETE FROM report_figure", "DELETE FROM report_input", "UPDATE report_freeze SET content_hash = ''",
    "DELETE FROM report_audience", "INSERT INTO report_audience (report_id, organisation_id) SELECT r.id, o.id FROM progress_report r, organisation o",
    "INSERT INTO report_figure (report_id, position, section, key, label, value, unit, as_of, source, recipe, digest) "
    "SELECT report_id, 9999, section, key, label, value, unit, as_of, source, recipe, digest FROM report_figure LIMIT 1",
]  # fmt: skip


@EVERYWHERE
def test_what_is_frozen_or_released_cannot_be_changed_by_hand(session, desk):
    report = a_frozen_report(desk)
    session.commit()
    refused(session, *SEALED)
    report_service.release(report, report.version, desk.second, clock.now())
    session.commit()
    refused(session, "UPDATE progress_report SET released_at = NULL", "UPDATE progress_report SET state = 'frozen'")


def refused(session, *statements):
    for statement in statements:
        with pytest.raises(DatabaseError, match=r"sealed|append-only"):
            session.execute(text(statement))
        session.rollback()


@EVERYWHERE
def test_case_41_a_kill_in_the_middle_of_freezing_leaves_a_draft(app, session, desk, monkeypatch):
    report = a_report(desk)
    report_id = report.id
    session.commit()
    child = os.fork()
    if child == 0:
        try:
            db.engine.dispose(close=False)
            monkeypatch.setattr(report_service, "ReportInput", lambda **_: os.kill(os.getpid(), signal.SIGKILL))
            found = access.get_visible(ProgressReport, report_id, desk.chief)
            report_service.freeze(found, found.version, desk.chief, clock.now())
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    session.expire_all()
    assert session.get_one(ProgressReport, report_id).state == "draft"
    assert [session.scalar(select(func.count(model.id))) for model in (ReportFigure, ReportInput, ReportFreeze)] == [0, 0, 0]
    report_service.freeze(report, report.version, desk.chief, clock.now())
    session.commit()
    assert audit.first_broken() is None


@EVERYWHERE
@pytest.mark.parametrize("step", ["freeze", "release"])
def test_case_34_many_take_one_step_of_a_report(app, session, desk, step):
    report = {"freeze": a_report, "release": a_frozen_report, "renew": a_released_report}[step](desk)
    browsers = [sign_in(app.test_client(), a_person(desk.brand)) for _ in range(5)]
    path, version = f"/reports/{report.id}/{step}", report.version
    session.commit()
    answers = all_at_once([lambda b=b: b.post(path, data={"version": version}) for b in browsers])
    assert Counter(a.status_code for a in answers) == {302: 1, 409: 4}
    session.expire_all()
    assert session.scalar(select(func.count(ReportFreeze.id))) == 1
    assert session.scalar(select(func.count(ProgressReport.id))) == (2 if step == "renew" else 1)
    assert session.scalar(select(func.count()).where(AuditEntry.event == f"report.{step}")) == 1


def test_questions_are_between_one_investor_and_the_brand(session, desk):
    report = a_released_report(desk, desk.ours, desk.rival)
    report_service.remark(report, "为什么慢?", None, desk.reader, clock.now())
    report_service.remark(report, "等检测。", desk.ours.id, desk.chief, clock.now())
    session.commit()
    assert [r.body for r in report_queries.remarks(report, desk.reader)] == ["为什么慢?", "等检测。"]
    assert report_queries.remarks(report, desk.stranger) == []
    told = set(session.scalars(select(Notification.user_id).where(Notification.text == "report.asked")))
    assert desk.stranger.user_id not in told and {desk.reader.user_id, desk.chief.user_id} <= told
    for body, side, actor in (("", None, desk.reader), ("x", 99, desk.chief)):
        with pytest.raises(Invalid):
            report_service.remark(report, body, side, actor, clock.now())
    with pytest.raises(Forbidden):
        report_service.remark(a_report(desk, month=date(2026, 1, 1)), "x", desk.ours.id, desk.chief, clock.now())


@EVERYWHERE
def test_documents_are_kept_once(session, desk):
    report = a_frozen_report(desk)
    row = {"report_id": report.id, "organisation_id": desk.ours.id, "language": "zh", "sha256": "0" * 64, "size": 1, "made_at": clock.now()}
    file_id = 1
    for n in range(2):
        file_id = files.keep(b"x", f"{n}.pdf", "application/pdf", SYSTEM, clock.now(), kind="export").id
        if n == 0:
            put(ReportDocument(**row, file_id=file_id))
    with pytest.raises(DatabaseError):
        put(ReportDocument(**row, file_id=file_id))


def test_another_brands_programme_is_not_there(session, desk):
    other = a_programme()
    with pytest.raises(Forbidden):
        report_service.write(other, "month", date(2026, 1, 1), SAID, [], desk.chief, clock.now())
