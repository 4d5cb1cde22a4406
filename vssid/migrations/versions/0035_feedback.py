"""Feedback (phản ánh, kiến nghị): letters, what was said, their files, what was published."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

CATEGORIES = "category in ('the', 'qua_trinh', 'che_do', 'ho_so', 'thai_do', 'ung_dung', 'doanh_nghiep', 'khac')"


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("secret_digest", sa.LargeBinary(32), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("agency_code", sa.String(5), nullable=True),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(150), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("phone", sa.String(16), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("reply_to", sa.String(10), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("may_publish", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("assigned_to", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.CheckConstraint("status in ('new', 'taken', 'asked', 'answered', 'spam')", name=op.f("ck_feedback_status")),
        sa.CheckConstraint(CATEGORIES, name=op.f("ck_feedback_category")),
        sa.CheckConstraint("reply_to in ('sms', 'email', '')", name=op.f("ck_feedback_reply_to")),
        sa.CheckConstraint("reopened between 0 and 2", name=op.f("ck_feedback_reopened")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_feedback_person_id_persons")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_feedback_account_id_accounts")),
        sa.ForeignKeyConstraint(["agency_code"], ["agencies.code"], name=op.f("fk_feedback_agency_code_agencies")),
        sa.ForeignKeyConstraint(["assigned_to"], ["officers.id"], name=op.f("fk_feedback_assigned_to_officers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("code", name=op.f("uq_feedback_code")),
    )
    op.create_index("ix_feedback_queue", "feedback", ["agency_code", "status", "due_on", "id"])
    op.create_index("ix_feedback_account_id", "feedback", ["account_id", "sent_at", "id"])
    op.create_index("ix_feedback_person_id", "feedback", ["person_id"])
    op.create_index("ix_feedback_category", "feedback", ["category", "sent_at"])
    op.create_index("ix_feedback_closed_at", "feedback", ["status", "closed_at"])
    op.create_table(
        "feedback_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind in ('words', 'more', 'reopen', 'question', 'answer', 'note', 'move')",
            name=op.f("ck_feedback_messages_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["feedback_id"], ["feedback.id"], name=op.f("fk_feedback_messages_feedback_id_feedback")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_feedback_messages_officer_id_officers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_messages")),
    )
    op.create_index("ix_feedback_messages_feedback_id", "feedback_messages", ["feedback_id", "at"])
    op.create_table(
        "feedback_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["feedback_id"], ["feedback.id"], name=op.f("fk_feedback_files_feedback_id_feedback")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_feedback_files_file_id_stored_files")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_files")),
    )
    op.create_index("ix_feedback_files_feedback_id", "feedback_files", ["feedback_id", "position"])
    op.create_index("ix_feedback_files_file_id", "feedback_files", ["file_id"])
    op.create_table(
        "published_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=True),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("agency_code", sa.String(5), nullable=True),
        sa.Column("subject", sa.String(150), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(CATEGORIES, name=op.f("ck_published_answers_category")),
        sa.ForeignKeyConstraint(
            ["feedback_id"], ["feedback.id"], name=op.f("fk_published_answers_feedback_id_feedback")
        ),
        sa.ForeignKeyConstraint(
            ["agency_code"], ["agencies.code"], name=op.f("fk_published_answers_agency_code_agencies")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["officers.id"], name=op.f("fk_published_answers_published_by_officers")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["officers.id"], name=op.f("fk_published_answers_withdrawn_by_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_answers")),
    )
    op.create_index("ix_published_answers_shown", "published_answers", ["withdrawn_at", "published_at", "id"])
    op.create_index(
        "ix_published_answers_category", "published_answers", ["withdrawn_at", "category", "published_at", "id"]
    )
    op.create_index("ix_published_answers_feedback_id", "published_answers", ["feedback_id"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
