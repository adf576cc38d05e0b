"""What residents take on, and the budgets of neighbourhoods."""

import sqlalchemy as sa
from alembic import op

from readmodel.base import PLAIN, UtcDateTime

revision = "0013"
down_revision = "0012"

OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_table(
        "offers",
        sa.Column("case_id", PLAIN, nullable=False),
        sa.Column("offer", PLAIN, nullable=False),
        sa.Column("neighbourhood", PLAIN, nullable=False),
        sa.Column("state", PLAIN, nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("spent", sa.Integer(), nullable=True),
        sa.Column("note", PLAIN, nullable=False),
        sa.Column("account", PLAIN, nullable=True),
        sa.Column("offered_at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("adopted_at", UtcDateTime(), nullable=True),
        sa.Column("account_by", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_offers_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "offer", name=op.f("pk_offers")),
    )
    op.create_index("ix_offers_open", "offers", ["neighbourhood", "until"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table(
        "budgets",
        sa.Column("neighbourhood", PLAIN, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("neighbourhood", "year", name=op.f("pk_budgets")),
    )
    op.create_table(
        "reservations",
        sa.Column("case_id", PLAIN, nullable=False),
        sa.Column("offer", PLAIN, nullable=False),
        sa.Column("command_id", PLAIN, nullable=False),
        sa.Column("neighbourhood", PLAIN, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("spent", sa.Integer(), nullable=True),
        sa.Column("state", PLAIN, nullable=False),
        sa.Column("reserved_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_reservations_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "offer", "command_id", name=op.f("pk_reservations")),
    )
    op.create_index("ix_reservations_neighbourhood", "reservations", ["neighbourhood", "year"])
