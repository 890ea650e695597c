"""Reads of channels, checklists, test launches and launches for pages, always scoped. It writes nothing."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from incubator.kernel import access, paging
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.launches import checklists
from incubator.launches.launch_models import ChecklistItem, Launch, LaunchChannel, LaunchSku
from incubator.launches.models import Channel, Sku, SkuPrice
from incubator.launches.probe_models import Probe, ProbeChannel, ProbeReading, ProbeVerdict
from incubator.products.models import Product

AHEAD = timedelta(days=7)
ENDED = ("stopped", "handed_over")


class Task(NamedTuple):
    """A checklist task that waits for the actor."""

    title: Any
    url: str
    hint: str
    due: date | None


def channels(actor: Actor, *, only_open: bool = False) -> list[Any]:
    """(id, names, platform …) of the channels that the actor may know, with how many SKUs have a price there (brand only)."""
    own = (Channel.currency, Channel.timezone, Channel.buyer_kind, Channel.closed_at) if actor.role == "brand" else ()
    query = access.select_visible(Channel, actor, Channel.id, Channel.name_zh, Channel.name_en, Channel.platform, *own)
    query = query.where(Channel.closed_at.is_(None)) if only_open else query
    return list(db.session.execute(query.order_by(Channel.closed_at.is_not(None), Channel.id).limit(300)))


def skus_by_channel(actor: Actor) -> dict[int, int]:
    """How many SKUs have a price on each channel."""
    query = access.select_visible(SkuPrice, actor, SkuPrice.channel_id, func.count(SkuPrice.sku_id.distinct()))
    return {channel_id: number for channel_id, number in db.session.execute(query.group_by(SkuPrice.channel_id))}


def items_of(product: Product, actor: Actor) -> list[ChecklistItem]:
    """The tasks of a product that the actor may see, channel by channel."""
    query = access.select_visible(ChecklistItem, actor).where(ChecklistItem.product_id == product.id)
    shown = (ChecklistItem.channel, ChecklistItem.owner, ChecklistItem.organisation, ChecklistItem.done_by, ChecklistItem.file)
    query = query.options(*(joinedload(part) for part in shown))
    return list(db.session.scalars(query.order_by(ChecklistItem.channel_id, ChecklistItem.position, ChecklistItem.id).limit(1000)))


def by_channel(items: list[ChecklistItem]) -> list[tuple[Channel, list[ChecklistItem]]]:
    found: dict[int, list[ChecklistItem]] = {}
    for item in items:
        found.setdefault(item.channel_id, []).append(item)
    return [(group[0].channel, group) for group in found.values()]


def open_count(product: Product, actor: Actor) -> Any:
    """A scalar subquery for the tab: the tasks still to do."""
    query = access.select_visible(ChecklistItem, actor, ChecklistItem.id).where(ChecklistItem.product_id == product.id)
    return select(func.count()).select_from(query.where(ChecklistItem.done_at.is_(None)).limit(100).subquery()).scalar_subquery()


def _mine(query: Select[Any], actor: Actor, today: date) -> Select[Any]:
    """Open tasks of this very person that are overdue or due within a week; for a partner every open one of its organisation."""
    query = query.join(Product, Product.id == ChecklistItem.product_id).where(ChecklistItem.done_at.is_(None), Product.state.not_in(ENDED))
    if actor.role == "brand":
        mine = (ChecklistItem.owner_id == actor.user_id, ChecklistItem.organisation_id.is_(None), ChecklistItem.due_on <= today + AHEAD)
        query = query.where(*mine)
    return query


def waiting_count(actor: Actor, today: date) -> Any:
    """A scalar subquery: how many tasks wait for the actor, up to a hundred."""
    mine = _mine(access.select_visible(ChecklistItem, actor, ChecklistItem.id), actor, today).limit(100)
    return select(func.count()).select_from(mine.subquery()).scalar_subquery()


def tasks_for(actor: Actor, today: date, limit: int = 6) -> list[Task]:
    """The tasks that wait for the actor, the most urgent first."""
    columns = (
        ChecklistItem.id,
        ChecklistItem.key,
        ChecklistItem.title,
        ChecklistItem.due_on,
        Channel.platform,
        Channel.name_zh,
        Product.name,
    )
    query = access.select_visible(ChecklistItem, actor, *columns).join(Channel, Channel.id == ChecklistItem.channel_id)
    query = _mine(query, actor, today).order_by(ChecklistItem.due_on.is_(None), ChecklistItem.due_on, ChecklistItem.id).limit(limit)
    return [
        Task(checklists.label(r.key, r.platform, r.title), f"/checklist/{r.id}", f"{r.name} · {r.name_zh}", r.due_on)
        for r in db.session.execute(query)
    ]


def progress(product: Product, actor: Actor) -> Any:
    """(total, done, channels) of the tasks of a product."""
    counts = (func.count().label("total"), func.count(ChecklistItem.done_at).label("done"))
    query = access.select_visible(ChecklistItem, actor, *counts, func.count(ChecklistItem.channel_id.distinct()).label("channels"))
    return db.session.execute(query.where(ChecklistItem.product_id == product.id)).one()


def latest_probe(product: Product, actor: Actor) -> Any:
    """(number, state) of the last test launch, or None."""
    query = access.select_visible(Probe, actor, Probe.number, Probe.state).where(Probe.product_id == product.id)
    return db.session.execute(query.order_by(Probe.number.desc()).limit(1)).one_or_none()


def probes_of(product: Product, actor: Actor) -> list[Probe]:
    """The test launches of a product with all that their page shows, the latest first."""
    query = access.select_visible(Probe, actor).where(Probe.product_id == product.id)
    query = query.options(
        selectinload(Probe.channels).joinedload(ProbeChannel.channel),
        selectinload(Probe.readings).joinedload(ProbeReading.noted_by),
        joinedload(Probe.verdict).joinedload(ProbeVerdict.decided_by),
    )
    probes = list(db.session.scalars(query.order_by(Probe.number.desc()).limit(50)).unique())
    for probe in probes:
        probe.product = product
    return probes


def launches_of(product: Product, actor: Actor) -> list[Launch]:
    """The brand's launches of a product with channels and SKUs, the latest first."""
    query = access.select_visible(Launch, actor).where(Launch.product_id == product.id)
    query = query.options(
        selectinload(Launch.channels).joinedload(LaunchChannel.channel), selectinload(Launch.skus).joinedload(LaunchSku.sku)
    )
    return list(db.session.scalars(query.order_by(Launch.number.desc()).limit(50)))


