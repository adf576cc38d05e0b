"""The messages of the webhooks: gathered from the events, told to the workflows of their lanes, taken or given up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import CursorResult, Row, Select, Update, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.city import City
from domain.webhooks import OPEN, TEST, MessageStatus
from readmodel.eventlog import last_position
from readmodel.schema import CASES, EVENT_LOG, WEBHOOK_MESSAGES, WEBHOOKS
from readmodel.sight import reaching
from readmodel.webhooks import Webhook, withheld

LANES = 100
"""Of one webhook, the cases whose messages are under way at a time."""
MOST_OPEN = 1000
"""Messages of one webhook that wait or are under way, before the events after them are looked at."""
LOOK_AGAIN = timedelta(hours=1)
"""A workflow that was told of a message this long ago is told again, should it be gone."""
KEPT = timedelta(days=30)
"""How long messages that are done with can be seen."""

_M = WEBHOOK_MESSAGES.c
_OPEN = [status.value for status in OPEN]
_WAITING, _UNDER_WAY = MessageStatus.WAITING.value, MessageStatus.UNDER_WAY.value


@dataclass(frozen=True, slots=True)
class Message:
    """A message and how far it has come."""

    id: str
    webhook_id: str
    lane: str
    position: int | None
    kind: str
    status: MessageStatus
    created_at: datetime
    attempts: int
    tried_at: datetime | None
    answer: int | None
    error: str | None


def news_for(session: Session, webhook: Webhook) -> bool:
    """Whether something happened that was not looked at for it, or messages of it are to be sent."""
    return last_position(session) > webhook.position or _open_count(session, webhook.id) > 0


def gather(session: Session, city: City, webhook: Webhook, now: datetime) -> int:
    """Messages for the next events that the webhook is to hear of; how many.

    What an import brought in had happened before anyone listened, and is left out.
    """
    last = last_position(session)
    room = MOST_OPEN - _open_count(session, webhook.id)
    if last <= webhook.position or room <= 0:
        return 0
    query = (
        select(EVENT_LOG.c.position, EVENT_LOG.c.case_id, EVENT_LOG.c.kind)
        .join(CASES, CASES.c.case_id == EVENT_LOG.c.case_id)
        .where(
            EVENT_LOG.c.position > webhook.position,
            EVENT_LOG.c.position <= last,
            ~(CASES.c.imported & (EVENT_LOG.c.at < CASES.c.accepted_at)),
            *reaching(session, webhook.sight, CASES),
        )
        .order_by(EVENT_LOG.c.position)
        .limit(room)
    )
    wanted = webhook.subscription
    if wanted.kinds:
        query = query.where(EVENT_LOG.c.kind.in_(wanted.kinds))
    if wanted.services:
        query = query.where(CASES.c.service.in_(wanted.services))
    if hidden := withheld(city, webhook):
        query = query.where(CASES.c.service.not_in(hidden))
    found = session.connection().execute(query).all()
    _keep(session, [_row(webhook.id, row.case_id, row.position, row.kind, now) for row in found])
    reached = found[-1].position if len(found) == room else last
    session.connection().execute(update(WEBHOOKS).where(WEBHOOKS.c.webhook_id == webhook.id).values(position=reached))
    return len(found)


def add_test(session: Session, webhook_id: str, now: datetime) -> str:
    """A message that only tries the webhook; its id."""
    row = _row(webhook_id, "", None, TEST, now)
    row["lane"] = row["message_id"]
    _keep(session, [row])
    return str(row["message_id"])


def to_tell(session: Session, webhook_id: str, now: datetime) -> dict[str, list[str]]:
    """The lanes whose workflows should be told that something waits, longest waiting first, with those messages."""
    execute = session.connection().execute
    of_webhook = _M.webhook_id == webhook_id
    old = select(_M.lane).where(of_webhook, _M.status == _UNDER_WAY, _M.told_at < now - LOOK_AGAIN)
    under_way = select(func.count(_M.lane.distinct())).where(of_webhook, _M.status == _UNDER_WAY)
    room = max(LANES - execute(under_way).scalar_one(), 0)
    fresh = select(_M.lane).where(of_webhook, _M.status == _WAITING).group_by(_M.lane)
    lanes = [*execute(old.distinct().limit(LANES)).scalars()]
    lanes += execute(fresh.order_by(func.min(_M.position)).limit(room)).scalars() if room else ()
    found: dict[str, list[str]] = {lane: [] for lane in lanes}
    query = select(_M.lane, _M.message_id).where(of_webhook, _M.lane.in_(lanes), _M.status.in_(_OPEN))
    for row in execute(query) if lanes else ():
        found[row.lane].append(row.message_id)
    return found


def mark_told(session: Session, ids: Sequence[str], now: datetime) -> None:
    _change(session, _open(_M.message_id.in_(ids)).values(status=_UNDER_WAY, told_at=now))


def next_in_lane(session: Session, webhook_id: str, lane: str) -> Message | None:
    """What must be sent before anything else of its lane."""
    waits = (_M.webhook_id == webhook_id, _M.lane == lane, _M.status.in_(_OPEN))
    return _one(session, select(WEBHOOK_MESSAGES).where(*waits).order_by(_M.position).limit(1))


def message_by_id(session: Session, id: str) -> Message | None:
    return _one(session, select(WEBHOOK_MESSAGES).where(_M.message_id == id))


def tried(session: Session, id: str, now: datetime, answer: int | None, error: str | None, *, taken: bool) -> None:
    """What an attempt met; whether it is taken."""
    values = {"tried_at": now, "answer": answer, "error": error, "attempts": _M.attempts + 1}
    if taken:
        values["status"] = MessageStatus.TAKEN.value
    _change(session, _open(_M.message_id == id).values(values))


def give_up(session: Session, id: str) -> bool:
    """Whether it was still to be sent; it will not be."""
    return _change(session, _open(_M.message_id == id).values(status=MessageStatus.FAILED.value)) > 0


def skip(session: Session, id: str) -> None:
    """Its event was taken back."""
    _change(session, _open(_M.message_id == id).values(status=MessageStatus.SKIPPED.value))


def skip_all(session: Session, webhook_id: str) -> None:
    _change(session, _open(_M.webhook_id == webhook_id).values(status=MessageStatus.SKIPPED.value))


def hold(session: Session, webhook_id: str) -> None:
    """What was under way waits until the webhook is enabled."""
    _change(session, _open(_M.webhook_id == webhook_id).values(status=_WAITING, told_at=None))


def replay(session: Session, webhook_id: str, *, message: str | None = None, since: datetime | None = None) -> int:
    """How many that were done with are sent again, under their own ids: one, those since then, or those that failed."""
    done = [MessageStatus.TAKEN.value, MessageStatus.FAILED.value, MessageStatus.SKIPPED.value]
    change = update(WEBHOOK_MESSAGES).where(_M.webhook_id == webhook_id, _M.status.in_(done))
    if message is not None:
        change = change.where(_M.message_id == message)
    elif since is not None:
        change = change.where(_M.created_at >= since)
    else:
        change = change.where(_M.status == MessageStatus.FAILED.value)
    return _change(session, change.values(status=_WAITING, told_at=None))


def forget(session: Session, now: datetime) -> None:
    """Messages that are done with, after a month."""
    old = (_M.created_at < now - KEPT, _M.status.not_in(_OPEN))
    session.connection().execute(delete(WEBHOOK_MESSAGES).where(*old))


def _row(webhook_id: str, lane: str, position: int | None, kind: str, now: datetime) -> dict[str, Any]:
    return {
        "message_id": f"msg_{webhook_id}_{position if position is not None else uuid4().hex}",
        "webhook_id": webhook_id,
        "lane": lane,
        "position": position,
        "kind": kind,
        "status": _WAITING,
        "created_at": now,
        "attempts": 0,
    }


def _keep(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    connection = session.connection()
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    if rows:
        connection.execute(dialect.insert(WEBHOOK_MESSAGES).on_conflict_do_nothing(), rows)


def _open_count(session: Session, webhook_id: str) -> int:
    waits = (_M.webhook_id == webhook_id, _M.status.in_(_OPEN))
    count: int = session.connection().execute(select(func.count()).where(*waits)).scalar_one()
    return count


def _open(condition: Any) -> Update:
    return update(WEBHOOK_MESSAGES).where(condition, _M.status.in_(_OPEN))


def _change(session: Session, change: Update) -> int:
    result = session.connection().execute(change)
    assert isinstance(result, CursorResult)
    return result.rowcount


def _one(session: Session, query: Select[Any]) -> Message | None:
    return next(iter(messages(session.connection().execute(query))), None)


def messages(rows: Iterable[Row[Any]]) -> list[Message]:
    """Rows of the table as messages."""
    return [
        Message(
            id=row.message_id,
            webhook_id=row.webhook_id,
            lane=row.lane,
            position=row.position,
            kind=row.kind,
            status=MessageStatus(row.status),
            created_at=row.created_at,
            attempts=row.attempts,
            tried_at=row.tried_at,
            answer=row.answer,
            error=row.error,
        )
        for row in rows
    ]
