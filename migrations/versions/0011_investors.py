"""commitments, tranches and progress reports of investors"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "commitment",
        sa.Column("programme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("investor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_commitment_amount")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_commitment_brand_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["app_user.id"], name=op.f("fk_commitment_created_by_id")),
        sa.ForeignKeyConstraint(["investor_id"], ["organisation.id"], name=op.f("fk_commitment_investor_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_commitment_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sa.UniqueConstraint("brand_id", "reference", name=op.f("uq_commitment_brand_id_reference")),
    )
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.create_index("ix_commitment_brand", ["brand_id", "signed_on", "id"], unique=False)
        batch_op.create_index("ix_commitment_investor", ["investor_id", "signed_on", "id"], unique=False)
        batch_op.create_index("ix_commitment_programme", ["programme_id", "signed_on", "id"], unique=False)

    op.create_table(
        "tranche",
        sa.Column("commitment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("investor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_for", sa.String(length=4), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("state IN ('planned', 'due', 'released', 'withheld')", name=op.f("ck_tranche_state")),
        sa.CheckConstraint("reminded_for IN ('', 'soon', 'due', 'late')", name=op.f("ck_tranche_reminded_for")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_tranche_amount")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_tranche_brand_id")),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitment.id"], name=op.f("fk_tranche_commitment_id")),
        sa.ForeignKeyConstraint(["investor_id"], ["organisation.id"], name=op.f("fk_tranche_investor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tranche")),
        sa.UniqueConstraint("commitment_id", "name", name=op.f("uq_tranche_commitment_id_name")),
    )
    with op.batch_alter_table("tranche", schema=None) as batch_op:
        batch_op.create_index("ix_tranche_brand", ["brand_id", "due_on", "id"], unique=False)
        batch_op.create_index("ix_tranche_investor", ["investor_id", "due_on", "id"], unique=False)
        batch_op.create_index("ix_tranche_open", ["state", "due_on"], unique=False)

    op.create_table(
        "tranche_condition",
        sa.Column("tranche_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("stage", sa.String(length=20), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "(kind = 'gate' AND product_id IS NOT NULL) OR (kind = 'stage' AND product_id IS NOT NULL AND stage IS NOT NULL) OR (kind = 'date' AND on_date IS NOT NULL)",
            name=op.f("ck_tranche_condition_kind"),
        ),
        sa.CheckConstraint(
            "stage IS NULL OR stage IN ('signal', 'segment', 'brief', 'sourcing', 'sampling', 'codevelopment', 'preproduction', 'test_launch', 'launch', 'scale', 'handed_over', 'stopped')",
            name=op.f("ck_tranche_condition_stage"),
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_tranche_condition_product_id")),
        sa.ForeignKeyConstraint(["tranche_id"], ["tranche.id"], name=op.f("fk_tranche_condition_tranche_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tranche_condition")),
    )
    with op.batch_alter_table("tranche_condition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tranche_condition_product_id"), ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tranche_condition_tranche_id"), ["tranche_id"], unique=False)

    op.create_table(
        "tranche_proposal",
        sa.Column("tranche_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("bank_reference", sa.String(length=80), nullable=False),
        sa.Column("proposed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_tranche_proposal_amount")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["app_user.id"], name=op.f("fk_tranche_proposal_proposed_by_id")),
        sa.ForeignKeyConstraint(["tranche_id"], ["tranche.id"], name=op.f("fk_tranche_proposal_tranche_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tranche_proposal")),
        sa.UniqueConstraint("tranche_id", name=op.f("uq_tranche_proposal_tranche_id")),
    )

    op.create_table(
        "tranche_outcome",
        sa.Column("tranche_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("bank_reference", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'released' AND paid_on IS NOT NULL AND amount_minor > 0 AND bank_reference <> '' AND proposed_by_id IS NOT NULL AND proposed_by_id <> decided_by_id) OR (outcome = 'withheld' AND reason <> '' AND amount_minor = 0)",
            name=op.f("ck_tranche_outcome_outcome"),
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["app_user.id"], name=op.f("fk_tranche_outcome_decided_by_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["app_user.id"], name=op.f("fk_tranche_outcome_proposed_by_id")),
        sa.ForeignKeyConstraint(["tranche_id"], ["tranche.id"], name=op.f("fk_tranche_outcome_tranche_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tranche_outcome")),
        sa.UniqueConstraint("tranche_id", name=op.f("uq_tranche_outcome_tranche_id")),
    )

    op.create_table(
        "progress_report",
        sa.Column("programme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("headline_zh", sa.Text(), nullable=False),
        sa.Column("headline_en", sa.Text(), nullable=False),
        sa.Column("risks_zh", sa.Text(), nullable=False),
        sa.Column("risks_en", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaces_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("period IN ('month', 'quarter')", name=op.f("ck_progress_report_period")),
        sa.CheckConstraint("state IN ('draft', 'frozen', 'released', 'withdrawn')", name=op.f("ck_progress_report_state")),
        sa.CheckConstraint("released_at IS NULL OR state IN ('released', 'withdrawn')", name=op.f("ck_progress_report_released")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_progress_report_brand_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["app_user.id"], name=op.f("fk_progress_report_created_by_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_progress_report_programme_id")),
        sa.ForeignKeyConstraint(["released_by_id"], ["app_user.id"], name=op.f("fk_progress_report_released_by_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["progress_report.id"], name=op.f("fk_progress_report_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_report")),
        sa.UniqueConstraint("programme_id", "period", "starts_on", "edition", name=op.f("uq_progress_report_programme_id_period_starts_on_edition")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_progress_report_replaces_id")),
    )
    with op.batch_alter_table("progress_report", schema=None) as batch_op:
        batch_op.create_index("ix_progress_report_brand", ["brand_id", "starts_on", "id"], unique=False)

    op.create_table(
        "report_audience",
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_report_audience_organisation_id")),
        sa.ForeignKeyConstraint(["report_id"], ["progress_report.id"], name=op.f("fk_report_audience_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_audience")),
        sa.UniqueConstraint("report_id", "organisation_id", name=op.f("uq_report_audience_report_id_organisation_id")),
    )
    with op.batch_alter_table("report_audience", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_audience_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "report_freeze",
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("figures", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["frozen_by_id"], ["app_user.id"], name=op.f("fk_report_freeze_frozen_by_id")),
        sa.ForeignKeyConstraint(["report_id"], ["progress_report.id"], name=op.f("fk_report_freeze_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_freeze")),
        sa.UniqueConstraint("report_id", name=op.f("uq_report_freeze_report_id")),
    )

    op.create_table(
        "report_figure",
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("label", sa.JSON(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("recipe", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("audience_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["audience_id"], ["organisation.id"], name=op.f("fk_report_figure_audience_id")),
        sa.ForeignKeyConstraint(["report_id"], ["progress_report.id"], name=op.f("fk_report_figure_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_figure")),
        sa.UniqueConstraint("report_id", "position", name=op.f("uq_report_figure_report_id_position")),
    )

    op.create_table(
        "report_input",
        sa.Column("figure_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["figure_id"], ["report_figure.id"], name=op.f("fk_report_input_figure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_input")),
        sa.UniqueConstraint("figure_id", name=op.f("uq_report_input_figure_id")),
    )

    op.create_table(
        "report_document",
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("language IN ('zh', 'en')", name=op.f("ck_report_document_language")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_report_document_file_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_report_document_organisation_id")),
        sa.ForeignKeyConstraint(["report_id"], ["progress_report.id"], name=op.f("fk_report_document_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_document")),
        sa.UniqueConstraint("file_id", name=op.f("uq_report_document_file_id")),
        sa.UniqueConstraint("report_id", "organisation_id", "language", name=op.f("uq_report_document_report_id_organisation_id_language")),
    )

    op.create_table(
        "report_opening",
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("way", sa.String(length=4), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("way IN ('page', 'pdf', 'json')", name=op.f("ck_report_opening_way")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_report_opening_organisation_id")),
        sa.ForeignKeyConstraint(["report_id"], ["progress_report.id"], name=op.f("fk_report_opening_report_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_report_opening_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_opening")),
        sa.UniqueConstraint("report_id", "user_id", name=op.f("uq_report_opening_report_id_user_id")),
    )

    op.create_table(
        "report_remark",
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("investor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["app_user.id"], name=op.f("fk_report_remark_author_id")),
        sa.ForeignKeyConstraint(["brand_id"], ["organisation.id"], name=op.f("fk_report_remark_brand_id")),
        sa.ForeignKeyConstraint(["investor_id"], ["organisation.id"], name=op.f("fk_report_remark_investor_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_report_remark_organisation_id")),
        sa.ForeignKeyConstraint(["report_id"], ["progress_report.id"], name=op.f("fk_report_remark_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_remark")),
    )
    with op.batch_alter_table("report_remark", schema=None) as batch_op:
        batch_op.create_index("ix_report_remark_thread", ["report_id", "investor_id", "id"], unique=False)

    op.execute(
        {
            "sqlite": "CREATE TRIGGER tranche_outcome_no_update BEFORE UPDATE ON tranche_outcome BEGIN SELECT RAISE(ABORT, 'tranche_outcome is append-only'); END",
            "postgresql": "CREATE FUNCTION tranche_outcome_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'tranche_outcome is append-only'; END $$",
        }[op.get_bind().dialect.name]
    )
    op.execute(
        {
            "sqlite": "CREATE TRIGGER tranche_outcome_no_delete BEFORE DELETE ON tranche_outcome BEGIN SELECT RAISE(ABORT, 'tranche_outcome is append-only'); END",
            "postgresql": "CREATE TRIGGER tranche_outcome_no_change BEFORE UPDATE OR DELETE ON tranche_outcome FOR EACH ROW EXECUTE FUNCTION tranche_outcome_refuse()",
        }[op.get_bind().dialect.name]
    )
    op.execute(
        {
            "sqlite": "CREATE TRIGGER report_freeze_no_update BEFORE UPDATE ON report_freeze BEGIN SELECT RAISE(ABORT, 'report_freeze is append-only'); END",
            "postgresql": "CREATE FUNCTION report_freeze_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'report_freeze is append-only'; END $$",
        }[op.get_bind().dialect.name]
    )
    op.execute(
        {
            "sqlite": "CREATE TRIGGER report_freeze_no_delete BEFORE DELETE ON report_freeze BEGIN SELECT RAISE(ABORT, 'report_freeze is append-only'); END",
            "postgresql": "CREATE TRIGGER report_freeze_no_change BEFORE UPDATE OR DELETE ON report_freeze FOR EACH ROW EXECUTE FUNCTION report_freeze_refuse()",
        }[op.get_bind().dialect.name]
    )
    op.execute(
        {
            "sqlite": "CREATE TRIGGER report_figure_no_update BEFORE UPDATE ON report_figure BEGIN SELECT RAISE(ABORT, 'report_figure is append-only'); END",
            "postgresql": "CREATE FUNCTION report_figure_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'report_figure is append-only'; END $$",
        }[op.get_bind().dialect.name]
    )
    op.execute(
        {
            "sqlite": "CREATE TRIGGER report_figure_no_delete BEFORE DELETE ON report_figure BEGIN SELECT RAISE(ABORT, 'report_figure is append-only'); END",
            "postgresql": "CREATE TRIGGER report_figure_no_change BEFORE UPDATE OR DELETE ON report_figure FOR EACH ROW EXECUTE FUNCTION report_figure_refuse()",
        }[op.get_bind().dialect.name]
    )
    op.execute(
        {
            "sqlite": "CREATE TRIGGER report_input_no_update BEFORE UPDATE ON report_input BEGIN SELECT RAISE(ABORT, 'report_input is append-only'); END",
            "postgresql": "CREATE FUNCTION report_input_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'report_input is append-only'; END $$",
        }[op.get_bind().dialect.name]
    )
    op.execute(
        {
            "sqlite": "CREATE TRIGGER report_input_no_delete BEFORE DELETE ON report_input BEGIN SELECT RAISE(ABORT, 'report_input is append-only'); END",
            "postgresql": "CREATE TRIGGER report_input_no_change BEFORE UPDATE OR DELETE ON report_input FOR EACH ROW EXECUTE FUNCTION report_input_refuse()",
        }[op.get_bind().dialect.name]
    )
    op.execute(
        {
            "sqlite": "CREATE TRIGGER report_document_no_update BEFORE UPDATE ON report_document BEGIN SELECT RAISE(ABORT, 'report_document is append-only'); END",
            "postgresql": "CREATE FUNCTION report_document_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'report_document is append-only'; END $$",
        }[op.get_bind().dialect.name]
    )
    op.execute(
        {
            "sqlite": "CREATE TRIGGER report_document_no_delete BEFORE DELETE ON report_document BEGIN SELECT RAISE(ABORT, 'report_document is append-only'); END",
            "postgresql": "CREATE TRIGGER report_document_no_change BEFORE UPDATE OR DELETE ON report_document FOR EACH ROW EXECUTE FUNCTION report_document_refuse()",
        }[op.get_bind().dialect.name]
    )
    for statement in {
        "sqlite": (
            "CREATE TRIGGER tranche_sealed_update BEFORE UPDATE ON tranche WHEN OLD.state IN ('released', 'withheld') BEGIN SELECT RAISE(ABORT, 'tranche is sealed'); END",
            "CREATE TRIGGER tranche_sealed_delete BEFORE DELETE ON tranche WHEN OLD.state IN ('released', 'withheld') BEGIN SELECT RAISE(ABORT, 'tranche is sealed'); END",
        ),
        "postgresql": (
            "CREATE FUNCTION tranche_sealed_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state IN ('released', 'withheld') THEN RAISE EXCEPTION 'tranche is sealed'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER tranche_sealed_update BEFORE UPDATE ON tranche FOR EACH ROW EXECUTE FUNCTION tranche_sealed_update()",
            "CREATE FUNCTION tranche_sealed_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state IN ('released', 'withheld') THEN RAISE EXCEPTION 'tranche is sealed'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER tranche_sealed_delete BEFORE DELETE ON tranche FOR EACH ROW EXECUTE FUNCTION tranche_sealed_delete()",
        ),
    }[op.get_bind().dialect.name]:
        op.execute(statement)
    for statement in {
        "sqlite": (
            "CREATE TRIGGER tranche_condition_sealed_insert BEFORE INSERT ON tranche_condition WHEN EXISTS (SELECT 1 FROM tranche WHERE tranche.id = NEW.tranche_id AND tranche.state IN ('released', 'withheld')) BEGIN SELECT RAISE(ABORT, 'tranche_condition is sealed'); END",
            "CREATE TRIGGER tranche_condition_sealed_update BEFORE UPDATE ON tranche_condition WHEN EXISTS (SELECT 1 FROM tranche WHERE tranche.id = OLD.tranche_id AND tranche.state IN ('released', 'withheld')) BEGIN SELECT RAISE(ABORT, 'tranche_condition is sealed'); END",
            "CREATE TRIGGER tranche_condition_sealed_delete BEFORE DELETE ON tranche_condition WHEN EXISTS (SELECT 1 FROM tranche WHERE tranche.id = OLD.tranche_id AND tranche.state IN ('released', 'withheld')) BEGIN SELECT RAISE(ABORT, 'tranche_condition is sealed'); END",
        ),
        "postgresql": (
            "CREATE FUNCTION tranche_condition_sealed_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM tranche WHERE tranche.id = NEW.tranche_id AND tranche.state IN ('released', 'withheld')) THEN RAISE EXCEPTION 'tranche_condition is sealed'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER tranche_condition_sealed_insert BEFORE INSERT ON tranche_condition FOR EACH ROW EXECUTE FUNCTION tranche_condition_sealed_insert()",
            "CREATE FUNCTION tranche_condition_sealed_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM tranche WHERE tranche.id = OLD.tranche_id AND tranche.state IN ('released', 'withheld')) THEN RAISE EXCEPTION 'tranche_condition is sealed'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER tranche_condition_sealed_update BEFORE UPDATE ON tranche_condition FOR EACH ROW EXECUTE FUNCTION tranche_condition_sealed_update()",
            "CREATE FUNCTION tranche_condition_sealed_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM tranche WHERE tranche.id = OLD.tranche_id AND tranche.state IN ('released', 'withheld')) THEN RAISE EXCEPTION 'tranche_condition is sealed'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER tranche_condition_sealed_delete BEFORE DELETE ON tranche_condition FOR EACH ROW EXECUTE FUNCTION tranche_condition_sealed_delete()",
        ),
    }[op.get_bind().dialect.name]:
        op.execute(statement)
    for statement in {
        "sqlite": (
            "CREATE TRIGGER tranche_proposal_sealed_insert BEFORE INSERT ON tranche_proposal WHEN EXISTS (SELECT 1 FROM tranche WHERE tranche.id = NEW.tranche_id AND tranche.state IN ('released', 'withheld')) BEGIN SELECT RAISE(ABORT, 'tranche_proposal is sealed'); END",
            "CREATE TRIGGER tranche_proposal_sealed_update BEFORE UPDATE ON tranche_proposal WHEN EXISTS (SELECT 1 FROM tranche WHERE tranche.id = OLD.tranche_id AND tranche.state IN ('released', 'withheld')) BEGIN SELECT RAISE(ABORT, 'tranche_proposal is sealed'); END",
            "CREATE TRIGGER tranche_proposal_sealed_delete BEFORE DELETE ON tranche_proposal WHEN EXISTS (SELECT 1 FROM tranche WHERE tranche.id = OLD.tranche_id AND tranche.state IN ('released', 'withheld')) BEGIN SELECT RAISE(ABORT, 'tranche_proposal is sealed'); END",
        ),
        "postgresql": (
            "CREATE FUNCTION tranche_proposal_sealed_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM tranche WHERE tranche.id = NEW.tranche_id AND tranche.state IN ('released', 'withheld')) THEN RAISE EXCEPTION 'tranche_proposal is sealed'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER tranche_proposal_sealed_insert BEFORE INSERT ON tranche_proposal FOR EACH ROW EXECUTE FUNCTION tranche_proposal_sealed_insert()",
            "CREATE FUNCTION tranche_proposal_sealed_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM tranche WHERE tranche.id = OLD.tranche_id AND tranche.state IN ('released', 'withheld')) THEN RAISE EXCEPTION 'tranche_proposal is sealed'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER tranche_proposal_sealed_update BEFORE UPDATE ON tranche_proposal FOR EACH ROW EXECUTE FUNCTION tranche_proposal_sealed_update()",
            "CREATE FUNCTION tranche_proposal_sealed_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM tranche WHERE tranche.id = OLD.tranche_id AND tranche.state IN ('released', 'withheld')) THEN RAISE EXCEPTION 'tranche_proposal is sealed'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER tranche_proposal_sealed_delete BEFORE DELETE ON tranche_proposal FOR EACH ROW EXECUTE FUNCTION tranche_proposal_sealed_delete()",
        ),
    }[op.get_bind().dialect.name]:
        op.execute(statement)
    for statement in {
        "sqlite": (
            "CREATE TRIGGER progress_report_sealed_update BEFORE UPDATE ON progress_report WHEN OLD.state <> 'draft' AND (NEW.programme_id <> OLD.programme_id OR NEW.brand_id <> OLD.brand_id OR NEW.period <> OLD.period OR NEW.starts_on <> OLD.starts_on OR NEW.edition <> OLD.edition OR NEW.title <> OLD.title OR NEW.headline_zh <> OLD.headline_zh OR NEW.headline_en <> OLD.headline_en OR NEW.risks_zh <> OLD.risks_zh OR NEW.risks_en <> OLD.risks_en OR NEW.state = 'draft' OR (OLD.state <> 'frozen' AND NEW.state = 'frozen') OR (OLD.state = 'withdrawn' AND NEW.state <> 'withdrawn') OR (OLD.released_at IS NOT NULL AND (NEW.released_at IS NULL OR NEW.released_at <> OLD.released_at))) BEGIN SELECT RAISE(ABORT, 'progress_report is sealed'); END",
            "CREATE TRIGGER progress_report_sealed_delete BEFORE DELETE ON progress_report WHEN OLD.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'progress_report is sealed'); END",
        ),
        "postgresql": (
            "CREATE FUNCTION progress_report_sealed_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state <> 'draft' AND (NEW.programme_id <> OLD.programme_id OR NEW.brand_id <> OLD.brand_id OR NEW.period <> OLD.period OR NEW.starts_on <> OLD.starts_on OR NEW.edition <> OLD.edition OR NEW.title <> OLD.title OR NEW.headline_zh <> OLD.headline_zh OR NEW.headline_en <> OLD.headline_en OR NEW.risks_zh <> OLD.risks_zh OR NEW.risks_en <> OLD.risks_en OR NEW.state = 'draft' OR (OLD.state <> 'frozen' AND NEW.state = 'frozen') OR (OLD.state = 'withdrawn' AND NEW.state <> 'withdrawn') OR (OLD.released_at IS NOT NULL AND (NEW.released_at IS NULL OR NEW.released_at <> OLD.released_at))) THEN RAISE EXCEPTION 'progress_report is sealed'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER progress_report_sealed_update BEFORE UPDATE ON progress_report FOR EACH ROW EXECUTE FUNCTION progress_report_sealed_update()",
            "CREATE FUNCTION progress_report_sealed_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state <> 'draft' THEN RAISE EXCEPTION 'progress_report is sealed'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER progress_report_sealed_delete BEFORE DELETE ON progress_report FOR EACH ROW EXECUTE FUNCTION progress_report_sealed_delete()",
        ),
    }[op.get_bind().dialect.name]:
        op.execute(statement)
    for statement in {
        "sqlite": (
            "CREATE TRIGGER report_audience_sealed_insert BEFORE INSERT ON report_audience WHEN EXISTS (SELECT 1 FROM progress_report AS r WHERE r.id = NEW.report_id AND r.state <> 'draft') BEGIN SELECT RAISE(ABORT, 'report_audience is sealed'); END",
            "CREATE TRIGGER report_audience_sealed_update BEFORE UPDATE ON report_audience WHEN EXISTS (SELECT 1 FROM progress_report AS r WHERE r.id = OLD.report_id AND r.state <> 'draft') BEGIN SELECT RAISE(ABORT, 'report_audience is sealed'); END",
            "CREATE TRIGGER report_audience_sealed_delete BEFORE DELETE ON report_audience WHEN EXISTS (SELECT 1 FROM progress_report AS r WHERE r.id = OLD.report_id AND r.state <> 'draft') BEGIN SELECT RAISE(ABORT, 'report_audience is sealed'); END",
        ),
        "postgresql": (
            "CREATE FUNCTION report_audience_sealed_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM progress_report AS r WHERE r.id = NEW.report_id AND r.state <> 'draft') THEN RAISE EXCEPTION 'report_audience is sealed'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER report_audience_sealed_insert BEFORE INSERT ON report_audience FOR EACH ROW EXECUTE FUNCTION report_audience_sealed_insert()",
            "CREATE FUNCTION report_audience_sealed_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM progress_report AS r WHERE r.id = OLD.report_id AND r.state <> 'draft') THEN RAISE EXCEPTION 'report_audience is sealed'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER report_audience_sealed_update BEFORE UPDATE ON report_audience FOR EACH ROW EXECUTE FUNCTION report_audience_sealed_update()",
            "CREATE FUNCTION report_audience_sealed_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM progress_report AS r WHERE r.id = OLD.report_id AND r.state <> 'draft') THEN RAISE EXCEPTION 'report_audience is sealed'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER report_audience_sealed_delete BEFORE DELETE ON report_audience FOR EACH ROW EXECUTE FUNCTION report_audience_sealed_delete()",
        ),
    }[op.get_bind().dialect.name]:
        op.execute(statement)
    for statement in {
        "sqlite": (
            "CREATE TRIGGER report_figure_sealed_insert BEFORE INSERT ON report_figure WHEN EXISTS (SELECT 1 FROM report_freeze AS f WHERE f.report_id = NEW.report_id) BEGIN SELECT RAISE(ABORT, 'report_figure is sealed'); END",
        ),
        "postgresql": (
            "CREATE FUNCTION report_figure_sealed_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM report_freeze AS f WHERE f.report_id = NEW.report_id) THEN RAISE EXCEPTION 'report_figure is sealed'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER report_figure_sealed_insert BEFORE INSERT ON report_figure FOR EACH ROW EXECUTE FUNCTION report_figure_sealed_insert()",
        ),
    }[op.get_bind().dialect.name]:
        op.execute(statement)
