"""Articles: what editors write for everybody, in five languages, with pictures, video and documents."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

COVER = sa.text("is_cover")
LANGUAGES = "language in ('vi', 'en', 'ko', 'zh', 'ja')"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _articles()
    _texts()
    _pictures()


def _articles() -> None:
    op.create_table(
        "articles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("topic", sa.String(20), nullable=False),
        sa.Column("origin", sa.String(8), nullable=False),
        sa.Column("source_name", sa.String(200), nullable=False),
        sa.Column("source_url", sa.String(500), nullable=False),
        sa.Column("shipped_key", sa.String(100), nullable=True),
        sa.Column("shipped_digest", sa.String(64), nullable=False),
        sa.Column("touched", sa.Boolean(), nullable=False),
        sa.Column("original_changed", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("publish_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_because", sa.String(300), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("video_url", sa.String(500), nullable=False),
        sa.Column("next_topic", sa.String(20), nullable=True),
        sa.Column("next_video_url", sa.String(500), nullable=True),
        sa.Column("video_file_id", sa.Uuid(), nullable=True),
        sa.Column("attachment_id", sa.Uuid(), nullable=True),
        sa.Column("attachment_name", sa.String(120), nullable=False),
        sa.CheckConstraint(
            "kind in ('news', 'video', 'policy', 'guide', 'document', 'faq', 'page')", name=op.f("ck_articles_kind")
        ),
        sa.CheckConstraint("origin in ('desk', 'shipped', 'feed')", name=op.f("ck_articles_origin")),
        sa.CheckConstraint("state in ('draft', 'published', 'withdrawn')", name=op.f("ck_articles_state")),
        sa.CheckConstraint("state = 'draft' or publish_at is not null", name=op.f("ck_articles_published")),
        sa.CheckConstraint("expires_at is null or expires_at > publish_at", name=op.f("ck_articles_moments")),
        sa.ForeignKeyConstraint(["changed_by"], ["officers.id"], name=op.f("fk_articles_changed_by_officers")),
        sa.ForeignKeyConstraint(
            ["video_file_id"], ["stored_files.id"], name=op.f("fk_articles_video_file_id_stored_files")
        ),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["stored_files.id"], name=op.f("fk_articles_attachment_id_stored_files")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("slug", name=op.f("uq_articles_slug")),
        sa.UniqueConstraint("shipped_key", name=op.f("uq_articles_shipped_key")),
    )
    op.create_index("ix_articles_shown", "articles", ["kind", "state", "pinned", "publish_at", "id"])
    op.create_index("ix_articles_topic", "articles", ["kind", "topic", "state", "pinned", "publish_at", "id"])
    op.create_index("ix_articles_changed_at", "articles", ["changed_at", "id"])
    op.create_index("ix_articles_kind", "articles", ["kind", "changed_at", "id"])
    op.create_index("ix_articles_state", "articles", ["state", "changed_at"])
    for column in ("changed_by", "video_file_id", "attachment_id"):
        op.create_index(f"ix_articles_{column}", "articles", [column])


def _texts() -> None:
    op.create_table(
        "article_texts",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("lead", sa.String(400), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("source_changed_at", MOMENT, nullable=True),
        sa.CheckConstraint(LANGUAGES, name=op.f("ck_article_texts_language")),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_texts_article_id_articles")),
        sa.PrimaryKeyConstraint("article_id", "language", name=op.f("pk_article_texts")),
    )
    op.create_table(
        "article_drafts",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("lead", sa.String(400), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("saved_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(LANGUAGES, name=op.f("ck_article_drafts_language")),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_drafts_article_id_articles")),
        sa.ForeignKeyConstraint(["saved_by"], ["officers.id"], name=op.f("fk_article_drafts_saved_by_officers")),
        sa.PrimaryKeyConstraint("article_id", "language", name=op.f("pk_article_drafts")),
    )
    op.create_index("ix_article_drafts_saved_by", "article_drafts", ["saved_by"])


def _pictures() -> None:
    op.create_table(
        "article_pictures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("alt", sa.String(300), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("large_id", sa.Uuid(), nullable=False),
        sa.Column("small_id", sa.Uuid(), nullable=False),
        sa.Column("is_cover", sa.Boolean(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_pictures_article_id_articles")),
        sa.ForeignKeyConstraint(
            ["large_id"], ["stored_files.id"], name=op.f("fk_article_pictures_large_id_stored_files")
        ),
        sa.ForeignKeyConstraint(
            ["small_id"], ["stored_files.id"], name=op.f("fk_article_pictures_small_id_stored_files")
        ),
        sa.ForeignKeyConstraint(["added_by"], ["officers.id"], name=op.f("fk_article_pictures_added_by_officers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_pictures")),
        sa.UniqueConstraint("large_id", name=op.f("uq_article_pictures_large_id")),
        sa.UniqueConstraint("small_id", name=op.f("uq_article_pictures_small_id")),
    )
    op.create_index("ix_article_pictures_article_id", "article_pictures", ["article_id", "added_at"])
    op.create_index("ix_article_pictures_added_by", "article_pictures", ["added_by"])
    op.create_index(
        "uq_article_pictures_cover", "article_pictures", ["article_id"], unique=True,
        sqlite_where=COVER, postgresql_where=COVER,
    )  # fmt: skip


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
