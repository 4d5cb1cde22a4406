"""What an administrator wants for an officer's access, until a second one has agreed."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ASKED = sa.text("status = 'asked'")


def upgrade() -> None:
    op.create_table(
        "officer_grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("agency_code", sa.String(5), nullable=False),
        sa.Column("ma_so_bhxh", sa.String(10), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('add', 'change', 'renew')", name="ck_officer_grants_kind"),
        sa.CheckConstraint("status in ('asked', 'done', 'cancelled')", name="ck_officer_grants_status"),
        sa.CheckConstraint("status <> 'done' or decided_by <> asked_by", name="ck_officer_grants_two_officers"),
        sa.ForeignKeyConstraint(["agency_code"], ["agencies.code"], name="fk_officer_grants_agency_code_agencies"),
        sa.ForeignKeyConstraint(["asked_by"], ["officers.id"], name="fk_officer_grants_asked_by_officers"),
        sa.ForeignKeyConstraint(["decided_by"], ["officers.id"], name="fk_officer_grants_decided_by_officers"),
        sa.PrimaryKeyConstraint("id", name="pk_officer_grants"),
    )
    op.create_index("ix_officer_grants_status", "officer_grants", ["status", "asked_at"])
    # One wish an officer at a time: two of them would overwrite each other.
    op.create_index(
        "ix_officer_grants_asked", "officer_grants", ["code"], unique=True, sqlite_where=ASKED, postgresql_where=ASKED
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
