"""What time alone does to enquiries: they close at their deadline, factories are reminded of it, offers expire. Each once, whatever the clock does."""

from datetime import datetime, timedelta

from incubator.kernel import access, workflow
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.sourcing import service, telling
from incubator.sourcing.models import ANSWERABLE, Rfq
from incubator.sourcing.quotation_models import SUBMITTED, Quotation, QuotationOffer

SOON, LAST = timedelta(days=3), timedelta(days=1)
BATCH = 200


def close_next(now: datetime) -> bool:
    """Close one enquiry whose deadline has come; False when none is left. Two sweeps at once take different ones."""
    due = access.select_visible(Rfq, SYSTEM).where(Rfq.state.in_(ANSWERABLE), Rfq.deadline <= now)
    rfq = db.session.scalar(due.order_by(Rfq.deadline, Rfq.id).limit(1).with_for_update(of=Rfq, skip_locked=True))
    if rfq is None:
        return False
    service.close(rfq, SYSTEM, now)
    return True


def remind_batch(now: datetime) -> int:
    """Remind up to BATCH factories whose quotation is not in: three days before, and on the last day. Never twice, never backwards."""
    told = 0
    for threshold, ahead, earlier in (("last", LAST, ("", "soon")), ("soon", SOON, ("",))):
        query = access.select_visible(Quotation, SYSTEM).join(Rfq, Rfq.id == Quotation.rfq_id)
        query = query.where(Rfq.state.in_(ANSWERABLE), Rfq.deadline > now, Rfq.deadline <= now + ahead)
        query = query.where(Quotation.state.in_(("invited", "draft")), Quotation.reminded_for.in_(earlier))
        for quotation in db.session.scalars(query.order_by(Quotation.id).limit(BATCH).with_for_update(of=Quotation, skip_locked=True)):
            quotation.reminded_for = threshold
            telling.tell_factory(quotation.rfq, quotation.organisation_id, f"rfq.{threshold}", now)
            told += 1
    db.session.flush()
    return told


def expire_batch(now: datetime) -> int:
    """Let up to BATCH received offers expire whose validity is over before a decision; the brand and the factory see it."""
    query = access.select_visible(Quotation, SYSTEM).join(QuotationOffer, QuotationOffer.quotation_id == Quotation.id)
    query = query.where(Quotation.state.in_(SUBMITTED), Quotation.is_received, QuotationOffer.valid_until < now.date())
    expired = list(db.session.scalars(query.order_by(Quotation.id).limit(BATCH).with_for_update(of=Quotation, skip_locked=True)))
    for quotation in expired:
        workflow.fire(quotation, "expire", SYSTEM, now=now)
        telling.tell_brand(quotation.rfq, "rfq.expired", now, who=quotation.organisation.label)
    return len(expired)
