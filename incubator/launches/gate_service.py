"""The pre-production review: what is stated for it, its criteria, and one decision that nothing can change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.accounts import notices
from incubator.accounts.models import User
from incubator.kernel import access, audit, events, files, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid, Refused
from incubator.kernel.i18n import listed
from incubator.launches import checks
from incubator.launches.launch_models import GATE_OUTCOMES, ComplianceProof, LaunchPlan, PreproductionReview
from incubator.products import readiness
from incubator.products.models import Product
from incubator.products.workflow import register_guard
from incubator.schedule import service as schedule
from incubator.schedule.models import Milestone

notices.register(
    {
        "preproduction.go": _l("“%(title)s” may go to its test launch."),
        "preproduction.conditional": _l("“%(title)s” may go to its test launch once its conditions are met."),
        "preproduction.stop": _l("“%(title)s” was stopped before series production."),
    }
)


@dataclass(frozen=True)
class Criterion:
    """A check and its answer: met when there is no reason against it."""

    key: str
    label: Any
    reason: Any

    @property
    def met(self) -> bool:
        return self.reason is None


def criteria(product: Product, actor: Actor) -> list[Criterion]:
    """Every registered check, asked now."""
    return [Criterion(check.key, check.label, check.ask(product, actor)) for check in readiness.checks()]


def state_volumes(product: Product, first_order: int, capacity: int, note: str, actor: Actor, now: datetime) -> LaunchPlan:
    """What will be ordered first and what the factory can make per week, both in units."""
    access.require("launch.edit", actor, product)
    plan = checks.plan_of(product.id)
    if plan is None:
        plan = LaunchPlan(product_id=product.id, brand_id=product.brand_id, created_at=now)
        db.session.add(plan)
    plan.first_order_quantity, plan.capacity_per_week, plan.capacity_note, plan.updated_at = first_order, capacity, note, now
    db.session.flush()
    audit.record("preproduction.plan", plan, actor, now, first_order=first_order, capacity=capacity)
    return plan


def prove(
    product: Product, need: str, reference: str, valid_until: date | None, actor: Actor, now: datetime, upload: Any = None
) -> ComplianceProof:
    """Name the certificate that meets a compliance need of the brief; a proof of the same need is replaced."""
    access.require("launch.edit", actor, product)
    if need not in checks.needs_of(checks.brief_of(product.id)):
        raise Invalid({"need": [_l("Choose one of the brief's compliance needs.")]})
    proof = checks.proofs_of(product.id).get(need)
    if proof is None:
        proof = ComplianceProof(product_id=product.id, brand_id=product.brand_id, need=need, created_at=now)
        db.session.add(proof)
    proof.reference, proof.valid_until = reference, valid_until
    db.session.flush()
    if upload:
        proof.file_id = files.store(upload, actor, now, subject=("compliance_proof", proof.id), product_id=product.id).id
    audit.record("preproduction.proof", product, actor, now, need=need, reference=reference)
    return proof


def reviews_of(product_id: int, actor: Actor) -> list[PreproductionReview]:
    """The decisions so far, the latest first."""
    query = access.select_visible(PreproductionReview, actor).where(PreproductionReview.product_id == product_id)
    return list(db.session.scalars(query.order_by(PreproductionReview.number.desc())))


def decide(
    product: Product,
    outcome: str,
    reason: str,
    conditions: Sequence[tuple[str, date]],
    actor: Actor,
    now: datetime,
    expected: int | None = None,
) -> PreproductionReview:
    """Decide "go" (every criterion met), "conditional" (with dated conditions, which become milestones) or "stop".

    Conflict when the product has moved on or changed since the page was drawn; Refused with the criteria that a "go" misses.
    """
    access.require("launch.edit", actor, product)
    _check(outcome, reason, conditions, now)
    db.session.refresh(product, with_for_update={"of": Product})
    if product.state != "preproduction" or (expected is not None and expected != product.version):
        raise Conflict(what=workflow.last_act(product, actor))
    found = criteria(product, actor)
    if outcome == "go" and (missed := [c.label for c in found if not c.met]):
        raise Refused(_l("Not met: %(criteria)s. Decide conditionally, or stop.", criteria=listed(missed)))
    review = _write(product, outcome, reason, found, conditions, actor, now)
    _promise(review, product, actor, now)
    audit.record(f"preproduction.{outcome}", review, actor, now, note=reason)
    events.publish("preproduction.decide", review, actor, now)
    _tell(review, product, actor, now)
    if outcome != "conditional":
        workflow.fire(product, "test_launch" if outcome == "go" else "stop", SYSTEM, note=reason, now=now)
    else:
        product.updated_at = now  # the version moves, so that a second decision from the same page is refused
        db.session.flush()
    return review


def _check(outcome: str, reason: str, conditions: Sequence[tuple[str, date]], now: datetime) -> None:
    if outcome not in GATE_OUTCOMES:
        raise Invalid({"outcome": [_l("Choose the verdict.")]})
    if not reason.strip():
        raise Invalid({"reason": [_l("Say why; this goes on the record.")]})
    if outcome == "conditional" and not conditions:
        raise Invalid({"conditions": [gettext("Name at least one dated condition.")]})
    if outcome != "conditional" and conditions:
        raise Invalid({"conditions": [gettext("Conditions belong to a conditional verdict only.")]})
    if late := [day for _, day in conditions if day < now.date()]:
        raise Invalid({"conditions": [gettext("%(day)s has passed; a condition needs a day to come.", day=late[0].isoformat())]})


def _write(
    product: Product, outcome: str, reason: str, found: list[Criterion], conditions: Sequence[tuple[str, date]], actor: Actor, now: datetime
) -> PreproductionReview:
    review = PreproductionReview(
        product=product, brand_id=product.brand_id, number=len(reviews_of(product.id, SYSTEM)) + 1, outcome=outcome, reason=reason,
        criteria=[{"key": c.key, "met": c.met, "reason": str(c.reason or "")} for c in found],
        conditions=[{"text": text, "due_on": day.isoformat()} for text, day in conditions], decided_by_id=actor.user_id, decided_at=now,
    )  # fmt: skip
    db.session.add(review)
    db.session.flush()
    return review


def _promise(review: PreproductionReview, product: Product, actor: Actor, now: datetime) -> None:
    for n, condition in enumerate(review.conditions, 1):
        due, owner = date.fromisoformat(condition["due_on"]), product.owner_id or actor.user_id
        schedule.add(product, condition["text"], due, actor, now, owner_id=owner, source=f"preproduction:{review.id}:{n}")


def open_conditions(review: PreproductionReview) -> list[str]:
    """The conditions of a conditional decision that are not met yet, as their milestones say."""
    query = access.select_visible(Milestone, SYSTEM, Milestone.name).where(
        Milestone.product_id == review.product_id, Milestone.source.startswith(f"preproduction:{review.id}:"), Milestone.done_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(Milestone.due_on)))


def lets_go(product: Product, _actor: Actor) -> Any:
    """Guard of the step to the test launch: the latest decision says go, or its conditions are met."""
    latest = next(iter(reviews_of(product.id, SYSTEM)), None)
    if latest is None:
        return _l("The pre-production review has not let it go yet. It stands on the tab “Launch”.")
    if latest.outcome == "conditional" and (waiting := open_conditions(latest)):
        return _l("Conditions still open: %(names)s.", names=listed(waiting))
    return None


def _tell(review: PreproductionReview, product: Product, actor: Actor, now: datetime) -> None:
    owner = [product.owner] if product.owner and product.owner_id != actor.user_id else []
    people: list[User] = [user for user in owner if user.disabled_at is None]
    path = f"/products/{product.id}/launch/gate"
    notices.notify(people, f"preproduction.{review.outcome}", path, now, product.brand_id, title=product.name)


register_guard("preproduction", "review", lets_go)
