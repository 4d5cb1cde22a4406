"""Visits to hospitals and the lines of their costs."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def _money(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Numeric(15, 2), nullable=False)


def upgrade() -> None:
    op.create_table(
        "visits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("facility_code", sa.String(5), nullable=False),
        sa.Column("link_code", sa.String(100), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("visit_kind", sa.String(2), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("admitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("discharged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("department_code", sa.String(50), nullable=False),
        sa.Column("main_diagnosis_code", sa.String(20), nullable=False),
        sa.Column("main_diagnosis", sa.Text(), nullable=False),
        sa.Column("other_codes", sa.String(400), nullable=False),
        sa.Column("result", sa.String(1), nullable=False),
        sa.Column("discharge_kind", sa.String(1), nullable=False),
        sa.Column("patient_object", sa.String(10), nullable=False),
        *map(
            _money,
            ("total_hospital", "total_insurance", "paid_by_fund", "copay", "paid_by_patient", "other_sources"),
        ),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_year", sa.Integer(), nullable=True),
        sa.Column("settled_month", sa.Integer(), nullable=True),
        sa.Column("content_digest", sa.String(64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_visits_person_id_persons"),
        sa.PrimaryKeyConstraint("id", name="pk_visits"),
        sa.UniqueConstraint("facility_code", "link_code", name="uq_visits_facility_code_link_code"),
    )
    op.create_index("ix_visits_person", "visits", ["person_id", "year", "admitted_at", "id"])
    op.create_table(
        "visit_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(10), nullable=False),
        sa.Column("group_code", sa.String(2), nullable=False),
        sa.Column("code", sa.String(255), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(50), nullable=False),
        sa.Column("quantity", sa.Numeric(16, 3), nullable=False),
        sa.Column("price", sa.Numeric(16, 3), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=True),
        *map(_money, ("amount", "insured", "paid_by_fund", "copay", "paid_by_patient", "other_sources")),
        sa.CheckConstraint("part in ('thuoc', 'dich_vu', 'vat_tu')", name="ck_visit_lines_part"),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name="fk_visit_lines_visit_id_visits"),
        sa.PrimaryKeyConstraint("id", name="pk_visit_lines"),
        sa.UniqueConstraint("visit_id", "ordinal", name="uq_visit_lines_visit_id_ordinal"),
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
