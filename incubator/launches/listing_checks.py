"""What the platform can see by itself of a checklist task: titles, GTINs and prices of the SKUs. It only reads."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, or_

from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.kernel.i18n import listed, local
from incubator.kernel.money import Money
from incubator.launches import checklists
from incubator.launches.checks import target_of
from incubator.launches.models import Channel, Sku, SkuPrice
from incubator.products.models import Product

BAND = 15  # per cent around the brief's target price


def _skus(product: Product) -> list[Any]:
    columns = (Sku.id, Sku.code, Sku.name_zh, Sku.name_en, Sku.gtin, Sku.gtin_exemption)
    query = access.select_visible(Sku, SYSTEM, *columns).where(Sku.product_id == product.id, Sku.state != "retired")
    return list(db.session.execute(query.order_by(Sku.id)))


def prices_on(sku_ids: list[int], channel_id: int, day: Any) -> dict[int, Money]:
    """SKU → the price that holds on `day`, or the next to come; SKUs without one are left out."""
    columns = (SkuPrice.sku_id, SkuPrice.price_minor, SkuPrice.currency)
    open_then = and_(
        SkuPrice.sku_id.in_(sku_ids), SkuPrice.channel_id == channel_id, or_(SkuPrice.valid_to.is_(None), SkuPrice.valid_to >= day)
    )
    rows = db.session.execute(access.select_visible(SkuPrice, SYSTEM, *columns).where(open_then).order_by(SkuPrice.valid_from.desc()))
    return {row.sku_id: Money(row.price_minor, row.currency) for row in rows}


def _title(product: Product, channel: Channel, _now: datetime) -> Any:
    english = checklists.TITLES[channel.platform].language == "en"
    for sku in _skus(product):
        title = sku.name_en if english else sku.name_zh
        if not title:
            return _l("%(code)s has no name in English.", code=sku.code)
        if over := checklists.too_long(title, channel.platform):
            most = checklists.TITLES[channel.platform].most
            return _l("The name of %(code)s is %(n)s too long; this channel takes %(most)s.", code=sku.code, n=over, most=most)
    return None


def _gtin(product: Product, _channel: Channel, _now: datetime) -> Any:
    missing = [sku.code for sku in _skus(product) if not (sku.gtin or sku.gtin_exemption)]
    return _l("Without GTIN: %(codes)s.", codes=listed(missing)) if missing else None


def _price(product: Product, channel: Channel, now: datetime) -> Any:
    skus = _skus(product)
    prices = prices_on([sku.id for sku in skus], channel.id, local(now, channel.timezone).date())
    if missing := [sku.code for sku in skus if sku.id not in prices]:
        return _l("Without a price on this channel: %(codes)s.", codes=listed(missing))
    target = target_of(product.id, channel.currency)
    outside = [sku.code for sku in skus if target and abs(prices[sku.id].minor - target) * 100 > BAND * target]
    return _l("More than %(n)s%% from the brief's target price: %(codes)s.", n=BAND, codes=listed(outside)) if outside else None


SEEN = {"title": _title, "gtin": _gtin, "price": _price}


def against(key: str, product: Product, channel: Channel, now: datetime) -> Any:
    """The reason why the task cannot be done yet, or None; a product without SKUs fails every one of these."""
    if key not in SEEN:
        return None
    return SEEN[key](product, channel, now) if _skus(product) else _l("There is no SKU yet.")
