"""The verbs of SKUs: create, change, give to a factory, name by other codes. States move through the workflow only; nothing here commits."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from incubator.accounts import notices
from incubator.accounts.models import Organisation
from incubator.kernel import access, audit, events, files, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid
from incubator.kernel.i18n import local
from incubator.kernel.money import Money
from incubator.launches import gtin
from incubator.launches.models import Channel, Sku, SkuAlias, SkuFactory
from incubator.launches.workflow import is_complete
from incubator.products.models import Participant, Product

Data = dict[str, Any]
FIELDS = (
    "code", "gtin", "gtin_exemption", "name_zh", "name_en", "colour", "size", "pack", "launch_price_minor", "currency", "units_per_carton",
    "planned_units_per_week", "is_legacy",
)  # fmt: skip
LABELS: dict[str, Any] = {
    "code": _l("SKU code"), "gtin": _l("GTIN"), "gtin_exemption": _l("Why it needs no GTIN"), "name_zh": _l("Name in Chinese"),
    "name_en": _l("Name in English"), "colour": _l("Colour"), "size": _l("Article size"), "pack": _l("Pack"),
    "launch_price_minor": _l("Planned launch price"), "currency": _l("Currency"), "units_per_carton": _l("Units per carton"),
    "planned_units_per_week": _l("Planned units per week"), "is_legacy": _l("Sold before it had a brief"),
}  # fmt: skip
notices.register({"sku.factory": _l("%(brand)s has “%(name)s” (%(code)s) made by you.")})


def create(product: Product, data: Data, actor: Actor, now: datetime, factory_id: int | None = None, from_on: date | None = None) -> Sku:
    """A new SKU of `product`, as a draft; `data` holds FIELDS. Invalid when the code or GTIN is another SKU's, or the GTIN is none.

    `factory_id` may name the factory that makes it, since `from_on` (today when not given).
    """
    access.require("sku.edit", actor, None if actor.is_system else product)
    sku = Sku(brand_id=product.brand_id, product_id=product.id, state_since=now, created_at=now, updated_at=now)
    _fill(sku, data)
    _require_free(sku)
    _save(sku)
    audit.record("sku.create", sku, actor, now, code=sku.code)
    if factory_id:
        give_to_factory(sku, factory_id, from_on or local(now, actor.timezone).date(), "", actor, now)
    events.publish("sku.create", sku, actor, now)
    return sku


def edit(sku: Sku, data: Data, expected: int | None, actor: Actor, now: datetime) -> Sku:
    """Change what a SKU says. `expected` is the version the form showed; Conflict with the difference when somebody was faster."""
    access.require("sku.edit", actor, sku)
    db.session.refresh(sku, with_for_update={"of": Sku})
    data = _normal({name: value for name, value in data.items() if name in FIELDS})
    changes = {name: value for name, value in data.items() if getattr(sku, name) != value}
    if expected is not None and expected != sku.version:
        difference = [(LABELS[n], _readable(sku, n, v), _readable(sku, n, getattr(sku, n))) for n, v in changes.items()]
        raise Conflict(what=workflow.last_act(sku, actor), difference=difference)
    if not changes:
        return sku
    before = {name: getattr(sku, name) for name in changes}
    _fill(sku, changes)
    with db.session.no_autoflush:
        _require_free(sku)
    if sku.state != "draft" and (reason := is_complete(sku, actor)):
        raise Invalid({"code": [reason]})
    sku.updated_at = now
    _save(sku)
    audit.record("sku.edit", sku, actor, now, code=sku.code, before=before, after=changes)
    return sku


def _fill(sku: Sku, data: Data) -> None:
    for name, value in _normal(data).items():
        if name in FIELDS:
            setattr(sku, name, value)


def _normal(data: Data) -> Data:
    """The same with the GTIN in its one spelling; Invalid when the check digit does not fit."""
    if not data.get("gtin"):
        return {**data, "gtin": None} if "gtin" in data else data
    found = gtin.normal(str(data["gtin"]))
    if found is None:
        raise Invalid({"gtin": [gettext("“%(value)s” is no GTIN: check the length and the last digit.", value=str(data["gtin"])[:20])]})
    return {**data, "gtin": found}


def _readable(sku: Sku, name: str, value: Any) -> str:
    if name == "launch_price_minor" and value is not None:
        return str(Money(value, sku.currency).major)
    return gtin.shown(value) if name == "gtin" and value else "–" if value in (None, "") else str(value)


def _require_free(sku: Sku) -> None:
    """Invalid when another SKU of the brand has this code (also as an alias) or GTIN."""
    others = access.select_visible(Sku, SYSTEM, Sku.id).where(Sku.brand_id == sku.brand_id, Sku.id != (sku.id or 0))
    named = access.select_visible(SkuAlias, SYSTEM, SkuAlias.sku_id).where(SkuAlias.brand_id == sku.brand_id, SkuAlias.code == sku.code)
    taken = db.session.scalar(others.where(Sku.code == sku.code)) or db.session.scalar(named.where(SkuAlias.sku_id != (sku.id or 0)))
    if taken:
        raise Invalid({"code": [_l("Another SKU already has this code.")]})
    if sku.gtin and db.session.scalar(others.where(Sku.gtin == sku.gtin)):
        raise Invalid({"gtin": [_l("Another SKU already has this GTIN.")]})


def _save(row: Any) -> None:
    """Flush; of two people who type one code at once the second is told so, instead of seeing an error of ours."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        raise Invalid({"code": [_l("Another SKU already has this code or GTIN.")]}) from error


