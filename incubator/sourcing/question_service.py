"""Questions and answers. A question is between one factory and the brand; what is published names nobody."""

from datetime import datetime

from flask_babel import gettext

from incubator.kernel import access, audit, workflow
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid, Refused
from incubator.sourcing import telling
from incubator.sourcing.models import Rfq, RfqClarification, RfqQuestion
from incubator.sourcing.quotation_models import Quotation

MOST_QUESTIONS = 100


def ask(quotation: Quotation, text: str, actor: Actor, now: datetime) -> RfqQuestion:
    """A factory asks; the brand is told. Refused after the deadline, when no answer could help any more."""
    rfq = quotation.rfq
    access.require("quotation.quote", actor, quotation)
    if now >= rfq.deadline:
        raise Refused(gettext("The deadline has passed. What was received by then counts."))
    assert actor.organisation_id is not None and actor.user_id is not None
    asked = access.select_visible(RfqQuestion, actor, RfqQuestion.id).where(RfqQuestion.rfq_id == rfq.id).limit(MOST_QUESTIONS)
    if len(db.session.scalars(asked).all()) >= MOST_QUESTIONS:
        raise Invalid({"text": [gettext("This is the hundredth question. Call the brand instead.")]})
    question = RfqQuestion(rfq_id=rfq.id, organisation_id=actor.organisation_id, author_id=actor.user_id, text=text, asked_at=now)
    db.session.add(question)
    db.session.flush()
    audit.record("quotation.ask", quotation, actor, now)
    telling.tell_brand(rfq, "rfq.question", now, who=actor.organisation_name)
    return question


def answer(
    rfq: Rfq, question: RfqQuestion, text: str, actor: Actor, now: datetime, *, publish: bool = False, public_question: str = ""
) -> RfqQuestion:
    """Answer one factory; with `publish` everyone asked reads `public_question`, in the brand's words, and the answer.

    Conflict when a colleague answered before.
    """
    access.require("rfq.answer", actor, rfq)
    db.session.refresh(question, with_for_update={"of": RfqQuestion})
    if question.answered_at is not None:
        raise Conflict(what=workflow.last_act(rfq, actor))
    if publish and not public_question.strip():
        raise Invalid({"public_question": [gettext("Write the question as everyone shall read it.")]})
    question.answer, question.answered_at, question.answered_by_id = text, now, actor.user_id
    audit.record("rfq.answer", rfq, actor, now)
    telling.tell_factory(rfq, question.organisation_id, "rfq.answered", now)
    if publish:
        clarify(rfq, public_question, text, actor, now)
    return question


def clarify(rfq: Rfq, question: str, text: str, actor: Actor, now: datetime) -> RfqClarification:
    """Tell every invited factory the same, as question and answer."""
    access.require("rfq.answer", actor, rfq)
    row = RfqClarification(rfq_id=rfq.id, question=question.strip(), answer=text.strip(), published_at=now)
    db.session.add(row)
    db.session.flush()
    audit.record("rfq.publish", rfq, actor, now)
    telling.tell_invited(rfq, "rfq.published", now, but=("declined", "expired"))
    return row
