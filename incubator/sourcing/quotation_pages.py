"""What a factory sees of an enquiry: the request, its own quotation, questions and answers. Nothing here counts or names anybody else."""

from typing import Any

from flask import render_template

from incubator.kernel import access, clock, workflow
from incubator.kernel.actor import Actor
from incubator.sourcing import asking, queries, quotation_forms, quotation_queries, quotation_service, words
from incubator.sourcing.models import Rfq
from incubator.sourcing.quotation_models import Quotation


def read(rfq: Rfq, actor: Actor) -> str:
    """The page of one enquiry for one factory."""
    quotation = quotation_queries.own(rfq, actor)
    return render_template("sourcing/read.html", **around(rfq, quotation, actor), **_details(rfq, quotation, actor))


def around(rfq: Rfq, quotation: Quotation, actor: Actor) -> dict[str, Any]:
    """What every page of a factory's enquiry shows: how it stands, and what may be done, by the clock, too."""
    now = clock.now()
    is_open = rfq.takes_quotations and now < rfq.deadline
    offers = {offer.event: offer for offer in workflow.available(quotation, actor)} if is_open else {}
    must_confirm = is_open and quotation.is_submitted and not quotation.answers_the_latest
    return {
        "rfq": rfq,
        "quotation": quotation,
        "state": workflow.state_of(quotation),
        "words": words,
        "now": now,
        "is_open": is_open,
        "offers": offers,
        "must_confirm": must_confirm,
        "why_revise": quotation_service.why_not_unchanged(quotation) if must_confirm else None,
        "deadline": words.at(rfq.deadline, rfq.deadline_zone),
        "may_quote": is_open and access.may("quotation.quote", actor, quotation),
    }


def _details(rfq: Rfq, quotation: Quotation, actor: Actor) -> dict[str, Any]:
    return {
        "technical": quotation_queries.technical(quotation, actor),
        "offer": quotation_queries.offer(quotation, actor),
        "outcome": quotation_queries.outcome(quotation, actor),
        "files": quotation_queries.files(quotation, actor),
        "documents": queries.documents(rfq, actor),
        "questions": queries.questions(rfq, actor),
        "clarifications": queries.clarifications(rfq, actor),
        "addenda": [(a, asking.rows(a.changes, rfq.deadline_zone)) for a in queries.addenda(rfq, actor)],
        "question_form": quotation_forms.QuestionForm(formdata=None),
    }
