"""Organisations and the people who act for them. Secrets (tokens, links) are stored only as SHA-256 digests."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.kernel.actor import ORGANISATION_KINDS, STAFF_ROLES
from incubator.kernel.db import Model, Stamped, Versioned


def one_of(column: str, values: tuple[str, ...]) -> str:
    """SQL text of a CHECK that `column` is one of `values`."""
    return f"{column} IN ({', '.join(repr(v) for v in values)})"


class Organisation(Versioned, Stamped, Model):
    """A brand, factory, design firm … that works in the platform."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint(one_of("kind", ORGANISATION_KINDS), "kind"),)

    name: Mapped[str] = mapped_column(String(200), unique=True)
    short_name: Mapped[str] = mapped_column(String(60), default="")
    kind: Mapped[str] = mapped_column(String(20), index=True)
    country: Mapped[str] = mapped_column(String(2), default="CN")
    city: Mapped[str] = mapped_column(String(80), default="")
    registration_number: Mapped[str] = mapped_column(String(40), default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    disabled_at: Mapped[datetime | None]

    @property
    def label(self) -> str:
        return self.short_name or self.name

    @property
    def audit_scope(self) -> tuple[None, int]:
        return None, self.id


class User(Versioned, Stamped, Model):
    """A person; `staff_role` makes one an administrator or field agent of the platform."""

    __tablename__ = "app_user"
    __table_args__ = (CheckConstraint(f"staff_role IS NULL OR {one_of('staff_role', STAFF_ROLES)}", "staff_role"),)

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(5), default="zh")
    timezone: Mapped[str] = mapped_column(String(60), default="Asia/Shanghai")
    theme: Mapped[str] = mapped_column(String(5), default="auto")
    staff_role: Mapped[str | None] = mapped_column(String(20))
    totp_secret: Mapped[str | None] = mapped_column(Text)  # sealed
    totp_last_step: Mapped[int | None]
    recovery_codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    disabled_at: Mapped[datetime | None]

    memberships: Mapped[list["Membership"]] = relationship(back_populates="user", order_by="Membership.id")

    @property
    def initials(self) -> str:
        """One CJK character, or the first letters of two words."""
        words = self.name.split()
        return "".join(w[0] for w in words[:2]).upper() if self.name.isascii() else self.name[:1]


class Membership(Stamped, Model):
    """A person acting for an organisation; a manager may invite colleagues."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("user_id", "organisation_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str] = mapped_column(String(80), default="")
    is_manager: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation] = relationship()

    @property
    def audit_scope(self) -> tuple[None, int | None]:
        return None, self.organisation_id


class UserSession(Model):
    """One signed-in browser. The cookie holds the token, the row its digest; ending the row ends the session at once.

    While `awaits_code` the password was right and the second factor is still missing: such a row opens nothing.
    """

    __tablename__ = "user_session"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(60), default="")
    user_agent: Mapped[str] = mapped_column(String(300), default="")
    awaits_code: Mapped[bool] = mapped_column(default=False)
    totp_offered: Mapped[str | None] = mapped_column(String(64))

    user: Mapped[User] = relationship()
    membership: Mapped[Membership | None] = relationship()


class Invitation(Stamped, Model):
    """An expiring single-use link for one address into one organisation (or into a staff role)."""

    __tablename__ = "invitation"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    staff_role: Mapped[str | None] = mapped_column(String(20))
    is_manager: Mapped[bool] = mapped_column(default=False)
    locale: Mapped[str] = mapped_column(String(5), default="zh")
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    organisation: Mapped[Organisation | None] = relationship()
    invited_by: Mapped[User | None] = relationship()

    @property
    def audit_scope(self) -> tuple[None, int | None]:
        return None, self.organisation_id


class PasswordReset(Model):
    """An expiring single-use link that sets a new password."""

    __tablename__ = "password_reset"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class ApiToken(Stamped, Model):
    """A bearer token for /api/v1, bound to a person acting for one organisation; shown once."""

    __tablename__ = "api_token"
    __table_args__ = (CheckConstraint(one_of("scope", ("read", "write")), "scope"),)

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    prefix: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(80))
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    scope: Mapped[str] = mapped_column(String(10))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()
    membership: Mapped[Membership | None] = relationship()


class Notification(Model):
    """One line for one person: a message id of `notices.TEXTS` with its parameters, written in the reader's language when read."""

    __tablename__ = "notification"
    __table_args__ = (Index("ix_notification_inbox", "user_id", "read_at", "id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    text: Mapped[str] = mapped_column(String(60))
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    url: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class AttemptCounter(Model):
    """Failed attempts by purpose, address and network, known or unknown alike, so that a lock tells nothing about who has an account."""

    __tablename__ = "attempt_counter"

    key: Mapped[str] = mapped_column(String(64), unique=True)
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(index=True)


class Setting(Model):
    """A fact about this installation: `demo` is present while demo data is loaded."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(40), unique=True)
    value: Mapped[str] = mapped_column(String(300), default="")
