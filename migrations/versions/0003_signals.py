"""what buyers say: sources, voices, topics, segments, and the complaint wall"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "signal_source",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "channel IN ('shop_review', 'social', 'live_room', 'chat_group', 'customer_service', 'survey', 'visit', 'trial_order', 'wall', 'other')",
            name=op.f("ck_signal_source_channel"),
        ),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_signal_source_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal_source")),
        sa.UniqueConstraint("brand_id", "name", name=op.f("uq_signal_source_brand_id_name")),
    )
    op.create_table(
        "topic",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_zh", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("words_zh", sa.Text(), nullable=False),
        sa.Column("words_en", sa.Text(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_topic_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("brand_id", "code", name=op.f("uq_topic_brand_id_code")),
    )
    op.create_table(
        "voice",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=80), nullable=False),
        sa.Column("product", sa.String(length=300), nullable=False),
        sa.Column("product_ref", sa.String(length=80), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("buyer_kind", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("mood", sa.String(length=7), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("said_on", sa.Date(), nullable=True),
        sa.Column("bought_on", sa.Date(), nullable=True),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_key", sa.Date(), sa.Computed("coalesce(said_on, '1970-01-01')", persisted=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "buyer_kind IN ('live_streamer', 'creator', 'group_leader', 'cross_border', 'stay_home_parent', 'discount_group', 'student', 'private_domain', 'market_stall', 'big_buyer', 'brand_buyer', 'consumer')",
            name=op.f("ck_voice_buyer_kind"),
        ),
        sa.CheckConstraint(
            "channel IN ('shop_review', 'social', 'live_room', 'chat_group', 'customer_service', 'survey', 'visit', 'trial_order', 'wall', 'other')",
            name=op.f("ck_voice_channel"),
        ),
        sa.CheckConstraint("language IN ('zh', 'en', 'other')", name=op.f("ck_voice_language")),
        sa.CheckConstraint("mood IN ('good', 'mixed', 'bad', 'unknown')", name=op.f("ck_voice_mood")),
        sa.CheckConstraint("score IS NULL OR score BETWEEN 1 AND 5", name=op.f("ck_voice_score")),
        sa.ForeignKeyConstraint(["author_id"], ["app_user.id"], name=op.f("fk_voice_author_id")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_voice_brand_id")),
        sa.ForeignKeyConstraint(["import_id"], ["data_import.id"], name=op.f("fk_voice_import_id")),
        sa.ForeignKeyConstraint(["source_id"], ["signal_source.id"], name=op.f("fk_voice_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice")),
        sa.UniqueConstraint("brand_id", "digest", name=op.f("uq_voice_brand_id_digest")),
    )
    with op.batch_alter_table("voice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_voice_import_id"), ["import_id"], unique=False)
        batch_op.create_index("ix_voice_mood", ["brand_id", "mood", "said_key", "id"], unique=False)
        batch_op.create_index("ix_voice_said", ["brand_id", "said_key", "id"], unique=False)
        batch_op.create_index("ix_voice_source", ["brand_id", "source_id", "said_key", "id"], unique=False)

    op.create_table(
        "complaint",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("voice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("subject_name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("opened_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("follows_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("proof_note", sa.Text(), nullable=False),
        sa.Column("proof_url", sa.String(length=500), nullable=False),
        sa.Column("proof_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("closed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "state <> 'closed' OR (proof_note <> '' AND (proof_url <> '' OR proof_file_id IS NOT NULL))", name=op.f("ck_complaint_proven")
        ),
        sa.CheckConstraint("state IN ('open', 'in_hand', 'closed')", name=op.f("ck_complaint_state")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_complaint_brand_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["app_user.id"], name=op.f("fk_complaint_closed_by_id")),
        sa.ForeignKeyConstraint(["follows_id"], ["complaint.id"], name=op.f("fk_complaint_follows_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["app_user.id"], name=op.f("fk_complaint_opened_by_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name=op.f("fk_complaint_owner_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_complaint_product_id")),
        sa.ForeignKeyConstraint(["proof_file_id"], ["stored_file.id"], name=op.f("fk_complaint_proof_file_id")),
        sa.ForeignKeyConstraint(["voice_id"], ["voice.id"], name=op.f("fk_complaint_voice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
    )
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.create_index("ix_complaint_age", ["brand_id", "opened_at", "id"], unique=False)
        batch_op.create_index("ix_complaint_owner", ["owner_id", "state", "opened_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_product_id"), ["product_id"], unique=False)
        batch_op.create_index("ix_complaint_state", ["brand_id", "state", "opened_at", "id"], unique=False)
        batch_op.create_index("ix_complaint_subject", ["subject_type", "subject_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_voice_id"), ["voice_id"], unique=False)

    op.create_table(
        "segment",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("buyer_kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("topic_ids", sa.JSON(), nullable=False),
        sa.Column("mood", sa.String(length=7), nullable=False),
        sa.Column("q", sa.String(length=80), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "buyer_kind IN ('live_streamer', 'creator', 'group_leader', 'cross_border', 'stay_home_parent', 'discount_group', 'student', 'private_domain', 'market_stall', 'big_buyer', 'brand_buyer', 'consumer')",
            name=op.f("ck_segment_buyer_kind"),
        ),
        sa.CheckConstraint("state IN ('draft', 'named', 'briefed', 'dropped')", name=op.f("ck_segment_state")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_segment_brand_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name=op.f("fk_segment_owner_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_segment_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("brand_id", "name", name=op.f("uq_segment_brand_id_name")),
    )
    with op.batch_alter_table("segment", schema=None) as batch_op:
        batch_op.create_index("ix_segment_recent", ["brand_id", "updated_at", "id"], unique=False)
        batch_op.create_index("ix_segment_state", ["brand_id", "state", "updated_at", "id"], unique=False)

    op.create_table(
        "voice_topic",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("voice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("mood", sa.String(length=7), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_voice_topic_brand_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_voice_topic_topic_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["voice_id"], ["voice.id"], name=op.f("fk_voice_topic_voice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_topic")),
        sa.UniqueConstraint("topic_id", "voice_id", name=op.f("uq_voice_topic_topic_id_voice_id")),
    )
    with op.batch_alter_table("voice_topic", schema=None) as batch_op:
        batch_op.create_index("ix_voice_topic_trend", ["brand_id", "topic_id", "mood", "month"], unique=False)
        batch_op.create_index("ix_voice_topic_voice", ["voice_id", "topic_id"], unique=False)

    op.create_table(
        "complaint_reply",
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audience_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["audience_id"], ["organisation.id"], name=op.f("fk_complaint_reply_audience_id")),
        sa.ForeignKeyConstraint(["author_id"], ["app_user.id"], name=op.f("fk_complaint_reply_author_id")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_reply_complaint_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_complaint_reply_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_reply")),
    )
    with op.batch_alter_table("complaint_reply", schema=None) as batch_op:
        batch_op.create_index("ix_complaint_reply_thread", ["complaint_id", "id"], unique=False)

    op.create_table(
        "complaint_share",
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shared_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_share_complaint_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_complaint_share_organisation_id")),
        sa.ForeignKeyConstraint(["shared_by_id"], ["app_user.id"], name=op.f("fk_complaint_share_shared_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_share")),
        sa.UniqueConstraint("complaint_id", "organisation_id", name=op.f("uq_complaint_share_complaint_id_organisation_id")),
    )
    with op.batch_alter_table("complaint_share", schema=None) as batch_op:
        batch_op.create_index("ix_complaint_share_with", ["organisation_id"], unique=False)

    op.create_table(
        "segment_requirement",
        sa.Column("segment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("attribute", sa.String(length=120), nullable=False),
        sa.Column("operator", sa.String(length=10), nullable=False),
        sa.Column("target", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=30), nullable=False),
        sa.Column("priority", sa.String(length=10), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("operator IN ('eq', 'le', 'ge', 'between', 'is')", name=op.f("ck_segment_requirement_operator")),
        sa.CheckConstraint("priority IN ('must', 'should', 'could')", name=op.f("ck_segment_requirement_priority")),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name=op.f("fk_segment_requirement_segment_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment_requirement")),
    )
    with op.batch_alter_table("segment_requirement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_segment_requirement_segment_id"), ["segment_id"], unique=False)

    op.create_table(
        "segment_voice",
        sa.Column("segment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("voice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("requirement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["app_user.id"], name=op.f("fk_segment_voice_added_by_id")),
        sa.ForeignKeyConstraint(
            ["requirement_id"], ["segment_requirement.id"], name=op.f("fk_segment_voice_requirement_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name=op.f("fk_segment_voice_segment_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["voice_id"], ["voice.id"], name=op.f("fk_segment_voice_voice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment_voice")),
        sa.UniqueConstraint("segment_id", "voice_id", name=op.f("uq_segment_voice_segment_id_voice_id")),
    )
    with op.batch_alter_table("segment_voice", schema=None) as batch_op:
        batch_op.create_index("ix_segment_voice_voice", ["voice_id"], unique=False)

    for table in ("voice", "complaint_reply"):
        refuse_changes(table)


def refuse_changes(table: str) -> None:
    """Nothing changes or removes a row of `table`."""
    refusal = f"{table} is append-only"
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{refusal}'); END")
        return
    op.execute(f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{refusal}'; END $$")
    op.execute(f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse()")
