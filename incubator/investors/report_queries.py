"""Reads of reports for pages: what an investor may read is chosen here by column, so that sources and inputs never leave the brand."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from incubator.accounts.models import Organisation, User
from incubator.investors import sections
from incubator.investors.report_models import (
    ProgressReport,
    ReportAudience,
    ReportDocument,
    ReportFigure,
    ReportFreeze,
    ReportOpening,
    ReportRemark,
)
from incubator.kernel import access, paging
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.products.filters import contains
from incubator.products.models import Programme

NEWEST = paging.Order(ProgressReport.starts_on, "starts_on", descending=True)
MOST_EXPORTED = 10_000
COUNTED = 100
f = ReportFigure
SHARED = (f.section, f.key, f.label, f.value, f.unit, f.as_of, f.digest, f.audience_id)
Groups = dict[str, list[Any]]


def _reports(actor: Actor, filters: dict[str, Any], *columns: Any) -> Select[Any]:
    query = access.select_visible(ProgressReport, actor, *columns)
    for name, column in (("programme", ProgressReport.programme_id), ("state", ProgressReport.state), ("period", ProgressReport.period)):
        if filters.get(name):
            query = query.where(column == filters[name])
    return query.where(contains(ProgressReport.title, filters["q"])) if filters.get("q") else query


def _rows(actor: Actor, filters: dict[str, Any]) -> Select[Any]:
    r = ProgressReport
    columns = (
        r.id, r.title, r.period, r.starts_on, r.edition, r.state, r.state_since, r.released_at, r.programme_id, Programme.name.label("programme"),
        Organisation.name.label("brand"), _read_by_me(actor).label("is_read"),
    )  # fmt: skip
    query = _reports(actor, filters, *columns).join(Programme, Programme.id == r.programme_id)
    return query.join(Organisation, Organisation.id == r.brand_id)


def _read_by_me(actor: Actor) -> Any:
    """Whether the actor opened it; of everybody else's openings it tells nothing."""
    mine = access.select_visible(ReportOpening, SYSTEM, ReportOpening.id).where(ReportOpening.user_id == (actor.user_id or -1))
    return mine.where(ReportOpening.report_id == ProgressReport.id).correlate(ProgressReport).exists()


