"""Changes of accounts: form 01 for the purposes of adjusting details and of ending electronic transactions."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PENDING = sa.text("status IN ('second', 'waiting')")


def upgrade() -> None:
    op.create_table(
        "change_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(10), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("lost", sa.Boolean(), nullable=False),
        sa.Column("proofs", sa.String(60), nullable=False),
        sa.Column("phone", sa.String(16), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("province_code", sa.String(2), nullable=False),
        sa.Column("ward_code", sa.String(5), nullable=False),
        sa.Column("address_line", sa.String(300), nullable=False),
        sa.Column("address_given", sa.String(200), nullable=False),
        sa.Column("contact_name", sa.String(100), nullable=False),
        sa.Column("agency_code", sa.String(5), nullable=True),
        sa.Column("id_shown", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_digest", sa.LargeBinary(32), nullable=True),
        sa.CheckConstraint("item in ('phone', 'email', 'address', 'stop')", name=op.f("ck_change_requests_item")),
        sa.CheckConstraint("channel in ('online', 'counter')", name=op.f("ck_change_requests_channel")),
        sa.CheckConstraint(
            "status in ('asked', 'second', 'waiting', 'done', 'cancelled', 'refused')",
            name=op.f("ck_change_requests_status"),
        ),
        sa.CheckConstraint(
            "confirmed_by is null or confirmed_by <> asked_by", name=op.f("ck_change_requests_two_officers")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_change_requests_account_id_accounts")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_change_requests_person_id_persons")),
        sa.ForeignKeyConstraint(
            ["agency_code"], ["agencies.code"], name=op.f("fk_change_requests_agency_code_agencies")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["officers.id"], name=op.f("fk_change_requests_asked_by_officers")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["officers.id"], name=op.f("fk_change_requests_confirmed_by_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_requests")),
        sa.UniqueConstraint("code", name=op.f("uq_change_requests_code")),
        sa.UniqueConstraint("cancel_digest", name=op.f("uq_change_requests_cancel_digest")),
    )
    op.create_index(
        "ix_change_requests_pending",
        "change_requests",
        ["account_id"],
        unique=True,
        sqlite_where=PENDING,
        postgresql_where=PENDING,
    )
    for name, columns in (
        ("account_id", ["account_id", "asked_at"]),
        ("queue", ["agency_code", "status", "asked_at"]),
        ("due", ["status", "effective_at"]),
        ("asked", ["status", "asked_at"]),
        ("person_id", ["person_id", "item", "status"]),
    ):
        op.create_index(f"ix_change_requests_{name}", "change_requests", columns)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
