"""How the webhooks do, for those who see to it that messages arrive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.webhooks import OPEN, MessageStatus, WebhookState, WhyDisabled
from readmodel.schema import CASES, WEBHOOK_MESSAGES, WEBHOOKS
from readmodel.webhook_messages import Message, messages

_M = WEBHOOK_MESSAGES.c
_OPEN = [status.value for status in OPEN]
UNDONE = [*_OPEN, MessageStatus.FAILED.value]


@dataclass(frozen=True, slots=True)
class Behind:
    """What was not taken yet: how much waits and since when, and how much was given up."""

    waiting: int = 0
    since: datetime | None = None
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A message, and the number of the case that it is about."""

    message: Message
    number: str | None


def behind(session: Session) -> dict[str, Behind]:
    """By webhook; those with nothing to tell are left out."""
    query = (
        select(_M.webhook_id, _M.status, func.count().label("many"), func.min(_M.created_at).label("since"))
        .where(_M.status.in_(UNDONE))
        .group_by(_M.webhook_id, _M.status)
    )
    rows = session.connection().execute(query).all()
    found: dict[str, Behind] = {}
    for id in {row.webhook_id for row in rows}:
        waits = [row for row in rows if row.webhook_id == id and row.status in _OPEN]
        failed = sum(row.many for row in rows if row.webhook_id == id and row.status not in _OPEN)
        since = min((row.since for row in waits), default=None)
        found[id] = Behind(sum(row.many for row in waits), since, failed)
    return found


def latest_messages(
    session: Session, webhook_id: str, statuses: Sequence[MessageStatus], limit: int
) -> Sequence[Listed]:
    """The newest first; of any status where none is named."""
    query = select(WEBHOOK_MESSAGES).where(_M.webhook_id == webhook_id)
    if statuses:
        query = query.where(_M.status.in_([status.value for status in statuses]))
    newest = query.order_by(_M.created_at.desc(), _M.position.desc()).limit(limit)
    found = messages(session.connection().execute(newest))
    cases = select(CASES.c.case_id, CASES.c.number).where(CASES.c.case_id.in_({message.lane for message in found}))
    numbers = {row.case_id: row.number for row in session.connection().execute(cases)} if found else {}
    return [Listed(message, numbers.get(message.lane)) for message in found]


def switched_off(session: Session) -> int:
    """How many webhooks get nothing because they took nothing."""
    off = (WEBHOOKS.c.state == WebhookState.DISABLED.value, WEBHOOKS.c.why != WhyDisabled.ADMINISTRATOR.value)
    return session.connection().execute(select(func.count()).select_from(WEBHOOKS).where(*off)).scalar_one()


def message_counts(session: Session) -> dict[str, int]:
    """Messages that wait, are under way or were given up, by status."""
    query = select(_M.status, func.count()).where(_M.status.in_(UNDONE)).group_by(_M.status)
    found = {row[0]: row[1] for row in session.connection().execute(query)}
    return {status: found.get(status, 0) for status in UNDONE}
