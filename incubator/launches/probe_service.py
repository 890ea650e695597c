"""The verbs of a test launch: plan, start, note readings, judge. A verdict is written once."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import func

from incubator.kernel import access, audit, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid, Refused
from incubator.kernel.i18n import local
from incubator.launches.models import Channel
from incubator.launches.probe_models import NEXT_STEPS, Probe, ProbeChannel, ProbeReading, ProbeVerdict
from incubator.products.models import Product
from incubator.schedule import service as schedule

Data = dict[str, Any]
FIELDS = ("belief", "metric", "direction", "threshold_x100", "from_on", "to_on", "units", "currency", "price_minor", "budget_minor")
OPEN_TO_TESTS = ("codevelopment", "preproduction", "test_launch", "launch", "scale")
LARGEST = 10**12


def plan(product: Product, data: Data, channel_ids: list[int], actor: Actor, now: datetime) -> Probe:
    """A test launch with its hypothesis; `data` holds FIELDS. Refused before there is anything to sell."""
    access.require("launch.edit", actor, product)
    db.session.refresh(product, with_for_update={"of": Product})
    if product.state not in OPEN_TO_TESTS:
        raise Refused(_l("There is nothing to sell yet, or no more. Test launches are planned from co-development on."))
    last = db.session.scalar(access.select_visible(Probe, SYSTEM, func.max(Probe.number)).where(Probe.product_id == product.id)) or 0
    probe = Probe(
        product=product, brand_id=product.brand_id, number=last + 1, state_since=now, created_at=now, updated_at=now,
        **{name: data[name] for name in FIELDS},
    )  # fmt: skip
    _choose(probe, channel_ids, actor)
    db.session.add(probe)
    db.session.flush()
    audit.record("probe.plan", probe, actor, now, number=probe.number)
    return probe


def edit(probe: Probe, data: Data, channel_ids: list[int], expected: int | None, actor: Actor, now: datetime) -> Probe:
    """Change a test launch before it starts: afterwards the hypothesis stands."""
    access.require("launch.edit", actor, probe)
    db.session.refresh(probe, with_for_update={"of": Probe})
    if expected is not None and expected != probe.version:
        raise Conflict(what=workflow.last_act(probe, actor))
    if probe.state != "planned":
        raise Refused(_l("A test that has started keeps its hypothesis. Plan another one to test something else."))
    for name in FIELDS:
        setattr(probe, name, data[name])
    _choose(probe, channel_ids, actor)
    probe.updated_at = now
    db.session.flush()
    audit.record("probe.edit", probe, actor, now, number=probe.number)
    return probe


def _choose(probe: Probe, channel_ids: list[int], actor: Actor) -> None:
    wanted = own_channels(channel_ids, actor)
    kept = [link for link in probe.channels if link.channel_id in wanted]
    probe.channels[:] = kept + [ProbeChannel(channel_id=i) for i in wanted if i not in {link.channel_id for link in kept}]


def own_channels(channel_ids: list[int], actor: Actor) -> list[int]:
    """The same ids, when each is an open channel of the brand; Invalid otherwise."""
    query = access.select_visible(Channel, actor, Channel.id).where(Channel.id.in_(channel_ids), Channel.closed_at.is_(None))
    found = sorted(db.session.scalars(query))
    if len(found) != len(set(channel_ids)):
        raise Invalid({"channels": [_l("Choose from your open channels.")]})
    return found


def note_reading(probe: Probe, on_date: date, value_x100: int, source: str, actor: Actor, now: datetime) -> ProbeReading:
    """What was measured on a day; the same source corrects its figure of that day. Only while the test runs, and of no day to come."""
    access.require("launch.edit", actor, probe)
    db.session.refresh(probe, with_for_update={"of": Probe})
    if probe.state != "running":
        raise Refused(_l("Readings are noted while the test runs."))
    if on_date > local(now, actor.timezone).date() or on_date < probe.from_on:
        raise Invalid({"on_date": [gettext("Choose a day from %(day)s until today.", day=probe.from_on.isoformat())]})
    same = access.select_visible(ProbeReading, SYSTEM).where(ProbeReading.probe_id == probe.id, ProbeReading.on_date == on_date)
    reading = db.session.scalar(same.where(ProbeReading.source == source))
    if reading is None:
        reading = ProbeReading(probe_id=probe.id, on_date=on_date, source=source, created_at=now)
        db.session.add(reading)
    reading.value_x100, reading.noted_by_id, probe.updated_at = value_x100, actor.user_id, now
    db.session.flush()
    db.session.expire(probe, ["readings"])
    audit.record("probe.reading", probe, actor, now, number=probe.number, day=on_date, value=value_x100 / 100, source=source)
    return reading


def judge(
    probe: Probe, verdict: str, reason: str, next_step: str, review_on: date, actor: Actor, now: datetime, expected: int | None = None
) -> ProbeVerdict:
    """Say what the test showed and what follows: "continue", "pivot" or "stop", looked at again on `review_on`, which becomes a milestone."""
    if next_step not in NEXT_STEPS:
        raise Invalid({"next_step": [_l("Choose what follows.")]})
    if review_on < now.date():
        raise Invalid({"review_on": [_l("This day has passed.")]})
    workflow.fire(probe, verdict, actor, note=reason, now=now, expected=expected, next_step=next_step)
    assert actor.user_id is not None
    row = ProbeVerdict(
        probe=probe, verdict=verdict, reason=reason, next_step=next_step, review_on=review_on, decided_by_id=actor.user_id, decided_at=now,
        readings=[{"on": r.on_date.isoformat(), "value_x100": r.value_x100, "source": r.source} for r in probe.readings],
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    name = gettext("After test launch %(n)s: continue, pivot or stop?", n=probe.number)
    schedule.add(probe.product, name, review_on, actor, now, owner_id=probe.product.owner_id or actor.user_id, source=f"probe:{probe.id}")
    return row
