"""Reads of one quotation: what its factory typed and sealed, and what the brand's reviewers may read of it."""

from typing import Any

from sqlalchemy.orm import joinedload, selectinload

from incubator.kernel import access
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.file_table import StoredFile
from incubator.sourcing import intake
from incubator.sourcing.models import Rfq
from incubator.sourcing.quotation_models import (
    Quotation,
    QuotationDraft,
    QuotationOffer,
    QuotationOutcome,
    QuotationTechnical,
    RequirementAnswer,
)


def own(rfq: Rfq, actor: Actor) -> Quotation:
    """The quotation of the actor's factory; NotFound for anybody else."""
    query = access.select_visible(Quotation, actor).where(Quotation.rfq_id == rfq.id, Quotation.organisation_id == actor.organisation_id)
    found: Quotation | None = db.session.scalar(query.options(joinedload(Quotation.organisation)))
    if found is None:
        raise NotFound()
    return found


def of_rfq(rfq: Rfq, quotation_id: int, actor: Actor) -> Quotation:
    """A quotation of this very enquiry; NotFound for one of another."""
    found: Quotation = access.get_visible(Quotation, quotation_id, actor, joinedload(Quotation.organisation))
    if found.rfq_id != rfq.id:
        raise NotFound()
    return found


def technical(quotation: Quotation, actor: Actor) -> QuotationTechnical | None:
    """The technical part with its answers, where the actor may read it."""
    answers = selectinload(QuotationTechnical.answers).joinedload(RequirementAnswer.requirement)
    query = access.select_visible(QuotationTechnical, actor).where(QuotationTechnical.quotation_id == quotation.id).options(answers)
    found: QuotationTechnical | None = db.session.scalar(query)
    return found


def offer(quotation: Quotation, actor: Actor) -> QuotationOffer | None:
    """The offer with its prices, where the actor may read it."""
    query = access.select_visible(QuotationOffer, actor).where(QuotationOffer.quotation_id == quotation.id)
    found: QuotationOffer | None = db.session.scalar(query.options(selectinload(QuotationOffer.breaks)))
    return found


def outcome(quotation: Quotation, actor: Actor) -> QuotationOutcome | None:
    found: QuotationOutcome | None = db.session.scalar(
        access.select_visible(QuotationOutcome, actor).where(QuotationOutcome.quotation_id == quotation.id)
    )
    return found


def draft(quotation: Quotation, actor: Actor) -> QuotationDraft | None:
    found: QuotationDraft | None = db.session.scalar(
        access.select_visible(QuotationDraft, actor).where(QuotationDraft.quotation_id == quotation.id)
    )
    return found


def typed(quotation: Quotation, actor: Actor) -> dict[str, str]:
    """What the editor shows: what was typed last. After a re-issue the answers begin from those that were submitted, for numbers may have moved."""
    kept, rfq = draft(quotation, actor), quotation.rfq
    issued = max((a.at for a in rfq.addenda if a.kind != "extension"), default=None)
    if kept is not None and (issued is None or kept.saved_at >= issued):
        begun = {} if any(name.startswith("breaks-") for name in kept.typed) else intake.first_rows(rfq.quantities)
        return begun | intake.answer_rows(rfq.requirements, {}) | kept.typed
    earlier = technical(quotation, actor)
    given = {a.requirement_id: (a.verdict, a.note) for a in earlier.answers} if earlier else {}
    plain = (
        {name: value for name, value in kept.typed.items() if not name.startswith("answers-")}
        if kept
        else intake.first_rows(rfq.quantities)
    )
    return plain | intake.answer_rows(rfq.requirements, given)


def files(quotation: Quotation, actor: Actor) -> dict[str, list[StoredFile]]:
    """Envelope → its files, as far as the actor may read them."""
    kinds = ("quotation_technical", "quotation_offer")
    query = access.select_visible(StoredFile, actor).where(StoredFile.subject_type.in_(kinds), StoredFile.subject_id == quotation.id)
    found: dict[str, list[Any]] = {kind: [] for kind in kinds}
    for file in db.session.scalars(query.order_by(StoredFile.id)):
        found[str(file.subject_type)].append(file)
    return found
