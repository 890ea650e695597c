"""A voice: what one buyer said, word for word, with where it came from; and the topics that a brand hears in its voices.

Nothing ever changes or removes a voice: a trigger refuses it.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Computed, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import one_of
from incubator.kernel.db import Model, Stamped, Versioned, append_only

BUYER_KINDS = (
    "live_streamer", "creator", "group_leader", "cross_border", "stay_home_parent", "discount_group",
    "student", "private_domain", "market_stall", "big_buyer", "brand_buyer", "consumer",
)  # fmt: skip
CHANNELS = (
    "shop_review", "social", "live_room", "chat_group", "customer_service", "survey", "visit", "trial_order", "wall", "other",
)  # fmt: skip
MOODS = ("good", "mixed", "bad", "unknown")
LANGUAGES = ("zh", "en", "other")


class SignalSource(Stamped, Model):
    """Where voices come from: a shop's reviews, a group, a visit."""

    __tablename__ = "signal_source"
    __table_args__ = (UniqueConstraint("brand_id", "name"), CheckConstraint(one_of("channel", CHANNELS), "channel"))

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(120))
    channel: Mapped[str] = mapped_column(String(20), default="other")


class Voice(Model):
    """One buyer's words. `digest` is of all that makes it this voice, so that the same line is known again."""

    __tablename__ = "voice"
    __table_args__ = (
        UniqueConstraint("brand_id", "digest"),
        CheckConstraint(one_of("channel", CHANNELS), "channel"),
        CheckConstraint(one_of("buyer_kind", BUYER_KINDS), "buyer_kind"),
        CheckConstraint(one_of("language", LANGUAGES), "language"),
        CheckConstraint(one_of("mood", MOODS), "mood"),
        CheckConstraint("score IS NULL OR score BETWEEN 1 AND 5", "score"),
        Index("ix_voice_said", "brand_id", "said_key", "id"),
        Index("ix_voice_source", "brand_id", "source_id", "said_key", "id"),
        Index("ix_voice_ref", "brand_id", "product_ref", "said_key"),
        Index("ix_voice_mood", "brand_id", "mood", "said_key", "id"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    source_id: Mapped[int] = mapped_column(ForeignKey("signal_source.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("data_import.id"), index=True)
    line: Mapped[int | None]
    digest: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(String(80), default="")
    product: Mapped[str] = mapped_column(String(300), default="")
    product_ref: Mapped[str] = mapped_column(String(80), default="")
    channel: Mapped[str] = mapped_column(String(20))
    buyer_kind: Mapped[str] = mapped_column(String(20), default="consumer")
    language: Mapped[str] = mapped_column(String(5))
    mood: Mapped[str] = mapped_column(String(7), default="unknown")
    score: Mapped[int | None]
    said_on: Mapped[date | None] = mapped_column(Date)
    bought_on: Mapped[date | None] = mapped_column(Date)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime]
    # A key to sort by: a keyset has no place for NULL.
    said_key: Mapped[date] = mapped_column(Date, Computed("coalesce(said_on, '1970-01-01')", persisted=True))

    source: Mapped[SignalSource] = relationship()

    @property
    def audit_scope(self) -> tuple[None, int]:
        return None, self.brand_id


class Topic(Versioned, Stamped, Model):
    """Something buyers speak of, with the words by which it is heard, one per line, in both languages."""

    __tablename__ = "topic"
    __table_args__ = (UniqueConstraint("brand_id", "code"),)

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str] = mapped_column(String(40))
    name_zh: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60))
    words_zh: Mapped[str] = mapped_column(Text, default="")
    words_en: Mapped[str] = mapped_column(Text, default="")
    retired_at: Mapped[datetime | None]

    @property
    def audit_scope(self) -> tuple[None, int]:
        return None, self.brand_id


class VoiceTopic(Model):
    """That a voice speaks of a topic; with the voice's month ("2026-03", or nothing) and mood, which trends are counted by."""

    __tablename__ = "voice_topic"
    __table_args__ = (
        UniqueConstraint("topic_id", "voice_id"),
        Index("ix_voice_topic_voice", "voice_id", "topic_id"),
        Index("ix_voice_topic_trend", "brand_id", "topic_id", "mood", "month"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"))
    voice_id: Mapped[int] = mapped_column(ForeignKey("voice.id"))
    month: Mapped[str] = mapped_column(String(7), default="")
    mood: Mapped[str] = mapped_column(String(7), default="unknown")


append_only(Voice.__table__)
