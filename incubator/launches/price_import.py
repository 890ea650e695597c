"""Prices from a sheet: reading its lines, seeing what they change, and writing them set by set. It keeps that two prices never overlap."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.imports.kinds import Cells, Counts, Line, Refusal, Row, RowsRefused
from incubator.imports.models import DataImport
from incubator.kernel import access, audit
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.bulk import id_set, insert_many
from incubator.kernel.db import db
from incubator.kernel.i18n import local
from incubator.kernel.money import Money
from incubator.launches.models import Channel, Sku, SkuAlias, SkuPrice
from incubator.products.models import Product

LABELS: dict[str, Any] = {
    "sku": _l("SKU code"), "name": _l("Name in Chinese"), "price": _l("Price"), "valid_from": _l("Valid from"), "valid_to": _l("Until"),
}  # fmt: skip
LONGEST_CODE, CHUNK = 60, 500
FOREVER = date.max


@dataclass
class Period:
    """A price of one SKU on the channel; `row` is the kept one, `line` the sheet's. `ends` is set when a later price ends it."""

    minor: int
    valid_from: date
    valid_to: date | None
    row: SkuPrice | None = None
    is_dirty: bool = False


@dataclass
class Plan:
    """What an import would do: periods to insert by code, kept rows to change, and lines that cannot be written."""

    new: list[tuple[str, Period]] = field(default_factory=list)
    changed: list[Period] = field(default_factory=list)
    refusals: dict[int, Refusal] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: {"new": 0, "changed": 0, "unchanged": 0})


def channel_of(made: DataImport, actor: Actor) -> Channel:
    found: Channel = access.get_visible(Channel, int(made.options["channel_id"]), actor)
    return found


def read(cells: Iterable[Cells], made: DataImport, actor: Actor) -> Iterator[Line]:
    """One line after the other: a code, a price in the channel's currency, and the days from and until which it holds."""
    currency, may_create = channel_of(made, actor).currency, bool(made.options.get("product_id"))
    known, retired = _known_codes(made, actor)
    seen: dict[tuple[str, str], tuple[int, int]] = {}
    for number, values in cells:
        row, refusals = _row(number, values, currency)
        if row["sku"] in retired:
            refusals.append(_refusal("sku", row["sku"], gettext("This SKU is retired.")))
        elif not refusals and not may_create and row["sku"] not in known:
            message = gettext("No SKU has this code. Correct it, or choose the product in which unknown codes become legacy SKUs.")
            refusals.append(_refusal("sku", row["sku"], message))
        first = seen.setdefault((row["sku"], row["valid_from"]), (number, row.get("minor", 0)))
        if refusals:
            yield Line(number, refusals=refusals)
        elif first[0] == number:
            yield Line(number, row)
        elif first[1] == row["minor"]:
            yield Line(number, outcome="duplicates")
        else:
            message = gettext("Line %(n)s gives this SKU another price for the same day.", n=first[0])
            yield Line(number, refusals=[_refusal("price", values["price"], message)])


def _known_codes(made: DataImport, actor: Actor) -> tuple[set[str], set[str]]:
    """Every code by which a SKU of the brand is known on the channel; and those whose SKU is retired."""
    own = access.select_visible(Sku, actor, Sku.code, Sku.state)
    others = access.select_visible(SkuAlias, actor, SkuAlias.code, Sku.state).join(Sku, Sku.id == SkuAlias.sku_id)
    others = others.where(SkuAlias.channel_key.in_((0, int(made.options["channel_id"]))))
    states: dict[str, str] = dict(db.session.execute(others).all()) | dict(db.session.execute(own).all())
    return set(states), {code for code, state in states.items() if state == "retired"}