def factories_of(product_id: int) -> list[tuple[int, str]]:
    """(organisation id, name) of the factories that take part in the product now, for a caller that was shown the product."""
    query = access.select_visible(Participant, SYSTEM, Organisation.id, Organisation.name).join(Organisation)
    query = query.where(Participant.product_id == product_id, Participant.part == "factory", Participant.left_at.is_(None))
    return [(i, name) for i, name in db.session.execute(query.order_by(Organisation.name))]


def give_to_factory(sku: Sku, organisation_id: int, from_on: date, note: str, actor: Actor, now: datetime) -> SkuFactory:
    """From `from_on` the factory makes the SKU. It must take part in the product as a factory; the day has come and follows the last change."""
    access.require("sku.edit", actor, sku)
    db.session.refresh(sku, with_for_update={"of": Sku})
    name = dict(factories_of(sku.product_id)).get(organisation_id)
    if name is None:
        raise Invalid({"factory_id": [_l("Choose a factory that takes part in the product.")]})
    if sku.factory_organisation_id == organisation_id:
        raise Invalid({"factory_id": [_l("This factory makes it already.")]})
    _require_next_day(sku, from_on, local(now, actor.timezone).date())
    maker = SkuFactory(
        sku_id=sku.id, organisation_id=organisation_id, from_on=from_on, note=note, created_at=now, created_by_id=actor.user_id
    )
    sku.factory_organisation_id, sku.updated_at = organisation_id, now
    db.session.add(maker)
    db.session.flush()
    db.session.expire(sku, ["makers", "factory"])
    audit.record("sku.factory", sku, actor, now, code=sku.code, factory=name, day=from_on, note=note)
    people = notices.people_of(organisation_id)
    notices.notify(
        people, "sku.factory", f"/skus/{sku.id}", now, organisation_id, brand=actor.organisation_name, name=sku.name_zh, code=sku.code
    )
    events.publish("sku.factory", sku, actor, now, organisation_id=organisation_id, from_on=from_on)
    return maker


def _require_next_day(sku: Sku, from_on: date, today: date) -> None:
    last = max((maker.from_on for maker in sku.makers), default=None)
    if from_on > today:
        raise Invalid({"from_on": [_l("This day is still to come. Change the factory on the day.")]})
    if last and from_on <= last:
        raise Invalid({"from_on": [gettext("The last change was on %(day)s; choose a later day.", day=last.isoformat())]})


def maker_on(sku: Sku, day: date) -> int | None:
    """The id of the organisation that made the SKU on `day`: who a lot's feedback goes to. Before the first row, the first."""
    made = [maker for maker in sku.makers if maker.from_on <= day] or list(sku.makers[:1])
    return made[-1].organisation_id if made else None


def add_alias(sku: Sku, code: str, channel: Channel | None, actor: Actor, now: datetime) -> SkuAlias:
    """Another code of the SKU on `channel`, or everywhere. Invalid when it is another SKU's code, or is there already."""
    access.require("sku.edit", actor, sku)
    own = access.select_visible(Sku, SYSTEM, Sku.id).where(Sku.brand_id == sku.brand_id, Sku.code == code, Sku.id != sku.id)
    if db.session.scalar(own):
        raise Invalid({"code": [_l("Another SKU already has this code.")]})
    alias = SkuAlias(brand_id=sku.brand_id, sku_id=sku.id, channel_id=channel.id if channel else None, code=code, created_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(alias)
    except IntegrityError as error:
        raise Invalid({"code": [_l("This code names a SKU there already.")]}) from error
    audit.record("sku.alias", sku, actor, now, code=sku.code, alias=code)
    return alias


def remove_alias(alias: SkuAlias, sku: Sku, actor: Actor, now: datetime) -> None:
    access.require("sku.edit", actor, sku)
    audit.record("sku.alias_removed", sku, actor, now, code=sku.code, alias=alias.code)
    db.session.delete(alias)


def add_photo(sku: Sku, upload: Any, actor: Actor, now: datetime) -> Any:
    """Keep a picture of the SKU; whoever sees the SKU sees it."""
    access.require("sku.edit", actor, sku)
    stored = files.store(upload, actor, now, kind="photo", subject=("sku", sku.id), product_id=sku.product_id)
    audit.record("sku.photo", sku, actor, now, code=sku.code, file=stored.name)
    return stored
