"""Paper cards by the batch; people are found by their ward."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_persons_ward_code", "persons", ["ward_code"])
    op.create_table(
        "card_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("agency_code", sa.String(5), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("detail", sa.String(100), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("without_account", sa.Boolean(), nullable=False),
        sa.Column("list_key", sa.String(60), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("cards", sa.Integer(), nullable=False),
        sa.Column("printed", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("revoke_reason", sa.String(300), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("kind in ('roster', 'ward')", name=op.f("ck_card_batches_kind")),
        sa.CheckConstraint(
            "state in ('asked', 'agreed', 'declined', 'withdrawn', 'stopped', 'made', 'failed', 'gone', 'revoked')",
            name=op.f("ck_card_batches_state"),
        ),
        sa.CheckConstraint("decided_by <> asked_by", name=op.f("ck_card_batches_two_officers")),
        sa.CheckConstraint(
            "state not in ('agreed', 'made', 'gone', 'revoked') or decided_by is not null",
            name=op.f("ck_card_batches_agreed"),
        ),
        sa.ForeignKeyConstraint(["agency_code"], ["agencies.code"], name=op.f("fk_card_batches_agency_code_agencies")),
        sa.ForeignKeyConstraint(["asked_by"], ["officers.id"], name=op.f("fk_card_batches_asked_by_officers")),
        sa.ForeignKeyConstraint(["decided_by"], ["officers.id"], name=op.f("fk_card_batches_decided_by_officers")),
        sa.ForeignKeyConstraint(["revoked_by"], ["officers.id"], name=op.f("fk_card_batches_revoked_by_officers")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_card_batches_file_id_stored_files")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_batches")),
    )
    op.create_index("ix_card_batches_agency", "card_batches", ["agency_code", "state", "asked_at"])
    op.create_index("ix_card_batches_asked_by", "card_batches", ["asked_by", "asked_at"])
    op.create_index("ix_card_batches_state", "card_batches", ["state", "asked_at"])
    op.create_index("ix_card_batches_asked_at", "card_batches", ["asked_at", "id"])
    op.create_index("ix_card_batches_series_id", "card_batches", ["series_id", "part"])
    still_open = sa.text("state IN ('asked', 'agreed', 'made')")
    op.create_index(
        "uq_card_batches_open", "card_batches", ["list_key", "part"], unique=True, sqlite_where=still_open,
        postgresql_where=still_open,
    )  # fmt: skip
    op.create_index("ix_card_batches_file_id", "card_batches", ["file_id"])
    op.create_table(
        "card_batch_items",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("group_name", sa.String(300), nullable=False),
        sa.Column("ma_so_bhxh", sa.String(10), nullable=False),
        sa.Column("full_name", sa.String(100), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["card_batches.id"], name=op.f("fk_card_batch_items_batch_id_card_batches")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_card_batch_items_person_id_persons")),
        sa.PrimaryKeyConstraint("batch_id", "position", name=op.f("pk_card_batch_items")),
        sa.UniqueConstraint("person_id", "batch_id", name=op.f("uq_card_batch_items_person_id_batch_id")),
    )
    op.create_table(
        "card_batch_pieces",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("nth", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["card_batches.id"], name=op.f("fk_card_batch_pieces_batch_id_card_batches")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_card_batch_pieces_file_id_stored_files")
        ),
        sa.PrimaryKeyConstraint("batch_id", "nth", name=op.f("pk_card_batch_pieces")),
    )
    op.create_index("ix_card_batch_pieces_file_id", "card_batch_pieces", ["file_id"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
