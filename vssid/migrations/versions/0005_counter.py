"""Declarations that were taken down at the counter, and the backup codes on their sheets."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PARTIAL = (
    ("ix_declarations_counter_by", ["counter_by"], sa.text("counter_by IS NOT NULL")),
    (
        "ix_declarations_at_counter",
        ["counter_by", "sent_at"],
        sa.text("counter_by IS NOT NULL AND decided_at IS NULL"),
    ),
)


def upgrade() -> None:
    with op.batch_alter_table("declarations") as batch:
        batch.add_column(sa.Column("counter_by", sa.Uuid(), nullable=True))
        batch.create_foreign_key(op.f("fk_declarations_counter_by_officers"), "officers", ["counter_by"], ["id"])
    for name, columns, where in PARTIAL:
        op.create_index(name, "declarations", columns, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "backup_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("salt", sa.LargeBinary(16), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_backup_codes_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_codes")),
    )
    op.create_index(op.f("ix_backup_codes_account_id"), "backup_codes", ["account_id"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
