"""The capability scores of a factory on a day, with the counts that they follow from. Written once; a later day gets a row of its own."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incubator.accounts.models import one_of
from incubator.kernel.db import Model, append_only

ABILITIES = ("develop", "produce")


class FactoryScore(Model):
    """One of the two scores, 0 to 100 with its interval; without a value there was too little to say. `parts` are `capability.Part` as JSON."""

    __tablename__ = "factory_score"
    __table_args__ = (
        UniqueConstraint("factory_id", "ability", "on_day"),
        CheckConstraint(one_of("ability", ABILITIES), "ability"),
        CheckConstraint("value IS NULL OR (low <= value AND value <= high)", "interval"),
        Index("ix_factory_score_day", "on_day", "ability", "factory_id"),
    )

    factory_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    ability: Mapped[str] = mapped_column(String(8))
    on: Mapped[date] = mapped_column("on_day", Date)
    rule: Mapped[int]
    value: Mapped[float | None]
    low: Mapped[float | None]
    high: Mapped[float | None]
    parts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    made_at: Mapped[datetime]


append_only(FactoryScore.__table__)
