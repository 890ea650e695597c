"""The verbs of a round until it is measured: request, change, start, ship, receive; and its photos. It decides nothing (`decision_service`)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import func

from incubator.briefs.models import ProductBrief
from incubator.briefs.policies import SHARED_STATES
from incubator.kernel import access, audit, events, files, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid, Refused
from incubator.kernel.file_table import StoredFile
from incubator.products.models import Participant, Product
from incubator.samples import results, telling
from incubator.samples.models import MOST_PIECES, SampleRequirement, SampleRound
from incubator.schedule.localday import day_in

Data = dict[str, Any]
STAGES = ("sourcing", "sampling", "codevelopment", "preproduction", "test_launch", "launch", "scale")
USUAL_PIECES = 3


def why_not_yet(product: Product, actor: Actor) -> Any:
    """Why no samples can be asked for now, or None."""
    if product.state not in STAGES:
        return gettext("Samples are asked for from sourcing on, until the product is handed over or stopped.")
    brief = brief_of(product, actor)
    if brief is None or brief.state not in SHARED_STATES or not brief.requirements:
        return gettext("Samples are measured against an accepted brief with requirements. Let the brief pass the value gate first.")
    return None


def brief_of(product: Product, actor: Actor) -> ProductBrief | None:
    return db.session.scalar(access.select_visible(ProductBrief, actor).where(ProductBrief.product_id == product.id))


def request(product: Product, factory_id: int, data: Data, actor: Actor, now: datetime, follows: SampleRound | None = None) -> SampleRound:
    """Ask a factory that takes part for samples; `data` holds kind, quantity, due_on and instructions.

    `follows` is a decided round of the same factory, whose comments are carried on. The brief's requirements are copied as they stand.
    """
    access.require("sample.request", actor, product)
    if reason := why_not_yet(product, actor):
        raise Refused(reason)
    _refuse_past(data["due_on"], actor, now)
    participant = _factory(product, factory_id)
    _refuse_stranger(follows, product, factory_id)
    brief = brief_of(product, actor)
    assert brief is not None
    round = SampleRound(
        brand_id=product.brand_id, product_id=product.id, factory_id=factory_id, brief_id=brief.id, brief_revision=brief.revision,
        number=_next_number(participant), kind=data["kind"], state_since=now, quantity=data["quantity"],
        pieces=min(data["quantity"], USUAL_PIECES), due_on=data["due_on"], instructions=data.get("instructions") or "",
        requested_by_id=actor.user_id, follows_id=follows.id if follows else None, created_at=now,
        carried=follows.decision.reason if follows and follows.decision else "",
    )  # fmt: skip
    round.requirements = _copied(brief, follows)
    db.session.add(round)
    db.session.flush()
    audit.record("sample.request", round, actor, now, number=round.number, kind=round.kind, due=round.due_on)
    events.publish("sample.request", round, actor, now)
    telling.tell(round, "request", actor, now)
    return round


def _refuse_past(due_on: date, actor: Actor, now: datetime) -> None:
    if due_on < day_in(actor.timezone, now):
        raise Invalid({"due_on": [gettext("This day has passed.")]})


def _factory(product: Product, factory_id: int) -> Participant:
    """The factory's part in the product, locked: the numbers of its rounds are given one by one."""
    query = access.select_visible(Participant, SYSTEM).where(
        Participant.product_id == product.id,
        Participant.organisation_id == factory_id,
        Participant.part == "factory",
        Participant.left_at.is_(None),
    )
    found = db.session.scalar(query.with_for_update())
    if found is None:
        raise Invalid({"factory_id": [gettext("Choose a factory that takes part in the product.")]})
    return found


def lock_part(round: SampleRound) -> None:
    """Let nobody else seal for this product and factory until the transaction ends, and read anew what is sealed."""
    query = access.select_visible(Participant, SYSTEM, Participant.id).where(
        Participant.product_id == round.product_id, Participant.organisation_id == round.factory_id, Participant.part == "factory"
    )
    db.session.execute(query.with_for_update())
    db.session.expire(round, ["seals"])


def _next_number(participant: Participant) -> int:
    query = access.select_visible(SampleRound, SYSTEM, func.max(SampleRound.number)).where(
        SampleRound.product_id == participant.product_id, SampleRound.factory_id == participant.organisation_id
    )
    return (db.session.scalar(query) or 0) + 1


def _refuse_stranger(follows: SampleRound | None, product: Product, factory_id: int) -> None:
    if follows is None:
        return
    if (follows.product_id, follows.factory_id) != (product.id, factory_id) or follows.decision is None:
        raise Refused(gettext("Comments are carried on from a decided round of the same factory."))


def _copied(brief: ProductBrief, follows: SampleRound | None) -> list[SampleRequirement]:
    open_points = {c["attribute"]: c["comment"] for c in follows.decision.comments} if follows and follows.decision else {}
    return [
        SampleRequirement(position=n, carried=open_points.get(r.attribute, ""), **{name: getattr(r, name) for name in results.SNAPSHOT})
        for n, r in enumerate(brief.requirements)
    ]


