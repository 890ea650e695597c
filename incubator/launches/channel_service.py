"""The brand's channels, and what each SKU costs on them from when to when."""

from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_
from sqlalchemy.exc import IntegrityError

from incubator.kernel import access, audit, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid, Refused
from incubator.kernel.money import Money
from incubator.launches.models import Channel, Sku, SkuPrice

Data = dict[str, Any]
FIELDS = ("name_zh", "name_en", "platform", "currency", "timezone", "buyer_kind")
FOREVER = date.max


def create(data: Data, actor: Actor, now: datetime) -> Channel:
    """Open a channel of the actor's brand; `data` holds FIELDS. Invalid when the brand has one of this name."""
    access.require("channel.edit", actor)
    channel = Channel(brand_id=actor.organisation_id, created_at=now, updated_at=now, **{name: data[name] for name in FIELDS})
    _save(channel)
    audit.record("channel.create", channel, actor, now, name=channel.name_zh)
    return channel


def edit(channel: Channel, data: Data, expected: int | None, actor: Actor, now: datetime) -> Channel:
    """Change a channel. Its currency stays once a price stands on it."""
    access.require("channel.edit", actor, channel)
    db.session.refresh(channel, with_for_update={"of": Channel})
    changes = {name: data[name] for name in FIELDS if getattr(channel, name) != data[name]}
    if expected is not None and expected != channel.version:
        raise Conflict(
            what=workflow.last_act(channel, actor), difference=[(n, str(v), str(getattr(channel, n))) for n, v in changes.items()]
        )
    if "currency" in changes and _has_prices(channel):
        raise Invalid({"currency": [_l("Prices stand on this channel; its currency stays.")]})
    for name, value in changes.items():
        setattr(channel, name, value)
    if changes:
        channel.updated_at = now
        _save(channel)
        audit.record("channel.edit", channel, actor, now, name=channel.name_zh, after=changes)
    return channel


def _has_prices(channel: Channel) -> bool:
    return (
        db.session.scalar(access.select_visible(SkuPrice, SYSTEM, SkuPrice.id).where(SkuPrice.channel_id == channel.id).limit(1))
        is not None
    )


def _save(channel: Channel) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(channel)
    except IntegrityError as error:
        raise Invalid({"name_zh": [_l("You have a channel of this name.")]}) from error


def close(channel: Channel, actor: Actor, now: datetime) -> None:
    """Nothing new is sold there; prices, launches and history stay."""
    access.require("channel.edit", actor, channel)
    if channel.closed_at is None:
        channel.closed_at = channel.updated_at = now
        audit.record("channel.close", channel, actor, now, name=channel.name_zh)


def reopen(channel: Channel, actor: Actor, now: datetime) -> None:
    access.require("channel.edit", actor, channel)
    if channel.closed_at is not None:
        channel.closed_at, channel.updated_at = None, now
        audit.record("channel.reopen", channel, actor, now, name=channel.name_zh)


def set_price(sku: Sku, channel: Channel, price: Money, valid_from: date, valid_to: date | None, actor: Actor, now: datetime) -> SkuPrice:
    """What the SKU costs on the channel from a day on. An open price before it ends the day before; any other overlap is Invalid."""
    access.require("sku.edit", actor, sku)
    if price.currency != channel.currency:
        raise Invalid({"price": [gettext("This channel sells in %(currency)s.", currency=channel.currency)]})
    if channel.closed_at:
        raise Refused(_l("This channel is closed. Reopen it, or choose another."))
    db.session.refresh(sku, with_for_update={"of": Sku})  # two prices at once wait for each other here
    _make_room(sku, channel, valid_from, valid_to)
    row = SkuPrice(
        sku_id=sku.id, channel_id=channel.id, price_minor=price.minor, currency=price.currency, valid_from=valid_from, valid_to=valid_to,
        created_at=now, created_by_id=actor.user_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(
        "sku.price", sku, actor, now, code=sku.code, channel=channel.name_zh, day=valid_from, price=f"{price.major} {price.currency}"
    )
    return row


def _make_room(sku: Sku, channel: Channel, valid_from: date, valid_to: date | None) -> None:
    same = access.select_visible(SkuPrice, SYSTEM).where(SkuPrice.sku_id == sku.id, SkuPrice.channel_id == channel.id)
    clashing = same.where(SkuPrice.valid_from <= (valid_to or FOREVER), or_(SkuPrice.valid_to.is_(None), SkuPrice.valid_to >= valid_from))
    for other in db.session.scalars(clashing.order_by(SkuPrice.valid_from)):
        if other.valid_to is not None or other.valid_from >= valid_from:
            until = other.valid_to.isoformat() if other.valid_to else gettext("further notice")
            raise Invalid(
                {"valid_from": [gettext("A price stands already from %(a)s until %(b)s.", a=other.valid_from.isoformat(), b=until)]}
            )
        other.valid_to = valid_from - timedelta(days=1)
    db.session.flush()


def end_price(row: SkuPrice, sku: Sku, last_day: date, actor: Actor, now: datetime) -> SkuPrice:
    """The price holds until `last_day` and no longer."""
    access.require("sku.edit", actor, sku)
    if last_day < row.valid_from or (row.valid_to is not None and last_day > row.valid_to):
        raise Invalid({"valid_to": [_l("Choose a day on which the price holds.")]})
    row.valid_to = last_day
    audit.record("sku.price_end", sku, actor, now, code=sku.code, channel=row.channel.name_zh, day=last_day)
    return row
