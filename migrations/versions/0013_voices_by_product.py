"""The voices about one product number, by day"""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_index("ix_voice_ref", "voice", ["brand_id", "product_ref", "said_key"])
