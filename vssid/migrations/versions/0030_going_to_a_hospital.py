"""Reports of refused cards; who was reminded of a card that ends, and how far the daily walk has come."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_reminders",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("days_before", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_card_reminders_account_id_accounts")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_card_reminders_person_id_persons")),
        sa.PrimaryKeyConstraint("account_id", "person_id", "ends_on", "days_before", name=op.f("pk_card_reminders")),
    )
    op.create_index("ix_card_reminders_person_id", "card_reminders", ["person_id"])
    op.create_table(
        "card_watch",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.Uuid(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_watch")),
    )
    op.create_table(
        "card_refusals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("agency_code", sa.String(length=5), nullable=True),
        sa.Column("facility_code", sa.String(length=5), nullable=False),
        sa.Column("facility_name", sa.String(length=300), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("said", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("status in ('new', 'answered')", name=op.f("ck_card_refusals_status")),
        sa.CheckConstraint(
            "said in ('doi_the_giay', 'khong_quet_duoc', 'noi_khong_hop_le', 'giu_giay_to', 'khac')",
            name=op.f("ck_card_refusals_said"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_card_refusals_account_id_accounts")),
        sa.ForeignKeyConstraint(["agency_code"], ["agencies.code"], name=op.f("fk_card_refusals_agency_code_agencies")),
        sa.ForeignKeyConstraint(["answered_by"], ["officers.id"], name=op.f("fk_card_refusals_answered_by_officers")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_card_refusals_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_refusals")),
        sa.UniqueConstraint("code", name=op.f("uq_card_refusals_code")),
    )
    op.create_index("ix_card_refusals_queue", "card_refusals", ["agency_code", "status", "due_on", "id"])
    op.create_index("ix_card_refusals_account_id", "card_refusals", ["account_id", "sent_at"])
    op.create_index("ix_card_refusals_person_id", "card_refusals", ["person_id"])
    op.create_index("ix_card_refusals_due_on", "card_refusals", ["due_on"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
