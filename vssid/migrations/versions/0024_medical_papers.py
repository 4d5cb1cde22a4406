"""Papers of TT 56/2017 that hospitals have sent."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "medical_papers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(4), nullable=False),
        sa.Column("facility_code", sa.String(5), nullable=False),
        sa.Column("link_code", sa.String(100), nullable=False),
        sa.Column("number", sa.String(420), nullable=False),
        sa.Column("number_kind", sa.String(10), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("diagnosis", sa.Text(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=True),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("content_digest", sa.String(64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('ct03', 'ct04', 'ct05', 'ct06', 'ct07')", name="ck_medical_papers_kind"),
        sa.CheckConstraint(
            "number_kind in ('so_seri', 'so_ct', 'so', 'so_luu_tru', 'ma_lk')", name="ck_medical_papers_number_kind"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_medical_papers_person_id_persons"),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name="fk_medical_papers_visit_id_visits"),
        sa.PrimaryKeyConstraint("id", name="pk_medical_papers"),
        sa.UniqueConstraint("facility_code", "kind", "number", name="uq_medical_papers_facility_code_kind_number"),
    )
    op.create_index("ix_medical_papers_person", "medical_papers", ["person_id", "year", "dated_on", "id"])
    op.create_index("ix_medical_papers_visit_id", "medical_papers", ["visit_id"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
