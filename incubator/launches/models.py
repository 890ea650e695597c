"""SKUs, the factories that made them since when, the channels they are sold on, their codes and prices there.

Prices and volumes are the brand's own; a policy decides who reads which row, and a query which columns.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Computed, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import Organisation, User, one_of
from incubator.briefs.models import BUYER_KINDS
from incubator.kernel.db import Model, Stamped, Versioned
from incubator.kernel.money import Money
from incubator.products.models import Product

SKU_STATES = ("draft", "ready", "listed", "retired")
PLATFORMS = (
    "tmall", "taobao", "1688", "jd", "douyin", "pinduoduo", "shopify", "amazon", "uk_shop", "offline", "other",
)  # fmt: skip


class Sku(Versioned, Stamped, Model):
    """One article of a product as it is sold. `gtin` holds 14 digits, zeros in front, so that one article has one spelling.

    `factory_organisation_id` is who makes it now; `SkuFactory` says who made it when. `planned_units_per_week` is the brand's
    own plan, against which sales are graded. A legacy SKU was sold before it had a brief.
    """

    __tablename__ = "sku"
    __table_args__ = (
        UniqueConstraint("brand_id", "code"),
        UniqueConstraint("brand_id", "gtin"),
        CheckConstraint(one_of("state", SKU_STATES), "state"),
        CheckConstraint("launch_price_minor > 0", "launch_price"),
        CheckConstraint("units_per_carton >= 0 AND planned_units_per_week >= 0", "quantities"),
        Index("ix_sku_recent", "brand_id", "updated_at", "id"),
        Index("ix_sku_state", "brand_id", "state", "updated_at", "id"),
        Index("ix_sku_name", "brand_id", "name_zh", "id"),
        Index("ix_sku_product", "product_id", "id"),
        Index("ix_sku_factory", "factory_organisation_id", "updated_at", "id"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    code: Mapped[str] = mapped_column(String(60))
    gtin: Mapped[str | None] = mapped_column(String(14))
    gtin_exemption: Mapped[str] = mapped_column(Text, default="")
    name_zh: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    colour: Mapped[str] = mapped_column(String(80), default="")
    size: Mapped[str] = mapped_column(String(80), default="")
    pack: Mapped[str] = mapped_column(String(80), default="")
    factory_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    state_since: Mapped[datetime]
    launch_price_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    units_per_carton: Mapped[int] = mapped_column(default=0)
    planned_units_per_week: Mapped[int] = mapped_column(default=0)
    is_legacy: Mapped[bool] = mapped_column(default=False)

    product: Mapped[Product] = relationship()
    brand: Mapped[Organisation] = relationship(foreign_keys=[brand_id])
    factory: Mapped[Organisation | None] = relationship(foreign_keys=[factory_organisation_id])
    makers: Mapped[list["SkuFactory"]] = relationship(order_by="SkuFactory.from_on", back_populates="sku")

    @property
    def launch_price(self) -> Money | None:
        return None if self.launch_price_minor is None else Money(self.launch_price_minor, self.currency)

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.product_id, self.brand_id


class SkuFactory(Model):
    """From `from_on` (until the next row) the factory made the SKU; a lot's feedback goes to who made that lot."""

    __tablename__ = "sku_factory"
    __table_args__ = (UniqueConstraint("sku_id", "from_on"), Index("ix_sku_factory_organisation", "organisation_id", "sku_id"))

    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    from_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    sku: Mapped[Sku] = relationship(back_populates="makers")
    organisation: Mapped[Organisation] = relationship()


class Channel(Versioned, Stamped, Model):
    """A place where the brand sells: its platform, currency, time zone and the kind of buyers there."""

    __tablename__ = "channel"
    __table_args__ = (
        UniqueConstraint("brand_id", "name_zh"),
        CheckConstraint(one_of("platform", PLATFORMS), "platform"),
        CheckConstraint(one_of("buyer_kind", BUYER_KINDS), "buyer_kind"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    platform: Mapped[str] = mapped_column(String(12))
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    timezone: Mapped[str] = mapped_column(String(60), default="Asia/Shanghai")
    buyer_kind: Mapped[str] = mapped_column(String(20), default="consumer")
    closed_at: Mapped[datetime | None]

    @property
    def audit_scope(self) -> tuple[None, int]:
        return None, self.brand_id


class SkuAlias(Model):
    """Another code of a SKU, of one channel or (without one) everywhere; sales feeds name SKUs by it."""

    __tablename__ = "sku_alias"
    __table_args__ = (UniqueConstraint("brand_id", "channel_key", "code"), Index("ix_sku_alias_sku", "sku_id"))

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channel.id"))
    code: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    # A unique key takes NULLs for different, so that "every channel" needs a value of its own.
    channel_key: Mapped[int] = mapped_column(BigInteger, Computed("coalesce(channel_id, 0)", persisted=True))

    sku: Mapped[Sku] = relationship()
    channel: Mapped[Channel | None] = relationship()


class SkuPrice(Model):
    """What a SKU costs on a channel from `valid_from` to `valid_to` (inclusive; open without one). Two never overlap."""

    __tablename__ = "sku_price"
    __table_args__ = (
        UniqueConstraint("sku_id", "channel_id", "valid_from"),
        CheckConstraint("price_minor > 0", "price"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", "period"),
        Index("ix_sku_price_channel", "channel_id", "sku_id"),
    )

    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    price_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    sku: Mapped[Sku] = relationship()
    channel: Mapped[Channel] = relationship()
    created_by: Mapped[User | None] = relationship()

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)
