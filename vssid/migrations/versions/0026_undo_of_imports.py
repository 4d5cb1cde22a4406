"""What imports have done to tables, so that the last one can be taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

STATES = "state in ('uploaded', 'staging', 'staged', 'agreed', 'done', 'refused', 'abandoned', 'failed', 'undoing', 'undone')"


def upgrade() -> None:
    op.create_table(
        "undo_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Uuid(), nullable=False),
        sa.Column("first_note", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_note", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tables", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_undo_changes"),
        sa.UniqueConstraint("name", name="uq_undo_changes_name"),
    )
    op.create_table(
        "undo_rows",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(40), nullable=False),
        sa.Column("op", sa.String(1), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_undo_rows"),
    )
    with op.batch_alter_table("import_runs") as table:
        table.add_column(sa.Column("problems", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("refusal", sa.JSON(), nullable=True))
        table.drop_constraint(op.f("ck_import_runs_state"), type_="check")
        table.create_check_constraint(op.f("ck_import_runs_state"), STATES)
    with op.batch_alter_table("import_runs") as table:
        table.alter_column("problems", server_default=None)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
