"""Form 01 issued to be signed digitally, and who signed it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signed_forms",
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("issued_file_id", sa.Uuid(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.String(64), nullable=False),
        sa.Column("signed_file_id", sa.Uuid(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signer_name", sa.String(200), nullable=False),
        sa.Column("issuer_name", sa.String(200), nullable=False),
        sa.Column("serial", sa.String(64), nullable=False),
        sa.Column("revocation", sa.String(10), nullable=False),
        sa.Column("name_marks", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["declarations.id"], name=op.f("fk_signed_forms_declaration_id_declarations")
        ),
        sa.ForeignKeyConstraint(
            ["issued_file_id"], ["stored_files.id"], name=op.f("fk_signed_forms_issued_file_id_stored_files")
        ),
        sa.ForeignKeyConstraint(
            ["signed_file_id"], ["stored_files.id"], name=op.f("fk_signed_forms_signed_file_id_stored_files")
        ),
        sa.PrimaryKeyConstraint("declaration_id", name=op.f("pk_signed_forms")),
    )
    for column in ("issued_file_id", "signed_file_id"):
        op.create_index(op.f(f"ix_signed_forms_{column}"), "signed_forms", [column])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
