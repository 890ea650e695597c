"""engagements, deliverables with revisions and annotations, the consortium with its ledger, the data room"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "engagement",
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("invited_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("brought_in", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("state IN ('invited', 'active', 'ended', 'declined', 'withdrawn')", name=op.f("ck_engagement_state")),
        sa.CheckConstraint(
            "part IN ('factory', 'design_firm', 'mould_factory', 'brand_company', 'launch_partner')",
            name=op.f("ck_engagement_part"),
        ),
        sa.CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name=op.f("ck_engagement_period")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["app_user.id"], name=op.f("fk_engagement_answered_by_id")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_engagement_brand_id")),
        sa.ForeignKeyConstraint(["invited_by_id"], ["app_user.id"], name=op.f("fk_engagement_invited_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_engagement_organisation_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_engagement_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement")),
    )
    with op.batch_alter_table("engagement", schema=None) as batch_op:
        batch_op.create_index("ix_engagement_organisation", ["organisation_id", "state", "id"], unique=False)
        batch_op.create_index("ix_engagement_product", ["product_id", "id"], unique=False)

    op.create_table(
        "deliverable",
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("acceptance", sa.Text(), nullable=False),
        sa.Column("review_days", sa.Integer(), nullable=False),
        sa.Column("review_due_on", sa.Date(), nullable=True),
        sa.Column("current_number", sa.Integer(), nullable=False),
        sa.Column("submitted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reminded_for", sa.String(length=6), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'submitted', 'in_review', 'accepted', 'changes_asked', 'dropped')",
            name=op.f("ck_deliverable_state"),
        ),
        sa.CheckConstraint(
            "kind IN ('concept', 'industrial_design', 'cmf', 'structure', 'tech_pack', 'specification', 'bom', 'mould_drawing', 'mould_trial_t0', 'mould_trial_t1', 'mould_trial_t2', 'packaging', 'artwork', 'other')",
            name=op.f("ck_deliverable_kind"),
        ),
        sa.CheckConstraint("review_days BETWEEN 1 AND 60", name=op.f("ck_deliverable_review_days")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_deliverable_brand_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_deliverable_owner_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_deliverable_product_id")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["app_user.id"], name=op.f("fk_deliverable_submitted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliverable")),
    )
    with op.batch_alter_table("deliverable", schema=None) as batch_op:
        batch_op.create_index("ix_deliverable_due", ["brand_id", "due_on", "id"], unique=False)
        batch_op.create_index("ix_deliverable_open", ["state", "due_on"], unique=False)
        batch_op.create_index("ix_deliverable_owner", ["owner_id", "state", "due_on", "id"], unique=False)
        batch_op.create_index("ix_deliverable_product", ["product_id", "due_on", "id"], unique=False)
        batch_op.create_index("ix_deliverable_recent", ["brand_id", "updated_at", "id"], unique=False)
        batch_op.create_index("ix_deliverable_state", ["brand_id", "state", "due_on", "id"], unique=False)

    op.create_table(
        "deliverable_share",
        sa.Column("deliverable_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["deliverable_id"], ["deliverable.id"], name=op.f("fk_deliverable_share_deliverable_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_deliverable_share_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliverable_share")),
        sa.UniqueConstraint("deliverable_id", "organisation_id", name=op.f("uq_deliverable_share_deliverable_id_organisation_id")),
    )
    with op.batch_alter_table("deliverable_share", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deliverable_share_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "deliverable_revision",
        sa.Column("deliverable_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("submitted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["deliverable_id"], ["deliverable.id"], name=op.f("fk_deliverable_revision_deliverable_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_deliverable_revision_organisation_id")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["app_user.id"], name=op.f("fk_deliverable_revision_submitted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliverable_revision")),
        sa.UniqueConstraint("deliverable_id", "number", name=op.f("uq_deliverable_revision_deliverable_id_number")),
    )

    op.create_table(
        "revision_file",
        sa.Column("revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_revision_file_file_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["deliverable_revision.id"], name=op.f("fk_revision_file_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision_file")),
        sa.UniqueConstraint("revision_id", "file_id", name=op.f("uq_revision_file_revision_id_file_id")),
    )
    with op.batch_alter_table("revision_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_file_file_id"), ["file_id"], unique=False)

    op.create_table(
        "deliverable_decision",
        sa.Column("deliverable_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("outcome IN ('accept', 'ask_changes')", name=op.f("ck_deliverable_decision_outcome")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["app_user.id"], name=op.f("fk_deliverable_decision_decided_by_id")),
        sa.ForeignKeyConstraint(["deliverable_id"], ["deliverable.id"], name=op.f("fk_deliverable_decision_deliverable_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["deliverable_revision.id"], name=op.f("fk_deliverable_decision_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliverable_decision")),
        sa.UniqueConstraint("revision_id", name=op.f("uq_deliverable_decision_revision_id")),
    )
    with op.batch_alter_table("deliverable_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deliverable_decision_deliverable_id"), ["deliverable_id"], unique=False)

    op.create_table(
        "annotation",
        sa.Column("deliverable_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("shape", sa.String(length=10), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("shape IN ('pin', 'rectangle')", name=op.f("ck_annotation_shape")),
        sa.CheckConstraint(
            "x >= 0 AND y >= 0 AND width >= 0 AND height >= 0 AND x + width <= 10000 AND y + height <= 10000",
            name=op.f("ck_annotation_place"),
        ),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_annotation_brand_id")),
        sa.ForeignKeyConstraint(["deliverable_id"], ["deliverable.id"], name=op.f("fk_annotation_deliverable_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_annotation_file_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_annotation_product_id")),
        sa.ForeignKeyConstraint(["resolved_by_id"], ["app_user.id"], name=op.f("fk_annotation_resolved_by_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["deliverable_revision.id"], name=op.f("fk_annotation_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotation")),
        sa.UniqueConstraint("deliverable_id", "number", name=op.f("uq_annotation_deliverable_id_number")),
    )
    with op.batch_alter_table("annotation", schema=None) as batch_op:
        batch_op.create_index("ix_annotation_revision", ["revision_id", "id"], unique=False)

    op.create_table(
        "annotation_remark",
        sa.Column("annotation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["annotation_id"], ["annotation.id"], name=op.f("fk_annotation_remark_annotation_id")),
        sa.ForeignKeyConstraint(["author_id"], ["app_user.id"], name=op.f("fk_annotation_remark_author_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_annotation_remark_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotation_remark")),
    )
    with op.batch_alter_table("annotation_remark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_annotation_remark_annotation_id"), ["annotation_id"], unique=False)

    op.create_table(
        "contribution",
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promised_minor", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("delivered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("verified_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("quantity_hundredths", sa.BigInteger(), nullable=True),
        sa.Column("unit", sa.String(length=30), nullable=False),
        sa.Column("hourly_minor", sa.BigInteger(), nullable=True),
        sa.Column("value_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("base_minor", sa.BigInteger(), nullable=False),
        sa.Column("base_currency", sa.String(length=3), nullable=False),
        sa.Column("rate_e8", sa.BigInteger(), nullable=False),
        sa.Column("rate_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("kind IN ('cash', 'tooling', 'design_hours', 'data')", name=op.f("ck_contribution_kind")),
        sa.CheckConstraint("state IN ('promised', 'delivered', 'verified', 'released')", name=op.f("ck_contribution_state")),
        sa.CheckConstraint(
            "value_minor > 0 AND base_minor >= 0 AND promised_minor >= 0 AND rate_e8 > 0",
            name=op.f("ck_contribution_amounts"),
        ),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_contribution_brand_id")),
        sa.ForeignKeyConstraint(["delivered_by_id"], ["app_user.id"], name=op.f("fk_contribution_delivered_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_contribution_organisation_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_contribution_product_id")),
        sa.ForeignKeyConstraint(["verified_by_id"], ["app_user.id"], name=op.f("fk_contribution_verified_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
    )
    with op.batch_alter_table("contribution", schema=None) as batch_op:
        batch_op.create_index("ix_contribution_brand", ["brand_id", "state", "id"], unique=False)
        batch_op.create_index("ix_contribution_organisation", ["organisation_id", "state", "id"], unique=False)
        batch_op.create_index("ix_contribution_product", ["product_id", "id"], unique=False)

    op.create_table(
        "consortium_agreement",
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_force_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'proposed', 'in_force', 'superseded', 'withdrawn')",
            name=op.f("ck_consortium_agreement_state"),
        ),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_consortium_agreement_brand_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_consortium_agreement_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consortium_agreement")),
        sa.UniqueConstraint("product_id", "number", name=op.f("uq_consortium_agreement_product_id_number")),
    )
    with op.batch_alter_table("consortium_agreement", schema=None) as batch_op:
        batch_op.create_index("ix_consortium_agreement_brand", ["brand_id", "state", "id"], unique=False)

    op.create_table(
        "agreement_party",
        sa.Column("agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("share_bp", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("share_bp BETWEEN 0 AND 10000", name=op.f("ck_agreement_party_share")),
        sa.ForeignKeyConstraint(["agreement_id"], ["consortium_agreement.id"], name=op.f("fk_agreement_party_agreement_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_agreement_party_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_party")),
        sa.UniqueConstraint("agreement_id", "organisation_id", name=op.f("uq_agreement_party_agreement_id_organisation_id")),
    )
    with op.batch_alter_table("agreement_party", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_party_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "agreement_promise",
        sa.Column("agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("contribution_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("quantity_hundredths", sa.BigInteger(), nullable=True),
        sa.Column("unit", sa.String(length=30), nullable=False),
        sa.Column("hourly_minor", sa.BigInteger(), nullable=True),
        sa.Column("value_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("base_minor", sa.BigInteger(), nullable=False),
        sa.Column("base_currency", sa.String(length=3), nullable=False),
        sa.Column("rate_e8", sa.BigInteger(), nullable=False),
        sa.Column("rate_on", sa.Date(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("kind IN ('cash', 'tooling', 'design_hours', 'data')", name=op.f("ck_agreement_promise_kind")),
        sa.CheckConstraint("value_minor > 0 AND base_minor >= 0 AND rate_e8 > 0", name=op.f("ck_agreement_promise_amounts")),
        sa.CheckConstraint(
            "kind != 'design_hours' OR (quantity_hundredths > 0 AND hourly_minor > 0)",
            name=op.f("ck_agreement_promise_hours"),
        ),
        sa.ForeignKeyConstraint(["agreement_id"], ["consortium_agreement.id"], name=op.f("fk_agreement_promise_agreement_id")),
        sa.ForeignKeyConstraint(["contribution_id"], ["contribution.id"], name=op.f("fk_agreement_promise_contribution_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_agreement_promise_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_promise")),
    )
    with op.batch_alter_table("agreement_promise", schema=None) as batch_op:
        batch_op.create_index("ix_agreement_promise_agreement", ["agreement_id", "organisation_id"], unique=False)

    op.create_table(
        "ownership_item",
        sa.Column("agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("buy_back", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("kind IN ('ip', 'mould', 'data', 'other')", name=op.f("ck_ownership_item_kind")),
        sa.ForeignKeyConstraint(["agreement_id"], ["consortium_agreement.id"], name=op.f("fk_ownership_item_agreement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ownership_item")),
    )
    with op.batch_alter_table("ownership_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ownership_item_agreement_id"), ["agreement_id"], unique=False)

    op.create_table(
        "ownership_share",
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("share_bp", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("share_bp BETWEEN 1 AND 10000", name=op.f("ck_ownership_share_share")),
        sa.ForeignKeyConstraint(["item_id"], ["ownership_item.id"], name=op.f("fk_ownership_share_item_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_ownership_share_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ownership_share")),
        sa.UniqueConstraint("item_id", "organisation_id", name=op.f("uq_ownership_share_item_id_organisation_id")),
    )

    op.create_table(
        "agreement_signature",
        sa.Column("agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["consortium_agreement.id"], name=op.f("fk_agreement_signature_agreement_id")),
        sa.ForeignKeyConstraint(["party_id"], ["agreement_party.id"], name=op.f("fk_agreement_signature_party_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_agreement_signature_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_signature")),
        sa.UniqueConstraint("agreement_id", "user_id", name=op.f("uq_agreement_signature_agreement_id_user_id")),
        sa.UniqueConstraint("party_id", name=op.f("uq_agreement_signature_party_id")),
    )

    op.create_table(
        "room_folder",
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_room_folder_brand_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_room_folder_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_folder")),
        sa.UniqueConstraint("product_id", "name", name=op.f("uq_room_folder_product_id_name")),
    )
    with op.batch_alter_table("room_folder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_room_folder_brand_id"), ["brand_id"], unique=False)

    op.create_table(
        "room_file",
        sa.Column("folder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uploaded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_room_file_brand_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_room_file_file_id")),
        sa.ForeignKeyConstraint(["folder_id"], ["room_folder.id"], name=op.f("fk_room_file_folder_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_room_file_organisation_id")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["app_user.id"], name=op.f("fk_room_file_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_file")),
        sa.UniqueConstraint("file_id", name=op.f("uq_room_file_file_id")),
    )
    with op.batch_alter_table("room_file", schema=None) as batch_op:
        batch_op.create_index("ix_room_file_folder", ["folder_id", "id"], unique=False)

    op.create_table(
        "room_share",
        sa.Column("folder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("access", sa.String(length=6), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shared_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("access IN ('read', 'upload')", name=op.f("ck_room_share_access")),
        sa.ForeignKeyConstraint(["folder_id"], ["room_folder.id"], name=op.f("fk_room_share_folder_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_room_share_organisation_id")),
        sa.ForeignKeyConstraint(["shared_by_id"], ["app_user.id"], name=op.f("fk_room_share_shared_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_share")),
    )
    with op.batch_alter_table("room_share", schema=None) as batch_op:
        batch_op.create_index("ix_room_share_folder", ["folder_id", "id"], unique=False)
        batch_op.create_index("ix_room_share_organisation", ["organisation_id", "folder_id"], unique=False)

    op.create_table(
        "room_download",
        sa.Column("folder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_room_download_brand_id")),
        sa.ForeignKeyConstraint(["folder_id"], ["room_folder.id"], name=op.f("fk_room_download_folder_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_room_download_organisation_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_room_download_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_download")),
    )
    with op.batch_alter_table("room_download", schema=None) as batch_op:
        batch_op.create_index("ix_room_download_folder", ["folder_id", "id"], unique=False)

    op.execute(
        {
            "sqlite": "CREATE TRIGGER deliverable_revision_no_update BEFORE UPDATE ON deliverable_revision BEGIN SELECT RAISE(ABORT, 'deliverable_revision is append-only'); END",
            "postgresql": "CREATE FUNCTION deliverable_revision_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'deliverable_revision is append-only'; END $$",
        }[op.get_bind().dialect.name]
    )
    op.execute(
        {
            "sqlite": "CREATE TRIGGER deliverable_revision_no_delete BEFORE DELETE ON deliverable_revision BEGIN SELECT RAISE(ABORT, 'deliverable_revision is append-only'); END",
            "postgresql": "CREATE TRIGGER deliverable_revision_no_change BEFORE UPDATE OR DELETE ON deliverable_revision FOR EACH ROW EXECUTE FUNCTION deliverable_revision_refuse()",
        }[op.get_bind().dialect.name]
    )
    op.execute(
        {
            "sqlite": "CREATE TRIGGER revision_file_no_update BEFORE UPDATE ON revision_file BEGIN SELECT RAISE(ABORT, 'revision_file is append-only'); END",
            "postgresql": "CREATE FUNCTION revision_file_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'revision_file is append-only'; END $$",
        }[op.get_bind().dialect.name]
    )
    op.execute(
        {
            "sqlite": "CREATE TRIGGER revision_file_no_delete BEFORE DELETE ON revision_file BEGIN SELECT RAISE(ABORT, 'revision_file is append-only'); END",
            "postgresql": "CREATE TRIGGER revision_file_no_change BEFORE UPDATE OR DELETE ON revision_file FOR EACH ROW EXECUTE FUNCTION revision_file_refuse()",
        }[op.get_bind().dialect.name]
    )
    op.execute(
        {
            "sqlite": "CREATE TRIGGER deliverable_decision_no_update BEFORE UPDATE ON deliverable_decision BEGIN SELECT RAISE(ABORT, 'deliverable_decision is append-only'); END",
            "postgresql": "CREATE FUNCTION deliverable_decision_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'deliverable_decision is append-only'; END $$",
        }[op.get_bind().dialect.name]
    )
    op.execute(
        {
            "sqlite": "CREATE TRIGGER deliverable_decision_no_delete BEFORE DELETE ON deliverable_decision BEGIN SELECT RAISE(ABORT, 'deliverable_decision is append-only'); END",
            "postgresql": "CREATE TRIGGER deliverable_decision_no_change BEFORE UPDATE OR DELETE ON deliverable_decision FOR EACH ROW EXECUTE FUNCTION deliverable_decision_refuse()",
        }[op.get_bind().dialect.name]
    )
    op.execute(
        {
            "sqlite": "CREATE TRIGGER agreement_signature_no_update BEFORE UPDATE ON agreement_signature BEGIN SELECT RAISE(ABORT, 'agreement_signature is append-only'); END",
            "postgresql": "CREATE FUNCTION agreement_signature_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'agreement_signature is append-only'; END $$",
        }[op.get_bind().dialect.name]
    )
    op.execute(
        {
            "sqlite": "CREATE TRIGGER agreement_signature_no_delete BEFORE DELETE ON agreement_signature BEGIN SELECT RAISE(ABORT, 'agreement_signature is append-only'); END",
            "postgresql": "CREATE TRIGGER agreement_signature_no_change BEFORE UPDATE OR DELETE ON agreement_signature FOR EACH ROW EXECUTE FUNCTION agreement_signature_refuse()",
        }[op.get_bind().dialect.name]
    )
    op.execute(
        {
            "sqlite": "CREATE TRIGGER room_download_no_update BEFORE UPDATE ON room_download BEGIN SELECT RAISE(ABORT, 'room_download is append-only'); END",
            "postgresql": "CREATE FUNCTION room_download_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'room_download is append-only'; END $$",
        }[op.get_bind().dialect.name]
    )
    op.execute(
        {
            "sqlite": "CREATE TRIGGER room_download_no_delete BEFORE DELETE ON room_download BEGIN SELECT RAISE(ABORT, 'room_download is append-only'); END",
            "postgresql": "CREATE TRIGGER room_download_no_change BEFORE UPDATE OR DELETE ON room_download FOR EACH ROW EXECUTE FUNCTION room_download_refuse()",
        }[op.get_bind().dialect.name]
    )
