"""Organisations register with form 01 as people do."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SIDES = "'portrait', 'front', 'back', 'birth_front', 'birth_back', 'licence', 'licence_more'"
OF_ORGANISATION = sa.text("organisation_id IS NOT NULL")


def upgrade() -> None:
    folded = {n: sa.String(n).with_variant(sa.String(n, collation="C"), "postgresql") for n in (100, 200)}
    with op.batch_alter_table("declarations") as batch:
        batch.alter_column("full_name", existing_type=sa.String(100), type_=sa.String(200), existing_nullable=False)
        batch.alter_column("name_folded", existing_type=folded[100], type_=folded[200], existing_nullable=False)
        for name, length in (("organisation_kind", 12), ("unit_code", 20), ("ivan_provider", 100)):
            batch.add_column(sa.Column(name, sa.String(length), nullable=False, server_default=""))
        batch.add_column(sa.Column("organisation_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_declarations_organisation_id_organisations"), "organisations", ["organisation_id"], ["id"]
        )
        batch.drop_constraint(op.f("ck_declarations_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_declarations_kind"), "kind in ('ca-nhan', 'tre-em', 'to-chuc')")
    op.create_index("ix_declarations_unit_code", "declarations", ["unit_code"])
    op.create_index(
        "ix_declarations_organisation_id",
        "declarations",
        ["organisation_id"],
        sqlite_where=OF_ORGANISATION,
        postgresql_where=OF_ORGANISATION,
    )
    with op.batch_alter_table("declaration_photos") as batch:
        batch.drop_constraint(op.f("ck_declaration_photos_side"), type_="check")
        batch.create_check_constraint(op.f("ck_declaration_photos_side"), f"side in ({SIDES})")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
