"""Wishes for files with many declarations, and the order in which those are read."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "declaration_exports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("agency_code", sa.String(5), nullable=False),
        sa.Column("agencies", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state in ('asked', 'agreed', 'declined', 'withdrawn', 'made', 'failed', 'gone')",
            name="ck_declaration_exports_state",
        ),
        sa.CheckConstraint("decided_by <> asked_by", name="ck_declaration_exports_two_officers"),
        sa.CheckConstraint(
            "state not in ('agreed', 'made', 'gone') or decided_by is not null", name="ck_declaration_exports_agreed"
        ),
        sa.ForeignKeyConstraint(["agency_code"], ["agencies.code"], name="fk_declaration_exports_agency_code_agencies"),
        sa.ForeignKeyConstraint(["asked_by"], ["officers.id"], name="fk_declaration_exports_asked_by_officers"),
        sa.ForeignKeyConstraint(["decided_by"], ["officers.id"], name="fk_declaration_exports_decided_by_officers"),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name="fk_declaration_exports_file_id_stored_files"),
        sa.PrimaryKeyConstraint("id", name="pk_declaration_exports"),
    )
    for name, columns in (
        ("agency", ["agency_code", "state", "asked_at"]),
        ("asked_by", ["asked_by", "asked_at"]),
        ("state", ["state", "asked_at"]),
        ("made", ["state", "done_at"]),
        ("asked_at", ["asked_at"]),
        ("file_id", ["file_id"]),
    ):
        op.create_index(f"ix_declaration_exports_{name}", "declaration_exports", columns)
    op.create_index("ix_declarations_sent", "declarations", ["agency_code", "sent_at", "id"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
