"""The bell's inbox, the notice board and services that are switched off."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

WORDS = ("words_vi", "words_en", "words_ko", "words_zh", "words_ja")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "inbox_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("topic", sa.String(10), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("href", sa.String(200), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("read_at", moment, nullable=True),
        sa.Column("expires_at", moment, nullable=False),
        sa.CheckConstraint(
            "topic in ('tai-khoan', 'the', 'kham', 'dong', 'du-lieu')", name=op.f("ck_inbox_items_topic")
        ),
        sa.CheckConstraint("href like '/%' and href not like '//%'", name=op.f("ck_inbox_items_href")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_inbox_items_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_items")),
    )
    op.create_index("ix_inbox_items_account", "inbox_items", ["account_id", "at", "id"])
    op.create_index("ix_inbox_items_topic", "inbox_items", ["account_id", "topic", "at", "id"])
    op.create_index("ix_inbox_items_expires_at", "inbox_items", ["expires_at"])
    unread = sa.text("read_at IS NULL")
    op.create_index(
        "ix_inbox_items_unread", "inbox_items", ["account_id"], sqlite_where=unread, postgresql_where=unread
    )
    op.create_table(
        "board_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("severity", sa.String(10), nullable=False),
        sa.Column("place", sa.String(10), nullable=False),
        *(sa.Column(name, sa.String(200), nullable=False) for name in WORDS),
        sa.Column("href", sa.String(200), nullable=False),
        sa.Column("begins_at", moment, nullable=False),
        sa.Column("ends_at", moment, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("severity in ('thong-tin', 'quan-trong', 'khan')", name=op.f("ck_board_items_severity")),
        sa.CheckConstraint("place in ('moi-noi', 'cong', 'dan', 'can-bo')", name=op.f("ck_board_items_place")),
        sa.CheckConstraint("words_vi <> ''", name=op.f("ck_board_items_words")),
        sa.CheckConstraint("href = '' or (href like '/%' and href not like '//%')", name=op.f("ck_board_items_href")),
        sa.CheckConstraint("begins_at <= ends_at", name=op.f("ck_board_items_span")),
        sa.ForeignKeyConstraint(["changed_by"], ["officers.id"], name=op.f("fk_board_items_changed_by_officers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_items")),
    )
    op.create_index("ix_board_items_ends_at", "board_items", ["ends_at", "id"])
    op.create_table(
        "service_stops",
        sa.Column("service", sa.String(20), nullable=False),
        *(sa.Column(name, sa.String(200), nullable=False) for name in WORDS),
        sa.Column("since", moment, nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("words_vi <> ''", name=op.f("ck_service_stops_words")),
        sa.CheckConstraint("since < until", name=op.f("ck_service_stops_span")),
        sa.ForeignKeyConstraint(["changed_by"], ["officers.id"], name=op.f("fk_service_stops_changed_by_officers")),
        sa.PrimaryKeyConstraint("service", name=op.f("pk_service_stops")),
    )
    op.create_index("ix_service_stops_until", "service_stops", ["until"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
