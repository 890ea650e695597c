"""Who sees what of the money: the brand everything of its own; an investor its own commitments and tranches, and what was released to it.

No investor learns of another one: figures about one investor carry its id, and the audience, the inputs, the openings and the
proposals of payment are the brand's alone. Nobody else sees anything.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select

from incubator.investors.models import Commitment, Tranche, TrancheCondition, TrancheOutcome, TrancheProposal
from incubator.investors.report_models import (
    ProgressReport,
    ReportAudience,
    ReportDocument,
    ReportFigure,
    ReportFreeze,
    ReportInput,
    ReportOpening,
    ReportRemark,
)
from incubator.kernel import files
from incubator.kernel.access import within
from incubator.kernel.actor import Actor


def _sides(actor: Actor, brand: Any, investor: Any) -> ColumnElement[bool]:
    """Of the brand, or of the one investor."""
    if actor.role == "brand":
        return brand == actor.organisation_id
    return investor == actor.organisation_id if actor.role == "investor" else false()


def _tranches(actor: Actor) -> Any:
    return select(Tranche.id).where(_sides(actor, Tranche.brand_id, Tranche.investor_id))


def _brands_tranches(actor: Actor) -> Any:
    return select(Tranche.id).where(Tranche.brand_id == (actor.organisation_id if actor.role == "brand" else -1))


def _reports(actor: Actor) -> ColumnElement[bool]:
    if actor.role == "brand":
        return ProgressReport.brand_id == actor.organisation_id
    if actor.role != "investor":
        return false()
    addressed = select(ReportAudience.report_id).where(ReportAudience.organisation_id == actor.organisation_id)
    return and_(ProgressReport.released_at.is_not(None), ProgressReport.id.in_(addressed))


def _report_ids(actor: Actor) -> Any:
    return select(ProgressReport.id).where(_reports(actor))


def _brands_reports(actor: Actor) -> Any:
    return select(ProgressReport.id).where(ProgressReport.brand_id == (actor.organisation_id if actor.role == "brand" else -1))


def _figures(actor: Actor) -> ColumnElement[bool]:
    mine = within(ReportFigure.report_id, _report_ids(actor))
    if actor.role == "brand":
        return mine
    return and_(mine, or_(ReportFigure.audience_id.is_(None), ReportFigure.audience_id == actor.organisation_id))


def _documents(actor: Actor) -> ColumnElement[bool]:
    mine = within(ReportDocument.report_id, _report_ids(actor))
    return mine if actor.role == "brand" else and_(mine, ReportDocument.organisation_id == actor.organisation_id)


VISIBLE = {
    Commitment: lambda actor: _sides(actor, Commitment.brand_id, Commitment.investor_id),
    Tranche: lambda actor: _sides(actor, Tranche.brand_id, Tranche.investor_id),
    TrancheCondition: lambda actor: within(TrancheCondition.tranche_id, _tranches(actor)),
    TrancheProposal: lambda actor: within(TrancheProposal.tranche_id, _brands_tranches(actor)),
    TrancheOutcome: lambda actor: within(TrancheOutcome.tranche_id, _tranches(actor)),
    ProgressReport: _reports,
    ReportAudience: lambda actor: within(ReportAudience.report_id, _brands_reports(actor)),
    ReportFreeze: lambda actor: within(ReportFreeze.report_id, _report_ids(actor)),
    ReportFigure: _figures,
    ReportInput: lambda actor: within(
        ReportInput.figure_id, select(ReportFigure.id).where(within(ReportFigure.report_id, _brands_reports(actor)))
    ),
    ReportDocument: _documents,
    ReportOpening: lambda actor: within(ReportOpening.report_id, _brands_reports(actor)),
    ReportRemark: lambda actor: and_(
        _sides(actor, ReportRemark.brand_id, ReportRemark.investor_id), within(ReportRemark.report_id, _report_ids(actor))
    ),
}


def _is_brands(actor: Actor, record: Any) -> bool:
    return actor.role == "brand" and (record is None or record.brand_id == actor.organisation_id)


RULES = {
    "commitment.edit": _is_brands,
    "tranche.plan": _is_brands,
    "tranche.edit": lambda actor, tranche: _is_brands(actor, tranche) and tranche.state == "planned",
    "tranche.end": _is_brands,
    "tranche.propose": lambda actor, tranche: _is_brands(actor, tranche) and tranche.state == "due",
    "report.write": _is_brands,
    "report.edit": lambda actor, report: _is_brands(actor, report) and report.state == "draft",
    "report.renew": lambda actor, report: _is_brands(actor, report) and report.state in ("frozen", "released"),
    "report.remark": lambda actor, report: actor.role in ("brand", "investor") and report.released_at is not None,
}

files.register_subject("report_document", lambda actor: select(ReportDocument.id).where(_documents(actor)))
