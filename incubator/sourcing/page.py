"""What every page of an enquiry shows around its own part, for the brand: where it stands, its parts, what may be done next."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from incubator.kernel import access, workflow
from incubator.kernel.actor import Actor
from incubator.products import frame
from incubator.sourcing import review_service, words
from incubator.sourcing.models import Rfq

PARTS = ("show", "invite", "questions", "review", "comparison", "award")
STEPS = ("issue", "reissue", "extend", "close", "start_review", "open", "award", "cancel")


def context(rfq: Rfq, actor: Actor, part: str) -> dict[str, Any]:
    """The variables of `sourcing/rfq.html`: the product's frame, and `rf` with state, parts and offers."""
    if rfq.state == "technical_review":
        review_service.measure(rfq)
    offers = {offer.event: offer for offer in workflow.available(rfq, actor) if offer.event in STEPS}
    rf = {
        "state": workflow.state_of(rfq),
        "parts": [_part(rfq, name, label, name == part) for name, label in zip(PARTS, _labels(), strict=True)],
        "offers": offers,
        "may_edit": access.may("rfq.edit", actor, rfq),
        "deadline": words.at(rfq.deadline, rfq.deadline_zone),
    }
    return {"rfq": rfq, "rf": rf, "words": words, **frame.frame_context(rfq.product, actor, "sourcing")}


def _labels() -> list[str]:
    return [_("Enquiry"), _("Factories"), _("Questions"), _("Technical review"), _("Compare prices"), _("Award")]


def _part(rfq: Rfq, name: str, label: str, active: bool) -> dict[str, Any]:
    return {"label": label, "url": url_for(f"sourcing.{name}", rfq_id=rfq.id), "active": active, "why_not": _why_not(rfq, name)}


def _why_not(rfq: Rfq, name: str) -> str | None:
    """Why a part has nothing to show yet."""
    if name == "review" and not rfq.was_closed:
        return _("Begins when the enquiry is closed.")
    if name in ("comparison", "award") and rfq.opened_at is None:
        return _("Opens when every technical score is in.") if rfq.state != "cancelled" else _("The prices were never opened.")
    return None
