"""The currency in which lines are added up by now, codes that are no products by rule, and room for sealed second factors"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("sales_settings") as batch_op:
        batch_op.add_column(sa.Column("rated", sa.String(length=3), nullable=False, server_default="CNY"))
    with op.batch_alter_table("sales_settings") as batch_op:
        batch_op.alter_column("rated", server_default=None)
    with op.batch_alter_table("app_user") as batch_op:
        batch_op.alter_column("totp_secret", type_=sa.Text(), existing_type=sa.String(length=64), existing_nullable=True)
    op.create_table(
        "non_product",
        sa.Column("brand_id", ID, nullable=False),
        sa.Column("pattern", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", ID, nullable=True),
        sa.Column("id", ID, nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_non_product_brand_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["app_user.id"], name=op.f("fk_non_product_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_non_product")),
        sa.UniqueConstraint("brand_id", "pattern", name=op.f("uq_non_product_brand_id_pattern")),
    )