def _row(number: int, values: dict[str, str], currency: str) -> tuple[Row, list[Refusal]]:
    code, refusals = values["sku"].strip(), []
    if not code or len(code) > LONGEST_CODE:
        refusals.append(_refusal("sku", code, gettext("Give a code of at most %(n)s characters.", n=LONGEST_CODE)))
    row: Row = {"line": number, "sku": code, "name": values["name"].strip()[:200], "valid_from": "", "valid_to": ""}
    minor = _minor(values["price"], currency)
    if minor is None:
        refusals.append(_refusal("price", values["price"], gettext("A price in %(currency)s, like 89.90.", currency=currency)))
    else:
        row["minor"] = minor
    for name in ("valid_from", "valid_to"):
        if text := values[name].strip():
            row[name] = _day(text) or ""
            if not row[name]:
                refusals.append(_refusal(name, text, gettext("A day, like 2027-03-01.")))
    return row, refusals


def _refusal(column: str, value: str, message: str) -> Refusal:
    return Refusal(str(LABELS[column]), value[:100], message)


def _minor(text: str, currency: str) -> int | None:
    """The amount in minor units; None for blank, "Nill", "#REF!", zero and whatever else is no price."""
    try:
        amount = Money.parse(text.strip()[:30], currency)
    except ValueError:
        return None
    return amount.minor if amount.minor > 0 else None


def _day(text: str) -> str | None:
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return None


def plan(rows: Sequence[Row], made: DataImport, actor: Actor) -> Counts:
    """What `apply` would do. RowsRefused for prices that overlap others which have an end."""
    return _judged(rows, made, actor)[0].counts


def apply(rows: Sequence[Row], made: DataImport, actor: Actor, now: datetime, _progress: Any) -> Counts:
    """Write the prices in the caller's transaction; unknown codes become legacy SKUs of the product that was chosen."""
    planned, ids = _judged(rows, made, actor, lock=True)
    channel = channel_of(made, actor)
    ids |= _create_skus([row for row in rows if row["sku"] not in ids], made, channel, actor, now)
    for period in planned.changed:
        if period.row is not None:
            period.row.price_minor, period.row.valid_to = period.minor, period.valid_to
    fresh = [
        {"sku_id": ids[code], "price_minor": p.minor, "valid_from": p.valid_from.isoformat(), "valid_to": p.valid_to.isoformat() if p.valid_to else None}
        for code, p in planned.new
    ]  # fmt: skip
    insert_many(SkuPrice, fresh, channel_id=channel.id, currency=channel.currency, created_at=now, created_by_id=actor.user_id)
    db.session.flush()
    if fresh or planned.changed:
        audit.record("channel.prices", channel, actor, now, name=channel.name_zh, prices=len(fresh) + len(planned.changed))
    return planned.counts


def _judged(rows: Sequence[Row], made: DataImport, actor: Actor, lock: bool = False) -> tuple[Plan, dict[str, int]]:
    channel = channel_of(made, actor)
    ids = _ids([row["sku"] for row in rows], made, channel, lock)
    today = made.options.get("valid_from") or local(made.created_at, channel.timezone).date().isoformat()
    kept = _kept(set(ids.values()), channel)
    planned = Plan()
    for row in sorted(rows, key=lambda r: r["valid_from"] or today):
        start, end = date.fromisoformat(row["valid_from"] or today), date.fromisoformat(row["valid_to"]) if row["valid_to"] else None
        periods = kept.setdefault(ids.get(row["sku"], row["sku"]), [])  # type: ignore[call-overload]
        outcome = _place(Period(row["minor"], start, end), periods, row, planned)
        if outcome:
            planned.counts[outcome] += 1
    if planned.refusals:
        raise RowsRefused(planned.refusals)
    return planned, ids


