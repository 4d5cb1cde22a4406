"""The three levels of places before 1/7/2025, what became of each ward, and the words by which any of them is found."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WORDS = sa.String(250).with_variant(sa.String(250, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "unit_successions",
        sa.Column("old_code", sa.String(length=5), nullable=False),
        sa.Column("new_code", sa.String(length=5), nullable=False),
        sa.PrimaryKeyConstraint("old_code", "new_code", name=op.f("pk_unit_successions")),
    )
    # Empty words find nothing until the list is taken in again, which follows every migration.
    op.execute("DELETE FROM reference_loads WHERE name = 'units_2025.csv'")
    with op.batch_alter_table("admin_units", schema=None) as batch_op:
        batch_op.add_column(sa.Column("words", WORDS, nullable=False, server_default=""))
        batch_op.drop_constraint(op.f("ck_admin_units_level"), type_="check")
        batch_op.create_check_constraint(op.f("ck_admin_units_level"), "level in ('province', 'district', 'ward')")
    with op.batch_alter_table("admin_units", schema=None) as batch_op:
        batch_op.alter_column("words", server_default=None)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
