"""Children and their guardians, returned items, a clock that pauses, merged declarations, portraits that look alike."""

import sqlalchemy as sa
from alembic import op

from vssid.kernel.text import fold

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATUSES = "'waiting', 'received', 'returned', 'approved', 'rejected', 'withdrawn', 'lapsed', 'merged'"
SIDES = "'portrait', 'front', 'back', 'birth_front', 'birth_back'"
PARTIAL = (
    ("ix_declarations_guardian_person_id", "declarations", "guardian_person_id", "guardian_person_id IS NOT NULL"),
    ("ix_declarations_merged_into_id", "declarations", "merged_into_id", "merged_into_id IS NOT NULL"),
    ("ix_declarations_photos_due", "declarations", "decided_at", "photos_removed_at IS NULL"),
    ("ix_accounts_guardian_id", "accounts", "guardian_id", "guardian_id IS NOT NULL"),
    ("ix_accounts_guarded_until", "accounts", "guarded_until", "guarded_until IS NOT NULL"),
)


def upgrade() -> None:
    op.drop_index("ix_declarations_photos_due", "declarations")
    _change_declarations()
    _change_photos()
    with op.batch_alter_table("accounts") as batch:
        batch.add_column(sa.Column("contact_phone", sa.String(16), nullable=True))
        batch.add_column(sa.Column("guardian_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("guarded_until", sa.Date(), nullable=True))
        batch.create_foreign_key(op.f("fk_accounts_guardian_id_persons"), "persons", ["guardian_id"], ["id"])
    op.create_table(
        "portrait_bands",
        sa.Column("band", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("bits", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["declaration_photos.id"], name=op.f("fk_portrait_bands_photo_id_declaration_photos")
        ),
        sa.PrimaryKeyConstraint("band", "bits", "photo_id", name=op.f("pk_portrait_bands")),
    )
    op.create_index(op.f("ix_portrait_bands_photo_id"), "portrait_bands", ["photo_id"])
    op.create_table(
        "declaration_corrections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(20), nullable=False),
        sa.Column("reason_code", sa.String(20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("with_sample", sa.Boolean(), nullable=False),
        sa.Column("before", sa.String(300), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("mended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["officers.id"], name=op.f("fk_declaration_corrections_asked_by_officers")
        ),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["declarations.id"], name=op.f("fk_declaration_corrections_declaration_id_declarations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration_corrections")),
    )
    op.create_index(
        "ix_declaration_corrections_declaration_id", "declaration_corrections", ["declaration_id", "asked_at"]
    )
    op.create_table(
        "distinct_declarations",
        sa.Column("low_id", sa.Uuid(), nullable=False),
        sa.Column("high_id", sa.Uuid(), nullable=False),
        sa.Column("found_by", sa.Uuid(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["low_id"], ["declarations.id"], name=op.f("fk_distinct_declarations_low_id_declarations")
        ),
        sa.ForeignKeyConstraint(
            ["high_id"], ["declarations.id"], name=op.f("fk_distinct_declarations_high_id_declarations")
        ),
        sa.ForeignKeyConstraint(["found_by"], ["officers.id"], name=op.f("fk_distinct_declarations_found_by_officers")),
        sa.PrimaryKeyConstraint("low_id", "high_id", name=op.f("pk_distinct_declarations")),
    )
    op.create_index(op.f("ix_distinct_declarations_high_id"), "distinct_declarations", ["high_id"])
    for name, table, column, where in PARTIAL:
        op.create_index(name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _change_declarations() -> None:
    name_type = sa.String(100).with_variant(sa.String(100, collation="C"), "postgresql")
    with op.batch_alter_table("declarations") as batch:
        batch.add_column(sa.Column("kind", sa.String(12), nullable=False, server_default="ca-nhan"))
        batch.add_column(sa.Column("name_folded", name_type, nullable=False, server_default=""))
        for name, length in (
            ("birth_date", 10), ("address_given", 200), ("guardian_ma_so", 10), ("guardian_id_kind", 12),
            ("guardian_number", 20), ("guardian_relation", 16),
        ):  # fmt: skip
            batch.add_column(sa.Column(name, sa.String(length), nullable=False, server_default=""))
        batch.add_column(sa.Column("scans", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("phone_of_account", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("own_account", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch.add_column(sa.Column("reminders_sent", sa.SmallInteger(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("paused_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("guardian_person_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("merged_into_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_declarations_guardian_person_id_persons"), "persons", ["guardian_person_id"], ["id"]
        )
        batch.create_foreign_key(
            op.f("fk_declarations_merged_into_id_declarations"), "declarations", ["merged_into_id"], ["id"]
        )
        batch.drop_constraint(op.f("ck_declarations_status"), type_="check")
        batch.create_check_constraint(op.f("ck_declarations_status"), f"status in ({STATUSES})")
        batch.create_check_constraint(op.f("ck_declarations_kind"), "kind in ('ca-nhan', 'tre-em')")
    op.execute("UPDATE declarations SET reminders_sent = 1 WHERE reminded_at IS NOT NULL")
    with op.batch_alter_table("declarations") as batch:
        batch.drop_column("reminded_at")
    op.create_index("ix_declarations_guardian_number", "declarations", ["guardian_number"])
    op.create_index("ix_declarations_name", "declarations", ["name_folded", "birth_date"])
    bind = op.get_bind()
    names = bind.execute(sa.text("SELECT DISTINCT full_name FROM declarations")).scalars().all()
    for name in names:
        bind.execute(
            sa.text("UPDATE declarations SET name_folded = :folded WHERE full_name = :name"),
            {"folded": fold(name), "name": name},
        )


def _change_photos() -> None:
    with op.batch_alter_table("declaration_photos") as batch:
        batch.alter_column("side", existing_type=sa.String(10), type_=sa.String(12), existing_nullable=False)
        batch.drop_constraint(op.f("ck_declaration_photos_side"), type_="check")
        batch.create_check_constraint(op.f("ck_declaration_photos_side"), f"side in ({SIDES})")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
