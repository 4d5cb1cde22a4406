"""Questions to which the assistant had no answer.

Revision ID: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "assistant_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", moment, nullable=False),
        sa.Column("last_at", moment, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("state in ('open', 'answered', 'ignored')", name=op.f("ck_assistant_questions_state")),
        sa.CheckConstraint("language in ('vi', 'en', 'ko', 'zh', 'ja')", name=op.f("ck_assistant_questions_language")),
        sa.CheckConstraint("times > 0", name=op.f("ck_assistant_questions_times")),
        sa.CheckConstraint("last_at >= first_at", name=op.f("ck_assistant_questions_moments")),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_assistant_questions_article_id_articles"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistant_questions")),
        sa.UniqueConstraint("digest", name=op.f("uq_assistant_questions_digest")),
    )
    op.create_index("ix_assistant_questions_queue", "assistant_questions", ["state", "times", "id"])
    op.create_index("ix_assistant_questions_times", "assistant_questions", ["times", "last_at"])
    op.create_index("ix_assistant_questions_last_at", "assistant_questions", ["last_at"])
    op.create_index("ix_assistant_questions_article_id", "assistant_questions", ["article_id"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
