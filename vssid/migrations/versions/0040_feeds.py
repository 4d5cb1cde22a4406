"""Feeds of other sites, and which of their items became which article.

Revision ID: 0040
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "feeds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("topic", sa.String(20), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("tried_at", MOMENT, nullable=True),
        sa.Column("ok_at", MOMENT, nullable=True),
        sa.Column("problem", sa.String(20), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("etag", sa.String(300), nullable=False),
        sa.Column("last_modified", sa.String(300), nullable=False),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.CheckConstraint("state in ('new', 'tried', 'active', 'paused')", name=op.f("ck_feeds_state")),
        sa.CheckConstraint("kind in ('news', 'video')", name=op.f("ck_feeds_kind")),
        sa.ForeignKeyConstraint(["added_by"], ["officers.id"], name=op.f("fk_feeds_added_by_officers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("url", name=op.f("uq_feeds_url")),
    )
    op.create_index("ix_feeds_due", "feeds", ["state", "due_at"])
    op.create_index("ix_feeds_added_by", "feeds", ["added_by"])
    op.create_table(
        "feed_items",
        sa.Column("feed_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("link", sa.String(64), nullable=False),
        sa.Column("content", sa.String(64), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feeds.id"], name=op.f("fk_feed_items_feed_id_feeds"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_feed_items_article_id_articles"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("feed_id", "digest", name=op.f("pk_feed_items")),
        sa.UniqueConstraint("link", name=op.f("uq_feed_items_link")),
    )
    op.create_index("ix_feed_items_article_id", "feed_items", ["article_id"])
    op.create_index("ix_articles_origin", "articles", ["origin", "pinned", "publish_at", "id"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
