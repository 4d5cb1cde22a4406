"""Who was told of months that an employer has not paid, how far the daily walk has come, and which addresses are proven."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

WATCHED = sa.text("fund = 'BHXH' AND kind = 'bat_buoc'")


def upgrade() -> None:
    op.add_column("accounts", sa.Column("email_proven_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_contributions_to_month", "contributions", ["to_month"], sqlite_where=WATCHED, postgresql_where=WATCHED
    )
    op.create_table(
        "employer_notices",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("employer_key", sa.String(60), nullable=False),
        sa.Column("first_month", sa.Date(), nullable=False),
        sa.Column("last_month", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_employer_notices_person_id_persons")),
        sa.PrimaryKeyConstraint("person_id", "employer_key", "first_month", name=op.f("pk_employer_notices")),
    )
    op.create_table(
        "employer_watch",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("horizon", sa.Date(), nullable=False),
        sa.Column("position", sa.Uuid(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer_watch")),
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
