"""Cards that are kept on phones and on paper, each with a handle by which its strips are revoked."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_cards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("handle", sa.LargeBinary(6), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("secret_digest", sa.LargeBinary(32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(12), nullable=False),
        sa.CheckConstraint("kind in ('phone', 'paper')", name="ck_kept_cards_kind"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_kept_cards_person_id_persons"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_kept_cards_account_id_accounts"),
        sa.PrimaryKeyConstraint("id", name="pk_kept_cards"),
        sa.UniqueConstraint("handle", name="uq_kept_cards_handle"),
        sa.UniqueConstraint("secret_digest", name="uq_kept_cards_secret_digest"),
    )
    op.create_index("ix_kept_cards_person_id", "kept_cards", ["person_id", "created_at"])
    op.create_index("ix_kept_cards_last_day", "kept_cards", ["last_day"])
    ended = sa.text("ended_at IS NOT NULL")
    op.create_index("ix_kept_cards_revoked", "kept_cards", ["last_day"], sqlite_where=ended, postgresql_where=ended)
    open_ = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_kept_cards_account_id", "kept_cards", ["account_id"], sqlite_where=open_, postgresql_where=open_
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
