"""When somebody last proved who they are, whence; accounts that are frozen, codes that freeze, choices of notices."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

UUID = sa.Uuid(as_uuid=True)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("sessions") as table:
        # Sessions of before are asked once more at the next sensitive act.
        table.add_column(sa.Column("proven_at", MOMENT, nullable=True))
        table.add_column(sa.Column("network", sa.String(50), nullable=False, server_default=""))
    with op.batch_alter_table("accounts") as table:
        table.add_column(sa.Column("frozen_until", MOMENT, nullable=True))
    op.create_table(
        "freeze_codes",
        sa.Column("id", UUID, primary_key=True),
        sa.Column(
            "account_id", UUID, sa.ForeignKey("accounts.id", name="fk_freeze_codes_account_id_accounts"), nullable=False
        ),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.UniqueConstraint("digest", name="uq_freeze_codes_digest"),
    )
    op.create_index("ix_freeze_codes_account_id", "freeze_codes", ["account_id"])
    op.create_index("ix_freeze_codes_expires_at", "freeze_codes", ["expires_at"])
    op.create_table(
        "notice_choices",
        sa.Column(
            "account_id",
            UUID,
            sa.ForeignKey("accounts.id", name="fk_notice_choices_account_id_accounts"),
            primary_key=True,
        ),
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.CheckConstraint("channel in ('none', 'sms', 'email')", name="ck_notice_choices_channel"),
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
