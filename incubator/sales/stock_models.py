"""What stood in stock and who looked: snapshots and daily traffic as feeds tell them, and the figures of a SKU and week that follow.

Days are kept for 26 weeks, then one row a week (`span`): the last snapshot, the sum of the traffic. A row whose code means no SKU yet has no
`sku_id`; it gets one when somebody has said what the code is.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incubator.accounts.models import one_of
from incubator.kernel.db import Model

SPANS = ("day", "week")


class StockDay(Model):
    """Units of a code in a warehouse at `taken_at` on `day`; below zero, more was sold than was there. `file_no` tells older files from newer."""

    __tablename__ = "stock_day"
    __table_args__ = (
        UniqueConstraint("channel_id", "day", "span", "warehouse", "code"),
        CheckConstraint(one_of("span", SPANS), "span"),
        CheckConstraint("on_order >= 0", "on_order"),
        Index("ix_stock_day_brand", "brand_id", "span", "week", "sku_id"),
        Index("ix_stock_day_sku", "sku_id", "day"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    sku_id: Mapped[int | None] = mapped_column(ForeignKey("sku.id"))
    warehouse: Mapped[str] = mapped_column(String(80), default="")
    code: Mapped[str] = mapped_column(String(80))
    span: Mapped[str] = mapped_column(String(4), default="day")
    day: Mapped[date] = mapped_column(Date)
    week: Mapped[date] = mapped_column(Date)
    taken_at: Mapped[datetime]
    file_no: Mapped[int] = mapped_column(BigInteger)
    on_hand: Mapped[int] = mapped_column(BigInteger)
    on_order: Mapped[int | None] = mapped_column(BigInteger)


class TrafficDay(Model):
    """Views, visitors, who put a code into the cart and who paid for it on a channel and day; None where the feed does not say."""

    __tablename__ = "traffic_day"
    __table_args__ = (
        UniqueConstraint("channel_id", "day", "span", "code"),
        CheckConstraint(one_of("span", SPANS), "span"),
        CheckConstraint("views >= 0 AND visitors >= 0 AND carts >= 0 AND buyers >= 0", "counts"),
        Index("ix_traffic_day_brand", "brand_id", "span", "week", "sku_id"),
        Index("ix_traffic_day_sku", "sku_id", "day"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    sku_id: Mapped[int | None] = mapped_column(ForeignKey("sku.id"))
    code: Mapped[str] = mapped_column(String(80))
    span: Mapped[str] = mapped_column(String(4), default="day")
    day: Mapped[date] = mapped_column(Date)
    week: Mapped[date] = mapped_column(Date)
    taken_at: Mapped[datetime]
    file_no: Mapped[int] = mapped_column(BigInteger)
    views: Mapped[int | None] = mapped_column(BigInteger)
    visitors: Mapped[int | None] = mapped_column(BigInteger)
    carts: Mapped[int | None] = mapped_column(BigInteger)
    buyers: Mapped[int | None] = mapped_column(BigInteger)


class SkuMeasure(Model):
    """One SKU in one week: stock at its end, who looked, and what follows. Shares are 0 to 1; None where nobody told the figures.

    `sell_through` is sold / (sold + at hand at the end), `conversion` buyers / visitors; `price_index` the average price paid, 100 being the list
    price ("list"), the planned launch price ("launch") or the SKU's own first eight weeks ("first").
    """

    __tablename__ = "sku_measure"
    __table_args__ = (UniqueConstraint("sku_id", "week"), Index("ix_sku_measure_brand", "brand_id", "week", "sku_id"))

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    week: Mapped[date] = mapped_column(Date)
    sold: Mapped[int] = mapped_column(BigInteger, default=0)
    stock_on: Mapped[date | None] = mapped_column(Date)
    on_hand: Mapped[int | None] = mapped_column(BigInteger)
    on_order: Mapped[int | None] = mapped_column(BigInteger)
    views: Mapped[int | None] = mapped_column(BigInteger)
    visitors: Mapped[int | None] = mapped_column(BigInteger)
    carts: Mapped[int | None] = mapped_column(BigInteger)
    buyers: Mapped[int | None] = mapped_column(BigInteger)
    sell_through: Mapped[float | None]
    conversion: Mapped[float | None]
    price_index: Mapped[float | None]
    price_against: Mapped[str] = mapped_column(String(6), default="")
