"""The documents of a frozen report: one per investor and language, made once from the frozen rows, kept, and from then on served as they are.

A later rendering never replaces a document: the stored file is the document, and its SHA-256 stands beside it.
"""

from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import force_locale
from sqlalchemy import and_, literal, or_, select, union_all

from incubator.investors import burn_charts, presenting, report_queries, words
from incubator.investors.report_models import LANGUAGES, ProgressReport, ReportAudience, ReportDocument, ReportFreeze
from incubator.kernel import access, charts, files, pdf
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db, read_only
from incubator.kernel.upsert import insert_once
from incubator.products import words as product_words

MOST = 500


class Wanted(NamedTuple):
    """A document that is to be made."""

    report_id: int
    organisation_id: int
    language: str


def missing(report_id: int | None = None, limit: int = MOST) -> list[Wanted]:
    """The documents that frozen or released reports, or one of them, lack; oldest first."""
    parts = [_lacking(language) for language in LANGUAGES]
    found = union_all(*parts).subquery()
    query = select(found).order_by(found.c.report_id, found.c.organisation_id, found.c.language).limit(limit)
    query = query.where(found.c.report_id == report_id) if report_id else query
    return [Wanted(*row) for row in db.session.execute(query)]


def _lacking(language: str) -> Any:
    columns = (ReportAudience.report_id, ReportAudience.organisation_id, literal(language).label("language"))
    query = access.select_visible(ReportAudience, SYSTEM, *columns).join(ProgressReport, ProgressReport.id == ReportAudience.report_id)
    document = and_(
        ReportDocument.report_id == ReportAudience.report_id,
        ReportDocument.organisation_id == ReportAudience.organisation_id,
        ReportDocument.language == language,
    )
    query = query.join(ReportFreeze, ReportFreeze.report_id == ReportAudience.report_id).outerjoin(ReportDocument, document)
    return query.where(ReportDocument.id.is_(None), or_(ProgressReport.state != "withdrawn", ProgressReport.released_at.is_not(None)))


def make(wanted: Wanted, now: datetime) -> int:
    """Make one document and keep it; 0 when somebody else was faster.

    It is drawn while the transaction may only read: on SQLite every other writer would wait for it.
    """
    with read_only():
        report: ProgressReport = access.get_visible(ProgressReport, wanted.report_id, SYSTEM)
        data, name = render(report, wanted.organisation_id, wanted.language), f"{report.title} {report.period_label}.pdf"
        db.session.rollback()
    file = files.keep(data, name, "application/pdf", SYSTEM, now, kind="export")
    document_id = insert_once(ReportDocument, **wanted._asdict(), file_id=file.id, sha256=file.sha256, size=file.size, made_at=now)
    if document_id is None:
        files.remove(file)
        return 0
    file.subject_type, file.subject_id = "report_document", document_id
    return 1


def render(report: ProgressReport, organisation_id: int, language: str) -> bytes:
    """The PDF's bytes from the frozen rows alone, as that investor may read them. Takes seconds: in a job."""
    return pdf.document(
        "investors/print.html", language, report=report, freeze=report.freeze, brand=report.brand, words=words, product_words=product_words,
        say=presenting, chart=burn_chart(report, organisation_id, language), lines=report_queries.frozen_for(report, organisation_id),
    )  # fmt: skip


def burn_chart(report: ProgressReport, organisation_id: int, language: str) -> Any:
    """The chart of the burn as SVG, or None while no month is planned."""
    months = report_queries.frozen_for(report, organisation_id)["burn_months"]
    with force_locale(language):
        spec = burn_charts.frozen(months)
        return charts.svg(spec) if spec else None
