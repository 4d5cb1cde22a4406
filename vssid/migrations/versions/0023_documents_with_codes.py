"""Documents that carry a code to check them by, and the keys that seal them."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "issuer_keys",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("public", sa.LargeBinary(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(128), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_issuer_keys"),
    )
    op.create_table(
        "issued_documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("specimen", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('qua_trinh', 'so_kham', 'giay_to')", name="ck_issued_documents_kind"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_issued_documents_person_id_persons"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_issued_documents_account_id_accounts"),
        sa.PrimaryKeyConstraint("id", name="pk_issued_documents"),
        sa.UniqueConstraint("code", name="uq_issued_documents_code"),
    )
    op.create_index("ix_issued_documents_person_id", "issued_documents", ["person_id", "issued_at", "id"])
    op.create_index("ix_issued_documents_last_day", "issued_documents", ["last_day"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
