"""Buyers, orders that came back, parts and faults, and one currency in the weeks of sales"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    with op.batch_alter_table("sku_week") as batch_op:
        batch_op.add_column(sa.Column("segment", sa.String(length=20), nullable=False, server_default="consumer"))
        batch_op.add_column(sa.Column("returned_orders", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("base_minor", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("unrated", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.drop_constraint(op.f("uq_sku_week_sku_id_channel_id_week"), type_="unique")
        batch_op.create_unique_constraint(op.f("uq_sku_week_sku_id_channel_id_segment_week"), ["sku_id", "channel_id", "segment", "week"])
        batch_op.drop_constraint(op.f("ck_sku_week_counts"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_sku_week_counts"), "units >= 0 AND orders >= 0 AND returned_units >= 0 AND returned_orders >= 0"
        )
    with op.batch_alter_table("sku_week_reason") as batch_op:
        batch_op.add_column(sa.Column("topic", sa.String(length=24), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("orders", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.drop_constraint(op.f("uq_sku_week_reason_sku_id_channel_id_week_reason"), type_="unique")
        batch_op.create_unique_constraint(
            op.f("uq_sku_week_reason_sku_id_channel_id_week_reason_topic"), ["sku_id", "channel_id", "week", "reason", "topic"]
        )
    for table, columns in {"sku_week": ("segment", "returned_orders", "base_minor", "unrated"), "sku_week_reason": ("topic", "orders")}.items():
        with op.batch_alter_table(table) as batch_op:
            for name in columns:
                batch_op.alter_column(name, server_default=None)
    op.create_table(
        "sales_settings",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_sales_settings_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_settings")),
        sa.UniqueConstraint("brand_id", name=op.f("uq_sales_settings_brand_id")),
    )
    # What was sold before has no orders that came back: every week is rolled up anew.
    op.execute(
        "INSERT INTO stale_week (brand_id, week, marked_at) "
        "SELECT DISTINCT brand_id, week, CURRENT_TIMESTAMP FROM sku_week AS w "
        "WHERE NOT EXISTS (SELECT 1 FROM stale_week AS s WHERE s.brand_id = w.brand_id AND s.week = w.week)"
    )