def refuse_moved(round: SampleRound, expected: int | None, actor: Actor) -> None:
    """Conflict, with what the other person did, when the page showed an earlier version."""
    if expected is not None and expected != round.version:
        raise Conflict(what=workflow.last_act(round, actor))


def change(round: SampleRound, data: Data, actor: Actor, now: datetime, expected: int | None) -> None:
    """Change kind, quantity, day or instructions before the factory has begun; a new day reminds anew."""
    db.session.refresh(round, with_for_update={"of": SampleRound})
    refuse_moved(round, expected, actor)
    access.require("sample.change", actor, round)
    _refuse_past(data["due_on"], actor, now)
    if data["due_on"] != round.due_on:
        round.reminded_for = ""
    round.kind, round.quantity, round.due_on = data["kind"], data["quantity"], data["due_on"]
    round.pieces, round.instructions = min(round.quantity, USUAL_PIECES), data.get("instructions") or ""
    db.session.flush()
    audit.record("sample.change", round, actor, now, number=round.number, kind=round.kind, due=round.due_on)
    telling.tell(round, "change", actor, now)


def start(round: SampleRound, actor: Actor, now: datetime, expected: int | None = None) -> None:
    """The factory begins."""
    workflow.fire(round, "start", actor, now=now, expected=expected)
    round.started_at = now
    telling.tell(round, "start", actor, now)


def ship(round: SampleRound, data: Data, actor: Actor, now: datetime, expected: int | None = None) -> None:
    """The factory sends the samples; `data` holds carrier, tracking_number and shipped_on, which has come already."""
    today = day_in(actor.timezone, now)
    if data["shipped_on"] > today:
        raise Invalid({"shipped_on": [gettext("This day has not come yet.")]})
    if data["shipped_on"] < day_in(actor.timezone, round.created_at):
        raise Invalid({"shipped_on": [gettext("On this day the samples had not been asked for yet.")]})
    workflow.fire(round, "ship", actor, now=now, expected=expected)
    round.carrier, round.tracking_number, round.shipped_on = data["carrier"], data["tracking_number"], data["shipped_on"]
    telling.tell(round, "ship", actor, now)


def receive(round: SampleRound, data: Data, actor: Actor, now: datetime, expected: int | None = None) -> None:
    """The brand has them; `data` holds received_on, condition, condition_note and how many pieces are measured."""
    if data["received_on"] > day_in(actor.timezone, now):
        raise Invalid({"received_on": [gettext("This day has not come yet.")]})
    if round.shipped_on and data["received_on"] < round.shipped_on:
        raise Invalid({"received_on": [gettext("On this day the samples had not been shipped yet.")]})
    if data["condition"] != "intact" and not data.get("condition_note"):
        raise Invalid({"condition_note": [gettext("Say what is damaged or missing.")]})
    if data["pieces"] > min(round.quantity, MOST_PIECES):
        raise Invalid({"pieces": [gettext("Only %(n)s were asked for.", n=round.quantity)]})
    workflow.fire(round, "receive", actor, now=now, expected=expected)
    round.received_on, round.condition, round.pieces = data["received_on"], data["condition"], data["pieces"]
    round.condition_note = data.get("condition_note") or ""
    telling.tell(round, "receive", actor, now)


def photograph(round: SampleRound, uploads: Sequence[Any], requirement_id: int, actor: Actor, now: datetime) -> list[StoredFile]:
    """Keep pictures of the round, or of one of its requirements (0: of none in particular)."""
    access.require("sample.photograph", actor, round)
    if requirement_id and requirement_id not in {r.id for r in round.requirements}:
        raise Invalid({"requirement_id": [gettext("This is not measured in this round.")]})
    return keep_photos(round, uploads, ("sample_requirement", requirement_id) if requirement_id else ("sample_round", round.id), actor, now)


def keep_photos(round: SampleRound, uploads: Sequence[Any], subject: tuple[str, int], actor: Actor, now: datetime) -> list[StoredFile]:
    """The pictures of a form, as files of `subject`; whoever sees the round sees them."""
    kept = [files.store(u, actor, now, kind="photo", subject=subject, product_id=round.product_id) for u in uploads if u and u.filename]
    for file in kept:
        audit.record("sample.photo_add", round, actor, now, file=file.name, file_id=file.id)
    return kept


def remove_photo(round: SampleRound, file: StoredFile, actor: Actor, now: datetime) -> None:
    """Take away a picture of one's own organisation, while it may still take some."""
    access.require("sample.photograph", actor, round)
    if file.organisation_id != actor.organisation_id:
        raise Refused(gettext("The other side added this photo."))
    audit.record("sample.photo_remove", round, actor, now, file=file.name, file_id=file.id)
    files.remove(file)
