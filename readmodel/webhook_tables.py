"""The tables of the webhooks: who is told of what happens, and how far each message has come."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from readmodel.base import Base

_UNDONE = text("status IN ('waiting', 'under_way', 'failed')")


class WebhookRow(Base):
    """A system that is told of what happens, as an administrator wants it."""

    __tablename__ = "webhooks"

    webhook_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    owner: Mapped[str]
    """The e-mail address of whoever sees to it."""
    department: Mapped[str | None]
    """Whose cases it hears of; absent: everyone's."""
    neighbourhoods: Mapped[list[str]]
    """Where these lie; none: anywhere."""
    kinds: Mapped[list[str]]
    services: Mapped[list[str]]
    state: Mapped[str]
    why: Mapped[str | None]
    """It was disabled, absent while it is not."""
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    disabled: Mapped[int]
    """How often it was."""
    position: Mapped[int]
    """Of the last event that was looked at."""
    generation: Mapped[int]
    """Of its secret."""
    rotated_at: Mapped[datetime | None]
    failures: Mapped[int]
    """Attempts that failed since one succeeded."""
    rests_until: Mapped[datetime | None]
    """It is left alone until then."""
    tried_at: Mapped[datetime | None]
    answer: Mapped[int | None]
    """The status that it answered the last attempt with; absent where it did not answer."""
    error: Mapped[str | None] = mapped_column(Text)


class WebhookMessageRow(Base):
    """An event that a webhook is told of, or a message to try it. It holds no text: that is made from the event."""

    __tablename__ = "webhook_messages"

    message_id: Mapped[str] = mapped_column(primary_key=True)
    webhook_id: Mapped[str] = mapped_column(ForeignKey(WebhookRow.webhook_id))
    lane: Mapped[str]
    """What it must not overtake: the id of its case, or its own."""
    position: Mapped[int | None]
    """Of the event; absent for one that tries the webhook."""
    kind: Mapped[str]
    status: Mapped[str]
    created_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    """When the workflow of its lane was last told of it."""
    attempts: Mapped[int]
    tried_at: Mapped[datetime | None]
    answer: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("webhook_id", "position"),
        Index(
            "ix_webhook_messages_undone",
            "webhook_id",
            "status",
            "lane",
            "position",
            sqlite_where=_UNDONE,
            postgresql_where=_UNDONE,
        ),
        Index("ix_webhook_messages_created_at", "created_at"),
    )
