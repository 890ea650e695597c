"""Visits of field agents, and the problems that they solve and bring back"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "field_visit",
        sa.Column("factory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("agent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["app_user.id"], name=op.f("fk_field_visit_agent_id")),
        sa.ForeignKeyConstraint(["factory_id"], ["factory.id"], name=op.f("fk_field_visit_factory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_visit")),
        sa.UniqueConstraint("factory_id", "number", name=op.f("uq_field_visit_factory_id_number")),
    )
    op.create_index("ix_field_visit_day", "field_visit", ["factory_id", "visited_on", "id"])
    op.create_table(
        "factory_problem",
        sa.Column("factory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("brought_visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("solved_visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("brought_visit_id IS NOT NULL OR solved_visit_id IS NOT NULL", name=op.f("ck_factory_problem_visited")),
        sa.CheckConstraint("solved_visit_id IS NULL OR how <> ''", name=op.f("ck_factory_problem_how")),
        sa.ForeignKeyConstraint(["brought_visit_id"], ["field_visit.id"], name=op.f("fk_factory_problem_brought_visit_id")),
        sa.ForeignKeyConstraint(["factory_id"], ["factory.id"], name=op.f("fk_factory_problem_factory_id")),
        sa.ForeignKeyConstraint(["solved_visit_id"], ["field_visit.id"], name=op.f("fk_factory_problem_solved_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factory_problem")),
        sa.UniqueConstraint("brought_visit_id", name=op.f("uq_factory_problem_brought_visit_id")),
        sa.UniqueConstraint("solved_visit_id", name=op.f("uq_factory_problem_solved_visit_id")),
    )
    op.create_index("ix_factory_problem_open", "factory_problem", ["factory_id", "solved_visit_id", "id"])
