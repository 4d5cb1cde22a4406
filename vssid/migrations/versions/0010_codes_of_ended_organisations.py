"""An organisation that has ended gives its unit code free."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

HAS_CODE = sa.text("ma_don_vi <> ''")
HOLDS_IT = sa.text("ma_don_vi <> '' AND status <> 'ended'")


def upgrade() -> None:
    op.drop_index("uq_organisations_ma_don_vi", "organisations")
    for name, unique, where in (
        ("ix_organisations_ma_don_vi", False, HAS_CODE),
        ("uq_organisations_ma_don_vi", True, HOLDS_IT),
    ):
        op.create_index(name, "organisations", ["ma_don_vi"], unique=unique, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
