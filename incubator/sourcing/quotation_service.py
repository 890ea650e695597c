"""The verbs of a factory: keep a draft, submit, revise, confirm, withdraw, decline. The server's clock closes the door, politely."""

from datetime import datetime
from typing import Any

from flask_babel import gettext

from incubator.kernel import access, audit, files, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Invalid, Refused
from incubator.kernel.file_table import StoredFile
from incubator.sourcing import telling, words
from incubator.sourcing.models import Rfq
from incubator.sourcing.quotation_models import (
    PriceBreak,
    Quotation,
    QuotationDraft,
    QuotationOffer,
    QuotationTechnical,
    RequirementAnswer,
    offer_columns,
    technical_columns,
)

Data = dict[str, Any]
ENVELOPES = ("quotation_technical", "quotation_offer")


def save_draft(quotation: Quotation, typed: dict[str, str], actor: Actor, now: datetime, expected: int | None = None) -> Quotation:
    """Keep what was typed, complete or not. An offer that was submitted stays as it is until the revision is submitted."""
    _enter(quotation, actor, now)
    if quotation.state in ("invited", "declined"):
        workflow.fire(quotation, "start", actor, now=now, expected=expected)
    _keep_typed(quotation, typed, now)
    return quotation


def submit(quotation: Quotation, data: Data, typed: dict[str, str], actor: Actor, now: datetime, expected: int | None = None) -> Quotation:
    """Seal the offer, or its revision. `data` comes from a valid `QuotationForm`; `expected` is the version that the page showed.

    Refused after the deadline or the closing; Conflict for the second of two submissions of one page.
    """
    _enter(quotation, actor, now)
    if quotation.state in ("invited", "declined"):
        workflow.fire(quotation, "start", actor, now=now, expected=expected)
        expected = None
    workflow.fire(quotation, "revise" if quotation.is_submitted else "submit", actor, now=now, expected=expected)
    _write(quotation, data)
    _keep_typed(quotation, typed, now)
    quotation.submitted_at, quotation.number = now, quotation.number + 1
    quotation.issue_seen, quotation.declined_reason = quotation.rfq.issue_number, ""
    db.session.flush()
    if quotation.state == "submitted":
        telling.tell_brand(quotation.rfq, "rfq.received", now, who=quotation.organisation.label)
    return quotation


def _enter(quotation: Quotation, actor: Actor, now: datetime) -> None:
    """Hold the enquiry open while something is written into it: whoever closes it waits, or has closed it already."""
    rfq = quotation.rfq
    db.session.refresh(rfq, with_for_update={"read": True, "of": Rfq})
    if actor.organisation_id == quotation.organisation_id:
        if now >= rfq.deadline:
            raise Refused(gettext("The deadline passed on %(at)s. Nothing was changed.", at=words.at(rfq.deadline, rfq.deadline_zone)))
        if not rfq.takes_quotations:
            raise Refused(gettext("This enquiry takes no more quotations. Nothing was changed."))
    access.require("quotation.quote", actor, quotation)


def _write(quotation: Quotation, data: Data) -> None:
    """Put the two envelopes in the place of earlier ones."""
    technical = _envelope(QuotationTechnical, quotation, technical_columns(data))
    offer = _envelope(QuotationOffer, quotation, offer_columns(data))
    db.session.flush()
    requirements = {r.position: r for r in quotation.rfq.requirements}
    technical.answers[:] = []
    offer.breaks[:] = []
    db.session.flush()
    technical.answers[:] = [
        RequirementAnswer(requirement=requirements[a["requirement"]], verdict=a["verdict"], note=a["note"]) for a in data["answers"]
    ]
    offer.breaks[:] = [PriceBreak(quantity_from=b["quantity_from"], unit_minor=b["price"].minor) for b in data["breaks"]]
    db.session.flush()


