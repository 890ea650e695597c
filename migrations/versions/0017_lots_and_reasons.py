"""Production lots and what is laid to them; parts and faults in a brand's own words; four reasons more"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
REASON = (
    "reason IN ('quality', 'malfunction', 'performance', 'safety', 'size', 'not_as_described', 'damaged', 'wrong_item', 'missing_part', "
    "'smell', 'late', 'service', 'changed_mind', 'price', 'unstated', 'other')"
)


def upgrade() -> None:
    with op.batch_alter_table("sku_week_reason") as batch_op:
        batch_op.drop_constraint(op.f("ck_sku_week_reason_reason"), type_="check")
        batch_op.create_check_constraint(op.f("ck_sku_week_reason_reason"), REASON)
    _lots()
    _words()
    op.add_column("feedback_section", sa.Column("lots", sa.JSON(none_as_null=True), nullable=True))


def _lots() -> None:
    op.create_table(
        "production_lot",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("factory_organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=True),
        sa.Column("available_on", sa.Date(), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("entered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("made_on IS NULL OR made_on <= available_on", name=op.f("ck_production_lot_dates")),
        sa.CheckConstraint("units BETWEEN 1 AND 100000000", name=op.f("ck_production_lot_units")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_production_lot_brand_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["app_user.id"], name=op.f("fk_production_lot_entered_by_id")),
        sa.ForeignKeyConstraint(["factory_organisation_id"], ["organisation.id"], name=op.f("fk_production_lot_factory_organisation_id")),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_production_lot_sku_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_production_lot")),
        sa.UniqueConstraint("sku_id", "code", name=op.f("uq_production_lot_sku_id_code")),
    )
    op.create_index("ix_production_lot_brand", "production_lot", ["brand_id", "available_on", "id"])
    op.create_index("ix_production_lot_factory", "production_lot", ["factory_organisation_id", "available_on", "id"])
    op.create_table(
        "sku_lot_week",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("orders", sa.BigInteger(), nullable=False),
        sa.Column("estimated_units", sa.BigInteger(), nullable=False),
        sa.Column("returned_units", sa.BigInteger(), nullable=False),
        sa.Column("returned_orders", sa.BigInteger(), nullable=False),
        sa.Column("estimated_returned_units", sa.BigInteger(), nullable=False),
        sa.Column("table_version", sa.BigInteger(), nullable=False),
        sa.Column("lot_key", sa.BigInteger(), sa.Computed("coalesce(lot_id, 0)", persisted=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "returned_units >= estimated_returned_units AND estimated_returned_units >= 0 AND returned_orders >= 0",
            name=op.f("ck_sku_lot_week_returned"),
        ),
        sa.CheckConstraint("units >= estimated_units AND estimated_units >= 0 AND orders >= 0", name=op.f("ck_sku_lot_week_sold")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_sku_lot_week_brand_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["production_lot.id"], name=op.f("fk_sku_lot_week_lot_id")),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_sku_lot_week_sku_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sku_lot_week")),
        sa.UniqueConstraint("sku_id", "week", "lot_key", name=op.f("uq_sku_lot_week_sku_id_week_lot_key")),
    )
    op.create_index("ix_sku_lot_week_brand", "sku_lot_week", ["brand_id", "week", "sku_id"])
    op.create_index("ix_sku_lot_week_lot", "sku_lot_week", ["lot_id", "week"])
    op.create_table(
        "sku_lot_reason",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("topic", sa.String(length=24), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("orders", sa.BigInteger(), nullable=False),
        sa.Column("lot_key", sa.BigInteger(), sa.Computed("coalesce(lot_id, 0)", persisted=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(REASON, name=op.f("ck_sku_lot_reason_reason")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_sku_lot_reason_brand_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["production_lot.id"], name=op.f("fk_sku_lot_reason_lot_id")),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_sku_lot_reason_sku_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sku_lot_reason")),
        sa.UniqueConstraint(
            "sku_id", "week", "lot_key", "reason", "topic", name=op.f("uq_sku_lot_reason_sku_id_week_lot_key_reason_topic")
        ),
    )
    op.create_index("ix_sku_lot_reason_lot", "sku_lot_reason", ["lot_id", "week"])
    op.create_table(
        "stale_lots",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_stale_lots_brand_id")),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_stale_lots_sku_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stale_lots")),
        sa.UniqueConstraint("sku_id", name=op.f("uq_stale_lots_sku_id")),
    )
    op.create_index("ix_stale_lots_brand", "stale_lots", ["brand_id", "id"])


def _words() -> None:
    op.create_table(
        "lexicon_word",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fragment", sa.String(length=120), nullable=False),
        sa.Column("spelling", sa.String(length=240), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("topic", sa.String(length=24), nullable=False),
        sa.Column("entered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(REASON, name=op.f("ck_lexicon_word_reason")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_lexicon_word_brand_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["app_user.id"], name=op.f("fk_lexicon_word_entered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lexicon_word")),
        sa.UniqueConstraint("brand_id", "spelling", name=op.f("uq_lexicon_word_brand_id_spelling")),
    )
    op.create_table(
        "brand_lexicon",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("read_lexicon", sa.Integer(), nullable=False),
        sa.Column("read_edition", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pending", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_brand_lexicon_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brand_lexicon")),
        sa.UniqueConstraint("brand_id", name=op.f("uq_brand_lexicon_brand_id")),
    )
    op.create_table(
        "heard_text",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("topic", sa.String(length=24), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("orders", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(REASON, name=op.f("ck_heard_text_reason")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_heard_text_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heard_text")),
        sa.UniqueConstraint("brand_id", "week", "reason", "topic", "text", name=op.f("uq_heard_text_brand_id_week_reason_topic_text")),
    )
    op.create_index("ix_heard_text_reason", "heard_text", ["brand_id", "reason", "week"])
