"""SKUs, channels, prices, the pre-production review, test launches, checklists and launches"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def append_only(table: str) -> tuple[str, ...]:
    """The trigger that refuses UPDATE and DELETE on `table`."""
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
    op.create_table(
        "channel",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("platform", sa.String(length=12), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("buyer_kind", sa.String(length=20), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "buyer_kind IN ('live_streamer', 'creator', 'group_leader', 'cross_border', 'stay_home_parent', 'discount_group', 'student', 'private_domain', 'market_stall', 'big_buyer', 'brand_buyer', 'consumer')",
            name=op.f("ck_channel_buyer_kind"),
        ),
        sa.CheckConstraint(
            "platform IN ('tmall', 'taobao', '1688', 'jd', 'douyin', 'pinduoduo', 'shopify', 'amazon', 'uk_shop', 'offline', 'other')",
            name=op.f("ck_channel_platform"),
        ),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_channel_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
        sa.UniqueConstraint("brand_id", "name_zh", name=op.f("uq_channel_brand_id_name_zh")),
    )
    op.create_table(
        "checklist_item",
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_checklist_item_brand_id")),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_checklist_item_channel_id")),
        sa.ForeignKeyConstraint(["done_by_id"], ["app_user.id"], name=op.f("fk_checklist_item_done_by_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_checklist_item_file_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_checklist_item_organisation_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name=op.f("fk_checklist_item_owner_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_checklist_item_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_item")),
        sa.UniqueConstraint("product_id", "channel_id", "key", name=op.f("uq_checklist_item_product_id_channel_id_key")),
    )
    with op.batch_alter_table("checklist_item", schema=None) as batch_op:
        batch_op.create_index("ix_checklist_item_organisation", ["organisation_id", "done_at", "due_on"], unique=False)
        batch_op.create_index("ix_checklist_item_owner", ["owner_id", "done_at", "due_on"], unique=False)

    op.create_table(
        "compliance_proof",
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("need", sa.String(length=200), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_compliance_proof_brand_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_compliance_proof_file_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_compliance_proof_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compliance_proof")),
        sa.UniqueConstraint("product_id", "need", name=op.f("uq_compliance_proof_product_id_need")),
    )
    op.create_table(
        "launch",
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("launch_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("state IN ('planned', 'live', 'cancelled')", name=op.f("ck_launch_state")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_launch_brand_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_launch_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_launch")),
        sa.UniqueConstraint("product_id", "number", name=op.f("uq_launch_product_id_number")),
    )
    with op.batch_alter_table("launch", schema=None) as batch_op:
        batch_op.create_index("ix_launch_calendar", ["brand_id", "launch_on", "id"], unique=False)

    op.create_table(
        "launch_plan",
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_order_quantity", sa.Integer(), nullable=False),
        sa.Column("capacity_per_week", sa.Integer(), nullable=False),
        sa.Column("capacity_note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("first_order_quantity >= 0 AND capacity_per_week >= 0", name=op.f("ck_launch_plan_quantities")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_launch_plan_brand_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_launch_plan_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_launch_plan")),
        sa.UniqueConstraint("product_id", name=op.f("uq_launch_plan_product_id")),
    )
    op.create_table(
        "preproduction_review",
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("outcome IN ('go', 'conditional', 'stop')", name=op.f("ck_preproduction_review_outcome")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_preproduction_review_brand_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["app_user.id"], name=op.f("fk_preproduction_review_decided_by_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_preproduction_review_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preproduction_review")),
        sa.UniqueConstraint("product_id", "number", name=op.f("uq_preproduction_review_product_id_number")),
    )
    op.create_table(
        "probe",
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("belief", sa.Text(), nullable=False),
        sa.Column("metric", sa.String(length=16), nullable=False),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("threshold_x100", sa.BigInteger(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("budget_minor", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("direction IN ('at_least', 'at_most')", name=op.f("ck_probe_direction")),
        sa.CheckConstraint(
            "metric IN ('units_per_week', 'conversion', 'return_rate', 'price_accepted', 'review_score')", name=op.f("ck_probe_metric")
        ),
        sa.CheckConstraint("state IN ('planned', 'running', 'supported', 'refuted', 'inconclusive')", name=op.f("ck_probe_state")),
        sa.CheckConstraint("threshold_x100 >= 0 AND units >= 0 AND price_minor >= 0 AND budget_minor >= 0", name=op.f("ck_probe_amounts")),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_probe_period")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_probe_brand_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_probe_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_probe")),
        sa.UniqueConstraint("product_id", "number", name=op.f("uq_probe_product_id_number")),
    )
    with op.batch_alter_table("probe", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_probe_brand_id"), ["brand_id"], unique=False)

    op.create_table(
        "sku",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("gtin_exemption", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("colour", sa.String(length=80), nullable=False),
        sa.Column("size", sa.String(length=80), nullable=False),
        sa.Column("pack", sa.String(length=80), nullable=False),
        sa.Column("factory_organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("launch_price_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("units_per_carton", sa.Integer(), nullable=False),
        sa.Column("planned_units_per_week", sa.Integer(), nullable=False),
        sa.Column("is_legacy", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'ready', 'listed', 'retired')", name=op.f("ck_sku_state")),
        sa.CheckConstraint("launch_price_minor > 0", name=op.f("ck_sku_launch_price")),
        sa.CheckConstraint("units_per_carton >= 0 AND planned_units_per_week >= 0", name=op.f("ck_sku_quantities")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_sku_brand_id")),
        sa.ForeignKeyConstraint(["factory_organisation_id"], ["organisation.id"], name=op.f("fk_sku_factory_organisation_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_sku_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sku")),
        sa.UniqueConstraint("brand_id", "code", name=op.f("uq_sku_brand_id_code")),
        sa.UniqueConstraint("brand_id", "gtin", name=op.f("uq_sku_brand_id_gtin")),
    )
    with op.batch_alter_table("sku", schema=None) as batch_op:
        batch_op.create_index("ix_sku_factory", ["factory_organisation_id", "updated_at", "id"], unique=False)
        batch_op.create_index("ix_sku_name", ["brand_id", "name_zh", "id"], unique=False)
        batch_op.create_index("ix_sku_product", ["product_id", "id"], unique=False)
        batch_op.create_index("ix_sku_recent", ["brand_id", "updated_at", "id"], unique=False)
        batch_op.create_index("ix_sku_state", ["brand_id", "state", "updated_at", "id"], unique=False)

    op.create_table(
        "launch_channel",
        sa.Column("launch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_launch_channel_channel_id")),
        sa.ForeignKeyConstraint(["launch_id"], ["launch.id"], name=op.f("fk_launch_channel_launch_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_launch_channel")),
        sa.UniqueConstraint("launch_id", "channel_id", name=op.f("uq_launch_channel_launch_id_channel_id")),
    )
    with op.batch_alter_table("launch_channel", schema=None) as batch_op:
        batch_op.create_index("ix_launch_channel_channel", ["channel_id"], unique=False)

    op.create_table(
        "launch_sku",
        sa.Column("launch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["launch_id"], ["launch.id"], name=op.f("fk_launch_sku_launch_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_launch_sku_sku_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_launch_sku")),
        sa.UniqueConstraint("launch_id", "sku_id", name=op.f("uq_launch_sku_launch_id_sku_id")),
    )
    with op.batch_alter_table("launch_sku", schema=None) as batch_op:
        batch_op.create_index("ix_launch_sku_sku", ["sku_id"], unique=False)

    op.create_table(
        "probe_channel",
        sa.Column("probe_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_probe_channel_channel_id")),
        sa.ForeignKeyConstraint(["probe_id"], ["probe.id"], name=op.f("fk_probe_channel_probe_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_probe_channel")),
        sa.UniqueConstraint("probe_id", "channel_id", name=op.f("uq_probe_channel_probe_id_channel_id")),
    )
    op.create_table(
        "probe_reading",
        sa.Column("probe_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("value_x100", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("noted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["noted_by_id"], ["app_user.id"], name=op.f("fk_probe_reading_noted_by_id")),
        sa.ForeignKeyConstraint(["probe_id"], ["probe.id"], name=op.f("fk_probe_reading_probe_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_probe_reading")),
        sa.UniqueConstraint("probe_id", "on_date", "source", name=op.f("uq_probe_reading_probe_id_on_date_source")),
    )
    with op.batch_alter_table("probe_reading", schema=None) as batch_op:
        batch_op.create_index("ix_probe_reading_day", ["probe_id", "on_date"], unique=False)

    op.create_table(
        "probe_verdict",
        sa.Column("probe_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("next_step", sa.String(length=10), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("readings", sa.JSON(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("next_step IN ('continue', 'pivot', 'stop')", name=op.f("ck_probe_verdict_next_step")),
        sa.CheckConstraint("verdict IN ('supported', 'refuted', 'inconclusive')", name=op.f("ck_probe_verdict_verdict")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["app_user.id"], name=op.f("fk_probe_verdict_decided_by_id")),
        sa.ForeignKeyConstraint(["probe_id"], ["probe.id"], name=op.f("fk_probe_verdict_probe_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_probe_verdict")),
        sa.UniqueConstraint("probe_id", name=op.f("uq_probe_verdict_probe_id")),
    )
    op.create_table(
        "sku_alias",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel_key", sa.BigInteger(), sa.Computed("coalesce(channel_id, 0)", persisted=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_sku_alias_brand_id")),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_sku_alias_channel_id")),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_sku_alias_sku_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sku_alias")),
        sa.UniqueConstraint("brand_id", "channel_key", "code", name=op.f("uq_sku_alias_brand_id_channel_key_code")),
    )
    with op.batch_alter_table("sku_alias", schema=None) as batch_op:
        batch_op.create_index("ix_sku_alias_sku", ["sku_id"], unique=False)

    op.create_table(
        "sku_factory",
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["app_user.id"], name=op.f("fk_sku_factory_created_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_sku_factory_organisation_id")),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_sku_factory_sku_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sku_factory")),
        sa.UniqueConstraint("sku_id", "from_on", name=op.f("uq_sku_factory_sku_id_from_on")),
    )
    with op.batch_alter_table("sku_factory", schema=None) as batch_op:
        batch_op.create_index("ix_sku_factory_organisation", ["organisation_id", "sku_id"], unique=False)

    op.create_table(
        "sku_price",
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("price_minor > 0", name=op.f("ck_sku_price_price")),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_sku_price_period")),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_sku_price_channel_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["app_user.id"], name=op.f("fk_sku_price_created_by_id")),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_sku_price_sku_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sku_price")),
        sa.UniqueConstraint("sku_id", "channel_id", "valid_from", name=op.f("uq_sku_price_sku_id_channel_id_valid_from")),
    )
    with op.batch_alter_table("sku_price", schema=None) as batch_op:
        batch_op.create_index("ix_sku_price_channel", ["channel_id", "sku_id"], unique=False)

    for table in ("preproduction_review", "probe_verdict"):
        for statement in append_only(table):
            op.execute(statement)
