"""Benefits, adjustments of pensions, names of diseases."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KINDS = "'mot_lan', 'om_dau', 'thai_san', 'duong_suc', 'tnld_bnn', 'huu_tri', 'tu_tuat', 'tro_cap_hang_thang', 'that_nghiep'"


def upgrade() -> None:
    op.create_table(
        "benefits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("decision_number", sa.String(60), nullable=False),
        sa.Column("decision_date", sa.Date(), nullable=True),
        sa.Column("from_date", sa.String(10), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("payer", sa.String(300), nullable=False),
        sa.Column("account_number", sa.String(40), nullable=False),
        sa.Column("bank", sa.String(200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"kind in ({KINDS})", name="ck_benefits_kind"),
        sa.CheckConstraint("amount > 0", name="ck_benefits_amount"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_benefits_person_id_persons"),
        sa.PrimaryKeyConstraint("id", name="pk_benefits"),
        sa.UniqueConstraint(
            "person_id", "kind", "decision_number", "from_date",
            name="uq_benefits_person_id_kind_decision_number_from_date",
        ),
    )  # fmt: skip
    op.create_table(
        "pension_adjustments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("decision_number", sa.String(60), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("old_amount", sa.BigInteger(), nullable=False),
        sa.Column("new_amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("old_amount > 0", name="ck_pension_adjustments_old_amount"),
        sa.CheckConstraint("new_amount > 0", name="ck_pension_adjustments_new_amount"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_pension_adjustments_person_id_persons"),
        sa.PrimaryKeyConstraint("id", name="pk_pension_adjustments"),
        sa.UniqueConstraint(
            "person_id", "effective_from", "decision_number",
            name="uq_pension_adjustments_person_id_effective_from_decision_number",
        ),
    )  # fmt: skip
    op.create_table(
        "icd10_codes",
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("printed", sa.String(12), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("name_en", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_icd10_codes"),
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
