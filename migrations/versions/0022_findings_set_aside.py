"""Findings that the brand has set aside: the state, why, by whom, and what was known then; photos sent by a factory's own system"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("finding") as batch_op:
        batch_op.add_column(sa.Column("aside", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("aside_note", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("aside_by_id", ID, nullable=True))
        batch_op.create_foreign_key(op.f("fk_finding_aside_by_id"), "app_user", ["aside_by_id"], ["id"])
        batch_op.drop_constraint(op.f("ck_finding_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_finding_state"), "state IN ('open', 'told', 'acted', 'gone', 'back', 'aside')")
    with op.batch_alter_table("finding") as batch_op:
        batch_op.alter_column("aside_note", server_default=None)
    op.create_table(
        "feedback_upload",
        sa.Column("factory_id", ID, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("subject_type", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.CheckConstraint("subject_type IN ('feedback_section', 'feedback_action')", name=op.f("ck_feedback_upload_subject_type")),
        sa.ForeignKeyConstraint(["factory_id"], ["organisation.id"], name=op.f("fk_feedback_upload_factory_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_feedback_upload_file_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_upload")),
        sa.UniqueConstraint("factory_id", "key", name=op.f("uq_feedback_upload_factory_id_key")),
    )
    op.create_index(op.f("ix_feedback_upload_file_id"), "feedback_upload", ["file_id"])
