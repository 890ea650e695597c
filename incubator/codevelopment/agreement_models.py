"""The consortium (共创联合体) of a product: versions of its agreement, each with parties, promises, ownership and signatures.

A version can be changed only while it is a draft; a signature stands under what its party could read.
"""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import Organisation, User, one_of
from incubator.codevelopment.ledger_models import CONTRIBUTION_KINDS, Amounts, Contribution
from incubator.kernel.db import Model, Stamped, Versioned, append_only
from incubator.products.models import Product

AGREEMENT_STATES = ("draft", "proposed", "in_force", "superseded", "withdrawn")
ITEM_KINDS = ("ip", "mould", "data", "other")


class Agreement(Versioned, Stamped, Model):
    """One version of the agreement of a product's consortium, in `currency` (the programme's)."""

    __tablename__ = "consortium_agreement"
    __table_args__ = (
        UniqueConstraint("product_id", "number"),
        CheckConstraint(one_of("state", AGREEMENT_STATES), "state"),
        Index("ix_consortium_agreement_brand", "brand_id", "state", "id"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default="draft")
    state_since: Mapped[datetime]
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    currency: Mapped[str] = mapped_column(String(3))
    proposed_at: Mapped[datetime | None]
    in_force_at: Mapped[datetime | None]

    product: Mapped[Product] = relationship()
    brand: Mapped[Organisation] = relationship()
    parties: Mapped[list["AgreementParty"]] = relationship(order_by="AgreementParty.id", cascade="all, delete-orphan")
    promises: Mapped[list["AgreementPromise"]] = relationship(order_by="AgreementPromise.id", cascade="all, delete-orphan")
    items: Mapped[list["OwnershipItem"]] = relationship(order_by="OwnershipItem.id", cascade="all, delete-orphan")

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.product_id, self.brand_id


class AgreementParty(Model):
    """A party of one version: which kinds it contributes and which share of the whole (hundredths of a percent), fixed when proposed."""

    __tablename__ = "agreement_party"
    __table_args__ = (UniqueConstraint("agreement_id", "organisation_id"), CheckConstraint("share_bp BETWEEN 0 AND 10000", "share"))

    agreement_id: Mapped[int] = mapped_column(ForeignKey("consortium_agreement.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    share_bp: Mapped[int] = mapped_column(default=0)

    organisation: Mapped[Organisation] = relationship()
    signature: Mapped["AgreementSignature | None"] = relationship(back_populates="party")


class AgreementPromise(Amounts, Model):
    """What one party promises: its own and the brand's to read, because amounts and rates are nobody else's.

    Once the version is in force, `contribution_id` names the row of the ledger that keeps account of it.
    """

    __tablename__ = "agreement_promise"
    __table_args__ = (
        CheckConstraint(one_of("kind", CONTRIBUTION_KINDS), "kind"),
        CheckConstraint("value_minor > 0 AND base_minor >= 0 AND rate_e8 > 0", "amounts"),
        CheckConstraint("kind != 'design_hours' OR (quantity_hundredths > 0 AND hourly_minor > 0)", "hours"),
        Index("ix_agreement_promise_agreement", "agreement_id", "organisation_id"),
    )

    agreement_id: Mapped[int] = mapped_column(ForeignKey("consortium_agreement.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    due_on: Mapped[date | None] = mapped_column(Date)
    contribution_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"))

    organisation: Mapped[Organisation] = relationship()
    contribution: Mapped[Contribution | None] = relationship()


class OwnershipItem(Model):
    """A thing that will be owned (IP, a mould, data): by whom in which parts, licensed how, bought back how."""

    __tablename__ = "ownership_item"
    __table_args__ = (CheckConstraint(one_of("kind", ITEM_KINDS), "kind"),)

    agreement_id: Mapped[int] = mapped_column(ForeignKey("consortium_agreement.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(200))
    licence: Mapped[str] = mapped_column(Text, default="")
    buy_back: Mapped[str] = mapped_column(Text, default="")

    shares: Mapped[list["OwnershipShare"]] = relationship(order_by="OwnershipShare.id", cascade="all, delete-orphan")


class OwnershipShare(Model):
    """One owner's part of an item, in hundredths of a percent; those of an item add to 100.00%."""

    __tablename__ = "ownership_share"
    __table_args__ = (UniqueConstraint("item_id", "organisation_id"), CheckConstraint("share_bp BETWEEN 1 AND 10000", "share"))

    item_id: Mapped[int] = mapped_column(ForeignKey("ownership_item.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    share_bp: Mapped[int]

    organisation: Mapped[Organisation] = relationship()


class AgreementSignature(Model):
    """One person's name for one party, under the hash of what that party could read. Nothing updates or removes it."""

    __tablename__ = "agreement_signature"
    __table_args__ = (UniqueConstraint("agreement_id", "user_id"),)

    agreement_id: Mapped[int] = mapped_column(ForeignKey("consortium_agreement.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("agreement_party.id"), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    signed_at: Mapped[datetime]
    content_hash: Mapped[str] = mapped_column(String(64))

    party: Mapped[AgreementParty] = relationship(back_populates="signature")
    user: Mapped[User] = relationship()


append_only(AgreementSignature.__table__)
