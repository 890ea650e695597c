"""Feeds, the files that came by them, and mappings that keep their versions"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _versions_of_mappings()
    _feeds()


def _versions_of_mappings() -> None:
    with op.batch_alter_table("column_mapping") as batch_op:
        batch_op.add_column(sa.Column("name", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("headings", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("created_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE column_mapping SET created_at = CURRENT_TIMESTAMP, updated_at = CURRENT_TIMESTAMP")
    op.create_table(
        "mapping_version",
        sa.Column("mapping_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("made_by_id", ID, nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("again_of", sa.Integer(), nullable=True),
        sa.Column("id", ID, nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_mapping_version_number")),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name=op.f("fk_mapping_version_made_by_id")),
        sa.ForeignKeyConstraint(["mapping_id"], ["column_mapping.id"], name=op.f("fk_mapping_version_mapping_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mapping_version")),
        sa.UniqueConstraint("mapping_id", "number", name=op.f("uq_mapping_version_mapping_id_number")),
    )
    op.execute(
        "INSERT INTO mapping_version (mapping_id, number, mapping, made_at) SELECT id, 1, mapping, CURRENT_TIMESTAMP FROM column_mapping"
    )
    with op.batch_alter_table("column_mapping") as batch_op:
        batch_op.drop_column("mapping")
        for name, kind in (("name", sa.String(length=120)), ("headings", sa.JSON()), ("number", sa.Integer())):
            batch_op.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
        for name in ("created_at", "updated_at"):
            batch_op.alter_column(name, existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.create_check_constraint(op.f("ck_column_mapping_number"), "number >= 1")
        batch_op.create_index("ix_column_mapping_recent", ["organisation_id", "updated_at", "id"], unique=False)
    with op.batch_alter_table("data_import") as batch_op:
        batch_op.add_column(sa.Column("mapping_version_id", ID, nullable=True))
        batch_op.create_foreign_key(op.f("fk_data_import_mapping_version_id"), "mapping_version", ["mapping_version_id"], ["id"])


def _feeds() -> None:
    op.create_table(
        "feed",
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("owner_id", ID, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("preset", sa.String(length=40), nullable=False),
        sa.Column("mapping_id", ID, nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("transport", sa.String(length=10), nullable=False),
        sa.Column("place", sa.String(length=2000), nullable=False),
        sa.Column("proof", sa.String(length=10), nullable=False),
        sa.Column("proof_user", sa.String(length=120), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("rhythm", sa.String(length=10), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("etag", sa.String(length=200), nullable=False),
        sa.Column("last_modified", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.CheckConstraint("transport IN ('upload', 'folder', 's3', 'push', 'pull')", name=op.f("ck_feed_transport")),
        sa.CheckConstraint("state IN ('active', 'paused', 'halted', 'closed')", name=op.f("ck_feed_state")),
        sa.CheckConstraint("rhythm IN ('quarter', 'hour', 'day')", name=op.f("ck_feed_rhythm")),
        sa.CheckConstraint("proof IN ('none', 'bearer', 'basic')", name=op.f("ck_feed_proof")),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_feed_hour")),
        sa.CheckConstraint("reason IN ('', 'failures', 'owner')", name=op.f("ck_feed_reason")),
        sa.ForeignKeyConstraint(["mapping_id"], ["column_mapping.id"], name=op.f("fk_feed_mapping_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_feed_organisation_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name=op.f("fk_feed_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_feed_organisation_id_name")),
    )
    op.create_index("ix_feed_owner_id", "feed", ["owner_id"])
    op.create_index("ix_feed_recent", "feed", ["organisation_id", "created_at", "id"])
    op.create_index("ix_feed_due", "feed", ["next_at"])
    op.create_table(
        "feed_file",
        sa.Column("feed_id", ID, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=1100), nullable=False),
        sa.Column("mark", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("import_id", ID, nullable=True),
        sa.Column("taken_by_id", ID, nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", ID, nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_feed_file_size")),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_feed_file_feed_id")),
        sa.ForeignKeyConstraint(["import_id"], ["data_import.id"], name=op.f("fk_feed_file_import_id")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["app_user.id"], name=op.f("fk_feed_file_taken_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_file")),
        sa.UniqueConstraint("feed_id", "key", name=op.f("uq_feed_file_feed_id_key")),
    )
    op.create_index("ix_feed_file_import_id", "feed_file", ["import_id"])
    op.create_index("ix_feed_file_recent", "feed_file", ["feed_id", "taken_at", "id"])
