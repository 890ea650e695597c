"""Enquiries and quotations as JSON values. Amounts are minor units with their currency; a key that the reader may not know is absent."""

from typing import Any

from incubator.kernel.actor import Actor
from incubator.sourcing import comparison_queries, queries, quotation_queries
from incubator.sourcing.models import Rfq
from incubator.sourcing.quotation_models import Quotation, QuotationOffer, QuotationOutcome, QuotationTechnical

ROW = ("id", "code", "title", "state", "scenario", "incoterm", "destination", "deadline_zone")
TERMS = ("currencies", "tooling_wanted", "tooling_note", "technical_threshold", "note", "issue_number")
REQUIREMENT = ("attribute", "operator", "target", "unit", "tolerance", "priority")
TECHNICAL = ("lead_days", "sample_days", "tooling_days", "moq", "monthly_capacity")
OFFER = ("currency", "incoterm", "place", "tooling_minor", "mould_owner", "payment_terms")
OUTCOME = ("share", "price_band", "technical_points", "technical_met")


def row(found: Any) -> dict[str, Any]:
    """An enquiry in a list; `standing`, `asked` and `answered` where the row has them."""
    more = {name: getattr(found, name) for name in ("standing", "asked", "answered") if hasattr(found, name)}
    quantities = [found.quantity_1, found.quantity_2, found.quantity_3]
    return {**{n: getattr(found, n) for n in ROW}, "quantities": quantities, "deadline": found.deadline.isoformat(), **more}


def rfq(found: Rfq, actor: Actor) -> dict[str, Any]:
    """A whole enquiry, as far as the actor may know it."""
    body = {
        **row(found),
        **{name: getattr(found, name) for name in TERMS},
        "sample_due_on": found.sample_due_on.isoformat() if found.sample_due_on else None,
        "requirements": [{"number": r.position, **{n: getattr(r, n) for n in REQUIREMENT}} for r in found.requirements],
        "criteria": [{"name": c.name, "weight": c.weight} for c in found.criteria],
        "clarifications": [
            {"question": c.question, "answer": c.answer, "published_at": c.published_at.isoformat()}
            for c in queries.clarifications(found, actor)
        ],
    }
    if actor.role == "brand":
        return body | {"quotations": _quotations(found, actor)}
    return body | {"quotation": own(quotation_queries.own(found, actor), actor)}


def own(quotation: Quotation, actor: Actor) -> dict[str, Any]:
    """A factory's own quotation."""
    technical, offer = quotation_queries.technical(quotation, actor), quotation_queries.offer(quotation, actor)
    outcome = quotation_queries.outcome(quotation, actor)
    body = {**_standing(quotation), "version": quotation.version, "outcome": _outcome(outcome) if outcome else None}
    if technical:
        answers = [{"requirement": a.requirement.position, "verdict": a.verdict, "note": a.note} for a in technical.answers]
        body |= {**_technical(technical), "answers": answers}
    return body | (_offer(offer) if offer else {})


def _quotations(found: Rfq, actor: Actor) -> list[dict[str, Any]]:
    """Every quotation for the brand: the envelopes that the database gives to it, in a fixed number of queries."""
    technical = {t.quotation_id: t for t in comparison_queries.technicals(found, actor)}
    offers = {o.quotation_id: o for o in comparison_queries.offers(found, actor)}
    opened = comparison_queries.opening(found, actor)
    points = {int(q): kept["points"] for q, kept in opened.points.items()} if opened else {}
    return [
        {
            "factory": q.organisation.name,
            **_standing(q),
            **(_technical(technical[q.id]) if q.id in technical else {}),
            **(_offer(offers[q.id]) if q.id in offers else {}),
            **({"technical_points": points[q.id]} if q.id in points else {}),
        }
        for q in queries.asked(found, actor)
    ]


def _standing(quotation: Quotation) -> dict[str, Any]:
    at = quotation.submitted_at
    return {"state": quotation.state, "submitted_at": at.isoformat() if at else None, "issue_seen": quotation.issue_seen}


def _technical(technical: QuotationTechnical) -> dict[str, Any]:
    return {**{n: getattr(technical, n) for n in TECHNICAL}, "technical_note": technical.note}


def _offer(offer: QuotationOffer) -> dict[str, Any]:
    breaks = [{"quantity_from": b.quantity_from, "unit_minor": b.unit_minor} for b in offer.breaks]
    more = {"valid_until": offer.valid_until.isoformat(), "commercial_note": offer.note, "breaks": breaks}
    return {**{n: getattr(offer, n) for n in OFFER}, **more}


def _outcome(outcome: QuotationOutcome) -> dict[str, Any]:
    return {n: getattr(outcome, n) for n in OUTCOME}
