"""The verbs of the value gate: submit, sign, decide. A decision is written once; nothing here can change one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.accounts import notices
from incubator.accounts.models import User
from incubator.briefs import criteria, editing, service, value
from incubator.briefs.criteria import Criterion
from incubator.briefs.gate_models import GateCondition, GateDecision, GateFigure, GateReview, GateSignatory, GateSignature
from incubator.briefs.models import BriefTarget, ProductBrief
from incubator.kernel import access, audit, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid, Refused
from incubator.kernel.money import FrozenRate, freeze_rate
from incubator.products.models import Participant
from incubator.schedule import service as schedule

notices.register(
    {
        "gate.sign_please": _l("“%(title)s” waits for your organisation's signature."),
        "gate.signed": _l("%(who)s signed “%(title)s”."),
        "gate.decided_go": _l("“%(title)s” passed the value gate."),
        "gate.decided_conditional": _l("“%(title)s” passed the value gate with conditions."),
        "gate.decided_hold": _l("“%(title)s” is on hold."),
        "gate.decided_kill": _l("“%(title)s” was stopped at the value gate."),
    }
)
BRIEF_EVENT = {"go": "accept", "conditional": "accept", "hold": "return", "kill": "stop"}


@dataclass(frozen=True)
class Figures:
    """The criteria as they stand, the exchange rates behind them, and the hash of the content that they measure."""

    criteria: list[Criterion]
    rates: list[FrozenRate]
    content_hash: str


def submit(
    brief: ProductBrief,
    signatories: Sequence[int],
    actor: Actor,
    now: datetime,
    *,
    due_on: date | None = None,
    note: str = "",
    expected: int | None = None,
) -> GateReview:
    """Lock the brief and open its next review, to be signed by the brand and the organisations `signatories` (ids of participants)."""
    asked = _participants(brief, signatories)
    if due_on and due_on < now.date():
        raise Invalid({"due_on": [gettext("This day has passed.")]})
    workflow.fire(brief, "submit", actor, note=note or None, now=now, expected=expected)
    editing.keep_revision(brief, actor, now, "submit")
    brief.submitted_by_id = actor.user_id
    review = GateReview(
        brief=brief, brand_id=brief.brand_id, number=len(brief.reviews) + 1, state_since=now, due_on=due_on,
        opened_by_id=actor.user_id, revision_number=brief.revision,
    )  # fmt: skip
    review.signatories = [GateSignatory(organisation_id=i) for i in (brief.brand_id, *asked)]
    db.session.add(review)
    db.session.flush()
    audit.record("gate.open", review, actor, now, number=review.number, organisations=[s.organisation_id for s in review.signatories])
    _tell(review, [s.organisation_id for s in review.signatories], "gate.sign_please", now, actor)
    return review


def _participants(brief: ProductBrief, ids: Sequence[int]) -> list[int]:
    here = access.select_visible(Participant, SYSTEM, Participant.organisation_id)
    known = set(db.session.scalars(here.where(Participant.product_id == brief.product_id, Participant.left_at.is_(None))))
    if strangers := set(ids) - known:
        raise Invalid({"signatories": [gettext("%(n)s of these organisations do not take part in the product.", n=len(strangers))]})
    return sorted(set(ids) - {brief.brand_id})


def figures(review: GateReview) -> Figures:
    """Measure the criteria from the brief and the signatures; also kept on `review.figures` for the guards of the workflow."""
    brief = review.brief
    target = next(iter(service.targets_of(brief, SYSTEM)), None)
    rates = _rates(brief, target, review)
    claims = value.claims_of(brief)
    musts = [r for r in brief.requirements if r.priority == "must"]
    facts = criteria.Facts(
        target_price=target.price_minor if target else None,
        reference_prices=[rates[r.currency].convert(r.price).minor for r in brief.references] if target else [],
        musts=len(musts),
        evidenced_musts=sum(1 for r in musts if r.evidence.strip()),
        references=len(brief.references),
        beaten=len(value.references_beaten(claims)),
    )
    scores = [s.signature.scores for s in review.signatories if s.signature]
    review.figures = Figures(criteria.measure(brief.type, facts, scores), list(rates.values()), service.current_content_hash(brief))  # type: ignore[attr-defined]
    return review.figures  # type: ignore[attr-defined,no-any-return]


def _rates(brief: ProductBrief, target: BriefTarget | None, review: GateReview) -> dict[str, FrozenRate]:
    if target is None:
        return {}
    return {c: freeze_rate(c, target.currency, review.created_at.date()) for c in {r.currency for r in brief.references}}


def sign(review: GateReview, scores: dict[str, int], statement: str, actor: Actor, now: datetime) -> GateSignature:
    """Put the actor's name, for its organisation, to the review. One's own submission cannot be signed, nor twice for one organisation."""
    db.session.refresh(review, with_for_update={"of": GateReview})
    seat = next((s for s in review.signatories if s.organisation_id == actor.organisation_id), None)
    if review.state != "open" or (seat and seat.signature):
        raise Conflict(what=workflow.last_act(review, actor))
    _require_second_eyes(review, actor)
    access.require("gate.sign", actor, review)
    assert seat is not None and actor.user_id is not None
    signature = GateSignature(
        review_id=review.id, signatory=seat, user_id=actor.user_id, signed_at=now, scores=scores, statement=statement,
        content_hash=service.current_content_hash(review.brief),
    )  # fmt: skip
    db.session.add(signature)
    review.updated_at = now
    db.session.flush()
    audit.record("gate.sign", review, actor, now, note=statement, scores=scores)
    _tell(review, [review.brand_id], "gate.signed", now, actor, who=actor.organisation_name)
    return signature


def _require_second_eyes(review: GateReview, actor: Actor) -> None:
    if review.brief.is_work_of(actor.user_id):
        raise Refused(gettext("You wrote or submitted this brief; a colleague must sign for your organisation."))
    if any(s.signature and s.signature.user_id == actor.user_id for s in review.signatories):
        raise Refused(gettext("You signed for another organisation already; somebody else must sign for this one."))


def decide(
    review: GateReview,
    outcome: str,
    reason: str,
    conditions: Sequence[tuple[str, date]],
    actor: Actor,
    now: datetime,
    expected: int | None = None,
) -> GateDecision:
    """Give the verdict: "go", "conditional" (with dated conditions, which become milestones), "hold" or "kill".

    Raises Conflict with who decided what when somebody was first, Refused with the reason when the gate may not pass.
    """
    _check_conditions(outcome, conditions, now)
    db.session.refresh(review, with_for_update={"of": GateReview})
    measured = figures(review)
    workflow.fire(review, outcome, actor, note=reason, now=now, expected=expected)
    assert actor.user_id is not None and actor.organisation_id is not None
    decision = GateDecision(
        review=review, outcome=outcome, reason=reason, decided_by_id=actor.user_id, organisation_id=actor.organisation_id, decided_at=now,
        criteria=[_public(c) for c in measured.criteria], content_hash=measured.content_hash,
    )  # fmt: skip
    db.session.add(decision)
    db.session.flush()
    db.session.add(GateFigure(decision_id=decision.id, figures=_confidential(measured)))
    _write_conditions(decision, conditions, actor, now)
    _move_product(review, outcome, reason, now)
    _tell(review, [s.organisation_id for s in review.signatories], f"gate.decided_{outcome}", now, actor)
    return decision


def _check_conditions(outcome: str, conditions: Sequence[tuple[str, date]], now: datetime) -> None:
    if outcome == "conditional" and not conditions:
        raise Invalid({"conditions": [gettext("Name at least one dated condition.")]})
    if outcome != "conditional" and conditions:
        raise Invalid({"conditions": [gettext("Conditions belong to a conditional verdict only.")]})
    if late := [day for _, day in conditions if day < now.date()]:
        raise Invalid({"conditions": [gettext("%(day)s has passed; a condition needs a day to come.", day=late[0].isoformat())]})


def _public(criterion: Criterion) -> dict[str, Any]:
    shown = None if criterion.name in criteria.CONFIDENTIAL else criterion.value
    return {"name": criterion.name, "met": criterion.met, "value": shown, "scores": list(criterion.scores)}


def _confidential(measured: Figures) -> dict[str, Any]:
    rates = [{"base": r.base, "quote": r.quote, "on": r.on.isoformat(), "rate_e8": r.rate_e8} for r in measured.rates]
    return {"values": {c.name: c.value for c in measured.criteria}, "rates": rates}


def _write_conditions(decision: GateDecision, conditions: Sequence[tuple[str, date]], actor: Actor, now: datetime) -> None:
    brief = decision.review.brief
    for n, (text, due_on) in enumerate(conditions, 1):
        milestone = schedule.add(
            brief.product, text, due_on, actor, now, owner_id=brief.product.owner_id or actor.user_id, source=f"gate:{decision.id}:{n}"
        )
        decision.conditions.append(GateCondition(text=text, due_on=due_on, milestone_id=milestone.id))
    db.session.flush()


def _move_product(review: GateReview, outcome: str, reason: str, now: datetime) -> None:
    """The verdict moves the brief, and a pass or a kill the product, as the system: the people have spoken."""
    brief, product = review.brief, review.brief.product
    if outcome == "kill":
        workflow.fire(product, "stop", SYSTEM, note=reason, now=now)  # the brief follows the product's stop
        return
    workflow.fire(brief, BRIEF_EVENT[outcome], SYSTEM, note=reason, now=now)
    if outcome != "hold" and product.state == "brief":
        workflow.fire(product, "pass_gate", SYSTEM, note=reason, now=now)


def _tell(review: GateReview, organisation_ids: Sequence[int], text: str, now: datetime, actor: Actor, **params: Any) -> None:
    people: list[User] = [u for i in organisation_ids for u in notices.people_of(i) if u.id != actor.user_id]
    path = f"/reviews/{review.id}"
    notices.notify(people, text, path, now, title=review.brief.title, **params)
