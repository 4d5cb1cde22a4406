"""Health facilities register, their members check cards, and every check is kept for its person to see."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

OF_FACILITY = sa.text("facility_code <> '' AND status <> 'ended'")


def upgrade() -> None:
    with op.batch_alter_table("organisations") as table:
        table.add_column(sa.Column("facility_code", sa.String(5), nullable=False, server_default=""))
        table.drop_constraint(op.f("ck_organisations_kind"), type_="check")
        table.create_check_constraint(
            op.f("ck_organisations_kind"), "kind in ('don_vi', 'truong_hoc', 'dai_ly', 'co_so_kcb')"
        )
    with op.batch_alter_table("organisations") as table:
        table.alter_column("facility_code", server_default=None)
    op.create_index(
        "uq_organisations_facility_code",
        "organisations",
        ["facility_code"],
        unique=True,
        sqlite_where=OF_FACILITY,
        postgresql_where=OF_FACILITY,
    )
    with op.batch_alter_table("declarations") as table:
        table.add_column(sa.Column("facility_code", sa.String(5), nullable=False, server_default=""))
    op.create_table(
        "card_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("ma_so_bhxh", sa.String(10), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("facility_code", sa.String(5), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("how", sa.String(8), nullable=False),
        sa.Column("verdict", sa.String(12), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=True),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purpose", sa.String(10), nullable=False),
        sa.CheckConstraint("how in ('strip', 'spoken', 'number')", name=op.f("ck_card_checks_how")),
        sa.CheckConstraint(
            "purpose in ('kham', 'cap_cuu', 'noi_tru', 'khac', '')", name=op.f("ck_card_checks_purpose")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_card_checks_person_id_persons")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_card_checks_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["organisation_members.id"], name=op.f("fk_card_checks_member_id_organisation_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_checks")),
    )
    op.create_index("ix_card_checks_person_id", "card_checks", ["person_id", "at", "id"])
    op.create_index("ix_card_checks_organisation_id", "card_checks", ["organisation_id", "at", "id"])
    op.create_index("ix_card_checks_member_id", "card_checks", ["member_id"])
    op.create_index("ix_card_checks_at", "card_checks", ["at"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
