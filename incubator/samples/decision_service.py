"""Deciding on a measured round, once; and sealing an approved one as the golden sample. A decision is a row that nothing changes."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import func, or_

from incubator.kernel import access, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Invalid
from incubator.kernel.file_table import StoredFile
from incubator.samples import results, telling
from incubator.samples.models import GoldenSample, SampleDecision, SampleRound
from incubator.samples.service import keep_photos, lock_part
from incubator.schedule.localday import day_in

EVENTS = {"approved": "approve", "approved_with_comments": "approve_with_comments", "rejected": "reject"}
LEAST_PHOTOS = 2
DRAWS = 50


def decide(
    round: SampleRound,
    outcome: str,
    reason: str,
    remarks: Mapping[int, str],
    actor: Actor,
    now: datetime,
    expected: int | None = None,
) -> SampleDecision:
    """Give the verdict: "approved", "approved_with_comments" or "rejected"; `remarks` are comments by requirement id.

    Refused while a must fails (unless rejected); Invalid when an approval leaves a failing “should” without a comment.
    """
    _require_remarks(round, outcome, remarks)
    workflow.fire(round, EVENTS[outcome], actor, note=reason, now=now, expected=expected)
    assert actor.user_id is not None and actor.organisation_id is not None
    comments = [{"attribute": r.attribute, "comment": remarks[r.id]} for r in round.requirements if remarks.get(r.id)]
    decision = SampleDecision(
        round_id=round.id, product_id=round.product_id, kind=round.kind, outcome=outcome, reason=reason, comments=comments,
        results=results.frozen(round), decided_by_id=actor.user_id, organisation_id=actor.organisation_id, decided_at=now,
    )  # fmt: skip
    db.session.add(decision)
    db.session.flush()
    telling.tell(round, EVENTS[outcome], actor, now)
    return decision


def _require_remarks(round: SampleRound, outcome: str, remarks: Mapping[int, str]) -> None:
    if set(remarks) - {r.id for r in round.requirements}:
        raise Invalid({"comments": [gettext("This is not measured in this round.")]})
    if outcome != "approved_with_comments":
        return
    if silent := [r.attribute for r in results.failing(round, "should") if not remarks.get(r.id)]:
        raise Invalid({"comments": [gettext("Comment on what is outside its tolerance: %(what)s.", what=", ".join(silent))]})


def seal(
    round: SampleRound,
    storage_place: str,
    kept_by: Sequence[str],
    photos: Sequence[Any],
    actor: Actor,
    now: datetime,
    expected: int | None = None,
) -> GoldenSample:
    """Seal an approved round; `kept_by` names "brand", "factory" or both. At least two photos must show it, `photos` included.

    The factory's earlier golden sample of the product is superseded and stays.
    """
    if not kept_by:
        raise Invalid({"kept_by_brand": [gettext("Somebody must keep one.")]})
    lock_part(round)
    earlier = [s for s in round.seals if s.state == "valid"]
    workflow.fire(round, "seal", actor, now=now, expected=expected)
    keep_photos(round, photos, ("sample_round", round.id), actor, now)
    if photo_count(round) < LEAST_PHOTOS:
        raise Invalid({"photos": [gettext("A golden sample needs at least %(n)s photos that show it.", n=LEAST_PHOTOS)]})
    assert actor.user_id is not None
    golden = GoldenSample(
        brand_id=round.brand_id, product_id=round.product_id, factory_id=round.factory_id, round_id=round.id, round_number=round.number,
        number=_draw_number(round.brand_id, day_in(actor.timezone, now).year), state_since=now, sealed_at=now, sealed_by_id=actor.user_id,
        storage_place=storage_place, kept_by_brand="brand" in kept_by, kept_by_factory="factory" in kept_by, created_at=now,
    )  # fmt: skip
    db.session.add(golden)
    db.session.flush()
    for old in earlier:
        workflow.fire(old, "supersede", SYSTEM, now=now, number=old.number, by=golden.number)
        old.superseded_by_id = golden.id
    telling.tell(round, "seal", actor, now)
    return golden


def photo_count(round: SampleRound) -> int:
    """How many pictures show the round or one of its requirements."""
    of_requirement = StoredFile.subject_id.in_([r.id for r in round.requirements])
    query = access.select_visible(StoredFile, SYSTEM, func.count(StoredFile.id)).where(
        or_(
            (StoredFile.subject_type == "sample_round") & (StoredFile.subject_id == round.id),
            (StoredFile.subject_type == "sample_requirement") & of_requirement,
        )
    )
    return db.session.scalar(query) or 0


def _draw_number(brand_id: int, year: int) -> str:
    """GS-2026-4831: free at the brand, and drawn, so that it tells nobody how many there are. Six digits once four are nearly used up."""
    for digits in (4, 6):
        for _ in range(DRAWS):
            number = f"GS-{year}-{secrets.randbelow(10**digits):0{digits}}"
            taken = access.select_visible(GoldenSample, SYSTEM, GoldenSample.id).where(
                GoldenSample.brand_id == brand_id, GoldenSample.number == number
            )
            if db.session.scalar(taken) is None:
                return number
    raise Invalid({"number": [gettext("No seal number is free this year.")]})
