"""Webhooks and their messages, and letters to their owners."""

import sqlalchemy as sa
from alembic import op

from readmodel.base import PLAIN, UtcDateTime

revision = "0016"
down_revision = "0015"

UNDONE = sa.text("status IN ('waiting', 'under_way', 'failed')")
OF_WEBHOOKS = sa.text("webhook_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "webhooks",
        sa.Column("webhook_id", PLAIN, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("owner", PLAIN, nullable=False),
        sa.Column("department", PLAIN, nullable=True),
        sa.Column("neighbourhoods", sa.JSON(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("state", PLAIN, nullable=False),
        sa.Column("why", PLAIN, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.Column("disabled", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("rotated_at", UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("rests_until", UtcDateTime(), nullable=True),
        sa.Column("tried_at", UtcDateTime(), nullable=True),
        sa.Column("answer", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("webhook_id", name=op.f("pk_webhooks")),
    )
    op.create_table(
        "webhook_messages",
        sa.Column("message_id", PLAIN, nullable=False),
        sa.Column("webhook_id", PLAIN, nullable=False),
        sa.Column("lane", PLAIN, nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("kind", PLAIN, nullable=False),
        sa.Column("status", PLAIN, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", UtcDateTime(), nullable=True),
        sa.Column("answer", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhooks.webhook_id"], name=op.f("fk_webhook_messages_webhook_id_webhooks")
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_webhook_messages")),
        sa.UniqueConstraint("webhook_id", "position", name=op.f("uq_webhook_messages_webhook_id_position")),
    )
    op.create_index(
        "ix_webhook_messages_undone",
        "webhook_messages",
        ["webhook_id", "status", "lane", "position"],
        sqlite_where=UNDONE,
        postgresql_where=UNDONE,
    )
    op.create_index("ix_webhook_messages_created_at", "webhook_messages", ["created_at"])
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.add_column(sa.Column("webhook_id", PLAIN, nullable=True))
        batch_op.create_foreign_key(op.f("fk_letters_webhook_id_webhooks"), "webhooks", ["webhook_id"], ["webhook_id"])
    op.create_index(
        "ix_letters_webhook",
        "letters",
        ["webhook_id", "seq", "kind", "recipient"],
        unique=True,
        sqlite_where=OF_WEBHOOKS,
        postgresql_where=OF_WEBHOOKS,
    )
