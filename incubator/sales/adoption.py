"""Codes that were sold before they had a brief become legacy SKUs of a product, spread over its factories by a rule that is written down.

The rule: factory number crc32(code) modulo the number of factories, in the order of their ids. It stands in the note of every such row, so
that nobody takes it for knowledge. All or nothing; one notice per factory, however many SKUs it gets.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zlib import crc32

from flask_babel import lazy_gettext as _l
from sqlalchemy import update

from incubator.accounts import notices
from incubator.kernel import access, audit
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.bulk import id_set, insert_many
from incubator.kernel.db import db
from incubator.kernel.errors import Refused
from incubator.launches import service as launches
from incubator.launches.models import Sku, SkuFactory
from incubator.products.models import Product
from incubator.sales import service
from incubator.sales.models import FeedCode

NOTE = "crc32(code) % {n} = {k}: assigned by rule, invented"
notices.register({"sales.adopted": _l("%(number)s articles of %(brand)s that were sold before are now listed as made by you.")})


def adopt(codes: Sequence[FeedCode], product: Product, factories: Sequence[int], actor: Actor, now: datetime) -> int:
    """Make each code a listed legacy SKU of `product`; `factories` are organisations that take part in it as factories. How many."""
    access.require("sku.edit", actor, product)
    for code in codes:
        access.require("sales.resolve", actor, code)
    chosen = sorted(set(factories))
    if not chosen or set(chosen) - {i for i, _ in launches.factories_of(product.id)}:
        raise Refused(_l("Choose factories that take part in the product."))
    _require_open(codes)
    one_each = {code.code: code for code in codes}
    shares = {code: chosen[crc32(code.encode()) % len(chosen)] for code in one_each}
    insert_many(Sku, [_sku(code, shares) for code in one_each.values()], brand_id=product.brand_id, product_id=product.id, **_common(now))
    ids = _ids(product.brand_id, list(one_each))
    insert_many(SkuFactory, [_maker(code, ids, shares, chosen) for code in one_each.values()], created_at=now, created_by_id=actor.user_id)
    rows = [(sku_id, product.id, product.brand_id, {"code": code, "legacy": True}) for code, sku_id in ids.items()]
    audit.record_bulk("sku.create", "sku", rows, actor, now)
    db.session.execute(
        update(FeedCode)
        .where(FeedCode.id.in_(id_set([c.id for c in codes])), access.visible(FeedCode, actor))
        .values(status="known", resolved_at=now, resolved_by_id=actor.user_id)
    )
    _tell(shares, actor, now)
    service.mark_weeks_of(codes, now)
    return len(one_each)


def adopt_every(product_code: str, actor: Actor, now: datetime) -> dict[str, int]:
    """Every open code of the brand for the product of this code, with all its factories; Refused when there is no such product."""
    product = db.session.scalar(access.select_visible(Product, actor).where(Product.code == product_code))
    if product is None:
        raise Refused(_l("There is no product with the code “%(code)s”.", code=product_code))
    codes = list(db.session.scalars(access.select_visible(FeedCode, actor).where(FeedCode.status == "open")))
    factories = [i for i, _ in launches.factories_of(product.id)]
    return {"skus": adopt(codes, product, factories, actor, now) if codes else 0, "factories": len(factories)}


def _require_open(codes: Sequence[FeedCode]) -> None:
    taken = next((code.code for code in codes if code.status == "known"), None)
    if taken:
        raise Refused(_l("“%(code)s” has been resolved already. Change it on the page of its SKU.", code=taken))


def _common(now: datetime) -> dict[str, Any]:
    return {
        "state": "listed", "state_since": now, "created_at": now, "updated_at": now, "is_legacy": True, "version": 1, "gtin_exemption": "",
        "colour": "", "size": "", "pack": "", "units_per_carton": 0, "planned_units_per_week": 0,
    }  # fmt: skip


def _sku(code: FeedCode, shares: dict[str, int]) -> dict[str, Any]:
    name = code.description or code.code
    return {
        "code": code.code[:60],
        "name_zh": name,
        "name_en": name,
        "currency": code.currency,
        "factory_organisation_id": shares[code.code],
    }


def _maker(code: FeedCode, ids: dict[str, int], shares: dict[str, int], chosen: Sequence[int]) -> dict[str, Any]:
    note = NOTE.format(n=len(chosen), k=chosen.index(shares[code.code]))
    return {"sku_id": ids[code.code], "organisation_id": shares[code.code], "from_on": code.first_on.isoformat(), "note": note}


def _ids(brand_id: int, codes: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(codes), 500):
        query = access.select_visible(Sku, SYSTEM, Sku.code, Sku.id).where(
            Sku.brand_id == brand_id, Sku.code.in_(codes[start : start + 500])
        )
        found.update({code: sku_id for code, sku_id in db.session.execute(query)})
    return found


def _tell(shares: dict[str, int], actor: Actor, now: datetime) -> None:
    for organisation_id in sorted(set(shares.values())):
        number = sum(1 for factory in shares.values() if factory == organisation_id)
        people = notices.people_of(organisation_id)
        notices.notify(people, "sales.adopted", "/skus", now, organisation_id, number=number, brand=actor.organisation_name)
