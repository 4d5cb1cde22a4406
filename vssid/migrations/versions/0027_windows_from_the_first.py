"""Windows of limits begin with the first thing counted: one row for each."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Counts last a day at most; they begin anew.
    op.drop_table("limit_counters")
    op.create_table(
        "limit_counters",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("window_end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_limit_counters"),
    )
    op.create_index("ix_limit_counters_window_end", "limit_counters", ["window_end"])
