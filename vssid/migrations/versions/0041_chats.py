"""Chats with an officer: who waits, what was said, whose desk is open."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TOPICS = "topic in ('the', 'qua_trinh', 'che_do', 'ho_so', 'thai_do', 'ung_dung', 'doanh_nghiep', 'khac')"


def upgrade() -> None:
    op.create_table(
        "chats",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("nonce", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("key_digest", sa.LargeBinary(32), nullable=True),
        sa.Column("topic", sa.String(20), nullable=False),
        sa.Column("contact", sa.String(254), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("shows_name", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("officer_id", sa.Uuid(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("silent_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(10), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=True),
        sa.Column("receipt", sa.LargeBinary(), nullable=True),
        sa.Column("useful", sa.Boolean(), nullable=True),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("status in ('waiting', 'open', 'ended', 'letter')", name=op.f("ck_chats_status")),
        sa.CheckConstraint(TOPICS, name=op.f("ck_chats_topic")),
        sa.CheckConstraint("ended_by in ('citizen', 'officer', 'silence', '')", name=op.f("ck_chats_ended_by")),
        sa.CheckConstraint("messages between 0 and 200", name=op.f("ck_chats_messages")),
        sa.CheckConstraint("(account_id is null) <> (key_digest is null)", name=op.f("ck_chats_whose")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_chats_account_id_accounts")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_chats_person_id_persons")),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_chats_officer_id_officers")),
        # A letter put aside as spam is dropped long before the chat.
        sa.ForeignKeyConstraint(
            ["feedback_id"], ["feedback.id"], name=op.f("fk_chats_feedback_id_feedback"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chats")),
        sa.UniqueConstraint("nonce", name=op.f("uq_chats_nonce")),
        sa.UniqueConstraint("key_digest", name=op.f("uq_chats_key_digest")),
    )
    op.create_index("ix_chats_queue", "chats", ["status", "opened_at", "id"])
    op.create_index("ix_chats_account_id", "chats", ["account_id", "opened_at", "id"])
    op.create_index("ix_chats_person_id", "chats", ["person_id"])
    op.create_index("ix_chats_officer_id", "chats", ["officer_id", "status"])
    op.create_index("ix_chats_taken_at", "chats", ["taken_at"])
    op.create_index("ix_chats_ended_at", "chats", ["ended_at"])
    op.create_index("ix_chats_feedback_id", "chats", ["feedback_id"])
    op.create_table(
        "chat_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("chat_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(10), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("side in ('citizen', 'officer')", name=op.f("ck_chat_messages_side")),
        sa.CheckConstraint("number between 1 and 200", name=op.f("ck_chat_messages_number")),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_chat_messages_chat_id_chats")),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_chat_messages_officer_id_officers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_messages")),
        sa.UniqueConstraint("chat_id", "number", name=op.f("uq_chat_messages_chat_id_number")),
        sa.UniqueConstraint("chat_id", "nonce", name=op.f("uq_chat_messages_chat_id_nonce")),
    )
    op.create_table(
        "chat_desks",
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_chat_desks_officer_id_officers")),
        sa.PrimaryKeyConstraint("officer_id", name=op.f("pk_chat_desks")),
    )
    op.create_index("ix_chat_desks_seen_at", "chat_desks", ["seen_at"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
