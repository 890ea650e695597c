"""Reads of SKUs for pages, export and JSON: always scoped, and each role gets its own columns. What a role may not know is never selected."""

from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from incubator.accounts.models import Organisation
from incubator.kernel import access, paging
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.file_table import StoredFile
from incubator.launches.launch_models import Launch, LaunchChannel, LaunchSku
from incubator.launches.models import Channel, Sku, SkuAlias, SkuFactory, SkuPrice
from incubator.products.filters import contains
from incubator.products.models import Product

SORTS = {
    "recent": paging.Order(Sku.updated_at, "updated_at", descending=True),
    "name": paging.Order(Sku.name_zh, "name_zh"),
    "code": paging.Order(Sku.code, "code"),
}
FILTERS = {"brand": ("state", "product_id", "channel_id", "factory_id", "q"), "factory": ("state", "product_id", "q")}
PARTY_FILTERS = ("product_id", "q")
RETAIL = case((Sku.state == "listed", Sku.launch_price_minor), else_=None).label("retail_minor")
NAMES = (
    Sku.id,
    Sku.name_zh,
    Sku.name_en,
    Sku.colour,
    Sku.size,
    Sku.pack,
    Sku.updated_at,
    Sku.product_id,
    Product.name.label("product_name"),
)
ARTICLE = (Sku.code, Sku.gtin, Sku.state, Sku.currency)
OWN = (
    Sku.launch_price_minor, Sku.units_per_carton, Sku.planned_units_per_week, Sku.is_legacy, Sku.gtin_exemption, Sku.factory_organisation_id,
    Organisation.name.label("factory_name"), Organisation.short_name.label("factory_short_name"),
)  # fmt: skip


def launch_day() -> Any:
    """SQL: the first day on which the SKU goes, or went, on sale."""
    first = select(func.min(Launch.launch_on)).join(LaunchSku, LaunchSku.launch_id == Launch.id)
    return (
        first.where(LaunchSku.sku_id == Sku.id, Launch.state.in_(("planned", "live"))).correlate(Sku).scalar_subquery().label("launch_on")
    )


def _rows(actor: Actor) -> Select[Any]:
    """The columns that the actor's role may read of each visible SKU."""
    own = {"brand": (*ARTICLE, *OWN), "factory": (*ARTICLE, RETAIL)}.get(actor.role, ())
    query = access.select_visible(Sku, actor, *NAMES, launch_day(), *own).join(Product, Product.id == Sku.product_id)
    return query.outerjoin(Organisation, Organisation.id == Sku.factory_organisation_id) if actor.role == "brand" else query


