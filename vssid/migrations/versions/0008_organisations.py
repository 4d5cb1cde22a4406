"""Organisations, their members and their rosters."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _folded(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    _organisations()
    _members()
    _rosters()
    _uploads()
    _prints()
    op.create_index("ix_declarations_paper", "declarations", ["paper_by", "paper_at"])


def _unique_of_some(name: str, table: str, column: str, where: str) -> None:
    op.create_index(name, table, [column], unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _organisations() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("name_folded", _folded(200), nullable=False),
        sa.Column("ma_don_vi", sa.String(20), nullable=False),
        sa.Column("tax_code", sa.String(14), nullable=False),
        sa.Column("address_line", sa.String(200), nullable=False),
        sa.Column("ward_code", sa.String(5), nullable=False),
        sa.Column("province_code", sa.String(2), nullable=False),
        sa.Column("agency_code", sa.String(5), nullable=False),
        sa.Column("portal", sa.String(10), nullable=False),
        sa.Column("ivan_provider", sa.String(100), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(300), nullable=False),
        sa.CheckConstraint("kind in ('don_vi', 'truong_hoc', 'dai_ly')", name=op.f("ck_organisations_kind")),
        sa.CheckConstraint("portal in ('cong', 'ivan')", name=op.f("ck_organisations_portal")),
        sa.CheckConstraint("status in ('active', 'ended')", name=op.f("ck_organisations_status")),
        sa.ForeignKeyConstraint(["agency_code"], ["agencies.code"], name=op.f("fk_organisations_agency_code_agencies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    op.create_index("ix_organisations_agency", "organisations", ["agency_code", "name_folded", "id"])
    _unique_of_some("uq_organisations_ma_don_vi", "organisations", "ma_don_vi", "ma_don_vi <> ''")


def _members() -> None:
    op.create_table(
        "organisation_members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("full_name", sa.String(100), nullable=False),
        sa.Column("phone", sa.String(16), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=True),
        sa.Column("password_set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role in ('quan_ly', 'nhap_lieu')", name=op.f("ck_organisation_members_role")),
        sa.CheckConstraint("status in ('new', 'active', 'ended')", name=op.f("ck_organisation_members_status")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_members_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_members")),
    )
    op.create_index(
        "ix_organisation_members_organisation_id", "organisation_members", ["organisation_id", "created_at"]
    )
    _unique_of_some("uq_organisation_members_phone", "organisation_members", "phone", "status <> 'ended'")


def _rosters() -> None:
    op.create_table(
        "rosters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("title_folded", _folded(100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_rosters_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rosters")),
        sa.UniqueConstraint("organisation_id", "title_folded", name=op.f("uq_rosters_organisation_id_title_folded")),
    )
    op.create_index(op.f("ix_rosters_created_at"), "rosters", ["created_at"])
    op.create_table(
        "roster_rows",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("roster_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("ma_so_bhxh", sa.String(10), nullable=False),
        sa.Column("full_name", sa.String(100), nullable=False),
        sa.Column("name_folded", _folded(100), nullable=False),
        sa.Column("birth_date", sa.String(10), nullable=False),
        sa.Column("class_name", sa.String(40), nullable=False),
        sa.Column("class_key", _folded(200), nullable=False),
        sa.Column("guardian_ma_so", sa.String(10), nullable=False),
        sa.Column("code", sa.String(10), nullable=False),
        sa.ForeignKeyConstraint(["roster_id"], ["rosters.id"], name=op.f("fk_roster_rows_roster_id_rosters")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_rows")),
        sa.UniqueConstraint("roster_id", "ma_so_bhxh", name=op.f("uq_roster_rows_roster_id_ma_so_bhxh")),
        sa.UniqueConstraint("code", name=op.f("uq_roster_rows_code")),
    )
    op.create_index("ix_roster_rows_order", "roster_rows", ["roster_id", "class_key", "line", "id"])


def _uploads() -> None:
    op.create_table(
        "roster_uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_roster_uploads_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_roster_uploads_file_id_stored_files")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_uploads")),
    )
    for column in ("organisation_id", "file_id", "created_at"):
        op.create_index(op.f(f"ix_roster_uploads_{column}"), "roster_uploads", [column])


def _prints() -> None:
    op.create_table(
        "roster_prints",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("roster_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('waiting', 'done', 'failed')", name=op.f("ck_roster_prints_state")),
        sa.ForeignKeyConstraint(["roster_id"], ["rosters.id"], name=op.f("fk_roster_prints_roster_id_rosters")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_roster_prints_file_id_stored_files")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_prints")),
    )
    op.create_index("ix_roster_prints_roster_id", "roster_prints", ["roster_id", "requested_at"])
    op.create_index(op.f("ix_roster_prints_file_id"), "roster_prints", ["file_id"])
    op.create_index(op.f("ix_roster_prints_requested_at"), "roster_prints", ["requested_at"])
    op.create_index("ix_roster_prints_due", "roster_prints", ["state", "requested_at"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
