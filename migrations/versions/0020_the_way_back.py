"""What goes back to factories: questions, webhooks, digests, playbooks, capability scores; escalation of packs"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "digest_setting",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("frequency", sa.String(length=8), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("frequency IN ('weekly', 'monthly', 'off')", name=op.f("ck_digest_setting_frequency")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_digest_setting_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_setting")),
        sa.UniqueConstraint("user_id", name=op.f("uq_digest_setting_user_id")),
    )
    op.create_table(
        "factory_score",
        sa.Column("factory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ability", sa.String(length=8), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("rule", sa.Integer(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("ability IN ('develop', 'produce')", name=op.f("ck_factory_score_ability")),
        sa.CheckConstraint("value IS NULL OR (low <= value AND value <= high)", name=op.f("ck_factory_score_interval")),
        sa.ForeignKeyConstraint(["factory_id"], ["organisation.id"], name=op.f("fk_factory_score_factory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factory_score")),
        sa.UniqueConstraint("factory_id", "ability", "on_day", name=op.f("uq_factory_score_factory_id_ability_on_day")),
    )
    with op.batch_alter_table("factory_score", schema=None) as batch_op:
        batch_op.create_index("ix_factory_score_day", ["on_day", "ability", "factory_id"], unique=False)

    op.create_table(
        "webhook",
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("kind IN ('dingtalk', 'wecom', 'feishu', 'generic')", name=op.f("ck_webhook_kind")),
        sa.CheckConstraint("language IN ('zh', 'en')", name=op.f("ck_webhook_language")),
        sa.CheckConstraint("removed_at IS NULL OR (url = '' AND secret = '')", name=op.f("ck_webhook_removed")),
        sa.ForeignKeyConstraint(["created_by_id"], ["app_user.id"], name=op.f("fk_webhook_created_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_webhook_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    with op.batch_alter_table("webhook", schema=None) as batch_op:
        batch_op.create_index("ix_webhook_organisation", ["organisation_id", "removed_at", "id"], unique=False)

    op.create_table(
        "webhook_delivery",
        sa.Column("webhook_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(length=60), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("status IN ('waiting', 'sending', 'sent', 'failed')", name=op.f("ck_webhook_delivery_status")),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], name=op.f("fk_webhook_delivery_webhook_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("webhook_id", "key", name=op.f("uq_webhook_delivery_webhook_id_key")),
    )
    with op.batch_alter_table("webhook_delivery", schema=None) as batch_op:
        batch_op.create_index("ix_webhook_delivery_queue", ["status", "next_try_at", "id"], unique=False)
        batch_op.create_index("ix_webhook_delivery_status", ["webhook_id", "status", "id"], unique=False)
        batch_op.create_index("ix_webhook_delivery_tried", ["tried_at", "webhook_id"], unique=False)

    op.create_table(
        "feedback_question",
        sa.Column("section_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pack_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("factory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("state IN ('open', 'answered', 'settled')", name=op.f("ck_feedback_question_state")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["app_user.id"], name=op.f("fk_feedback_question_asked_by_id")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_feedback_question_brand_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_feedback_question_comment_id")),
        sa.ForeignKeyConstraint(["factory_id"], ["organisation.id"], name=op.f("fk_feedback_question_factory_id")),
        sa.ForeignKeyConstraint(["pack_id"], ["feedback_pack.id"], name=op.f("fk_feedback_question_pack_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_feedback_question_product_id")),
        sa.ForeignKeyConstraint(["section_id"], ["feedback_section.id"], name=op.f("fk_feedback_question_section_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_question")),
    )
    with op.batch_alter_table("feedback_question", schema=None) as batch_op:
        batch_op.create_index("ix_feedback_question_brand", ["brand_id", "state", "asked_at", "id"], unique=False)
        batch_op.create_index("ix_feedback_question_factory", ["factory_id", "state", "asked_at", "id"], unique=False)
        batch_op.create_index("ix_feedback_question_pack", ["pack_id", "state"], unique=False)
        batch_op.create_index("ix_feedback_question_section", ["section_id", "id"], unique=False)

    op.create_table(
        "playbook",
        sa.Column("action_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("factory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_key", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("category", sa.String(length=80), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("effort", sa.String(length=300), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("proposed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "reason IN ('quality', 'malfunction', 'performance', 'safety', 'size', 'not_as_described', 'damaged', 'wrong_item', 'missing_part', 'smell', 'late', 'service', 'changed_mind', 'price', 'unstated', 'other')",
            name=op.f("ck_playbook_reason"),
        ),
        sa.CheckConstraint("state IN ('proposed', 'published', 'declined', 'withdrawn')", name=op.f("ck_playbook_state")),
        sa.CheckConstraint("days IS NULL OR days BETWEEN 0 AND 3650", name=op.f("ck_playbook_days")),
        sa.ForeignKeyConstraint(["action_id"], ["feedback_action.id"], name=op.f("fk_playbook_action_id")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_playbook_brand_id")),
        sa.ForeignKeyConstraint(["factory_id"], ["organisation.id"], name=op.f("fk_playbook_factory_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["app_user.id"], name=op.f("fk_playbook_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playbook")),
        sa.UniqueConstraint("action_id", name=op.f("uq_playbook_action_id")),
    )
    with op.batch_alter_table("playbook", schema=None) as batch_op:
        batch_op.create_index("ix_playbook_brand", ["brand_id", "state", "id"], unique=False)
        batch_op.create_index("ix_playbook_factory", ["factory_id", "state", "id"], unique=False)
        batch_op.create_index("ix_playbook_published", ["state", "published_key", "id"], unique=False)
        batch_op.create_index("ix_playbook_reason", ["state", "reason", "category"], unique=False)

    op.create_table(
        "playbook_use",
        sa.Column("section_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("playbook_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("factory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["feedback_action.id"], name=op.f("fk_playbook_use_action_id")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_playbook_use_brand_id")),
        sa.ForeignKeyConstraint(["factory_id"], ["organisation.id"], name=op.f("fk_playbook_use_factory_id")),
        sa.ForeignKeyConstraint(["playbook_id"], ["playbook.id"], name=op.f("fk_playbook_use_playbook_id")),
        sa.ForeignKeyConstraint(["section_id"], ["feedback_section.id"], name=op.f("fk_playbook_use_section_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playbook_use")),
        sa.UniqueConstraint("action_id", name=op.f("uq_playbook_use_action_id")),
        sa.UniqueConstraint("section_id", name=op.f("uq_playbook_use_section_id")),
    )
    with op.batch_alter_table("playbook_use", schema=None) as batch_op:
        batch_op.create_index("ix_playbook_use_brand", ["brand_id", "id"], unique=False)
        batch_op.create_index("ix_playbook_use_factory", ["factory_id", "id"], unique=False)
        batch_op.create_index("ix_playbook_use_playbook", ["playbook_id", "action_id"], unique=False)

    with op.batch_alter_table("feedback_pack", schema=None) as batch_op:
        batch_op.add_column(sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True))

    op.create_index("ix_feedback_action_ledger", "feedback_action", ["brand_id", "id"])
    op.create_index("ix_feedback_action_ledger_factory", "feedback_action", ["factory_id", "id"])
    op.create_index("ix_feedback_action_product", "feedback_action", ["product_id", "created_at"])
    op.execute(
        {
            "sqlite": "CREATE TRIGGER factory_score_no_update BEFORE UPDATE ON factory_score BEGIN SELECT RAISE(ABORT, 'factory_score is append-only'); END",
            "postgresql": "CREATE FUNCTION factory_score_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'factory_score is append-only'; END $$",
        }[op.get_bind().dialect.name]
    )
    op.execute(
        {
            "sqlite": "CREATE TRIGGER factory_score_no_delete BEFORE DELETE ON factory_score BEGIN SELECT RAISE(ABORT, 'factory_score is append-only'); END",
            "postgresql": "CREATE TRIGGER factory_score_no_change BEFORE UPDATE OR DELETE ON factory_score FOR EACH ROW EXECUTE FUNCTION factory_score_refuse()",
        }[op.get_bind().dialect.name]
    )
