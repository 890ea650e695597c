"""Findings that the brand has set aside: the state, why, by whom, and what was known then"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
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
