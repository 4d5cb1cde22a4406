"""Complaints about single rows of the records: which row a request is about."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

OPEN = sa.text("status IN ('new', 'acknowledged')")
KINDS = "kind in ('sua', 'xoa', 'han_che', 'phan_doi', 'khieu_nai_xem', 'khieu_nai_dong')"


def upgrade() -> None:
    op.drop_index("ix_data_requests_open", "data_requests")
    with op.batch_alter_table("data_requests") as table:
        table.add_column(sa.Column("row_key", sa.String(60), nullable=False, server_default=""))
        table.drop_constraint(op.f("ck_data_requests_kind"), type_="check")
        table.create_check_constraint(op.f("ck_data_requests_kind"), KINDS)
    with op.batch_alter_table("data_requests") as table:
        table.alter_column("row_key", server_default=None)
    op.create_index(
        "ix_data_requests_open",
        "data_requests",
        ["person_id", "kind", "row_key"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
