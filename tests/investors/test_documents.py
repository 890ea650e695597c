"""The stored documents: made once by the job, byte for byte the same afterwards, and the numbers behind the burn."""

import hashlib
from datetime import date
from types import SimpleNamespace

from sqlalchemy import select

from incubator.investors import jobs, printing, runway
from incubator.investors.report_models import ReportDocument
from incubator.kernel import clock, files, pdf
from incubator.kernel.actor import SYSTEM
from tests.builders import a_person, sign_in
from tests.investors.builders import Desk, a_commitment, a_full_programme, a_released_report, a_tranche

BACKENDS = ("sqlite",)
RUN = SimpleNamespace(actor=SYSTEM, progress=lambda *_: None)


def test_the_document_is_drawn_once_and_served_as_it_was_stored(app, session, monkeypatch):
    desk = Desk()
    a_full_programme(desk)
    a_tranche(desk, a_commitment(desk))
    report = a_released_report(desk)
    address = f"/reports/{report.id}/document-zh.pdf"
    session.commit()
    real, drawn = pdf.render, []
    monkeypatch.setattr(
        pdf, "render", lambda html, stored=None: drawn.append(html) or (real(html, stored) if len(drawn) == 1 else b"%PDF-1.4 other")
    )
    monkeypatch.setattr(printing.charts, "svg", lambda spec: f"<svg><title>{len(spec['layer'])}</title></svg>")
    assert jobs.print_reports(RUN, clock.now(), report.id) == {"made": 2}
    assert jobs.print_reports(RUN, clock.now()) == {"made": 0}
    assert len(drawn) == 2 and not printing.missing(limit=1)
    kept = {d.language: d for d in session.scalars(select(ReportDocument))}
    stored = files.read(kept["en"].file)
    assert stored.startswith(b"%PDF-") and len(stored) > 20_000 and kept["en"].sha256 == hashlib.sha256(stored).hexdigest()
    client = sign_in(app.test_client(), a_person(desk.ours))
    first, again = client.get(address).data, client.get(address).data
    assert first == again == files.read(kept["zh"].file)
    assert "进展报告" in "".join(drawn) and "Progress report" in "".join(drawn)


def test_the_sweep_job_commits_each_and_twice_does_nothing(session):
    desk = Desk()
    commitment = a_commitment(desk)
    for n in range(3):
        a_tranche(desk, commitment, name=f"{n}")
    session.commit()
    assert jobs.sweep_tranches(RUN, clock.now()) == {"looked": 3, "changed": 3}
    assert jobs.sweep_tranches(RUN, clock.now()) == {"looked": 3, "changed": 0}


def month(n, planned, spent, revenue=0):
    return runway.Month(date(2026, n, 1), planned, spent, revenue)


def test_the_rest_lasts_at_the_pace_of_the_last_three_months():
    found = runway.measure(10_000, [month(1, 100, 999), month(2, 100, 100), month(3, 100, 200, 50), month(4, 100, 300), month(5, 100, 0)])
    assert (found.spent, found.revenue, found.planned, found.left, found.until) == (1599, 50, 400, 8451, date(2026, 4, 1))
    assert found.pace == (100 + 150 + 300) // 3 and found.months == round(8451 / 183, 1) and found.ahead == 1199


def test_nothing_booked_no_loss_and_nothing_left():
    assert runway.measure(100, [month(1, 10, 0)]).months is None and runway.measure(100, []).until is None
    assert runway.measure(100, [month(1, 10, 10, 50)]).months is None
    assert runway.measure(100, [month(1, 10, 200)]).months == 0.0


def test_the_same_comes_from_frozen_inputs():
    months = [month(1, 100, 90), month(2, 100, 120, 30)]
    assert runway.from_inputs(runway.as_inputs(5000, months)) == runway.measure(5000, months)
