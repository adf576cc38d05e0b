"""Who reports again: what reporters are recognised by."""

import sqlalchemy as sa
from alembic import op

from readmodel.base import PLAIN, UtcDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "reporters",
        sa.Column("case_id", PLAIN, nullable=False),
        sa.Column("email", PLAIN, nullable=True),
        sa.Column("phone", PLAIN, nullable=True),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("neighbourhood", PLAIN, nullable=False),
        sa.Column("service", PLAIN, nullable=False),
        sa.Column("theme", PLAIN, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_reporters_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_reporters")),
    )
    op.create_index("ix_reporters_email", "reporters", ["email"])
    op.create_index("ix_reporters_phone", "reporters", ["phone"])
    op.create_index(
        "ix_reporters_opened_at",
        "reporters",
        ["opened_at", "neighbourhood", "service", "theme", "person", "again", "case_id"],
    )