def calendar(actor: Actor, which: str, today: date, cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """A page of launches with their product; `which` is "coming" (planned) or "past" (live and cancelled, the latest first)."""
    columns = (Launch.id, Launch.number, Launch.launch_on, Launch.state, Launch.product_id, Product.name.label("product_name"))
    query = access.select_visible(Launch, actor, *columns).join(Product, Product.id == Launch.product_id)
    count = access.select_visible(Launch, actor, Launch.id)
    past = which == "past"
    query, count = (q.where(Launch.state != "planned" if past else Launch.state == "planned") for q in (query, count))
    return paging.fetch(query, Launch.id, paging.Order(Launch.launch_on, "launch_on", descending=past), cursor, size, count)


def channels_by_launch(launch_ids: list[int], actor: Actor) -> dict[int, list[Any]]:
    """Launch → (names, platform) of its channels; empty for whoever may not know them."""
    query = access.select_visible(LaunchChannel, actor, LaunchChannel.launch_id, Channel.name_zh, Channel.name_en, Channel.platform)
    query = query.join(Channel, Channel.id == LaunchChannel.channel_id).where(LaunchChannel.launch_id.in_(launch_ids))
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(query.order_by(LaunchChannel.id)):
        found.setdefault(row.launch_id, []).append(row)
    return found


def skus_by_launch(launch_ids: list[int], actor: Actor) -> dict[int, list[Any]]:
    """Launch → (names) of its SKUs, as far as the actor may see them."""
    query = access.select_visible(LaunchSku, actor, LaunchSku.launch_id, Sku.id, Sku.name_zh, Sku.name_en, Sku.colour, Sku.size, Sku.pack)
    query = query.join(Sku, Sku.id == LaunchSku.sku_id).where(LaunchSku.launch_id.in_(launch_ids))
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(query.order_by(LaunchSku.id)):
        found.setdefault(row.launch_id, []).append(row)
    return found


def for_partner(product: Product, actor: Actor) -> list[Any]:
    """(id, day, state) of the launches of a product that a partner may know."""
    query = access.select_visible(Launch, actor, Launch.id, Launch.launch_on, Launch.state).where(Launch.product_id == product.id)
    return list(db.session.execute(query.order_by(Launch.launch_on.desc(), Launch.id)))
