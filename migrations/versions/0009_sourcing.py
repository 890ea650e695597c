"""requests for quotation, sealed quotations, landed cost, openings and awards"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


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
        "rfq",
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brief_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scenario", sa.String(length=20), nullable=False),
        sa.Column("quantity_1", sa.Integer(), nullable=False),
        sa.Column("quantity_2", sa.Integer(), nullable=False),
        sa.Column("quantity_3", sa.Integer(), nullable=False),
        sa.Column("incoterm", sa.String(length=3), nullable=False),
        sa.Column("destination", sa.String(length=120), nullable=False),
        sa.Column("tooling_wanted", sa.Boolean(), nullable=False),
        sa.Column("tooling_note", sa.Text(), nullable=False),
        sa.Column("sample_due_on", sa.Date(), nullable=True),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_zone", sa.String(length=60), nullable=False),
        sa.Column("currencies", sa.JSON(), nullable=False),
        sa.Column("technical_threshold", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("issue_number", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'issued', 'reissued', 'closed', 'technical_review', 'opened', 'awarded', 'cancelled')",
            name=op.f("ck_rfq_state"),
        ),
        sa.CheckConstraint(
            "scenario IN ('dropship', 'small_wholesale', 'bulk', 'light_customisation', 'test_launch')",
            name=op.f("ck_rfq_scenario"),
        ),
        sa.CheckConstraint(
            "incoterm IN ('EXW', 'FCA', 'FAS', 'FOB', 'CFR', 'CIF', 'CPT', 'CIP', 'DAP', 'DPU', 'DDP')",
            name=op.f("ck_rfq_incoterm"),
        ),
        sa.CheckConstraint("quantity_1 > 0 AND quantity_2 > quantity_1 AND quantity_3 > quantity_2", name=op.f("ck_rfq_quantities")),
        sa.CheckConstraint("technical_threshold BETWEEN 0 AND 100", name=op.f("ck_rfq_technical_threshold")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_rfq_brand_id")),
        sa.ForeignKeyConstraint(["brief_id"], ["product_brief.id"], name=op.f("fk_rfq_brief_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name=op.f("fk_rfq_owner_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_rfq_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rfq")),
        sa.UniqueConstraint("brand_id", "code", name=op.f("uq_rfq_brand_id_code")),
    )
    with op.batch_alter_table("rfq", schema=None) as batch_op:
        batch_op.create_index("ix_rfq_deadline", ["brand_id", "deadline", "id"], unique=False)
        batch_op.create_index("ix_rfq_open", ["state", "deadline"], unique=False)
        batch_op.create_index(batch_op.f("ix_rfq_product_id"), ["product_id"], unique=False)
        batch_op.create_index("ix_rfq_recent", ["brand_id", "updated_at", "id"], unique=False)
        batch_op.create_index("ix_rfq_state", ["brand_id", "state", "updated_at", "id"], unique=False)
        batch_op.create_index("ix_rfq_title", ["brand_id", "title", "id"], unique=False)

    op.create_table(
        "quotation",
        sa.Column("rfq_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("issue_seen", sa.Integer(), nullable=False),
        sa.Column("is_received", sa.Boolean(), nullable=False),
        sa.Column("declined_reason", sa.Text(), nullable=False),
        sa.Column("reminded_for", sa.String(length=4), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "state IN ('invited', 'draft', 'declined', 'submitted', 'revised', 'won', 'lost', 'expired')",
            name=op.f("ck_quotation_state"),
        ),
        sa.CheckConstraint("reminded_for IN ('', 'soon', 'last')", name=op.f("ck_quotation_reminded_for")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_quotation_brand_id")),
        sa.ForeignKeyConstraint(["invited_by_id"], ["app_user.id"], name=op.f("fk_quotation_invited_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_quotation_organisation_id")),
        sa.ForeignKeyConstraint(["rfq_id"], ["rfq.id"], name=op.f("fk_quotation_rfq_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotation")),
        sa.UniqueConstraint("rfq_id", "organisation_id", name=op.f("uq_quotation_rfq_id_organisation_id")),
    )
    with op.batch_alter_table("quotation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quotation_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index("ix_quotation_organisation", ["organisation_id", "updated_at", "id"], unique=False)
        batch_op.create_index("ix_quotation_state", ["state", "rfq_id"], unique=False)

    op.create_table(
        "rfq_addendum",
        sa.Column("rfq_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("kind IN ('issue', 'reissue', 'extension')", name=op.f("ck_rfq_addendum_kind")),
        sa.ForeignKeyConstraint(["author_id"], ["app_user.id"], name=op.f("fk_rfq_addendum_author_id")),
        sa.ForeignKeyConstraint(["rfq_id"], ["rfq.id"], name=op.f("fk_rfq_addendum_rfq_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rfq_addendum")),
        sa.UniqueConstraint("rfq_id", "number", name=op.f("uq_rfq_addendum_rfq_id_number")),
    )
    op.create_table(
        "rfq_clarification",
        sa.Column("rfq_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["rfq_id"], ["rfq.id"], name=op.f("fk_rfq_clarification_rfq_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rfq_clarification")),
    )
    with op.batch_alter_table("rfq_clarification", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rfq_clarification_rfq_id"), ["rfq_id"], unique=False)

    op.create_table(
        "rfq_cost_basis",
        sa.Column("rfq_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amortise_over", sa.Integer(), nullable=False),
        sa.Column("origin_shipment_minor", sa.BigInteger(), nullable=False),
        sa.Column("origin_unit_minor", sa.BigInteger(), nullable=False),
        sa.Column("carriage_shipment_minor", sa.BigInteger(), nullable=False),
        sa.Column("carriage_unit_minor", sa.BigInteger(), nullable=False),
        sa.Column("delivery_shipment_minor", sa.BigInteger(), nullable=False),
        sa.Column("delivery_unit_minor", sa.BigInteger(), nullable=False),
        sa.Column("insurance_bp", sa.Integer(), nullable=False),
        sa.Column("duty_bp", sa.Integer(), nullable=False),
        sa.Column("duty_on", sa.String(length=3), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("duty_on IN ('cif', 'fob')", name=op.f("ck_rfq_cost_basis_duty_on")),
        sa.CheckConstraint("amortise_over > 0", name=op.f("ck_rfq_cost_basis_amortise_over")),
        sa.CheckConstraint("insurance_bp BETWEEN 0 AND 5000 AND duty_bp BETWEEN 0 AND 50000", name=op.f("ck_rfq_cost_basis_rates")),
        sa.ForeignKeyConstraint(["rfq_id"], ["rfq.id"], name=op.f("fk_rfq_cost_basis_rfq_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rfq_cost_basis")),
        sa.UniqueConstraint("rfq_id", name=op.f("uq_rfq_cost_basis_rfq_id")),
    )
    op.create_table(
        "rfq_criterion",
        sa.Column("rfq_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("weight BETWEEN 1 AND 100", name=op.f("ck_rfq_criterion_weight")),
        sa.ForeignKeyConstraint(["rfq_id"], ["rfq.id"], name=op.f("fk_rfq_criterion_rfq_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rfq_criterion")),
        sa.UniqueConstraint("rfq_id", "position", name=op.f("uq_rfq_criterion_rfq_id_position")),
    )
    op.create_table(
        "rfq_opening",
        sa.Column("rfq_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("rates", sa.JSON(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["opened_by_id"], ["app_user.id"], name=op.f("fk_rfq_opening_opened_by_id")),
        sa.ForeignKeyConstraint(["rfq_id"], ["rfq.id"], name=op.f("fk_rfq_opening_rfq_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rfq_opening")),
        sa.UniqueConstraint("rfq_id", name=op.f("uq_rfq_opening_rfq_id")),
    )
    op.create_table(
        "rfq_question",
        sa.Column("rfq_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["answered_by_id"], ["app_user.id"], name=op.f("fk_rfq_question_answered_by_id")),
        sa.ForeignKeyConstraint(["author_id"], ["app_user.id"], name=op.f("fk_rfq_question_author_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_rfq_question_organisation_id")),
        sa.ForeignKeyConstraint(["rfq_id"], ["rfq.id"], name=op.f("fk_rfq_question_rfq_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rfq_question")),
    )
    with op.batch_alter_table("rfq_question", schema=None) as batch_op:
        batch_op.create_index("ix_rfq_question_asker", ["rfq_id", "organisation_id"], unique=False)

    op.create_table(
        "rfq_requirement",
        sa.Column("rfq_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("attribute", sa.String(length=120), nullable=False),
        sa.Column("operator", sa.String(length=10), nullable=False),
        sa.Column("target", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=30), nullable=False),
        sa.Column("tolerance", sa.String(length=30), nullable=False),
        sa.Column("priority", sa.String(length=10), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("operator IN ('eq', 'le', 'ge', 'between', 'is')", name=op.f("ck_rfq_requirement_operator")),
        sa.CheckConstraint("priority IN ('must', 'should', 'could')", name=op.f("ck_rfq_requirement_priority")),
        sa.ForeignKeyConstraint(["rfq_id"], ["rfq.id"], name=op.f("fk_rfq_requirement_rfq_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rfq_requirement")),
    )
    with op.batch_alter_table("rfq_requirement", schema=None) as batch_op:
        batch_op.create_index("ix_rfq_requirement_place", ["rfq_id", "position"], unique=False)

    op.create_table(
        "rfq_reviewer",
        sa.Column("rfq_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["rfq_id"], ["rfq.id"], name=op.f("fk_rfq_reviewer_rfq_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_rfq_reviewer_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rfq_reviewer")),
        sa.UniqueConstraint("rfq_id", "user_id", name=op.f("uq_rfq_reviewer_rfq_id_user_id")),
    )
    op.create_table(
        "quotation_draft",
        sa.Column("quotation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["quotation_id"], ["quotation.id"], name=op.f("fk_quotation_draft_quotation_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotation_draft")),
        sa.UniqueConstraint("quotation_id", name=op.f("uq_quotation_draft_quotation_id")),
    )
    op.create_table(
        "quotation_offer",
        sa.Column("quotation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("incoterm", sa.String(length=3), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("tooling_minor", sa.BigInteger(), nullable=False),
        sa.Column("mould_owner", sa.String(length=10), nullable=False),
        sa.Column("payment_terms", sa.String(length=20), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "incoterm IN ('EXW', 'FCA', 'FAS', 'FOB', 'CFR', 'CIF', 'CPT', 'CIP', 'DAP', 'DPU', 'DDP')",
            name=op.f("ck_quotation_offer_incoterm"),
        ),
        sa.CheckConstraint("mould_owner IN ('brand', 'factory', 'shared')", name=op.f("ck_quotation_offer_mould_owner")),
        sa.CheckConstraint(
            "payment_terms IN ('prepaid', 'deposit_30', 'deposit_50', 'on_delivery', 'net_30', 'net_60', 'net_90', 'letter_of_credit')",
            name=op.f("ck_quotation_offer_payment_terms"),
        ),
        sa.CheckConstraint("tooling_minor >= 0", name=op.f("ck_quotation_offer_tooling")),
        sa.ForeignKeyConstraint(["quotation_id"], ["quotation.id"], name=op.f("fk_quotation_offer_quotation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotation_offer")),
        sa.UniqueConstraint("quotation_id", name=op.f("uq_quotation_offer_quotation_id")),
    )
    with op.batch_alter_table("quotation_offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quotation_offer_valid_until"), ["valid_until"], unique=False)

    op.create_table(
        "quotation_outcome",
        sa.Column("quotation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("price_band", sa.String(length=10), nullable=False),
        sa.Column("technical_points", sa.Integer(), nullable=False),
        sa.Column("technical_met", sa.Boolean(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "price_band IN ('lowest', 'under_5', 'under_10', 'under_20', 'over_20', 'none')",
            name=op.f("ck_quotation_outcome_price_band"),
        ),
        sa.CheckConstraint("share BETWEEN 0 AND 100", name=op.f("ck_quotation_outcome_share")),
        sa.ForeignKeyConstraint(["quotation_id"], ["quotation.id"], name=op.f("fk_quotation_outcome_quotation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotation_outcome")),
        sa.UniqueConstraint("quotation_id", name=op.f("uq_quotation_outcome_quotation_id")),
    )
    op.create_table(
        "quotation_technical",
        sa.Column("quotation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=False),
        sa.Column("sample_days", sa.Integer(), nullable=False),
        sa.Column("tooling_days", sa.Integer(), nullable=False),
        sa.Column("moq", sa.Integer(), nullable=False),
        sa.Column("monthly_capacity", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("lead_days > 0 AND sample_days > 0 AND tooling_days >= 0", name=op.f("ck_quotation_technical_days")),
        sa.CheckConstraint("moq > 0 AND monthly_capacity > 0", name=op.f("ck_quotation_technical_quantities")),
        sa.ForeignKeyConstraint(["quotation_id"], ["quotation.id"], name=op.f("fk_quotation_technical_quotation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotation_technical")),
        sa.UniqueConstraint("quotation_id", name=op.f("uq_quotation_technical_quotation_id")),
    )
    op.create_table(
        "rfq_award",
        sa.Column("rfq_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quotation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("share BETWEEN 1 AND 100", name=op.f("ck_rfq_award_share")),
        sa.CheckConstraint(
            "(second_id IS NULL AND share = 100) OR (second_id IS NOT NULL AND share < 100)",
            name=op.f("ck_rfq_award_second"),
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["app_user.id"], name=op.f("fk_rfq_award_decided_by_id")),
        sa.ForeignKeyConstraint(["quotation_id"], ["quotation.id"], name=op.f("fk_rfq_award_quotation_id")),
        sa.ForeignKeyConstraint(["rfq_id"], ["rfq.id"], name=op.f("fk_rfq_award_rfq_id")),
        sa.ForeignKeyConstraint(["second_id"], ["quotation.id"], name=op.f("fk_rfq_award_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rfq_award")),
        sa.UniqueConstraint("rfq_id", name=op.f("uq_rfq_award_rfq_id")),
    )
    op.create_table(
        "technical_sheet",
        sa.Column("rfq_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quotation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["quotation_id"], ["quotation.id"], name=op.f("fk_technical_sheet_quotation_id")),
        sa.ForeignKeyConstraint(["rfq_id"], ["rfq.id"], name=op.f("fk_technical_sheet_rfq_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_technical_sheet_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technical_sheet")),
        sa.UniqueConstraint("quotation_id", "user_id", name=op.f("uq_technical_sheet_quotation_id_user_id")),
    )
    with op.batch_alter_table("technical_sheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_technical_sheet_rfq_id"), ["rfq_id"], unique=False)

    op.create_table(
        "price_break",
        sa.Column("offer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quantity_from", sa.Integer(), nullable=False),
        sa.Column("unit_minor", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("quantity_from > 0 AND unit_minor > 0", name=op.f("ck_price_break_amounts")),
        sa.ForeignKeyConstraint(["offer_id"], ["quotation_offer.id"], name=op.f("fk_price_break_offer_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_break")),
        sa.UniqueConstraint("offer_id", "quantity_from", name=op.f("uq_price_break_offer_id_quantity_from")),
    )
    op.create_table(
        "requirement_answer",
        sa.Column("technical_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("requirement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("verdict IN ('meets', 'deviates')", name=op.f("ck_requirement_answer_verdict")),
        sa.ForeignKeyConstraint(["requirement_id"], ["rfq_requirement.id"], name=op.f("fk_requirement_answer_requirement_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["technical_id"], ["quotation_technical.id"], name=op.f("fk_requirement_answer_technical_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement_answer")),
        sa.UniqueConstraint("technical_id", "requirement_id", name=op.f("uq_requirement_answer_technical_id_requirement_id")),
    )
    for table in ("rfq_addendum", "rfq_opening", "rfq_award"):
        for statement in append_only(table):
            op.execute(statement)
