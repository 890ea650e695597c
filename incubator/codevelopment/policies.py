"""Who sees what of co-development. The brand sees all of its own products; investors and selection centres see nothing here.

A party sees, while it takes part in the product:
- its own engagement, with scope and terms; never another's;
- the deliverables that it owes, with decisions and annotations; of those shared with it the revisions and files, and no more;
- the agreement that it is a party of, once proposed: text, ownership, signatures, and of the other parties only which kinds they
  contribute and which share of the whole. Amounts, hours and rates of a promise are its party's and the brand's alone;
- its own rows of the ledger;
- the folders of the data room shared with it, while the share lives, and in them the brand's files and its own, never another party's.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select

from incubator.codevelopment.agreement_models import (
    Agreement,
    AgreementParty,
    AgreementPromise,
    AgreementSignature,
    OwnershipItem,
    OwnershipShare,
)
from incubator.codevelopment.annotation_models import Annotation, AnnotationRemark
from incubator.codevelopment.ledger_models import Contribution
from incubator.codevelopment.models import (
    PARTIES,
    Deliverable,
    DeliverableDecision,
    DeliverableRevision,
    DeliverableShare,
    Engagement,
    RevisionFile,
)
from incubator.codevelopment.room_models import RoomDownload, RoomFile, RoomFolder, RoomShare
from incubator.kernel import clock, files
from incubator.kernel.access import within
from incubator.kernel.actor import Actor
from incubator.products.policies import joined_products


def _scoped(actor: Actor, brand_column: Any, of_a_party: Any) -> ColumnElement[bool]:
    """The brand's own rows; for a party what `of_a_party(actor)` says; for anybody else nothing."""
    if actor.role == "brand":
        return brand_column == actor.organisation_id
    return of_a_party(actor) if actor.role in PARTIES else false()


def _own_deliverables(actor: Actor) -> ColumnElement[bool]:
    """Without what is only shared: decisions and annotations are between the brand and the owner."""
    owned = and_(Deliverable.owner_id == actor.organisation_id, Deliverable.product_id.in_(joined_products(actor)))
    return _scoped(actor, Deliverable.brand_id, lambda _: owned)


def _deliverables(actor: Actor) -> ColumnElement[bool]:
    shared = select(DeliverableShare.deliverable_id).where(DeliverableShare.organisation_id == actor.organisation_id)
    mine = or_(Deliverable.owner_id == actor.organisation_id, Deliverable.id.in_(shared))
    return _scoped(actor, Deliverable.brand_id, lambda _: and_(mine, Deliverable.product_id.in_(joined_products(actor))))


def _ids(actor: Actor) -> Any:
    return select(Deliverable.id).where(_deliverables(actor))


def _own_ids(actor: Actor) -> Any:
    return select(Deliverable.id).where(_own_deliverables(actor))


def _shares(actor: Actor) -> ColumnElement[bool]:
    mine = within(DeliverableShare.deliverable_id, _ids(actor))
    return mine if actor.role == "brand" else and_(mine, DeliverableShare.organisation_id == actor.organisation_id)


def _agreements(actor: Actor) -> ColumnElement[bool]:
    party = select(AgreementParty.agreement_id).where(AgreementParty.organisation_id == actor.organisation_id)
    mine = and_(Agreement.proposed_at.is_not(None), Agreement.id.in_(party), Agreement.product_id.in_(joined_products(actor)))
    return _scoped(actor, Agreement.brand_id, lambda _: mine)


def _agreement_ids(actor: Actor) -> Any:
    return select(Agreement.id).where(_agreements(actor))


def _promises(actor: Actor) -> ColumnElement[bool]:
    here = within(AgreementPromise.agreement_id, _agreement_ids(actor))
    return here if actor.role == "brand" else and_(here, AgreementPromise.organisation_id == actor.organisation_id)


def _contributions(actor: Actor) -> ColumnElement[bool]:
    own = and_(Contribution.organisation_id == actor.organisation_id, Contribution.product_id.in_(joined_products(actor)))
    return _scoped(actor, Contribution.brand_id, lambda _: own)


def _live_shares(actor: Actor, *more: Any) -> Any:
    today = clock.today()
    living = (RoomShare.revoked_at.is_(None), or_(RoomShare.expires_on.is_(None), RoomShare.expires_on >= today))
    return select(RoomShare.folder_id).where(RoomShare.organisation_id == actor.organisation_id, *living, *more)