def _envelope(model: Any, quotation: Quotation, columns: Data) -> Any:
    row = db.session.scalar(access.select_visible(model, SYSTEM).where(model.quotation_id == quotation.id))
    if row is None:
        row = model(quotation_id=quotation.id)
        db.session.add(row)
    for name, value in columns.items():
        setattr(row, name, value)
    return row


def _keep_typed(quotation: Quotation, typed: dict[str, str], now: datetime) -> None:
    draft = db.session.scalar(access.select_visible(QuotationDraft, SYSTEM).where(QuotationDraft.quotation_id == quotation.id))
    if draft is None:
        draft = QuotationDraft(quotation_id=quotation.id)
        db.session.add(draft)
    draft.typed, draft.saved_at = typed, now
    db.session.flush()


def confirm(quotation: Quotation, actor: Actor, now: datetime, expected: int | None = None) -> Quotation:
    """Let the submitted offer stand for the latest issue. Refused where the issue asks something that the offer does not answer."""
    _enter(quotation, actor, now)
    if quotation.answers_the_latest:
        raise Refused(gettext("Your quotation answers the latest issue already."))
    if reason := why_not_unchanged(quotation):
        raise Refused(reason)
    workflow.fire(quotation, "confirm", actor, now=now, expected=expected)
    quotation.issue_seen = quotation.rfq.issue_number
    return quotation


def why_not_unchanged(quotation: Quotation) -> str | None:
    """Why the offer, as submitted, cannot stand for the latest issue; None when it can."""
    technical = db.session.scalar(access.select_visible(QuotationTechnical, SYSTEM).where(QuotationTechnical.quotation_id == quotation.id))
    offer = db.session.scalar(access.select_visible(QuotationOffer, SYSTEM).where(QuotationOffer.quotation_id == quotation.id))
    if technical is None or offer is None:
        return gettext("There is nothing to confirm yet.")
    if {r.id for r in quotation.rfq.requirements} - {a.requirement_id for a in technical.answers}:
        return gettext("There are new requirements: revise your quotation to answer them.")
    if offer.currency not in quotation.rfq.currencies:
        return gettext("The currency of your quotation is no longer taken: revise it.")
    return None


def withdraw(quotation: Quotation, actor: Actor, now: datetime, expected: int | None = None) -> Quotation:
    """Take the offer back before the deadline; it remains as a draft, and the brand has never read it."""
    _enter(quotation, actor, now)
    workflow.fire(quotation, "withdraw", actor, now=now, expected=expected)
    quotation.submitted_at = None
    telling.tell_brand(quotation.rfq, "rfq.withdrawn", now, who=quotation.organisation.label)
    return quotation


def decline(quotation: Quotation, reason: str | None, actor: Actor, now: datetime, expected: int | None = None) -> Quotation:
    """Say that no quotation will come, and why."""
    _enter(quotation, actor, now)
    workflow.fire(quotation, "decline", actor, note=reason, now=now, expected=expected)
    quotation.declined_reason = (reason or "").strip()
    telling.tell_brand(quotation.rfq, "rfq.declined", now, who=quotation.organisation.label)
    return quotation


def attach(quotation: Quotation, upload: Any, envelope: str, actor: Actor, now: datetime) -> StoredFile:
    """Keep a file in one of the envelopes: what stands in the technical one is read before the prices are opened."""
    _enter(quotation, actor, now)
    if envelope not in ENVELOPES:
        raise Invalid({"envelope": [gettext("Choose the envelope.")]})
    if quotation.state in ("invited", "declined"):
        workflow.fire(quotation, "start", actor, now=now)
    stored = files.store(upload, actor, now, subject=(envelope, quotation.id), product_id=quotation.rfq.product_id)
    audit.record("quotation.attach", quotation, actor, now)
    return stored


def detach(quotation: Quotation, file: StoredFile, actor: Actor, now: datetime) -> None:
    """Take one's own file out again, before the deadline."""
    _enter(quotation, actor, now)
    audit.record("quotation.detach", quotation, actor, now)
    files.remove(file)
