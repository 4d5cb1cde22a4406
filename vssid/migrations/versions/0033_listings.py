"""Employers and collection points, and one searchable list of all that has a look-up of its own."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

FTS = """
CREATE VIRTUAL TABLE listing_fts USING fts5(
  words, content='listings', content_rowid='id', tokenize='ascii', detail='none', columnsize=0, prefix='2 3'
)
"""
ADD = "INSERT INTO listing_fts(rowid, words) VALUES (new.id, new.words);"
DROP = "INSERT INTO listing_fts(listing_fts, rowid, words) VALUES ('delete', old.id, old.words);"


def upgrade() -> None:
    def folded(length: int) -> Any:
        return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")

    op.create_table(
        "employers",
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("agency_code", sa.String(5), nullable=False),
        sa.Column("status", sa.String(60), nullable=False),
        sa.Column("months_late", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_employers")),
    )
    op.create_table(
        "collection_points",
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("province_code", sa.String(2), nullable=False),
        sa.Column("ward_code", sa.String(5), nullable=False),
        sa.Column("hours", sa.String(200), nullable=False),
        sa.CheckConstraint("kind in ('diem_thu', 'dai_ly', '')", name=op.f("ck_collection_points_kind")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_collection_points")),
    )
    op.create_table(
        "listings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("folded", folded(400), nullable=False),
        sa.Column("bare", folded(400), nullable=False),
        sa.Column("words", folded(900), nullable=False),
        sa.Column("province_code", sa.String(2), nullable=False),
        sa.Column("ward_code", sa.String(5), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("kind in ('co-quan', 'kham', 'nghi', 'don-vi', 'diem-thu')", name=op.f("ck_listings_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listings")),
        sa.UniqueConstraint("kind", "code", name=op.f("uq_listings_kind_code")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_listings_bare", "listings", ["kind", "bare", "code", "valid_to"])
    op.create_table(
        "listing_words",
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("word", folded(40), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "word", name=op.f("pk_listing_words")),
    )
    op.create_index("ix_listing_words_length", "listing_words", ["kind", "length", "word"])
    op.create_table(
        "listing_states",
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_listing_states")),
    )
    # What was imported before gets its entries at the next beat of `flask work`.
    op.execute(
        "INSERT INTO listing_states (kind, stale, entries) SELECT 'co-quan', true, 0 WHERE EXISTS (SELECT 1 FROM agencies)"
    )
    op.execute(
        "INSERT INTO listing_states (kind, stale, entries) SELECT kind, true, 0 FROM (SELECT 'kham' AS kind UNION SELECT 'nghi') AS lists"
        " WHERE EXISTS (SELECT 1 FROM facilities)"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        op.execute("CREATE INDEX ix_listings_words ON listings USING gin (words gin_trgm_ops)")
        return
    op.execute(FTS)
    op.execute(f"CREATE TRIGGER listings_added AFTER INSERT ON listings BEGIN {ADD} END")
    op.execute(f"CREATE TRIGGER listings_dropped AFTER DELETE ON listings BEGIN {DROP} END")
    op.execute(f"CREATE TRIGGER listings_changed AFTER UPDATE ON listings BEGIN {DROP} {ADD} END")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
