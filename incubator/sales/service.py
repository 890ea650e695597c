"""The verbs of sales: take lines in, say what a code is, make the weeks and grades anew. Facts are never edited here."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import case, delete, update

from incubator.kernel import access
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.bulk import insert_many, upsert_many
from incubator.kernel.db import db
from incubator.kernel.errors import Refused
from incubator.kernel.upsert import insert_once
from incubator.launches import service as launches
from incubator.launches.models import Channel, Sku, SkuAlias
from incubator.sales import currencies, exclusion, facts, rolling, touched, weeks
from incubator.sales.models import FeedCode, SkuWeek, SkuWeekReason, StaleWeek

MOST_CODES = 2000


def take_in(given: Any, channel: Channel, import_id: int, now: datetime) -> facts.Added:
    """Add the facts (as `facts.add` takes them) to the sales table, note codes that nobody knows, and mark their weeks for the roll-up.

    The weeks are marked also where every line was there already: a run that was killed after the table's commit may have left them out.
    A line that is dated otherwise now leaves its old week, which is rolled up too.
    """
    rates, shift = currencies.to_report(channel)
    added = facts.add(given, facts.Origin(channel.brand_id, channel.id, channel.currency, import_id, rates, shift))
    mark(channel.brand_id, added.weeks, now)
    _note_codes(added.codes, channel)
    return added


def mark(brand_id: int, stale: Iterable[date], now: datetime) -> None:
    """These weeks are to be rolled up anew."""
    for week in sorted(stale):
        insert_once(StaleWeek, brand_id=brand_id, week=week, marked_at=now)


def _note_codes(new: Sequence[facts.NewCode], channel: Channel) -> None:
    """Keep what was sold under codes that mean no SKU, for somebody to say what they are; those that a rule knows are no products."""
    known, no_products = codes_of(channel.brand_id, channel.id), exclusion.patterns(channel.brand_id)
    rows = [_note(note, no_products) for note in new if note.code not in known]
    same = {"brand_id": channel.brand_id, "channel_id": channel.id, "currency": channel.currency}
    upsert_many(FeedCode, rows, ("channel_id", "code"), merged=_noted_again, **same)


def _note(note: facts.NewCode, no_products: Sequence[str]) -> dict[str, Any]:
    days = {"first_on": note.first_on.isoformat(), "last_on": note.last_on.isoformat()}
    return {**vars(note), **days, "status": "ignored" if exclusion.excluded(note.code, no_products) else "open"}


def _noted_again(given: Any, present: Any) -> dict[str, Any]:
    """What a code that stands already becomes: its sums grow, and nothing else that was said of it changes."""
    return {
        **{name: present[name] + given[name] for name in ("lines", "units", "amount_minor")},
        "first_on": case((given.first_on < present.first_on, given.first_on), else_=present.first_on),
        "last_on": case((given.last_on > present.last_on, given.last_on), else_=present.last_on),
    }


def codes_of(brand_id: int, channel_id: int) -> dict[str, int]:
    """Upper-case code → SKU: its own code, or an alias, of which one of the channel wins over one of all channels."""
    own = access.select_visible(Sku, SYSTEM, Sku.code, Sku.id).where(Sku.brand_id == brand_id)
    found = {code.upper(): sku_id for code, sku_id in db.session.execute(own)}
    aliases = access.select_visible(SkuAlias, SYSTEM, SkuAlias.code, SkuAlias.sku_id).where(
        SkuAlias.brand_id == brand_id, SkuAlias.channel_key.in_((0, channel_id))
    )
    found.update({code.upper(): sku_id for code, sku_id in db.session.execute(aliases.order_by(SkuAlias.channel_key))})
    return found


def resolve(codes: Sequence[FeedCode], sku: Sku, actor: Actor, now: datetime) -> None:
    """These codes mean `sku` on their channels: from now on, and for every line that was ever imported."""
    for code in codes:
        _settle(code, "known", actor, now)
        launches.add_alias(sku, code.code, code.channel, actor, now)
    mark_weeks_of(codes, now)


def ignore(codes: Sequence[FeedCode], actor: Actor, now: datetime) -> None:
    """These codes are no products: postage, fees, vouchers. Their lines stay, and count in no week."""
    for code in codes:
        _settle(code, "ignored", actor, now)


def _settle(code: FeedCode, status: str, actor: Actor, now: datetime) -> None:
    access.require("sales.resolve", actor, code)
    changed = db.session.scalar(
        update(FeedCode)
        .where(FeedCode.id == code.id, FeedCode.status != "known", access.visible(FeedCode, actor))
        .values(status=status, resolved_at=now, resolved_by_id=actor.user_id)
        .returning(FeedCode.id)
    )
    if changed is None:
        raise Refused(_l("“%(code)s” has been resolved already. Change it on the page of its SKU.", code=code.code))


def mark_weeks_of(codes: Sequence[FeedCode], now: datetime) -> None:
    by_channel: dict[tuple[int, int], list[str]] = {}
    for code in codes:
        by_channel.setdefault((code.brand_id, code.channel_id), []).append(code.code)
    for (brand_id, channel_id), names in by_channel.items():
        mark(brand_id, rolling.weeks_of_codes(brand_id, channel_id, names), now)


def stale_brands() -> list[int]:
    return list(db.session.scalars(access.select_visible(StaleWeek, SYSTEM, StaleWeek.brand_id).distinct()))


def is_stale(brand_id: int) -> bool:
    """Whether weeks of a brand wait for the roll-up."""
    waiting = access.select_visible(StaleWeek, SYSTEM, StaleWeek.id).where(StaleWeek.brand_id == brand_id)
    return db.session.scalar(waiting.limit(1)) is not None


def roll_up(brand_id: int, most: int = 60) -> int:
    """Make up to `most` stale weeks of a brand anew from the lines, in the caller's transaction, or fewer where they have many; how many it were.

    The marks are taken first: lines that come while the weeks are computed mark them again.
    """
    stale = access.select_visible(StaleWeek, SYSTEM, StaleWeek.week).where(StaleWeek.brand_id == brand_id)
    wanted = rolling.portion(brand_id, db.session.scalars(stale.order_by(StaleWeek.week).limit(most)).all())
    if not wanted:
        return 0
    db.session.execute(delete(StaleWeek).where(StaleWeek.brand_id == brand_id, StaleWeek.week.in_(wanted)))
    meaning = meaning_of(brand_id)
    sold, back, version = rolling.of_weeks(brand_id, wanted, meaning)
    for model in (SkuWeek, SkuWeekReason):
        db.session.execute(delete(model).where(model.brand_id == brand_id, model.week.in_(wanted)))
    insert_many(SkuWeek, weeks.summed(sold), brand_id=brand_id, table_version=version)
    insert_many(SkuWeekReason, weeks.reasons(back), brand_id=brand_id)
    touched.weeks(brand_id, wanted, meaning)
    return len(wanted)


def meaning_of(brand_id: int) -> list[tuple[int, str, int, str]]:
    """(channel, code, SKU, kind of buyers) of all that a brand's channels sell."""
    channels = access.select_visible(Channel, SYSTEM, Channel.id, Channel.buyer_kind).where(Channel.brand_id == brand_id)
    return [
        (channel_id, code, sku_id, buyers)
        for channel_id, buyers in db.session.execute(channels).all()
        for code, sku_id in codes_of(brand_id, channel_id).items()
    ]


def feed_codes(ids: Sequence[int], actor: Actor) -> list[FeedCode]:
    """The actor's own codes of these ids; Refused when one is missing, or they are too many at once."""
    if not ids or len(ids) > MOST_CODES:
        raise Refused(_l("Choose between one and %(n)s codes.", n=MOST_CODES))
    found = list(db.session.scalars(access.select_visible(FeedCode, actor).where(FeedCode.id.in_(ids))))
    if len(found) != len(set(ids)):
        raise Refused(_l("Some of these codes are gone. Load the page again."))
    return found


def channel_of(channel_id: int, actor: Actor) -> Channel:
    channel: Channel = access.get_visible(Channel, channel_id, actor)
    return channel
