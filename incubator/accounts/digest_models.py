"""How often a person wants the digest mail; nobody without a row has chosen, and gets it weekly."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from incubator.accounts.models import one_of
from incubator.kernel.db import Model

FREQUENCIES = ("weekly", "monthly", "off")


class DigestSetting(Model):
    """One person's choice."""

    __tablename__ = "digest_setting"
    __table_args__ = (CheckConstraint(one_of("frequency", FREQUENCIES), "frequency"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), unique=True)
    frequency: Mapped[str] = mapped_column(String(8), default="weekly")
