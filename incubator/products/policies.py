"""Who sees a product: its brand, and the organisations that take part in it while they do. Programmes are the brand's own."""

from typing import Any

from sqlalchemy import ColumnElement, false, or_, select

from incubator.kernel import access, files
from incubator.kernel.actor import Actor
from incubator.products.models import Comment, Participant, Product, ProductCounter, Programme, SavedView, SquadMember


def joined_products(actor: Actor) -> Any:
    """Ids of the products in which the actor's organisation takes part now."""
    return select(Participant.product_id).where(Participant.organisation_id == actor.organisation_id, Participant.left_at.is_(None))


def _products(actor: Actor) -> ColumnElement[bool]:
    if actor.role == "brand":
        return Product.brand_id == actor.organisation_id
    return Product.id.in_(joined_products(actor))


def _participants(actor: Actor) -> ColumnElement[bool]:
    """The brand sees all parties; a party sees only itself: who else was asked is the brand's secret."""
    if actor.role == "brand":
        return access.within(Participant.product_id, _own_products(actor))
    return Participant.organisation_id == actor.organisation_id


def _comments(actor: Actor) -> ColumnElement[bool]:
    if actor.role == "brand":
        return Comment.brand_id == actor.organisation_id
    addressed = or_(Comment.organisation_id == actor.organisation_id, Comment.audience_id == actor.organisation_id)
    return addressed & Comment.product_id.in_(joined_products(actor))


def _own_products(actor: Actor) -> Any:
    """Ids of the brand's own products; of nothing for anybody else."""
    return select(Product.id).where(Product.brand_id == (actor.organisation_id if actor.role == "brand" else -1))


VISIBLE = {
    Programme: lambda actor: Programme.brand_id == (actor.organisation_id if actor.role == "brand" else -1),
    Product: _products,
    Participant: _participants,
    Comment: _comments,
    SquadMember: lambda actor: access.within(SquadMember.product_id, _own_products(actor)),
    ProductCounter: lambda actor: false(),
    SavedView: lambda actor: SavedView.user_id == actor.user_id,
}

RULES = {
    "programme.edit": lambda actor, programme: actor.role == "brand" and (programme is None or programme.brand_id == actor.organisation_id),
    "product.edit": lambda actor, product: actor.role == "brand" and (product is None or product.brand_id == actor.organisation_id),
    "file.remove": lambda actor, file: file.organisation_id == actor.organisation_id and file.subject_type in ("product", "participant"),
    "product.comment": lambda actor, product: actor.organisation_id is not None,
}

files.register_subject("product", _own_products)
files.register_subject("participant", lambda actor: select(Participant.id).where(_participants(actor), Participant.left_at.is_(None)))
