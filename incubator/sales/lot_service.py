"""The verbs of production lots: enter, correct, take out, say that a measurement rests on them. Every change lays the SKU's lines out anew."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from incubator.accounts.models import Organisation
from incubator.kernel import access, audit, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.bulk import id_set
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid, Refused
from incubator.launches import service as launches
from incubator.launches.models import Sku, SkuFactory
from incubator.sales import touched
from incubator.sales.lot_models import ProductionLot, SkuLotReason, SkuLotWeek, StaleLots

Data = dict[str, Any]
FIELDS = ("code", "made_on", "available_on", "units", "note", "factory_organisation_id")
LABELS: dict[str, Any] = {
    "code": _l("Lot"), "made_on": _l("Made on"), "available_on": _l("On sale from"), "units": _l("Units"), "note": _l("Note"),
    "factory_organisation_id": _l("Factory"),
}  # fmt: skip


def enter(sku: Sku, data: Data, actor: Actor, now: datetime) -> ProductionLot:
    """A lot of a SKU that the actor sees; `data` holds FIELDS. A factory enters its own; without one it is who made the SKU on that day.

    Invalid when the SKU has the lot already, or the factory never made it, or did not on that day.
    """
    access.require("sales.lot", actor)
    lot = ProductionLot(brand_id=sku.brand_id, sku_id=sku.id, sku=sku, entered_by_id=actor.user_id, created_at=now, updated_at=now)
    wanted = _checked(sku, data, actor)
    _refuse_others_day(sku, wanted, actor)
    fill(lot, wanted)
    _save(lot)
    touched.skus(sku.brand_id, [sku.id])
    audit.record("lot.enter", lot, actor, now, code=lot.code, sku=sku.code)
    return lot


def correct(lot: ProductionLot, data: Data, expected: int | None, actor: Actor, now: datetime) -> ProductionLot:
    """Change a lot. `expected` is the version that the form showed; Conflict with the difference when somebody was faster."""
    db.session.refresh(lot, with_for_update={"of": ProductionLot})
    access.require("sales.lot", actor, lot)
    wanted = _checked(lot.sku, data, actor)
    changes = {name: value for name, value in wanted.items() if getattr(lot, name) != value}
    if expected is not None and expected != lot.version:
        shown = [(LABELS[name], str(value), str(getattr(lot, name))) for name, value in changes.items()]
        raise Conflict(what=workflow.last_act(lot, actor), difference=shown)
    if not changes:
        return lot
    before = {name: str(getattr(lot, name)) for name in changes}
    if {"made_on", "available_on"} & set(changes):
        _refuse_others_day(lot.sku, wanted, actor)
    fill(lot, changes)
    lot.updated_at = now
    _save(lot)
    touched.skus(lot.brand_id, [lot.sku_id])
    audit.record("lot.correct", lot, actor, now, code=lot.code, sku=lot.sku.code, before=before)
    return lot


def fill(lot: ProductionLot, values: Data) -> None:
    """Set FIELDS that were checked."""
    for name in FIELDS:
        if name in values:
            setattr(lot, name, values[name])


def remove(lot: ProductionLot, actor: Actor, now: datetime) -> None:
    """Take out a lot that never was; Refused when a measurement rests on it."""
    db.session.refresh(lot, with_for_update={"of": ProductionLot})
    access.require("sales.lot", actor, lot)
    if lot.used_at is not None:
        raise Refused(_l("A measurement rests on this lot, so it stays. Correct it instead."))
    audit.record("lot.remove", lot, actor, now, code=lot.code, sku=lot.sku.code)
    for model in (SkuLotWeek, SkuLotReason):
        db.session.execute(delete(model).where(model.lot_id == lot.id, access.visible(model, SYSTEM)))
    touched.skus(lot.brand_id, [lot.sku_id])
    db.session.delete(lot)


def mark_used(lots: Sequence[int], now: datetime) -> None:
    """A measurement rests on these lots; from now on their factories correct them no more."""
    chosen = ProductionLot.id.in_(id_set(lots)), ProductionLot.used_at.is_(None), access.visible(ProductionLot, SYSTEM)
    db.session.execute(update(ProductionLot).where(*chosen).values(used_at=now).execution_options(synchronize_session="fetch"))


def makers_of(sku: Sku) -> list[tuple[int, str]]:
    """(organisation, name) of the factories that ever made the SKU, for a caller that was shown it."""
    query = access.select_visible(SkuFactory, SYSTEM, Organisation.id, Organisation.name).join(
        Organisation, Organisation.id == SkuFactory.organisation_id
    )
    rows = db.session.execute(query.where(SkuFactory.sku_id == sku.id).order_by(Organisation.name))
    found = {organisation_id: name for organisation_id, name in rows}
    if sku.factory is not None:
        found.setdefault(sku.factory.id, sku.factory.name)
    return list(found.items())


def stale_brands() -> list[int]:
    return list(db.session.scalars(access.select_visible(StaleLots, SYSTEM, StaleLots.brand_id).distinct()))


def _checked(sku: Sku, data: Data, actor: Actor) -> Data:
    """The values as they are kept: the code in capitals, the factory settled."""
    made_on, available_on = data.get("made_on"), data["available_on"]
    if made_on and made_on > available_on:
        raise Invalid({"available_on": [_l("It cannot be sold before it was made.")]})
    return {
        "code": data["code"].strip().upper(), "made_on": made_on, "available_on": available_on, "units": data["units"],
        "note": data.get("note") or "", "factory_organisation_id": _factory(sku, data.get("factory_organisation_id"), made_on or available_on, actor),
    }  # fmt: skip


def _factory(sku: Sku, chosen: int | None, day: date, actor: Actor) -> int | None:
    if actor.role == "factory":
        return actor.organisation_id
    if chosen is not None and chosen not in dict(makers_of(sku)):
        raise Invalid({"factory_organisation_id": [_l("Choose a factory that has made this SKU.")]})
    return chosen or launches.maker_on(sku, day) or sku.factory_organisation_id


def _refuse_others_day(sku: Sku, wanted: Data, actor: Actor) -> None:
    """A factory's lot is of a day on which it made the SKU: a lot of an earlier day would be laid what another sold, and its packs would tell it."""
    named = "made_on" if wanted["made_on"] else "available_on"
    if actor.role == "factory" and launches.maker_on(sku, wanted[named]) not in (None, actor.organisation_id):
        raise Invalid({named: [_l("You did not make this SKU on that day.")]})


def _save(lot: ProductionLot) -> None:
    """Flush; of two people who enter one lot at once the second is told so."""
    try:
        with db.session.begin_nested():
            db.session.add(lot)
    except IntegrityError as error:
        raise Invalid({"code": [_l("This SKU has a lot of this code already.")]}) from error
