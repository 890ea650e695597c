"""What a brand does with its products: create, edit, move on. Stages move through the workflow only; nothing here commits."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from incubator.kernel import access, audit, events, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid
from incubator.products import codes, people
from incubator.products.models import Product, Programme

EDITABLE = ("name", "code", "type", "category", "programme_id", "owner_id", "launch_on")
LABELS = {
    "name": _l("Name"),
    "code": _l("Code"),
    "type": _l("Type"),
    "category": _l("Category"),
    "programme_id": _l("Programme"),
    "owner_id": _l("Owner"),
    "launch_on": _l("Launch"),
}
STARTS = ("signal", "brief")


def create(
    programme: Programme,
    name: str,
    type_: str,
    actor: Actor,
    now: datetime,
    *,
    code: str | None = None,
    category: str = "",
    owner_id: int | None = None,
    start: str = "brief",
    **more: Any,
) -> Product:
    """A new product of `programme` at stage `start` ("signal" or "brief"); `more` may give `launch_on`.

    Invalid when the code is taken, the programme closed, or the owner is not one of the brand's people.
    """
    access.require("product.edit", actor, None if actor.is_system else programme)
    if start not in STARTS:
        raise ValueError(f"a product starts as one of {STARTS}")
    if programme.closed_at:
        raise Invalid({"programme_id": [_l("This programme is closed. Choose another, or reopen it.")]})
    people.require_colleague(owner_id, programme.brand_id)
    code = _free_code(programme.brand_id, code) if code else codes.next_code(programme.brand_id)
    product = Product(
        brand_id=programme.brand_id, programme_id=programme.id, name=name, type=type_, code=code, category=category,
        owner_id=owner_id, state=start, state_since=now, created_at=now, updated_at=now, **more,
    )  # fmt: skip
    _save(product)
    audit.record("product.create", product, actor, now, code=code, name=name, stage=start)
    events.publish("product.create", product, actor, now)
    return product


def edit(product: Product, values: dict[str, Any], expected: int, actor: Actor, now: datetime) -> Product:
    """Change what may be edited. `expected` is the version the form showed; Conflict with `difference` when somebody was faster."""
    access.require("product.edit", actor, product)
    db.session.refresh(product, with_for_update={"of": Product})
    values = {k: v for k, v in values.items() if k in EDITABLE}
    changes = {k: v for k, v in values.items() if getattr(product, k) != v}
    if expected != product.version:
        raise Conflict(
            what=workflow.last_act(product, actor),
            difference=[(LABELS[k], readable(k, v), readable(k, getattr(product, k))) for k, v in changes.items()],
        )
    if not changes:
        return product
    _check(product, changes)
    before = {k: getattr(product, k) for k in changes}
    for key, value in changes.items():
        setattr(product, key, value)
    product.updated_at = now
    _save(product)
    audit.record("product.edit", product, actor, now, before=before, after=changes)
    events.publish("product.edit", product, actor, now, changed=tuple(changes))
    return product


def move(product: Product, event: str, actor: Actor, now: datetime, note: str | None = None, expected: int | None = None) -> Product:
    """Fire a stage event; Conflict, Forbidden, Refused or Invalid as `kernel.workflow.fire` says."""
    workflow.fire(product, event, actor, note, now, expected=expected)
    return product


def readable(field: str, value: Any) -> str:
    """A field's value in words for the comparison of two edits."""
    if value is None or value == "":
        return "–"
    if field == "owner_id":
        return people.name_of(value)
    if field == "programme_id":
        return db.session.scalar(access.select_visible(Programme, SYSTEM, Programme.name).where(Programme.id == value)) or "–"
    return str(value)


def _check(product: Product, changes: dict[str, Any]) -> None:
    if "owner_id" in changes:
        people.require_colleague(changes["owner_id"], product.brand_id)
    if "code" in changes:
        _free_code(product.brand_id, changes["code"], but=product.id)
    if "programme_id" in changes and not _is_open_programme(changes["programme_id"], product.brand_id):
        raise Invalid({"programme_id": [_l("Choose one of your open programmes.")]})


def _is_open_programme(programme_id: int, brand_id: int) -> bool:
    query = access.select_visible(Programme, SYSTEM, Programme.id)
    query = query.where(Programme.id == programme_id, Programme.brand_id == brand_id, Programme.closed_at.is_(None))
    return db.session.scalar(query) is not None


def _free_code(brand_id: int, code: str, but: int | None = None) -> str:
    if codes.is_taken(brand_id, code, but):
        raise Invalid({"code": [_l("Another product already has this code.")]})
    return code


def _save(product: Product) -> None:
    """Flush; two people who type one code at once are told so, instead of seeing an error of ours."""
    brand_id, code, product_id = product.brand_id, product.code, product.id
    try:
        with db.session.begin_nested():
            db.session.add(product)
    except IntegrityError as error:
        if codes.is_taken(brand_id, code, but=product_id):
            raise Invalid({"code": [_l("Another product already has this code.")]}) from error
        raise
