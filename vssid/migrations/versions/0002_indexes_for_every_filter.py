"""An index for every filter; text that is searched sorts by its letters alone on both databases."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FOLDED = (("admin_units", "folded", 80), ("agencies", "folded", 200), ("facilities", "folded", 300))


def upgrade() -> None:
    op.drop_index("ix_outbox_due", "outbox")
    op.create_index("ix_outbox_due", "outbox", ["state", "channel", sa.text("(expires_at IS NULL)"), "due_at"])
    _create_partial("ix_outbox_lease", "outbox", "lease", "lease IS NOT NULL")
    op.drop_index("ix_persons_merged_into_id", "persons")
    _create_partial("ix_persons_merged_into_id", "persons", "merged_into_id", "merged_into_id IS NOT NULL")
    _create_partial("ix_persons_portrait_file_id", "persons", "portrait_file_id", "portrait_file_id IS NOT NULL")
    op.create_index("ix_declaration_photos_file_id", "declaration_photos", ["file_id"])
    op.create_index("ix_declaration_photos_preview_id", "declaration_photos", ["preview_id"])
    op.create_index("ix_import_runs_state", "import_runs", ["state", "started_at"])
    op.add_column("declarations", sa.Column("photos_removed_at", sa.DateTime(timezone=True), nullable=True))
    _create_partial("ix_declarations_photos_due", "declarations", "decided_at", "photos_removed_at IS NULL")
    if op.get_bind().dialect.name == "postgresql":
        for table, column, length in (*FOLDED, ("persons", "name_folded", 100)):
            op.alter_column(table, column, type_=sa.String(length, collation="C"))


def _create_partial(name: str, table: str, column: str, where: str) -> None:
    op.create_index(name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
