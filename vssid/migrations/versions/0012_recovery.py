"""Recovery: requests that wait, trusted relatives; children's accounts are found by the phone of a guardian without one."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

HAS_CONTACT = sa.text("contact_phone IS NOT NULL")
WAITS = sa.text("effective_at IS NOT NULL AND ended_at IS NULL")
NAMED = sa.text("status <> 'ended'")


def upgrade() -> None:
    op.create_index(
        "ix_accounts_contact_phone",
        "accounts",
        ["contact_phone"],
        sqlite_where=HAS_CONTACT,
        postgresql_where=HAS_CONTACT,
    )
    _requests()
    _relatives()


def _requests() -> None:
    op.create_table(
        "recovery_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("code_digest", sa.LargeBinary(32), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("way", sa.String(10), nullable=True),
        sa.Column("password_hash", sa.String(200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("relative_id", sa.Uuid(), nullable=True),
        sa.Column("agency_code", sa.String(5), nullable=True),
        sa.Column("id_shown", sa.String(20), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stop_digest", sa.LargeBinary(32), nullable=True),
        sa.CheckConstraint(
            "status in ('asked', 'second', 'waiting', 'done', 'cancelled', 'refused', 'expired')",
            name=op.f("ck_recovery_requests_status"),
        ),
        sa.CheckConstraint("way in ('email', 'relative', 'counter')", name=op.f("ck_recovery_requests_way")),
        sa.CheckConstraint(
            "confirmed_by is null or (asked_by is not null and confirmed_by <> asked_by)",
            name=op.f("ck_recovery_requests_two_officers"),
        ),
        sa.CheckConstraint(
            "way <> 'counter' or status <> 'waiting' or confirmed_by is not null",
            name=op.f("ck_recovery_requests_counter_needs_two"),
        ),
        sa.CheckConstraint(
            "status <> 'waiting' or (account_id is not null and effective_at is not null and ended_at is null)",
            name=op.f("ck_recovery_requests_waits_for"),
        ),
        sa.CheckConstraint(
            "ended_at is null or (password_hash is null and stop_digest is null)",
            name=op.f("ck_recovery_requests_ends_clean"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_recovery_requests_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["relative_id"], ["accounts.id"], name=op.f("fk_recovery_requests_relative_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["agency_code"], ["agencies.code"], name=op.f("fk_recovery_requests_agency_code_agencies")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["officers.id"], name=op.f("fk_recovery_requests_asked_by_officers")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["officers.id"], name=op.f("fk_recovery_requests_confirmed_by_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_requests")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_recovery_requests_code_digest")),
        sa.UniqueConstraint("stop_digest", name=op.f("uq_recovery_requests_stop_digest")),
    )
    op.create_index(
        "ix_recovery_requests_waiting",
        "recovery_requests",
        ["account_id"],
        unique=True,
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )
    for name, columns in (
        ("account_id", ["account_id"]),
        ("queue", ["agency_code", "status", "created_at"]),
        ("due", ["status", "effective_at"]),
        ("remind", ["status", "remind_at"]),
        ("expires", ["status", "expires_at"]),
        ("ended_at", ["ended_at"]),
    ):
        op.create_index(f"ix_recovery_requests_{name}", "recovery_requests", columns)


def _relatives() -> None:
    op.create_table(
        "trusted_relatives",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("relative_id", sa.Uuid(), nullable=True),
        sa.Column("typed", sa.String(20), nullable=False),
        sa.Column("typed_digest", sa.LargeBinary(32), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status in ('asked', 'accepted', 'ended')", name=op.f("ck_trusted_relatives_status")),
        sa.CheckConstraint(
            "relative_id is null or relative_id <> account_id", name=op.f("ck_trusted_relatives_another")
        ),
        sa.CheckConstraint(
            "status <> 'accepted' or (relative_id is not null and counts_from is not null)",
            name=op.f("ck_trusted_relatives_accepted"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_trusted_relatives_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["relative_id"], ["accounts.id"], name=op.f("fk_trusted_relatives_relative_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trusted_relatives")),
    )
    op.create_index(
        "ix_trusted_relatives_pair",
        "trusted_relatives",
        ["account_id", "relative_id"],
        unique=True,
        sqlite_where=NAMED,
        postgresql_where=NAMED,
    )
    for name, columns in (
        ("account_id", ["account_id", "status", "asked_at"]),
        ("relative_id", ["relative_id", "status", "asked_at"]),
        ("asked", ["status", "asked_at"]),
        ("ended_at", ["ended_at"]),
    ):
        op.create_index(f"ix_trusted_relatives_{name}", "trusted_relatives", columns)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
