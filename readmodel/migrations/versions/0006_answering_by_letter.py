"""Links by which letters are answered, and who wants no letters."""

import sqlalchemy as sa
from alembic import op

from readmodel.base import PLAIN, UtcDateTime

revision = "0006"
down_revision = "0005"

UNDER_WAY = sa.text("status NOT IN ('sent', 'kept')")


def upgrade() -> None:
    op.create_table(
        "action_links",
        sa.Column("id", PLAIN, nullable=False),
        sa.Column("case_id", PLAIN, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", PLAIN, nullable=False),
        sa.Column("recipient", PLAIN, nullable=False),
        sa.Column("assignment", PLAIN, nullable=False),
        sa.Column("department", PLAIN, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("claimed_at", UtcDateTime(), nullable=True),
        sa.Column("claimed_for", PLAIN, nullable=True),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("used_for", PLAIN, nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_by", PLAIN, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_action_links_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_links")),
    )
    op.create_index("ix_action_links_case_id", "action_links", ["case_id", "seq"])
    op.create_table(
        "silenced",
        sa.Column("follower", PLAIN, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["follower"], ["followers.id"], name=op.f("fk_silenced_follower_followers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("follower", name=op.f("pk_silenced")),
    )
    op.create_index(
        "ix_letters_under_way", "letters", ["status", "id"], sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY
    )
