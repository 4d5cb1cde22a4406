"""The entries of one list in the order of their numbers: PostgreSQL would walk through a million others to a short list's.

Revision ID: 0044
Revises: 0043
"""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_listings_kind", "listings", ["kind", "id"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