def listing(actor: Actor, filters: dict[str, Any], cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of reports, the latest period first; `filters`: programme, state, period, q."""
    return paging.fetch(_rows(actor, filters), ProgressReport.id, NEWEST, cursor, size, _reports(actor, filters, ProgressReport.id))


def export(actor: Actor, filters: dict[str, Any]) -> list[Any]:
    query = _rows(actor, filters).order_by(ProgressReport.starts_on.desc(), ProgressReport.id.desc())
    return list(db.session.execute(query.limit(MOST_EXPORTED)))


def latest(actor: Actor, number: int, programme_id: int | None = None) -> list[Any]:
    query = _rows(actor, {"programme": programme_id}).order_by(ProgressReport.starts_on.desc(), ProgressReport.id.desc())
    return list(db.session.execute(query.limit(number)))


def unread_count(actor: Actor) -> Any:
    """A scalar subquery: the released reports that this person has not opened, up to a hundred."""
    query = access.select_visible(ProgressReport, actor, ProgressReport.id).where(ProgressReport.state == "released", ~_read_by_me(actor))
    return select(func.count()).select_from(query.limit(COUNTED).subquery()).scalar_subquery()


def report(report_id: int, actor: Actor) -> ProgressReport:
    """The report with what its page shows; the audience is loaded for the brand alone."""
    options = [joinedload(ProgressReport.brand), joinedload(ProgressReport.freeze)]
    if actor.role == "brand":
        options += [
            joinedload(ProgressReport.programme),
            joinedload(ProgressReport.released_by),
            joinedload(ProgressReport.freeze).joinedload(ReportFreeze.frozen_by),
            selectinload(ProgressReport.audience).joinedload(ReportAudience.organisation),
        ]
    found: ProgressReport = access.get_visible(ProgressReport, report_id, actor, *options)
    return found


def frozen(report: ProgressReport, actor: Actor) -> Groups:
    """The frozen lines that the actor may read, by section; with their sources for the brand."""
    columns = (*SHARED, f.source, f.recipe) if actor.role == "brand" else SHARED
    query = access.select_visible(f, actor, *columns).where(f.report_id == report.id).order_by(f.position)
    return sections.grouped(db.session.execute(query).all())


def frozen_for(report: ProgressReport, organisation_id: int) -> Groups:
    """The frozen lines as that one investor will read them, also before the release."""
    query = access.select_visible(f, SYSTEM, *SHARED).where(f.report_id == report.id)
    query = query.where(or_(f.audience_id.is_(None), f.audience_id == organisation_id)).order_by(f.position)
    return sections.grouped(db.session.execute(query).all())


def documents(report: ProgressReport, actor: Actor) -> list[ReportDocument]:
    """The PDFs that the actor may have: all of them for the brand, its own for an investor."""
    query = access.select_visible(ReportDocument, actor).where(ReportDocument.report_id == report.id)
    options = (joinedload(ReportDocument.file), joinedload(ReportDocument.organisation))
    return list(db.session.scalars(query.options(*options).order_by(ReportDocument.organisation_id, ReportDocument.language.desc())))


def openings(report: ProgressReport, actor: Actor) -> list[Any]:
    """Who of the investors opened it, and when; the brand's alone."""
    o = ReportOpening
    columns = (o.opened_at, o.way, User.name, Organisation.name.label("organisation"), Organisation.id.label("organisation_id"))
    query = (
        access.select_visible(o, actor, *columns).join(User, User.id == o.user_id).join(Organisation, Organisation.id == o.organisation_id)
    )
    return list(db.session.execute(query.where(o.report_id == report.id).order_by(o.opened_at).limit(200)))


def remarks(report: ProgressReport, actor: Actor) -> list[ReportRemark]:
    """Questions and answers that the actor may read, oldest first."""
    query = access.select_visible(ReportRemark, actor).where(ReportRemark.report_id == report.id)
    options = (joinedload(ReportRemark.author), joinedload(ReportRemark.organisation), joinedload(ReportRemark.investor))
    return list(db.session.scalars(query.options(*options).order_by(ReportRemark.investor_id, ReportRemark.id).limit(400)))


def editions(report: ProgressReport, actor: Actor) -> list[Any]:
    """The other editions of the same period that the actor may read."""
    r = ProgressReport
    query = access.select_visible(r, actor, r.id, r.edition, r.state, r.released_at, r.replaces_id).where(
        r.programme_id == report.programme_id, r.period == report.period, r.starts_on == report.starts_on, r.id != report.id
    )
    return list(db.session.execute(query.order_by(r.edition)))


def progress(actor: Actor) -> list[tuple[Any, Groups]]:
    """Per programme the latest released report and its frozen lines of stages and measures: the portfolio as released."""
    r = ProgressReport
    ranked = access.select_visible(
        r, actor, r.id, func.row_number().over(partition_by=r.programme_id, order_by=(r.starts_on.desc(), r.id.desc())).label("n")
    )
    newest = ranked.where(r.state == "released").subquery()
    query = (
        access.select_visible(r, actor, r.id, r.title, r.period, r.starts_on, r.edition)
        .join(newest, newest.c.id == r.id)
        .where(newest.c.n == 1)
    )
    reports = db.session.execute(query.order_by(r.starts_on.desc(), r.id.desc()).limit(20)).all()
    lines = _lines_of([row.id for row in reports], actor)
    return [(row, sections.grouped([line for line in lines if line.report_id == row.id])) for row in reports]


def _lines_of(report_ids: Sequence[int], actor: Actor) -> list[Any]:
    query = access.select_visible(f, actor, *SHARED, f.report_id).where(
        f.report_id.in_(report_ids), f.section.in_(("stages", "kpis", "moves"))
    )
    return list(db.session.execute(query.order_by(f.position)))


def find(actor: Actor, text: str, limit: int) -> list[Any]:
    """Reports by title."""
    query = _rows(actor, {"q": text}).order_by(ProgressReport.starts_on.desc(), ProgressReport.id.desc())
    return list(db.session.execute(query.limit(limit)))


def period_label(row: Any) -> str:
    """Of a row of the lists; alike in both languages."""
    return ProgressReport.period_label.fget(row)  # type: ignore[attr-defined,no-any-return]