def listing(actor: Actor, filters: dict[str, Any], sort: str, cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of SKUs. `filters` may hold state, product_id, channel_id, factory_id and q; those that are not the role's are ignored."""
    order = SORTS.get(sort, SORTS["recent"])
    if sort == "code" and actor.role not in FILTERS:
        order = SORTS["recent"]
    count = _filtered(access.select_visible(Sku, actor, Sku.id), filters, actor)
    return paging.fetch(_filtered(_rows(actor), filters, actor), Sku.id, order, cursor, size, count)


def _filtered(query: Select[Any], filters: dict[str, Any], actor: Actor) -> Select[Any]:
    known = {name: filters[name] for name in FILTERS.get(actor.role, PARTY_FILTERS) if filters.get(name)}
    for name, column in (("state", Sku.state), ("product_id", Sku.product_id), ("factory_id", Sku.factory_organisation_id)):
        if name in known:
            query = query.where(column == known[name])
    if "channel_id" in known:
        query = query.where(Sku.id.in_(_on_channel(known["channel_id"], actor)))
    return query.where(_matches(known["q"], actor)) if "q" in known else query


def _on_channel(channel_id: int, actor: Actor) -> Any:
    """Ids of the SKUs that have a price on the channel, or are in one of its launches."""
    priced = access.select_visible(SkuPrice, actor, SkuPrice.sku_id).where(SkuPrice.channel_id == channel_id)
    launched = access.select_visible(LaunchSku, actor, LaunchSku.sku_id).join(LaunchChannel, LaunchChannel.launch_id == LaunchSku.launch_id)
    return priced.union(launched.where(LaunchChannel.channel_id == channel_id))


def _matches(text: str, actor: Actor) -> Any:
    """SQL: a name holds the text; for those who may read them also the code, GTIN or another code."""
    names = [contains(Sku.name_zh, text), contains(Sku.name_en, text)]
    if actor.role in FILTERS:
        names += [contains(Sku.code, text), contains(Sku.gtin, text)]
    if actor.role == "brand":
        named = access.select_visible(SkuAlias, actor, SkuAlias.sku_id).where(contains(SkuAlias.code, text))
        names.append(Sku.id.in_(named))
    return or_(*names)


def find(actor: Actor, text: str, limit: int = 6) -> list[Any]:
    """SKUs by name or code, for search."""
    query = _filtered(_rows(actor), {"q": text}, actor)
    return list(db.session.execute(query.order_by(Sku.name_zh, Sku.id).limit(limit)))


def row(sku_id: int, actor: Actor) -> Any:
    """One SKU as the actor's role reads it; NotFound when it is not theirs."""
    found = db.session.execute(_rows(actor).where(Sku.id == sku_id)).one_or_none()
    if found is None:
        raise NotFound()
    return found


def whole(sku_id: int, actor: Actor) -> Sku:
    """A SKU of the brand's own with its factory and their history."""
    sku: Sku = access.get_visible(
        Sku,
        sku_id,
        actor,
        joinedload(Sku.factory),
        joinedload(Sku.product),
        selectinload(Sku.makers).joinedload(SkuFactory.organisation),
    )
    return sku


def makers_of(sku_id: int, actor: Actor) -> list[Any]:
    """(from_on) lines of who made it that the actor may read, the latest first."""
    query = access.select_visible(SkuFactory, actor, SkuFactory.from_on, SkuFactory.note).where(SkuFactory.sku_id == sku_id)
    return list(db.session.execute(query.order_by(SkuFactory.from_on.desc())))


def aliases_of(sku_id: int, actor: Actor) -> list[SkuAlias]:
    query = access.select_visible(SkuAlias, actor).where(SkuAlias.sku_id == sku_id).options(joinedload(SkuAlias.channel))
    return list(db.session.scalars(query.order_by(SkuAlias.code)))


def prices_of(sku_id: int, actor: Actor) -> list[SkuPrice]:
    """Every price of the SKU, by channel and the latest first."""
    query = access.select_visible(SkuPrice, actor).where(SkuPrice.sku_id == sku_id).options(joinedload(SkuPrice.channel))
    return list(db.session.scalars(query.order_by(SkuPrice.channel_id, SkuPrice.valid_from.desc()).limit(500)))


def photos_of(sku_id: int, actor: Actor) -> list[StoredFile]:
    query = access.select_visible(StoredFile, actor).where(StoredFile.subject_type == "sku", StoredFile.subject_id == sku_id)
    return list(db.session.scalars(query.order_by(StoredFile.id).limit(24)))


def launches_of_sku(sku_id: int, actor: Actor) -> list[Any]:
    """(day, state, channel names) of the launches of a SKU that the actor may know; channels only for those who may read them."""
    query = access.select_visible(Launch, actor, Launch.id, Launch.launch_on, Launch.state).join(
        LaunchSku, LaunchSku.launch_id == Launch.id
    )
    return list(db.session.execute(query.where(LaunchSku.sku_id == sku_id).order_by(Launch.launch_on.desc(), Launch.id)))


def of_product(product: Product, actor: Actor) -> list[Any]:
    """The SKUs of a product as the actor's role reads them."""
    return list(db.session.execute(_rows(actor).where(Sku.product_id == product.id).order_by(Sku.id).limit(500)))


def count_of_product(product: Product, actor: Actor) -> Any:
    """A scalar subquery for the tab."""
    own = access.select_visible(Sku, actor, Sku.id).where(Sku.product_id == product.id).limit(500).subquery()
    return select(func.count()).select_from(own).scalar_subquery()


def options(actor: Actor) -> dict[str, list[tuple[int, str]]]:
    """What the filter bar of the list offers, one query each: products, and for the brand channels and factories."""
    products = access.select_visible(Sku, actor, Product.id, Product.name).join(Product, Product.id == Sku.product_id).distinct()
    offered = {"product_id": _pairs(products.order_by(Product.name))}
    if actor.role == "brand":
        factories = access.select_visible(Sku, actor, Organisation.id, Organisation.name)
        factories = factories.join(Organisation, Organisation.id == Sku.factory_organisation_id).distinct()
        offered["factory_id"] = _pairs(factories.order_by(Organisation.name))
        offered["channel_id"] = _pairs(access.select_visible(Channel, actor, Channel.id, Channel.name_zh).order_by(Channel.name_zh))
    return offered


def products(actor: Actor) -> list[tuple[int, str]]:
    """(id, name) of the products that a SKU may belong to, the latest first."""
    live = access.select_visible(Product, actor, Product.id, Product.name).where(Product.state != "stopped")
    return _pairs(live.order_by(Product.updated_at.desc(), Product.id))


def _pairs(query: Select[Any]) -> list[tuple[int, str]]:
    return [(i, name) for i, name in db.session.execute(query.limit(300))]
