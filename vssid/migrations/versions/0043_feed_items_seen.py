"""When an item stood in its feed last: what has long gone from there need not be remembered.

Revision ID: 0043
Revises: 0042
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feed_items", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_feed_items_seen_at", "feed_items", ["seen_at"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
