"""The technical review and the opening of the prices. No score changes once a price can be read, and no price is read before."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext

from incubator.accounts import notices
from incubator.kernel import access, audit, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Invalid, Refused
from incubator.sourcing import rates, scoring, telling
from incubator.sourcing.decision_models import RfqOpening, RfqReviewer, TechnicalSheet
from incubator.sourcing.models import Rfq
from incubator.sourcing.quotation_models import Quotation


def start(rfq: Rfq, reviewer_ids: Sequence[int], actor: Actor, now: datetime, expected: int | None = None) -> Rfq:
    """Begin the technical review with these people of the brand."""
    wanted = _colleagues(rfq, reviewer_ids)
    workflow.fire(rfq, "start_review", actor, now=now, expected=expected)
    _appoint(rfq, wanted)
    telling.tell_people(rfq, wanted, "rfq.review", now, actor)
    return rfq


def appoint(rfq: Rfq, reviewer_ids: Sequence[int], actor: Actor, now: datetime) -> None:
    """Change who reviews, while the prices are sealed. Whoever has scored stays: a score cannot be dropped by dropping its author."""
    db.session.refresh(rfq, with_for_update={"of": Rfq})
    access.require("rfq.appoint", actor, rfq)
    wanted = _colleagues(rfq, reviewer_ids)
    if set(user_ids(rfq)) & {s.user_id for s in sheets(rfq)} - wanted:
        raise Invalid({"reviewers": [gettext("Whoever has scored already stays a reviewer.")]})
    new = wanted - set(user_ids(rfq))
    _appoint(rfq, wanted)
    audit.record("rfq.reviewers", rfq, actor, now)
    telling.tell_people(rfq, new, "rfq.review", now, actor)


def _colleagues(rfq: Rfq, reviewer_ids: Sequence[int]) -> set[int]:
    wanted = set(reviewer_ids)
    if not wanted or wanted - {u.id for u in notices.people_of(rfq.brand_id)}:
        raise Invalid({"reviewers": [gettext("Choose at least one of your colleagues.")]})
    return wanted


def _appoint(rfq: Rfq, wanted: set[int]) -> None:
    for row in db.session.scalars(access.select_visible(RfqReviewer, SYSTEM).where(RfqReviewer.rfq_id == rfq.id)):
        if row.user_id not in wanted:
            db.session.delete(row)
    db.session.add_all(RfqReviewer(rfq_id=rfq.id, user_id=user_id) for user_id in sorted(wanted - set(user_ids(rfq))))
    db.session.flush()


def user_ids(rfq: Rfq) -> list[int]:
    """Who reviews."""
    query = access.select_visible(RfqReviewer, SYSTEM, RfqReviewer.user_id).where(RfqReviewer.rfq_id == rfq.id)
    return list(db.session.scalars(query.order_by(RfqReviewer.id)))


def sheets(rfq: Rfq) -> list[scoring.Sheet]:
    """Every score sheet, for counting and for the opening; a page reads them through `queries`, as far as its reader may."""
    query = access.select_visible(TechnicalSheet, SYSTEM).where(TechnicalSheet.rfq_id == rfq.id)
    return [scoring.Sheet(s.quotation_id, s.user_id, {int(c): n for c, n in s.scores.items()}) for s in db.session.scalars(query)]


def received(rfq: Rfq) -> list[Quotation]:
    """The quotations that stood at the closing and have not expired since."""
    query = access.select_visible(Quotation, SYSTEM).where(Quotation.rfq_id == rfq.id, Quotation.is_received, Quotation.state != "expired")
    return list(db.session.scalars(query.order_by(Quotation.id)))


def measure(rfq: Rfq) -> list[tuple[int, int]]:
    """(quotation, reviewer) of every sheet that is missing; their number is kept on `rfq.missing_sheets` for the guard of the opening."""
    quotations = [q.id for q in received(rfq)]
    found = scoring.missing(sheets(rfq), quotations, user_ids(rfq), [c.id for c in rfq.criteria])
    rfq.missing_sheets = len(found) if quotations else 1  # type: ignore[attr-defined]
    return found


def score(rfq: Rfq, quotation: Quotation, scores: Mapping[int, int], comment: str, actor: Actor, now: datetime) -> TechnicalSheet:
    """One reviewer's scores (criterion → 0–5) of one quotation; they may change until the prices are opened."""
    db.session.refresh(rfq, with_for_update={"of": Rfq})
    if actor.organisation_id == rfq.brand_id and rfq.state != "technical_review":
        raise Refused(gettext("Technical scores cannot change any more: the prices were opened, or the review is not on."))
    access.require("rfq.score", actor, rfq)
    if actor.user_id not in user_ids(rfq):
        raise Refused(gettext("You are not a reviewer of this enquiry."))
    if set(scores) != {c.id for c in rfq.criteria} or not all(0 <= n <= scoring.HIGHEST for n in scores.values()):
        raise Invalid({"scores": [gettext("Score every criterion from 0 to 5.")]})
    if quotation.id not in {q.id for q in received(rfq)}:
        raise Refused(gettext("This quotation is not under review."))
    sheet = _sheet(rfq, quotation, actor)
    sheet.scores, sheet.comment, sheet.updated_at = {str(c): n for c, n in scores.items()}, comment, now
    was_missing = len(measure(rfq))
    db.session.flush()
    audit.record("rfq.score", rfq, actor, now)
    if was_missing and not measure(rfq):
        telling.tell_brand(rfq, "rfq.scored", now, actor)
    return sheet


def _sheet(rfq: Rfq, quotation: Quotation, actor: Actor) -> TechnicalSheet:
    own = (TechnicalSheet.quotation_id == quotation.id, TechnicalSheet.user_id == actor.user_id)
    sheet = db.session.scalar(access.select_visible(TechnicalSheet, actor).where(*own))
    if sheet is None:
        sheet = TechnicalSheet(rfq_id=rfq.id, quotation_id=quotation.id, user_id=actor.user_id, scores={})
        db.session.add(sheet)
    return sheet


def open_prices(rfq: Rfq, actor: Actor, now: datetime, expected: int | None = None) -> RfqOpening:
    """Open the second envelopes: keeps who did it, the technical points until then, and the exchange rates of the day."""
    db.session.refresh(rfq, with_for_update={"of": Rfq})
    measure(rfq)
    workflow.fire(rfq, "open", actor, now=now, expected=expected)
    rfq.opened_at = now
    assert actor.user_id is not None
    weights, given = {c.id: c.weight for c in rfq.criteria}, sheets(rfq)
    found, detail = scoring.points(given, weights), scoring.by_criterion(given, weights)
    opening = RfqOpening(
        rfq_id=rfq.id, opened_at=now, opened_by_id=actor.user_id, rates=rates.freeze(rfq, now.date()),
        points={str(q): {"points": n, "criteria": {str(c): value for c, value in detail[q].items()}} for q, n in found.items()},
    )  # fmt: skip
    db.session.add(opening)
    db.session.flush()
    return opening
