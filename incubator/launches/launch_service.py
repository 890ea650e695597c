"""The verbs of a launch: plan, change, go live, cancel. The first launch of a product brings it to its launch stage."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func

from incubator.accounts import notices
from incubator.kernel import access, audit, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid, Refused
from incubator.kernel.i18n import listed
from incubator.launches import checklists, words
from incubator.launches.launch_models import ChecklistItem, Launch, LaunchChannel, LaunchSku
from incubator.launches.models import Sku, SkuPrice
from incubator.launches.policies import PARTNERS
from incubator.launches.probe_service import own_channels
from incubator.launches.workflow import TESTING, missing_of
from incubator.products.models import Participant, Product
from incubator.products.workflow import register_guard

PLANNED_FROM = ("preproduction", *TESTING)
SHOWN = 4  # tasks named in one reason
notices.register(
    {
        "launch.planned": _l("“%(name)s” is planned to go on sale on %(day)s."),
        "launch.live": _l("“%(name)s” is on sale."),
        "launch.cancelled": _l("The launch of “%(name)s” on %(day)s was cancelled."),
    }
)


def plan(product: Product, day: date, channel_ids: list[int], sku_ids: list[int], note: str, actor: Actor, now: datetime) -> Launch:
    """SKUs of the product that shall go on sale on channels on a day. Partners and the factories that make them are told the day."""
    access.require("launch.edit", actor, product)
    db.session.refresh(product, with_for_update={"of": Product})
    if product.state not in PLANNED_FROM:
        raise Refused(_l("A launch is planned from pre-production on, and no more once the product has ended."))
    last = db.session.scalar(access.select_visible(Launch, SYSTEM, func.max(Launch.number)).where(Launch.product_id == product.id)) or 0
    launch = Launch(
        product=product,
        brand_id=product.brand_id,
        number=last + 1,
        launch_on=day,
        note=note,
        state_since=now,
        created_at=now,
        updated_at=now,
    )
    _choose(launch, channel_ids, sku_ids, actor)
    db.session.add(launch)
    db.session.flush()
    audit.record("launch.plan", launch, actor, now, number=launch.number, day=day)
    _tell(launch, "launch.planned", now)
    return launch


def edit(
    launch: Launch, day: date, channel_ids: list[int], sku_ids: list[int], note: str, expected: int | None, actor: Actor, now: datetime
) -> Launch:
    """Change a planned launch; a new day is told to those who were told the old one."""
    access.require("launch.edit", actor, launch)
    db.session.refresh(launch, with_for_update={"of": Launch})
    if launch.state != "planned" or (expected is not None and expected != launch.version):
        raise Conflict(what=workflow.last_act(launch, actor))
    moved = launch.launch_on != day
    launch.launch_on, launch.note, launch.updated_at = day, note, now
    _choose(launch, channel_ids, sku_ids, actor)
    db.session.flush()
    audit.record("launch.edit", launch, actor, now, number=launch.number, day=day)
    if moved:
        _tell(launch, "launch.planned", now)
    return launch


def _choose(launch: Launch, channel_ids: list[int], sku_ids: list[int], actor: Actor) -> None:
    channels = own_channels(channel_ids, actor)
    query = access.select_visible(Sku, actor, Sku.id).where(
        Sku.id.in_(sku_ids), Sku.product_id == launch.product.id, Sku.state != "retired"
    )
    skus = sorted(db.session.scalars(query))
    if len(skus) != len(set(sku_ids)):
        raise Invalid({"skus": [_l("Choose from the product's SKUs.")]})
    kept, had = [c for c in launch.channels if c.channel_id in channels], {c.channel_id for c in launch.channels}
    launch.channels[:] = kept + [LaunchChannel(channel_id=i) for i in channels if i not in had]
    sold, had = [s for s in launch.skus if s.sku_id in skus], {s.sku_id for s in launch.skus}
    launch.skus[:] = sold + [LaunchSku(sku_id=i) for i in skus if i not in had]


def look(launches: Sequence[Launch]) -> None:
    """What still stands in the way of each launch of one product, in words, on its `reasons`, where the guard of the workflow reads it.

    Two queries, however many launches, channels and SKUs.
    """
    prices, items = _prices(launches), _items(launches)
    for launch in launches:
        reasons = [*_of_the_skus(launch), *_of_the_prices(launch, prices), *_of_the_checklists(launch, items)]
        launch.reasons = reasons  # type: ignore[attr-defined]


def _prices(launches: Sequence[Launch]) -> list[Any]:
    skus = {link.sku_id for launch in launches for link in launch.skus}
    channels = {link.channel_id for launch in launches for link in launch.channels}
    columns = (SkuPrice.sku_id, SkuPrice.channel_id, SkuPrice.valid_from, SkuPrice.valid_to)
    query = access.select_visible(SkuPrice, SYSTEM, *columns)
    return list(db.session.execute(query.where(SkuPrice.sku_id.in_(skus), SkuPrice.channel_id.in_(channels))))


def _items(launches: Sequence[Launch]) -> dict[int, list[Any]]:
    columns = (ChecklistItem.channel_id, ChecklistItem.key, ChecklistItem.title, ChecklistItem.done_at, ChecklistItem.is_required)
    query = access.select_visible(ChecklistItem, SYSTEM, *columns).order_by(ChecklistItem.position)
    by_channel = defaultdict(list)
    for row in db.session.execute(query.where(ChecklistItem.product_id.in_({launch.product_id for launch in launches}))):
        by_channel[row.channel_id].append(row)
    return by_channel


def _of_the_skus(launch: Launch) -> list[Any]:
    if not launch.skus:
        return [_l("Choose at least one SKU first.")]
    lacking = ((link.sku.code, missing_of(link.sku)) for link in launch.skus if link.sku.state != "retired")
    retired = [link.sku.code for link in launch.skus if link.sku.state == "retired"]
    found = [_l("%(code)s lacks %(what)s.", code=code, what=listed(missing)) for code, missing in lacking if missing]
    return [*found, *([_l("Retired: %(codes)s. Take them out of the launch.", codes=listed(retired))] if retired else [])]


def _of_the_prices(launch: Launch, prices: list[Any]) -> list[Any]:
    if not launch.channels:
        return [_l("Choose at least one channel first.")]
    found, day = [], launch.launch_on
    priced = {(p.sku_id, p.channel_id) for p in prices if p.valid_from <= day and (p.valid_to is None or p.valid_to >= day)}
    for link in launch.channels:
        if missing := [sold.sku.code for sold in launch.skus if (sold.sku_id, link.channel_id) not in priced]:
            found.append(_l("No price on %(channel)s on the day: %(codes)s.", channel=words.named(link.channel), codes=listed(missing)))
    return found


def _of_the_checklists(launch: Launch, by_channel: dict[int, list[Any]]) -> list[Any]:
    found = []
    for link in launch.channels:
        items, channel = by_channel.get(link.channel_id), link.channel
        if not items:
            found.append(_l("The checklist of %(channel)s has not been started.", channel=words.named(channel)))
        elif left := [checklists.label(i.key, channel.platform, i.title) for i in items if i.is_required and not i.done_at]:
            found.append(_left(words.named(channel), left))
    return found


def _left(channel: str, left: list[Any]) -> Any:
    names = listed(f"“{task}”" for task in left[:SHOWN])
    if len(left) <= SHOWN:
        return _l("To do for %(channel)s: %(tasks)s.", channel=channel, tasks=names)
    return _l("To do for %(channel)s: %(tasks)s, and %(n)s more.", channel=channel, tasks=names, n=len(left) - SHOWN)


def go_live(launch: Launch, actor: Actor, now: datetime, expected: int | None = None) -> Launch:
    """The SKUs go on sale: the launch is live, the product reaches its launch stage, everyone who takes part is told."""
    db.session.refresh(launch.product, with_for_update={"of": Product})
    look([launch])
    workflow.fire(launch, "go_live", actor, now=now, expected=expected)
    if launch.product.state == "test_launch":
        workflow.fire(launch.product, "launch", SYSTEM, now=now)
    for link in launch.skus:
        for event in {"draft": ("make_ready", "list"), "ready": ("list",)}.get(link.sku.state, ()):
            workflow.fire(link.sku, event, SYSTEM, now=now)
    _tell(launch, "launch.live", now)
    return launch


def cancel(launch: Launch, note: str, actor: Actor, now: datetime, expected: int | None = None) -> Launch:
    workflow.fire(launch, "cancel", actor, note=note, now=now, expected=expected)
    _tell(launch, "launch.cancelled", now)
    return launch


def has_launched(product: Product, _actor: Actor) -> Any:
    """Guard of the step to the launch stage: it is the launch itself that takes it."""
    live = access.select_visible(Launch, SYSTEM, Launch.id).where(Launch.product_id == product.id, Launch.state == "live").limit(1)
    if db.session.scalar(live) is not None:
        return None
    return _l("Plan the launch on the tab “Launch”, and launch there once its checklist is done.")


def _tell(launch: Launch, text: str, now: datetime) -> None:
    """Partners that take part now, and the factories of these SKUs; a factory is led to its own SKUs."""
    product, day = launch.product, launch.launch_on.isoformat()
    taking_part = access.select_visible(Participant, SYSTEM, Participant.organisation_id).where(
        Participant.product_id == product.id, Participant.left_at.is_(None), Participant.part.in_(PARTNERS)
    )
    makers = {link.sku.factory_organisation_id for link in launch.skus if link.sku.factory_organisation_id}
    for organisation_id, path in (
        *((i, f"/products/{product.id}/launch") for i in sorted(set(db.session.scalars(taking_part)))),
        *((i, "/skus") for i in sorted(makers)),
    ):
        notices.notify(notices.people_of(organisation_id), text, path, now, organisation_id, name=product.name, day=day)


register_guard("test_launch", "launch", has_launched)
