"""Findings, each week's look, and effects beside comparable SKUs"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def append_only(table: str) -> tuple[str, ...]:
    """The trigger that refuses UPDATE and DELETE."""
    refusal = f"{table} is append-only"
    if op.get_bind().dialect.name == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            for verb in ("UPDATE", "DELETE")
        )
    return (
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{refusal}'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
    )


def upgrade() -> None:
    # Plain ADD COLUMN keeps the triggers of these append-only tables on SQLite, where a batch would rebuild them without.
    op.add_column("feedback_section", sa.Column("findings", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("feedback_effect", sa.Column("change", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "finding_run",
        sa.Column("brand_id", ID, nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("skus", sa.Integer(), nullable=False),
        sa.Column("tested", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("too_few", sa.Integer(), nullable=False),
        sa.Column("fdr", sa.Double(), nullable=False),
        sa.Column("keep", sa.Double(), nullable=False),
        sa.Column("delta", sa.Double(), nullable=False),
        sa.Column("kappa", sa.Double(), nullable=False),
        sa.Column("table_version", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_finding_run_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_run")),
        sa.UniqueConstraint("brand_id", "week", name=op.f("uq_finding_run_brand_id_week")),
    )
    _finding()
    _comparison()


def _finding() -> None:
    op.create_table(
        "finding",
        sa.Column("brand_id", ID, nullable=False),
        sa.Column("product_id", ID, nullable=False),
        sa.Column("sku_id", ID, nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("topic", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("state", sa.String(length=5), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_week", sa.Date(), nullable=False),
        sa.Column("last_week", sa.Date(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("lot", sa.String(length=120), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in ("ratio", "low", "high", "p", "q", "base")),
        sa.Column("orders", sa.BigInteger(), nullable=False),
        sa.Column("returned", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.String(length=8), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.CheckConstraint("kind IN ('change', 'level')", name=op.f("ck_finding_kind")),
        sa.CheckConstraint("state IN ('open', 'told', 'acted', 'gone', 'back')", name=op.f("ck_finding_state")),
        sa.CheckConstraint("step IN ('fix', 'inspect', 'listing', 'delivery')", name=op.f("ck_finding_step")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_finding_brand_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_finding_product_id")),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_finding_sku_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("sku_id", "reason", "topic", name=op.f("uq_finding_sku_id_reason_topic")),
    )
    op.create_index("ix_finding_brand", "finding", ["brand_id", "state", "last_week", "id"])
    op.create_index("ix_finding_ratio", "finding", ["brand_id", "ratio", "id"])
    op.create_index("ix_finding_q", "finding", ["brand_id", "q", "id"])


def _comparison() -> None:
    op.create_table(
        "effect_comparison",
        sa.Column("action_id", ID, nullable=False),
        sa.Column("brand_id", ID, nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("effect", sa.JSON(), nullable=False),
        sa.Column("controls", sa.JSON(), nullable=False),
        sa.Column("factories", sa.Integer(), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.CheckConstraint("verdict IN ('improved', 'same', 'worse', 'too_few')", name=op.f("ck_effect_comparison_verdict")),
        sa.ForeignKeyConstraint(["action_id"], ["feedback_action.id"], name=op.f("fk_effect_comparison_action_id")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_effect_comparison_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effect_comparison")),
        sa.UniqueConstraint("action_id", name=op.f("uq_effect_comparison_action_id")),
    )
    op.create_index("ix_effect_comparison_brand_id", "effect_comparison", ["brand_id"])
    for statement in append_only("effect_comparison"):
        op.execute(statement)
