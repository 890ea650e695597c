"""Reads behind one deliverable's page and one engagement's: revisions with files and decisions, annotations, shares. Scoped, fixed in number."""

from typing import Any

from sqlalchemy.orm import joinedload, selectinload

from incubator.accounts.models import Organisation
from incubator.codevelopment.annotation_models import Annotation, AnnotationRemark
from incubator.codevelopment.models import (
    Deliverable,
    DeliverableDecision,
    DeliverableRevision,
    DeliverableShare,
    Engagement,
    RevisionFile,
)
from incubator.kernel import access
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.products.models import Product


def whole(deliverable_id: int, actor: Actor) -> Deliverable:
    """The deliverable with its product and owner, or NotFound."""
    product = joinedload(Deliverable.product)
    return access.get_visible(
        Deliverable, deliverable_id, actor, joinedload(Deliverable.owner), joinedload(Deliverable.brand),
        product.joinedload(Product.programme), product.joinedload(Product.brand), product.joinedload(Product.owner),
    )  # fmt: skip


def revisions(deliverable: Deliverable, actor: Actor) -> list[DeliverableRevision]:
    """Every revision, the first one first, with its files and who submitted it."""
    query = access.select_visible(DeliverableRevision, actor).where(DeliverableRevision.deliverable_id == deliverable.id)
    options = (
        joinedload(DeliverableRevision.submitted_by),
        selectinload(DeliverableRevision.files).joinedload(RevisionFile.file),
    )
    return list(db.session.scalars(query.options(*options).order_by(DeliverableRevision.number)))


def decisions(deliverable: Deliverable, actor: Actor) -> dict[int, DeliverableDecision]:
    """What was decided, by revision; nothing for whom the deliverable is only shared with."""
    query = access.select_visible(DeliverableDecision, actor).where(DeliverableDecision.deliverable_id == deliverable.id)
    return {d.revision_id: d for d in db.session.scalars(query.options(joinedload(DeliverableDecision.decided_by)))}


def annotations(deliverable: Deliverable, actor: Actor) -> list[Annotation]:
    """Every annotation with its thread, by number; nothing for whom the deliverable is only shared with."""
    query = access.select_visible(Annotation, actor).where(Annotation.deliverable_id == deliverable.id)
    remarks = selectinload(Annotation.remarks)
    options = (
        joinedload(Annotation.revision),
        joinedload(Annotation.resolved_by),
        remarks.joinedload(AnnotationRemark.author),
        remarks.joinedload(AnnotationRemark.organisation),
    )
    return list(db.session.scalars(query.options(*options).order_by(Annotation.number)))


def shares(deliverable: Deliverable, actor: Actor) -> list[DeliverableShare]:
    """With whom the brand shares it; a party learns of no other."""
    query = access.select_visible(DeliverableShare, actor).where(DeliverableShare.deliverable_id == deliverable.id)
    return list(db.session.scalars(query.options(joinedload(DeliverableShare.organisation)).order_by(DeliverableShare.id)))


def engagement(engagement_id: int, actor: Actor) -> Engagement:
    """An engagement with the names of product and brand: whoever is invited may know these before it sees the product."""
    options = (
        joinedload(Engagement.product),
        joinedload(Engagement.brand),
        joinedload(Engagement.organisation),
        joinedload(Engagement.answered_by),
    )
    return access.get_visible(Engagement, engagement_id, actor, *options)


def engagements(product: Product, actor: Actor) -> list[Any]:
    """Who was invited to develop the product along, open ones first; a party finds itself."""
    columns = (Engagement.id, Engagement.state, Engagement.part, Engagement.starts_on, Engagement.ends_on, Organisation.name)
    query = access.select_visible(Engagement, actor, *columns).join(Organisation, Organisation.id == Engagement.organisation_id)
    order = (Engagement.state.not_in(("active", "invited")), Engagement.id)
    return list(db.session.execute(query.where(Engagement.product_id == product.id).order_by(*order).limit(100)))