def _folders(actor: Actor, *more: Any) -> ColumnElement[bool]:
    mine = and_(RoomFolder.id.in_(_live_shares(actor, *more)), RoomFolder.product_id.in_(joined_products(actor)))
    return _scoped(actor, RoomFolder.brand_id, lambda _: mine)


def uploadable(actor: Actor) -> ColumnElement[bool]:
    """SQL: the folders into which the actor may put files."""
    return _folders(actor, RoomShare.access == "upload")


def _room_files(actor: Actor) -> ColumnElement[bool]:
    here = within(RoomFile.folder_id, select(RoomFolder.id).where(_folders(actor)))
    if actor.role == "brand":
        return here
    return and_(here, or_(RoomFile.organisation_id == actor.organisation_id, RoomFile.organisation_id == RoomFile.brand_id))


def _room_shares(actor: Actor) -> ColumnElement[bool]:
    here = within(RoomShare.folder_id, select(RoomFolder.id).where(_folders(actor)))
    return here if actor.role == "brand" else and_(here, RoomShare.organisation_id == actor.organisation_id)


VISIBLE = {
    Engagement: lambda actor: _scoped(actor, Engagement.brand_id, lambda a: Engagement.organisation_id == a.organisation_id),
    Deliverable: _deliverables,
    DeliverableShare: _shares,
    DeliverableRevision: lambda actor: within(DeliverableRevision.deliverable_id, _ids(actor)),
    RevisionFile: lambda actor: within(
        RevisionFile.revision_id, select(DeliverableRevision.id).where(within(DeliverableRevision.deliverable_id, _ids(actor)))
    ),
    DeliverableDecision: lambda actor: within(DeliverableDecision.deliverable_id, _own_ids(actor)),
    Annotation: lambda actor: within(Annotation.deliverable_id, _own_ids(actor)),
    AnnotationRemark: lambda actor: within(
        AnnotationRemark.annotation_id, select(Annotation.id).where(within(Annotation.deliverable_id, _own_ids(actor)))
    ),
    Agreement: _agreements,
    AgreementParty: lambda actor: within(AgreementParty.agreement_id, _agreement_ids(actor)),
    AgreementSignature: lambda actor: within(AgreementSignature.agreement_id, _agreement_ids(actor)),
    AgreementPromise: _promises,
    OwnershipItem: lambda actor: within(OwnershipItem.agreement_id, _agreement_ids(actor)),
    OwnershipShare: lambda actor: within(
        OwnershipShare.item_id, select(OwnershipItem.id).where(within(OwnershipItem.agreement_id, _agreement_ids(actor)))
    ),
    Contribution: _contributions,
    RoomFolder: _folders,
    RoomFile: _room_files,
    RoomShare: _room_shares,
    RoomDownload: lambda actor: RoomDownload.brand_id == (actor.organisation_id if actor.role == "brand" else -1),
}


def _is_brand(actor: Actor, record: Any) -> bool:
    return actor.role == "brand" and (record is None or record.brand_id == actor.organisation_id)


def _owes_or_judges(actor: Actor, deliverable: Any) -> bool:
    return actor.organisation_id in (deliverable.brand_id, deliverable.owner_id)


def _may_annotate(actor: Actor, deliverable: Any) -> bool:
    return _owes_or_judges(actor, deliverable) and deliverable.is_open and deliverable.current_number > 0


RULES = {
    "codevelopment.lead": _is_brand,
    "deliverable.submit": lambda actor, found: actor.organisation_id == found.owner_id,
    "deliverable.annotate": _may_annotate,
    "annotation.answer": _owes_or_judges,
    "agreement.edit": lambda actor, agreement: _is_brand(actor, agreement) and agreement.state == "draft",
    "contribution.deliver": lambda actor, found: actor.organisation_id == found.organisation_id,
    "room.remove": lambda actor, found: _is_brand(actor, found) or actor.organisation_id == found.organisation_id,
}

files.register_subject("deliverable", _ids)
files.register_subject("contribution", lambda actor: select(Contribution.id).where(_contributions(actor)))
# Nobody reads a file of the data room by its own address: each download is asked for and written down.
files.register_subject("room_folder", lambda actor: select(RoomFolder.id).where(false()))
