"""Sessions of people who signed in, how they did, and when tokens were used."""

import sqlalchemy as sa
from alembic import op

from readmodel.base import PLAIN, UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("hash", PLAIN, nullable=False),
        sa.Column("user_id", PLAIN, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("by_provider", sa.Boolean(), nullable=False),
        sa.Column("browser", PLAIN, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id_users")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"])
    op.add_column("users", sa.Column("issuer", PLAIN, nullable=True))
    op.add_column("users", sa.Column("subject", PLAIN, nullable=True))
    op.add_column("users", sa.Column("once_until", UtcDateTime(), nullable=True))
    op.add_column("users", sa.Column("signed_in_at", UtcDateTime(), nullable=True))
    op.create_index("ix_users_issuer_subject", "users", ["issuer", "subject"], unique=True)
    op.add_column("tokens", sa.Column("used_at", UtcDateTime(), nullable=True))
