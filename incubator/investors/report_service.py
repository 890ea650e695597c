"""The verbs of a report: write, freeze, release, replace by a new edition. What is frozen is never computed again, only rebuilt to compare."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from incubator.accounts import notices
from incubator.investors import sections
from incubator.investors.figures import Line, hash_of
from incubator.investors.models import Commitment
from incubator.investors.report_models import (
    TEXTS,
    ProgressReport,
    ReportAudience,
    ReportFigure,
    ReportFreeze,
    ReportInput,
    ReportRemark,
)
from incubator.kernel import access, acts, audit, jobs, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid
from incubator.products import programmes
from incubator.products.models import Programme

notices.register(
    {
        "report.released": _l("The report “%(title)s” (%(period)s) is there for you to read."),
        "report.replaced": _l("The report “%(title)s” (%(period)s) has been replaced by a new edition."),
        "report.asked": _l("%(who)s wrote about the report “%(title)s”."),
    }
)
acts.register(
    {
        "report.create": _l("began the report %(title)s"),
        "report.edit": _l("changed the report %(title)s"),
        "report.discard": _l("discarded the draft %(title)s"),
        "report.renew": _l("began a new edition of the report %(title)s"),
        "report.remark": _l("wrote about a report"),
    }
)
LABELS = {
    "title": _l("Title"), "headline_zh": _l("Summary in Chinese"), "headline_en": _l("Summary in English"),
    "risks_zh": _l("Outlook and risks in Chinese"), "risks_en": _l("Outlook and risks in English"),
}  # fmt: skip


def write(
    programme: Programme, period: str, month: date, texts: dict[str, str], audience: Sequence[int], actor: Actor, now: datetime
) -> ProgressReport:
    """A new draft for the month or quarter that holds `month`. Invalid when there is one already, or when the period has not begun."""
    access.require("report.write", actor, programme)
    starts = first_day(period, month)
    if starts > now.date():
        raise Invalid({"month": [_l("This period has not begun.")]})
    report = ProgressReport(
        programme_id=programme.id, brand_id=programme.brand_id, period=period, starts_on=starts, state_since=now, created_by_id=actor.user_id,
        created_at=now, updated_at=now, **{name: texts[name] for name in TEXTS},
    )  # fmt: skip
    report.title = report.title or programme.name
    report.audience = _audience(programme.id, audience)
    try:
        with db.session.begin_nested():
            db.session.add(report)
    except IntegrityError as error:
        raise Invalid({"month": [_l("There is a report for this period already. Open it, or begin a new edition of it.")]}) from error
    audit.record("report.create", report, actor, now, title=report.title)
    return report


def first_day(period: str, month: date) -> date:
    """The first day of the month, or of the quarter, in which `month` lies."""
    return date(month.year, month.month if period == "month" else (month.month - 1) // 3 * 3 + 1, 1)


def investors_of(programme_id: int) -> list[int]:
    """The investors with a commitment to the programme: a report can be addressed to them alone."""
    query = access.select_visible(Commitment, SYSTEM, Commitment.investor_id).where(Commitment.programme_id == programme_id).distinct()
    return sorted(db.session.scalars(query))


def _audience(programme_id: int, ids: Sequence[int]) -> list[ReportAudience]:
    if set(ids) - set(investors_of(programme_id)):
        raise Invalid({"audience": [_l("Choose investors with a commitment to this programme.")]})
    return [ReportAudience(organisation_id=i) for i in sorted(set(ids))]


def edit(
    report: ProgressReport, texts: dict[str, str], audience: Sequence[int], expected: int, actor: Actor, now: datetime
) -> ProgressReport:
    """Change a draft. Conflict with the difference when somebody was faster, Conflict once it is frozen."""
    db.session.refresh(report, with_for_update={"of": ProgressReport})
    changes = {k: v for k, v in texts.items() if getattr(report, k) != v}
    if expected != report.version or report.state != "draft":
        difference = [(LABELS[k], v, getattr(report, k)) for k, v in changes.items()]
        raise Conflict(what=workflow.last_act(report, actor), difference=difference)
    access.require("report.edit", actor, report)
    for name in TEXTS:
        setattr(report, name, texts[name])
    report.title = report.title or report.programme.name
    if sorted(a.organisation_id for a in report.audience) != sorted(set(audience)):
        report.audience = []
        db.session.flush()
        report.audience = _audience(report.programme_id, audience)
    report.updated_at = now
    db.session.flush()
    audit.record("report.edit", report, actor, now, title=report.title, fields=sorted(changes))
    return report


def discard(report: ProgressReport, actor: Actor, now: datetime) -> None:
    """Throw a draft away; nobody but the brand has seen it."""
    db.session.refresh(report, with_for_update={"of": ProgressReport})
    if report.state != "draft":
        raise Conflict(what=workflow.last_act(report, actor))
    access.require("report.edit", actor, report)
    audit.record("report.discard", report, actor, now, title=report.title)
    db.session.delete(report)
    db.session.flush()


def preview(report: ProgressReport, actor: Actor, now: datetime) -> tuple[datetime, list[Line]]:
    """The lines of a draft as they would be frozen now. It writes nothing."""
    programme = programmes.find(report.programme_id, actor)
    return sections.build(report, programme, [a.organisation_id for a in report.audience], actor, now)


def freeze(report: ProgressReport, expected: int, actor: Actor, now: datetime) -> ReportFreeze:
    """Compute every figure once and keep it with its inputs; the documents are then made by a job. All in the caller's transaction.

    Refused with what the report lacks, Conflict when somebody was first.
    """
    access.require("report.write", actor, report)
    workflow.fire(report, "freeze", actor, now=now, expected=expected)
    as_of, lines = preview(report, actor, now)
    rows = [_figure(report, n, line) for n, line in enumerate(lines)]
    db.session.add_all(rows)
    db.session.flush()
    db.session.add_all([ReportInput(figure_id=figure.id, inputs=line.inputs) for figure, line in zip(rows, lines, strict=True)])
    assert actor.user_id is not None
    made = ReportFreeze(
        report=report,
        as_of=as_of,
        frozen_at=now,
        frozen_by_id=actor.user_id,
        figures=len(rows),
        content_hash=hash_of([r.digest for r in rows]),
    )
    db.session.add(made)
    db.session.flush()
    jobs.enqueue("reports.print", actor, now, key=f"report:{report.id}", report_id=report.id)
    return made


def _figure(report: ProgressReport, position: int, line: Line) -> ReportFigure:
    return ReportFigure(
        report_id=report.id, position=position, section=line.section, key=line.key, label=line.label, value=line.value, unit=line.unit,
        as_of=line.as_of, source=line.source, recipe=line.recipe, digest=line.digest, audience_id=line.audience_id,
    )  # fmt: skip


def release(report: ProgressReport, expected: int, actor: Actor, now: datetime) -> ProgressReport:
    """Give a frozen report to those it is addressed to, and tell them; the edition that it replaces is withdrawn."""
    access.require("report.write", actor, report)
    workflow.fire(report, "release", actor, now=now, expected=expected)
    report.released_at, report.released_by_id = now, actor.user_id
    db.session.flush()
    readers = [a.organisation_id for a in report.audience]
    if report.replaces_id is not None:
        _withdraw(report, readers, now)
    _tell(report, readers, "report.released", now)
    return report


def _withdraw(report: ProgressReport, readers: Sequence[int], now: datetime) -> None:
    """The earlier edition goes; those who had it and do not get the new one are told all the same."""
    earlier: ProgressReport = access.get_visible(ProgressReport, report.replaces_id or 0, SYSTEM)
    workflow.fire(earlier, "withdraw", SYSTEM, now=now, edition=report.edition)
    _tell(earlier, [a.organisation_id for a in earlier.audience if a.organisation_id not in readers], "report.replaced", now)


def _tell(report: ProgressReport, organisation_ids: Sequence[int], text: str, now: datetime, **params: Any) -> None:
    for organisation_id in organisation_ids:
        notices.notify(
            notices.people_of(organisation_id), text, f"/reports/{report.id}", now, organisation_id, title=report.title,
            period=report.period_label, **params,
        )  # fmt: skip


def renew(report: ProgressReport, actor: Actor, now: datetime) -> ProgressReport:
    """A draft that will replace the report. One that nobody has read is withdrawn at once, a released one when its successor is released."""
    db.session.refresh(report, with_for_update={"of": ProgressReport})
    if report.state not in ("frozen", "released") or successor_of(report) is not None:
        raise Conflict(what=workflow.last_act(report, actor))
    access.require("report.renew", actor, report)
    made = ProgressReport(
        programme_id=report.programme_id, brand_id=report.brand_id, period=report.period, starts_on=report.starts_on, state_since=now,
        edition=report.edition + 1, created_by_id=actor.user_id, created_at=now, updated_at=now, **{n: getattr(report, n) for n in TEXTS},
    )  # fmt: skip
    made.audience = [ReportAudience(organisation_id=a.organisation_id) for a in report.audience]
    if report.state == "released":
        made.replaces_id = report.id
    else:
        workflow.fire(report, "withdraw", SYSTEM, now=now, edition=made.edition)
    db.session.add(made)
    db.session.flush()
    audit.record("report.renew", made, actor, now, title=made.title)
    return made


def successor_of(report: ProgressReport) -> ProgressReport | None:
    """The edition that replaces the report, or will."""
    query = access.select_visible(ProgressReport, SYSTEM).where(ProgressReport.replaces_id == report.id)
    return db.session.scalars(query).one_or_none()


def remark(report: ProgressReport, body: str, investor_id: int | None, actor: Actor, now: datetime) -> ReportRemark:
    """A question of an investor, or the brand's answer to `investor_id`; the other side is told, and nobody else can read it."""
    access.require("report.remark", actor, report)
    if not body.strip():
        raise Invalid({"body": [_l("Write something first.")]})
    side = actor.organisation_id if actor.role == "investor" else investor_id
    if side not in [a.organisation_id for a in report.audience]:
        raise Invalid({"investor_id": [_l("This report is not addressed to them.")]})
    made = ReportRemark(
        report_id=report.id, brand_id=report.brand_id, investor_id=side, author_id=actor.user_id, organisation_id=actor.organisation_id,
        body=body.strip(), created_at=now,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.record("report.remark", report, actor, now)
    other = report.brand_id if actor.role == "investor" else side
    people = notices.people_of(int(other or 0), managers_only=actor.role == "investor")
    notices.notify(people, "report.asked", f"/reports/{report.id}#questions", now, title=report.title, who=actor.name)
    return made
