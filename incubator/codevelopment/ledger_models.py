"""Contributions (出资) to a product's consortium: what was promised, what arrived, what the brand verified."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import Organisation, User, one_of
from incubator.kernel.db import Model, Stamped, Versioned
from incubator.kernel.money import FrozenRate, Money
from incubator.products.models import Product

CONTRIBUTION_KINDS = ("cash", "tooling", "design_hours", "data")
CONTRIBUTION_STATES = ("promised", "delivered", "verified", "released")


class Amounts:
    """Kind, quantity and value of a contribution: `value_minor` in `currency`, and `base_minor` in the programme's at the frozen rate.

    Hours and units are counted in hundredths; `hourly_minor` is the agreed rate of one hour in `currency`.
    """

    kind: Mapped[str] = mapped_column(String(16))
    description: Mapped[str] = mapped_column(String(300))
    quantity_hundredths: Mapped[int | None] = mapped_column(BigInteger)
    unit: Mapped[str] = mapped_column(String(30), default="")
    hourly_minor: Mapped[int | None] = mapped_column(BigInteger)
    value_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    base_minor: Mapped[int] = mapped_column(BigInteger)
    base_currency: Mapped[str] = mapped_column(String(3))
    rate_e8: Mapped[int] = mapped_column(BigInteger)
    rate_on: Mapped[date] = mapped_column(Date)

    @property
    def value(self) -> Money:
        return Money(self.value_minor, self.currency)

    @property
    def base(self) -> Money:
        return Money(self.base_minor, self.base_currency)

    @property
    def hourly(self) -> Money | None:
        return None if self.hourly_minor is None else Money(self.hourly_minor, self.currency)

    @property
    def frozen_rate(self) -> FrozenRate:
        return FrozenRate(self.currency, self.base_currency, self.rate_on, self.rate_e8)


class Contribution(Amounts, Versioned, Stamped, Model):
    """One row of the ledger. `promised_minor` is what was promised in the programme's currency, 0 for what came on top."""

    __tablename__ = "contribution"
    __table_args__ = (
        CheckConstraint(one_of("kind", CONTRIBUTION_KINDS), "kind"),
        CheckConstraint(one_of("state", CONTRIBUTION_STATES), "state"),
        CheckConstraint("value_minor > 0 AND base_minor >= 0 AND promised_minor >= 0 AND rate_e8 > 0", "amounts"),
        Index("ix_contribution_product", "product_id", "id"),
        Index("ix_contribution_brand", "brand_id", "state", "id"),
        Index("ix_contribution_organisation", "organisation_id", "state", "id"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[str] = mapped_column(String(10), default="promised")
    state_since: Mapped[datetime]
    promised_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    due_on: Mapped[date | None] = mapped_column(Date)
    delivered_on: Mapped[date | None] = mapped_column(Date)
    delivered_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    product: Mapped[Product] = relationship()
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
    delivered_by: Mapped[User | None] = relationship(foreign_keys=[delivered_by_id])
    verified_by: Mapped[User | None] = relationship(foreign_keys=[verified_by_id])

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.product_id, self.brand_id
