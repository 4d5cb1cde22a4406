"""Runs of imports that officers begin: the file, who sent it, how far it has been read, and whose work it is."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

STATES = "state in ('uploaded', 'staging', 'staged', 'agreed', 'done', 'refused', 'abandoned', 'failed')"


def upgrade() -> None:
    with op.batch_alter_table("import_runs") as table:
        table.add_column(sa.Column("asked_by", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("file_name", sa.String(200), nullable=False, server_default=""))
        table.add_column(sa.Column("file_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("errors_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("total_bytes", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("read_bytes", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("words", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("sample", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("lease", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True))
        table.create_foreign_key(op.f("fk_import_runs_asked_by_officers"), "officers", ["asked_by"], ["id"])
        for name in ("file_id", "errors_id"):
            table.create_foreign_key(op.f(f"fk_import_runs_{name}_stored_files"), "stored_files", [name], ["id"])
        table.drop_constraint(op.f("ck_import_runs_state"), type_="check")
        table.create_check_constraint(op.f("ck_import_runs_state"), STATES)
    with op.batch_alter_table("import_runs") as table:
        for name in ("file_name", "total_bytes", "read_bytes", "words", "sample", "attempts"):
            table.alter_column(name, server_default=None)
    for name in ("file_id", "errors_id", "started_at"):
        op.create_index(f"ix_import_runs_{name}", "import_runs", [name])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
