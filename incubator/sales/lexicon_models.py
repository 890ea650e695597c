"""A brand's own words for why things come back, and the texts that nobody's words fit yet."""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import User, one_of
from incubator.kernel.db import Model, Stamped, Versioned
from incubator.sales.models import REASONS

LONGEST_TEXT = 200


class LexiconWord(Stamped, Model):
    """Where `fragment` stands in a buyer's words, they mean this reason and topic; it wins over the product's lexicon. `spelling` is it folded."""

    __tablename__ = "lexicon_word"
    __table_args__ = (UniqueConstraint("brand_id", "spelling"), CheckConstraint(one_of("reason", REASONS), "reason"))

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    fragment: Mapped[str] = mapped_column(String(120))
    spelling: Mapped[str] = mapped_column(String(240))
    reason: Mapped[str] = mapped_column(String(20))
    topic: Mapped[str] = mapped_column(String(24), default="")
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    entered_by: Mapped[User | None] = relationship()

    @property
    def audit_scope(self) -> tuple[None, int]:
        return None, self.brand_id


class BrandLexicon(Versioned, Model):
    """Which edition of its own words a brand has, and with which lexicon and edition its returns were last read from the beginning.

    `pending` are the weeks (ISO days) whose lines are being read anew; what was cut off there is made good by the next run.
    """

    __tablename__ = "brand_lexicon"
    __table_args__ = (UniqueConstraint("brand_id"),)

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    edition: Mapped[int] = mapped_column(default=0)
    read_lexicon: Mapped[int] = mapped_column(default=0)
    read_edition: Mapped[int] = mapped_column(default=0)
    read_at: Mapped[datetime | None]
    pending: Mapped[list[str]] = mapped_column(JSON, default=list)


class HeardText(Model):
    """What buyers wrote in a week, verbatim and cut at 200 characters: all frequent texts that fit nothing, some of those that fit.

    `text` is "" for the rest of a week, so that the units of "other" add up to its returned units.
    """

    __tablename__ = "heard_text"
    __table_args__ = (
        UniqueConstraint("brand_id", "week", "reason", "topic", "text"),
        CheckConstraint(one_of("reason", REASONS), "reason"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    week: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(20))
    topic: Mapped[str] = mapped_column(String(24), default="")
    text: Mapped[str] = mapped_column(String(LONGEST_TEXT), default="")
    units: Mapped[int] = mapped_column(BigInteger)
    orders: Mapped[int] = mapped_column(BigInteger)


Index("ix_heard_text_reason", HeardText.brand_id, HeardText.reason, HeardText.week)
