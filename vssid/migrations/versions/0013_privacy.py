"""Copies of one's own data, and requests about it with their legal clocks."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")
OPEN = sa.text("status IN ('new', 'acknowledged')")


def upgrade() -> None:
    _exports()
    _requests()
    op.create_index("ix_roster_rows_ma_so_bhxh", "roster_rows", ["ma_so_bhxh"])


def _exports() -> None:
    op.create_table(
        "data_exports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('waiting', 'done', 'failed')", name=op.f("ck_data_exports_state")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_data_exports_person_id_persons")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_data_exports_account_id_accounts")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_data_exports_file_id_stored_files")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_exports")),
    )
    op.create_index(
        "ix_data_exports_waiting",
        "data_exports",
        ["person_id"],
        unique=True,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_index("ix_data_exports_person_id", "data_exports", ["person_id", "requested_at"])
    op.create_index("ix_data_exports_due", "data_exports", ["state", "requested_at"])
    op.create_index("ix_data_exports_file_id", "data_exports", ["file_id"])
    op.create_index("ix_data_exports_requested_at", "data_exports", ["requested_at"])


def _requests() -> None:
    officers = ("look_officer_id", "acknowledged_by", "extended_by", "ended_by")
    op.create_table(
        "data_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("agency_code", sa.String(5), nullable=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("about", sa.String(20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("look_id", sa.BigInteger(), nullable=True),
        sa.Column("look_officer_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("done_by", sa.Date(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Uuid(), nullable=True),
        sa.Column("extended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extended_by", sa.Uuid(), nullable=True),
        sa.Column("extended_why", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind in ('sua', 'xoa', 'han_che', 'phan_doi', 'khieu_nai_xem')", name=op.f("ck_data_requests_kind")
        ),
        sa.CheckConstraint(
            "status in ('new', 'acknowledged', 'done', 'refused', 'taken_back')", name=op.f("ck_data_requests_status")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_data_requests_person_id_persons")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_data_requests_account_id_accounts")),
        sa.ForeignKeyConstraint(["agency_code"], ["agencies.code"], name=op.f("fk_data_requests_agency_code_agencies")),
        *(
            sa.ForeignKeyConstraint([name], ["officers.id"], name=op.f(f"fk_data_requests_{name}_officers"))
            for name in officers
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_requests")),
        sa.UniqueConstraint("code", name=op.f("uq_data_requests_code")),
    )
    op.create_index(
        "ix_data_requests_open",
        "data_requests",
        ["person_id", "kind"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_data_requests_person_id", "data_requests", ["person_id"])
    op.create_index("ix_data_requests_account_id", "data_requests", ["account_id", "asked_at"])
    op.create_index("ix_data_requests_queue", "data_requests", ["agency_code", "status", "done_by"])
    op.create_index("ix_data_requests_asked_at", "data_requests", ["asked_at"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
