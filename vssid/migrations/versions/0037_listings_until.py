"""Lists: an entry without an end has a far day instead of none, so that the beginning of a name is one range of an index.

Revision ID: 0037
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("listings", sa.Column("until", sa.Date(), nullable=False, server_default="9999-12-31"))
    op.execute("UPDATE listings SET until = valid_to WHERE valid_to IS NOT NULL")
    op.drop_index("ix_listings_bare", "listings")
    op.drop_column("listings", "valid_to")
    op.create_index("ix_listings_bare", "listings", ["kind", "bare", "code", "until"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
