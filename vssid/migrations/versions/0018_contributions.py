"""What was paid into the four funds, month by month."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contributions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("fund", sa.String(4), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("from_month", sa.Date(), nullable=False),
        sa.Column("to_month", sa.Date(), nullable=False),
        sa.Column("employer_code", sa.String(20), nullable=False),
        sa.Column("employer_name", sa.String(200), nullable=False),
        sa.Column("employer_key", sa.String(60), nullable=False),
        sa.Column("job", sa.String(200), nullable=False),
        sa.Column("workplace", sa.String(300), nullable=False),
        sa.Column("salary", sa.Numeric(14, 2), nullable=True),
        sa.Column("coefficient", sa.Numeric(7, 3), nullable=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("fund in ('BHXH', 'BHTN', 'TNLD', 'BHYT')", name="ck_contributions_fund"),
        sa.CheckConstraint("kind in ('bat_buoc', 'tu_nguyen')", name="ck_contributions_kind"),
        sa.CheckConstraint("status in ('da_dong', 'cham_dong', 'no_dong')", name="ck_contributions_status"),
        sa.CheckConstraint("from_month <= to_month", name="ck_contributions_months"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_contributions_person_id_persons"),
        sa.PrimaryKeyConstraint("id", name="pk_contributions"),
        sa.UniqueConstraint(
            "person_id",
            "fund",
            "kind",
            "from_month",
            "employer_key",
            name="uq_contributions_person_id_fund_kind_from_month_employer_key",
        ),
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
