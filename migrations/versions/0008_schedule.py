"""plans: duration, dependencies and owners of milestones; templates, closing days, rules of reminding, calendar feeds"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

STAGES = (
    "'signal', 'segment', 'brief', 'sourcing', 'sampling', 'codevelopment', 'p"
    "reproduction', 'test_launch', 'launch', 'scale', 'handed_over', 'stopped'"
)
PARTS = "'factory', 'design_firm', 'mould_factory', 'brand_company', 'launch_partner', 'investor', 'operator'"


def upgrade() -> None:
    op.create_table(
        "closure",
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_closure_order")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_closure_organisation_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["organisation.id"], name=op.f("fk_closure_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
    )
    with op.batch_alter_table("closure", schema=None) as batch_op:
        batch_op.create_index("ix_closure_organisation", ["organisation_id", "recorded_by_id", "starts_on"], unique=False)

    op.create_table(
        "plan_template",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("copied_from", sa.String(length=40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("type IN ('basic', 'hero')", name=op.f("ck_plan_template_type")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_plan_template_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_template")),
        sa.UniqueConstraint("brand_id", "name", name=op.f("uq_plan_template_brand_id_name")),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("membership_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scope", sa.String(length=4), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("scope IN ('mine', 'all')", name=op.f("ck_calendar_feed_scope")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_calendar_feed_membership_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_calendar_feed_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.create_index("ix_calendar_feed_user", ["user_id", "revoked_at"], unique=False)

    op.create_table(
        "plan_template_row",
        sa.Column("template_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=True),
        sa.Column("duration_days", sa.Integer(), nullable=False),
        sa.Column("owner_part", sa.String(length=20), nullable=True),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(f"owner_part IS NULL OR owner_part IN ({PARTS})", name=op.f("ck_plan_template_row_owner_part")),
        sa.CheckConstraint(f"stage IS NULL OR stage IN ({STAGES})", name=op.f("ck_plan_template_row_stage")),
        sa.CheckConstraint("duration_days BETWEEN 0 AND 1000", name=op.f("ck_plan_template_row_duration")),
        sa.ForeignKeyConstraint(["template_id"], ["plan_template.id"], name=op.f("fk_plan_template_row_template_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_template_row")),
        sa.UniqueConstraint("template_id", "code", name=op.f("uq_plan_template_row_template_id_code")),
    )
    with op.batch_alter_table("plan_template_row", schema=None) as batch_op:
        batch_op.create_index("ix_plan_template_row_template", ["template_id", "position"], unique=False)

    op.create_table(
        "reminder_setting",
        sa.Column("programme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("soon_days", sa.Integer(), nullable=False),
        sa.Column("owner_after", sa.Integer(), nullable=False),
        sa.Column("programme_after", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("owner_after BETWEEN 0 AND 60", name=op.f("ck_reminder_setting_owner_after")),
        sa.CheckConstraint("programme_after BETWEEN 0 AND 60", name=op.f("ck_reminder_setting_programme_after")),
        sa.CheckConstraint("soon_days BETWEEN 0 AND 30", name=op.f("ck_reminder_setting_soon")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_reminder_setting_brand_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_reminder_setting_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_setting")),
        sa.UniqueConstraint("programme_id", name=op.f("uq_reminder_setting_programme_id")),
    )
    op.create_table(
        "milestone_link",
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("before_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("after_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lag_days", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("after_id <> before_id", name=op.f("ck_milestone_link_two")),
        sa.CheckConstraint("lag_days BETWEEN 0 AND 400", name=op.f("ck_milestone_link_lag")),
        sa.ForeignKeyConstraint(["after_id"], ["milestone.id"], name=op.f("fk_milestone_link_after_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["before_id"], ["milestone.id"], name=op.f("fk_milestone_link_before_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_milestone_link_brand_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_milestone_link_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone_link")),
        sa.UniqueConstraint("after_id", "before_id", name=op.f("uq_milestone_link_after_id_before_id")),
    )
    with op.batch_alter_table("milestone_link", schema=None) as batch_op:
        batch_op.create_index("ix_milestone_link_before", ["before_id"], unique=False)
        batch_op.create_index("ix_milestone_link_product", ["product_id", "id"], unique=False)

    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stage", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("duration_days", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("not_before_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("done_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("float_days", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("critical", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("owner_part", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("shared_with_part", sa.String(length=20), nullable=True))
        batch_op.create_index("ix_milestone_organisation", ["organisation_id", "done_at", "due_on"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_milestone_organisation_id"), "organisation", ["organisation_id"], ["id"])
        batch_op.create_check_constraint(batch_op.f("ck_milestone_duration"), "duration_days BETWEEN 0 AND 1000")
        batch_op.create_check_constraint(batch_op.f("ck_milestone_stage"), f"stage IS NULL OR stage IN ({STAGES})")
        batch_op.create_check_constraint(batch_op.f("ck_milestone_owner_part"), f"owner_part IS NULL OR owner_part IN ({PARTS})")
        batch_op.create_check_constraint(
            batch_op.f("ck_milestone_shared_with_part"), f"shared_with_part IS NULL OR shared_with_part IN ({PARTS})"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_milestone_organisation_has_part"), "organisation_id IS NULL OR owner_part IS NOT NULL"
        )

    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.alter_column("duration_days", server_default=None)
        batch_op.alter_column("critical", server_default=None)
    op.execute(
        {
            "sqlite": "UPDATE milestone SET done_on = date(done_at) WHERE done_at IS NOT NULL",
            "postgresql": "UPDATE milestone SET done_on = CAST(done_at AT TIME ZONE 'UTC' AS date) WHERE done_at IS NOT NULL",
        }[op.get_bind().dialect.name]
    )
