"""sample rounds, their readings and decisions, golden samples"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "sample_round",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("factory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brief_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brief_revision", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("requested_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("follows_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("carried", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("carrier", sa.String(length=80), nullable=False),
        sa.Column("tracking_number", sa.String(length=60), nullable=False),
        sa.Column("shipped_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("condition", sa.String(length=12), nullable=False),
        sa.Column("condition_note", sa.Text(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_for", sa.String(length=4), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('development', 'counter', 'approval', 'pre_production', 'top_of_production', 'shipment')",
            name=op.f("ck_sample_round_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'in_making', 'shipped', 'received', 'measured', 'approved', 'approved_with_comments', 'rejected', 'sealed')",
            name=op.f("ck_sample_round_state"),
        ),
        sa.CheckConstraint("condition IN ('', 'intact', 'damaged', 'incomplete')", name=op.f("ck_sample_round_condition")),
        sa.CheckConstraint("reminded_for IN ('', 'soon', 'due', 'late')", name=op.f("ck_sample_round_reminded_for")),
        sa.CheckConstraint("number >= 1 AND quantity >= 1 AND pieces BETWEEN 1 AND 10", name=op.f("ck_sample_round_quantities")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_sample_round_brand_id")),
        sa.ForeignKeyConstraint(["brief_id"], ["product_brief.id"], name=op.f("fk_sample_round_brief_id")),
        sa.ForeignKeyConstraint(["factory_id"], ["organisation.id"], name=op.f("fk_sample_round_factory_id")),
        sa.ForeignKeyConstraint(["follows_id"], ["sample_round.id"], name=op.f("fk_sample_round_follows_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_sample_round_product_id")),
        sa.ForeignKeyConstraint(["requested_by_id"], ["app_user.id"], name=op.f("fk_sample_round_requested_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_round")),
        sa.UniqueConstraint("product_id", "factory_id", "number", name=op.f("uq_sample_round_product_id_factory_id_number")),
    )
    with op.batch_alter_table("sample_round", schema=None) as batch_op:
        batch_op.create_index("ix_sample_round_brand_due", ["brand_id", "due_on", "id"], unique=False)
        batch_op.create_index("ix_sample_round_brand_since", ["brand_id", "state_since", "id"], unique=False)
        batch_op.create_index("ix_sample_round_brand_state", ["brand_id", "state", "due_on", "id"], unique=False)
        batch_op.create_index("ix_sample_round_factory_due", ["factory_id", "due_on", "id"], unique=False)
        batch_op.create_index("ix_sample_round_factory_since", ["factory_id", "state_since", "id"], unique=False)
        batch_op.create_index("ix_sample_round_open", ["state", "due_on", "id"], unique=False)

    op.create_table(
        "sample_requirement",
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("attribute", sa.String(length=120), nullable=False),
        sa.Column("operator", sa.String(length=10), nullable=False),
        sa.Column("target", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=30), nullable=False),
        sa.Column("tolerance", sa.String(length=30), nullable=False),
        sa.Column("priority", sa.String(length=10), nullable=False),
        sa.Column("carried", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("operator IN ('eq', 'le', 'ge', 'between', 'is')", name=op.f("ck_sample_requirement_operator")),
        sa.CheckConstraint("priority IN ('must', 'should', 'could')", name=op.f("ck_sample_requirement_priority")),
        sa.ForeignKeyConstraint(["round_id"], ["sample_round.id"], name=op.f("fk_sample_requirement_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_requirement")),
    )
    with op.batch_alter_table("sample_requirement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sample_requirement_round_id"), ["round_id"], unique=False)

    op.create_table(
        "sample_reading",
        sa.Column("requirement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("piece", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(length=24), nullable=True),
        sa.Column("met", sa.Boolean(), nullable=True),
        sa.Column("read_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("piece BETWEEN 1 AND 10", name=op.f("ck_sample_reading_piece")),
        sa.CheckConstraint("(value IS NULL) <> (met IS NULL)", name=op.f("ck_sample_reading_one_kind")),
        sa.ForeignKeyConstraint(["read_by_id"], ["app_user.id"], name=op.f("fk_sample_reading_read_by_id")),
        sa.ForeignKeyConstraint(["requirement_id"], ["sample_requirement.id"], name=op.f("fk_sample_reading_requirement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_reading")),
        sa.UniqueConstraint("requirement_id", "piece", name=op.f("uq_sample_reading_requirement_id_piece")),
    )

    op.create_table(
        "sample_decision",
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("comments", sa.JSON(), nullable=False),
        sa.Column("results", sa.JSON(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("outcome IN ('approved', 'approved_with_comments', 'rejected')", name=op.f("ck_sample_decision_outcome")),
        sa.CheckConstraint(
            "kind IN ('development', 'counter', 'approval', 'pre_production', 'top_of_production', 'shipment')",
            name=op.f("ck_sample_decision_kind"),
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["app_user.id"], name=op.f("fk_sample_decision_decided_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_sample_decision_organisation_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_sample_decision_product_id")),
        sa.ForeignKeyConstraint(["round_id"], ["sample_round.id"], name=op.f("fk_sample_decision_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_decision")),
        sa.UniqueConstraint("round_id", name=op.f("uq_sample_decision_round_id")),
    )
    with op.batch_alter_table("sample_decision", schema=None) as batch_op:
        batch_op.create_index("ix_sample_decision_product", ["product_id", "decided_at", "id"], unique=False)

    op.create_table(
        "golden_sample",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("factory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_number", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("storage_place", sa.String(length=200), nullable=False),
        sa.Column("kept_by_brand", sa.Boolean(), nullable=False),
        sa.Column("kept_by_factory", sa.Boolean(), nullable=False),
        sa.Column("superseded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("state IN ('valid', 'superseded')", name=op.f("ck_golden_sample_state")),
        sa.CheckConstraint("kept_by_brand OR kept_by_factory", name=op.f("ck_golden_sample_kept")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_golden_sample_brand_id")),
        sa.ForeignKeyConstraint(["factory_id"], ["organisation.id"], name=op.f("fk_golden_sample_factory_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_golden_sample_product_id")),
        sa.ForeignKeyConstraint(["round_id"], ["sample_round.id"], name=op.f("fk_golden_sample_round_id")),
        sa.ForeignKeyConstraint(["sealed_by_id"], ["app_user.id"], name=op.f("fk_golden_sample_sealed_by_id")),
        sa.ForeignKeyConstraint(["superseded_by_id"], ["golden_sample.id"], name=op.f("fk_golden_sample_superseded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_golden_sample")),
        sa.UniqueConstraint("brand_id", "number", name=op.f("uq_golden_sample_brand_id_number")),
        sa.UniqueConstraint("round_id", name=op.f("uq_golden_sample_round_id")),
    )
    with op.batch_alter_table("golden_sample", schema=None) as batch_op:
        batch_op.create_index("ix_golden_sample_brand_sealed", ["brand_id", "sealed_at", "id"], unique=False)
        batch_op.create_index("ix_golden_sample_factory_sealed", ["factory_id", "sealed_at", "id"], unique=False)
        batch_op.create_index("ix_golden_sample_product", ["product_id", "factory_id", "id"], unique=False)

    op.execute(
        {
            "sqlite": "CREATE TRIGGER sample_decision_no_update BEFORE UPDATE ON sample_decision BEGIN SELECT RAISE(ABORT, 'sample_decision is append-only'); END",
            "postgresql": "CREATE FUNCTION sample_decision_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'sample_decision is append-only'; END $$",
        }[op.get_bind().dialect.name]
    )
    op.execute(
        {
            "sqlite": "CREATE TRIGGER sample_decision_no_delete BEFORE DELETE ON sample_decision BEGIN SELECT RAISE(ABORT, 'sample_decision is append-only'); END",
            "postgresql": "CREATE TRIGGER sample_decision_no_change BEFORE UPDATE OR DELETE ON sample_decision FOR EACH ROW EXECUTE FUNCTION sample_decision_refuse()",
        }[op.get_bind().dialect.name]
    )
