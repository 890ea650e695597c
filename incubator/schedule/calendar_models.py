"""When an organisation is closed, and the secret links under which people's calendars read their milestones."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import Membership, Organisation, User, one_of
from incubator.kernel.db import Model, Stamped

FEED_SCOPES = ("mine", "all")


class Closure(Stamped, Model):
    """`organisation` does not work from `starts_on` to `ends_on`, both included; `recorded_by` says so: itself, or a brand for its own plans."""

    __tablename__ = "closure"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", "order"),
        Index("ix_closure_organisation", "organisation_id", "recorded_by_id", "starts_on"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(120))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)

    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
    recorded_by: Mapped[Organisation] = relationship(foreign_keys=[recorded_by_id])

    @property
    def audit_scope(self) -> tuple[None, int]:
        return None, self.recorded_by_id


class CalendarFeed(Model):
    """A secret address that a calendar program reads for `user` acting through `membership`; only the token's digest is kept."""

    __tablename__ = "calendar_feed"
    __table_args__ = (
        CheckConstraint(one_of("scope", FEED_SCOPES), "scope"),
        Index("ix_calendar_feed_user", "user_id", "revoked_at"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    scope: Mapped[str] = mapped_column(String(4), default="mine")
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()
    membership: Mapped[Membership] = relationship()