def _place(given: Period, periods: list[Period], row: Row, planned: Plan) -> str:
    """Put a price among the others of its SKU: the outcome, or "" where the line is refused."""
    end = given.valid_to or FOREVER
    if end < given.valid_from:
        planned.refusals[row["line"]] = _refusal("valid_to", row["valid_to"], gettext("It ends before it begins."))
        return ""
    clashing = [p for p in periods if p.valid_from <= end and (p.valid_to or FOREVER) >= given.valid_from]
    if not clashing:
        periods.append(given)
        planned.new.append((row["sku"], given))
        return "new"
    one = clashing[0]
    if len(clashing) > 1 or (one.valid_from != given.valid_from and (one.valid_to is not None or one.valid_from > given.valid_from)):
        message = gettext("A price stands already from %(a)s; give another day.", a=one.valid_from.isoformat())
        planned.refusals[row["line"]] = _refusal("valid_from", given.valid_from.isoformat(), message)
        return ""
    if one.minor == given.minor and one.valid_to == given.valid_to:
        return "unchanged"
    return _replace(one, given, periods, row, planned)


def _replace(one: Period, given: Period, periods: list[Period], row: Row, planned: Plan) -> str:
    """The same day: the price is corrected. A later one: the open price ends the day before."""
    if one.valid_from == given.valid_from:
        one.minor, one.valid_to = given.minor, given.valid_to
    else:
        one.valid_to = given.valid_from - timedelta(days=1)
        periods.append(given)
        planned.new.append((row["sku"], given))
    if not one.is_dirty:
        one.is_dirty = True
        planned.changed.append(one)
    return "changed"


def _ids(codes: Sequence[str], made: DataImport, channel: Channel, lock: bool = False) -> dict[str, int]:
    """Code → SKU: its own code before another one on the channel, before one everywhere."""
    found: dict[str, int] = {}
    for start in range(0, len(codes), CHUNK):
        some = codes[start : start + CHUNK]
        named = access.select_visible(SkuAlias, SYSTEM, SkuAlias.code, SkuAlias.sku_id).where(SkuAlias.brand_id == made.organisation_id)
        named = named.where(SkuAlias.code.in_(some), SkuAlias.channel_key.in_((0, channel.id))).order_by(SkuAlias.channel_key)
        found |= {code: sku_id for code, sku_id in db.session.execute(named)}
        own = access.select_visible(Sku, SYSTEM, Sku.code, Sku.id).where(Sku.brand_id == made.organisation_id, Sku.code.in_(some))
        found |= {code: sku_id for code, sku_id in db.session.execute(own.with_for_update() if lock else own)}
    return found


def _kept(sku_ids: set[int], channel: Channel) -> dict[Any, list[Period]]:
    query = access.select_visible(SkuPrice, SYSTEM).where(SkuPrice.channel_id == channel.id, SkuPrice.sku_id.in_(id_set(sorted(sku_ids))))
    kept: dict[Any, list[Period]] = {}
    for row in db.session.scalars(query.order_by(SkuPrice.valid_from)):
        kept.setdefault(row.sku_id, []).append(Period(row.price_minor, row.valid_from, row.valid_to, row))
    return kept


def _create_skus(rows: Sequence[Row], made: DataImport, channel: Channel, actor: Actor, now: datetime) -> dict[str, int]:
    """Legacy SKUs for codes that nobody knows, as drafts in the chosen product."""
    by_code = {row["sku"]: row for row in reversed(rows)}
    if not by_code:
        return {}
    product = access.get_visible(Product, int(made.options["product_id"]), actor)
    blank = {"gtin_exemption": "", "name_en": "", "colour": "", "size": "", "pack": "", "units_per_carton": 0, "planned_units_per_week": 0}
    skus = [{"code": code, "name_zh": row["name"] or code, "launch_price_minor": row["minor"]} for code, row in by_code.items()]
    insert_many(
        Sku, skus, brand_id=product.brand_id, product_id=product.id, state="draft", state_since=now, currency=channel.currency, is_legacy=True,
        version=1, created_at=now, updated_at=now, **blank,
    )  # fmt: skip
    ids = _ids(list(by_code), made, channel)
    entries = [(ids[code], product.id, product.brand_id, {"code": code, "import": made.id}) for code in by_code]
    audit.record_bulk("sku.create", "sku", entries, actor, now)
    return {code: ids[code] for code in by_code}
