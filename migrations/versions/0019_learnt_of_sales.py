"""Stock, traffic, forecasts, hit probabilities, reorder proposals and thresholds of heroes"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "sales_learning",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("skus", sa.Integer(), nullable=False),
        sa.Column("forecasts", sa.Integer(), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("hit_model", sa.JSON(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_sales_learning_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_learning")),
        sa.UniqueConstraint("brand_id", "week", name=op.f("uq_sales_learning_brand_id_week")),
    )
    op.create_table(
        "hero_rule",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("programme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("category", sa.String(length=80), nullable=False),
        sa.Column("scope", sa.String(length=120), nullable=False),
        sa.Column("measure", sa.String(length=7), nullable=False),
        sa.Column("least", sa.BigInteger(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("measure IN ('units', 'revenue')", name=op.f("ck_hero_rule_measure")),
        sa.CheckConstraint("least > 0 AND weeks BETWEEN 1 AND 52", name=op.f("ck_hero_rule_amounts")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_hero_rule_brand_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["app_user.id"], name=op.f("fk_hero_rule_created_by_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_hero_rule_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hero_rule")),
        sa.UniqueConstraint("brand_id", "scope", name=op.f("uq_hero_rule_brand_id_scope")),
    )
    op.create_table(
        "sku_measure",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("sold", sa.BigInteger(), nullable=False),
        sa.Column("stock_on", sa.Date(), nullable=True),
        sa.Column("on_hand", sa.BigInteger(), nullable=True),
        sa.Column("on_order", sa.BigInteger(), nullable=True),
        sa.Column("views", sa.BigInteger(), nullable=True),
        sa.Column("visitors", sa.BigInteger(), nullable=True),
        sa.Column("carts", sa.BigInteger(), nullable=True),
        sa.Column("buyers", sa.BigInteger(), nullable=True),
        sa.Column("sell_through", sa.Double(), nullable=True),
        sa.Column("conversion", sa.Double(), nullable=True),
        sa.Column("price_index", sa.Double(), nullable=True),
        sa.Column("price_against", sa.String(length=6), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_sku_measure_brand_id")),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_sku_measure_sku_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sku_measure")),
        sa.UniqueConstraint("sku_id", "week", name=op.f("uq_sku_measure_sku_id_week")),
    )
    with op.batch_alter_table("sku_measure", schema=None) as batch_op:
        batch_op.create_index("ix_sku_measure_brand", ["brand_id", "week", "sku_id"], unique=False)

    op.create_table(
        "sku_outlook",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=5), nullable=False),
        sa.Column("model", sa.String(length=8), nullable=False),
        sa.Column("expected", sa.JSON(), nullable=False),
        sa.Column("bands", sa.JSON(), nullable=False),
        sa.Column("next4", sa.Double(), nullable=True),
        sa.Column("cover", sa.Double(), nullable=True),
        sa.Column("hit", sa.Double(), nullable=True),
        sa.Column("reorder", sa.JSON(), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("order_on", sa.Date(), nullable=True),
        sa.Column("ready_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("why IN ('', 'young', 'few', 'quiet')", name=op.f("ck_sku_outlook_why")),
        sa.CheckConstraint("hit BETWEEN 0 AND 1", name=op.f("ck_sku_outlook_hit")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_sku_outlook_brand_id")),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_sku_outlook_sku_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sku_outlook")),
        sa.UniqueConstraint("sku_id", "week", name=op.f("uq_sku_outlook_sku_id_week")),
    )
    with op.batch_alter_table("sku_outlook", schema=None) as batch_op:
        batch_op.create_index("ix_sku_outlook_brand", ["brand_id", "week", "sku_id"], unique=False)
        batch_op.create_index("ix_sku_outlook_order", ["brand_id", "week", "order_on", "id"], unique=False)

    op.create_table(
        "sku_supply",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("moq", sa.Integer(), nullable=True),
        sa.Column("lead_days", sa.Integer(), nullable=True),
        sa.Column("multiple", sa.Integer(), nullable=True),
        sa.Column("service_bp", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("lead_days BETWEEN 1 AND 365", name=op.f("ck_sku_supply_lead_days")),
        sa.CheckConstraint("moq > 0 AND multiple > 0", name=op.f("ck_sku_supply_quantities")),
        sa.CheckConstraint("service_bp BETWEEN 5000 AND 9990", name=op.f("ck_sku_supply_service")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_sku_supply_brand_id")),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_sku_supply_sku_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sku_supply")),
        sa.UniqueConstraint("sku_id", name=op.f("uq_sku_supply_sku_id")),
    )
    op.create_table(
        "stock_day",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("warehouse", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("span", sa.String(length=4), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_no", sa.BigInteger(), nullable=False),
        sa.Column("on_hand", sa.BigInteger(), nullable=False),
        sa.Column("on_order", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("span IN ('day', 'week')", name=op.f("ck_stock_day_span")),
        sa.CheckConstraint("on_order >= 0", name=op.f("ck_stock_day_on_order")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_stock_day_brand_id")),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_stock_day_channel_id")),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_stock_day_sku_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_day")),
        sa.UniqueConstraint("channel_id", "day", "span", "warehouse", "code", name=op.f("uq_stock_day_channel_id_day_span_warehouse_code")),
    )
    with op.batch_alter_table("stock_day", schema=None) as batch_op:
        batch_op.create_index("ix_stock_day_brand", ["brand_id", "span", "week", "sku_id"], unique=False)
        batch_op.create_index("ix_stock_day_sku", ["sku_id", "day"], unique=False)

    op.create_table(
        "traffic_day",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("span", sa.String(length=4), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_no", sa.BigInteger(), nullable=False),
        sa.Column("views", sa.BigInteger(), nullable=True),
        sa.Column("visitors", sa.BigInteger(), nullable=True),
        sa.Column("carts", sa.BigInteger(), nullable=True),
        sa.Column("buyers", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("span IN ('day', 'week')", name=op.f("ck_traffic_day_span")),
        sa.CheckConstraint("views >= 0 AND visitors >= 0 AND carts >= 0 AND buyers >= 0", name=op.f("ck_traffic_day_counts")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_traffic_day_brand_id")),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_traffic_day_channel_id")),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_traffic_day_sku_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_traffic_day")),
        sa.UniqueConstraint("channel_id", "day", "span", "code", name=op.f("uq_traffic_day_channel_id_day_span_code")),
    )
    with op.batch_alter_table("traffic_day", schema=None) as batch_op:
        batch_op.create_index("ix_traffic_day_brand", ["brand_id", "span", "week", "sku_id"], unique=False)
        batch_op.create_index("ix_traffic_day_sku", ["sku_id", "day"], unique=False)

    with op.batch_alter_table("sales_settings") as batch_op:
        batch_op.add_column(sa.Column("service_bp", sa.Integer(), nullable=False, server_default="9500"))
        batch_op.add_column(sa.Column("review_days", sa.Integer(), nullable=False, server_default="28"))
        batch_op.create_check_constraint(
            op.f("ck_sales_settings_ordering"), "service_bp BETWEEN 5000 AND 9990 AND review_days BETWEEN 7 AND 182"
        )
    with op.batch_alter_table("sku_grade") as batch_op:
        batch_op.add_column(sa.Column("is_hero", sa.Boolean(), nullable=False, server_default=sa.false()))
    for table, columns in {"sales_settings": ("service_bp", "review_days"), "sku_grade": ("is_hero",)}.items():
        with op.batch_alter_table(table) as batch_op:
            for name in columns:
                batch_op.alter_column(name, server_default=None)
