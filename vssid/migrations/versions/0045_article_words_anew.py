"""The words of articles are written out anew, when the database is prepared: another shortened form is known.

Revision ID: 0045
Revises: 0044
"""

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM article_words")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
