"""Words of articles, to search by. Those that there are get theirs when the database is prepared."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

FTS = """
CREATE VIRTUAL TABLE article_fts USING fts5(
  heads, words, content='article_words', content_rowid='id', tokenize='ascii', detail='column', columnsize=0, prefix='2 3'
)
"""
ADD = "INSERT INTO article_fts(rowid, heads, words) VALUES (new.id, new.heads, new.words);"
DROP = "INSERT INTO article_fts(article_fts, rowid, heads, words) VALUES ('delete', old.id, old.heads, old.words);"


def upgrade() -> None:
    op.create_table(
        "article_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("heads", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_words_article_id_articles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_words")),
        sa.UniqueConstraint("article_id", "language", name=op.f("uq_article_words_article_id_language")),
        sqlite_autoincrement=True,
    )
    op.drop_column("article_texts", "words")
    if op.get_bind().dialect.name == "postgresql":
        for name in ("heads", "words"):
            op.execute(f"CREATE INDEX ix_article_words_{name} ON article_words USING gin ({name} gin_trgm_ops)")
        return
    op.execute(FTS)
    op.execute(f"CREATE TRIGGER article_words_added AFTER INSERT ON article_words BEGIN {ADD} END")
    op.execute(f"CREATE TRIGGER article_words_dropped AFTER DELETE ON article_words BEGIN {DROP} END")
    op.execute(f"CREATE TRIGGER article_words_changed AFTER UPDATE ON article_words BEGIN {DROP} {ADD} END")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
