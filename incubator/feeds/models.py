"""Feeds: from where files of one kind come, how often, in whose name; and each file that ever came, once."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import User, one_of
from incubator.imports.models import ColumnMapping
from incubator.kernel.db import Model, Stamped, Versioned

TRANSPORTS = ("upload", "folder", "s3", "push", "pull")
LOOKING = ("folder", "s3", "pull")  # we go there; to the others files are brought
STATES = ("active", "paused", "halted", "closed")
RHYTHMS = ("quarter", "hour", "day")
PROOFS = ("none", "bearer", "basic")


class Feed(Versioned, Stamped, Model):
    """Files of one kind for one organisation, imported in the name of `owner`.

    `place` is the folder or prefix below the configured root, or the address to ask. `secret` is sealed and never leaves the
    server. `next_at` is when a look is due next, UTC; none where nobody looks. `failures` counts looks that failed in a row,
    `error` says in the owner's language why the last one did, `reason` is why a feed halted by itself.
    """

    __tablename__ = "feed"
    __table_args__ = (
        UniqueConstraint("organisation_id", "name"),
        CheckConstraint(one_of("transport", TRANSPORTS), "transport"),
        CheckConstraint(one_of("state", STATES), "state"),
        CheckConstraint(one_of("rhythm", RHYTHMS), "rhythm"),
        CheckConstraint(one_of("proof", PROOFS), "proof"),
        CheckConstraint("hour BETWEEN 0 AND 23", "hour"),
        CheckConstraint("reason IN ('', 'failures', 'owner')", "reason"),
        Index("ix_feed_recent", "organisation_id", "created_at", "id"),
        Index("ix_feed_due", "next_at"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(40))
    preset: Mapped[str] = mapped_column(String(40), default="")
    mapping_id: Mapped[int | None] = mapped_column(ForeignKey("column_mapping.id"))
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    transport: Mapped[str] = mapped_column(String(10))
    place: Mapped[str] = mapped_column(String(2000), default="")
    proof: Mapped[str] = mapped_column(String(10), default="none")
    proof_user: Mapped[str] = mapped_column(String(120), default="")
    secret: Mapped[str] = mapped_column(Text, default="")
    rhythm: Mapped[str] = mapped_column(String(10), default="hour")
    hour: Mapped[int] = mapped_column(default=8)
    timezone: Mapped[str] = mapped_column(String(60), default="Asia/Shanghai")
    state: Mapped[str] = mapped_column(String(10), default="active")
    reason: Mapped[str] = mapped_column(String(10), default="")
    next_at: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    etag: Mapped[str] = mapped_column(String(200), default="")
    last_modified: Mapped[str] = mapped_column(String(60), default="")

    is_answered = True  # whether the owner still may import the kind: the service finds out, the workflow asks

    owner: Mapped[User] = relationship()
    mapping: Mapped[ColumnMapping | None] = relationship()

    @property
    def audit_scope(self) -> tuple[None, int]:
        return None, self.organisation_id

    @property
    def looks(self) -> bool:
        """Whether we go and look for files."""
        return self.transport in LOOKING

    @property
    def shown_place(self) -> str:
        """The place without what an address may hold of secrets."""
        return self.place.partition("?")[0] + ("?…" if "?" in self.place else "")


class FeedFile(Model):
    """One file of a feed, taken once: `key` tells it from all others of the feed, whoever took them at the same moment.

    `source` is its name where it was found, and `mark` what can be seen of it there without reading it (size and time, or the
    etag). It has an import, or a `problem` instead; since `settled_at` its owner knows what became of it.
    """

    __tablename__ = "feed_file"
    __table_args__ = (
        UniqueConstraint("feed_id", "key"),
        CheckConstraint("size >= 0", "size"),
        Index("ix_feed_file_recent", "feed_id", "taken_at", "id"),
    )

    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id"))
    key: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(1100), default="")
    mark: Mapped[str] = mapped_column(String(200), default="")
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    problem: Mapped[str] = mapped_column(Text, default="")
    import_id: Mapped[int | None] = mapped_column(ForeignKey("data_import.id"), index=True)
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    taken_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    feed: Mapped[Feed] = relationship()
