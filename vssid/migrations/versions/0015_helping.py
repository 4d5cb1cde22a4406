"""Helper mode: one task of an account, lent for a while."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OPEN = sa.text("status IN ('offered', 'active')")


def upgrade() -> None:
    op.create_table(
        "loans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("task", sa.String(20), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(32), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("helper_name", sa.String(100), nullable=False),
        sa.Column("helper_phone", sa.String(16), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(10), nullable=True),
        sa.CheckConstraint("task in ('the_bhyt', 'dia_chi', 'cho_con')", name="ck_loans_task"),
        sa.CheckConstraint("status in ('offered', 'active', 'ended')", name="ck_loans_status"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_loans_account_id_accounts"),
        sa.PrimaryKeyConstraint("id", name="pk_loans"),
        sa.UniqueConstraint("code_digest", name="uq_loans_code_digest"),
    )
    op.create_index("ix_loans_account_id", "loans", ["account_id", "offered_at"])
    op.create_index("ix_loans_due", "loans", ["status", "expires_at"])
    op.create_index("ix_loans_open", "loans", ["account_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
