"""Messages are known again by their words; an account has a phrase of its own that its messages begin with."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    said = sa.text("text_digest IS NOT NULL")
    op.add_column("outbox", sa.Column("text_digest", sa.LargeBinary(32), nullable=True))
    op.create_index("ix_outbox_said", "outbox", ["text_digest", "sent_at"], sqlite_where=said, postgresql_where=said)
    op.create_index("ix_outbox_said_until", "outbox", ["created_at"], sqlite_where=said, postgresql_where=said)
    op.add_column("accounts", sa.Column("own_phrase", sa.LargeBinary(100), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
