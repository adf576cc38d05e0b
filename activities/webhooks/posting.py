"""Sending the messages of webhooks, signed; and giving up on a subscriber that takes none."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session
from standardwebhooks import Webhook as Signer
from temporalio import activity

from activities.cases import nameless
from activities.webhooks.reaching import Reaching, Reply
from configuration.secret_key import secret_key
from configuration.settings import Settings
from domain.city import City
from domain.webhooks import Patience, WhyDisabled, pause
from readmodel.cloud_events import cloud_event, test_event
from readmodel.database import writing
from readmodel.eventlog import event_at
from readmodel.webhook_course import disable
from readmodel.webhook_messages import Message, give_up, message_by_id, next_in_lane, skip, tried
from readmodel.webhooks import Webhook, change_webhook, signing_secrets, webhook_by_id
from workflows.webhooks import GIVE_UP_MESSAGE, POST_NEXT, USUAL, Attempted, Lane, Met

AT_A_TIME = 8
"""Messages to one subscriber on their way at once, from one process."""
A_MOMENT = timedelta(seconds=2)
"""Until it asks again when it had none."""
OUT_OF_ORDER = 5
"""So many attempts that fail without one that succeeds, and a subscriber is tried one message at a time."""
GONE = 410
NOTHING = Attempted(Met.NOTHING)
WENT_ON = Attempted(Met.WENT_ON)


@dataclass(frozen=True, slots=True)
class _Ready:
    message: Message
    url: str
    body: bytes
    secrets: tuple[str, ...]


class Postings:
    """The webhooks of one city, from this process."""

    def __init__(self, settings: Settings, city: City, database: Engine, patience: Patience = USUAL) -> None:
        self._city = city
        self._database = database
        self._public_url = settings.public_url
        self._key = secret_key(settings)
        self._reaching = Reaching(private=settings.webhook_private)
        self._patience = patience
        self._turns: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(AT_A_TIME))

    @activity.defn(name=POST_NEXT)
    async def post_next(self, lane: Lane) -> Attempted:
        """Sends the first message of the lane; a process that dies before it is noted down has it sent again."""
        async with self._turn(lane.webhook_id) as its_turn:
            if not its_turn:
                return Attempted(Met.RESTING, rest=A_MOMENT)
            ready = await asyncio.to_thread(self._open, lane)
            if isinstance(ready, Attempted):
                return ready
            at = datetime.now(UTC)
            reply = await self._reaching.post(
                ready.url, ready.body, _headers(ready, at), self._patience.attempt.total_seconds()
            )
            return await asyncio.to_thread(self._close, lane.webhook_id, ready.message, reply)

    @activity.defn(name=GIVE_UP_MESSAGE)
    async def give_up(self, message_id: str) -> None:
        """It was tried long enough: so the subscriber is out of reach, and its owner is told."""
        await asyncio.to_thread(self._give_up, message_id)

    @asynccontextmanager
    async def _turn(self, webhook_id: str) -> AsyncIterator[bool]:
        turns = self._turns[webhook_id]
        try:
            async with asyncio.timeout(self._patience.around.total_seconds() / 2):
                await turns.acquire()
        except TimeoutError:
            yield False
            return
        try:
            yield True
        finally:
            turns.release()

    def _open(self, lane: Lane) -> _Ready | Attempted:
        now = datetime.now(UTC)
        with nameless(), writing(self._database) as session:
            webhook = webhook_by_id(session, lane.webhook_id, to_change=True)
            message = next_in_lane(session, lane.webhook_id, lane.lane)
            if webhook is None or message is None or not webhook.enabled:
                return NOTHING
            if webhook.rests_until is not None and now < webhook.rests_until:
                return Attempted(Met.RESTING, message.id, webhook.rests_until - now)
            body = self._body(session, webhook, message)
            if body is None:
                skip(session, message.id)
                return WENT_ON
            if webhook.failures >= OUT_OF_ORDER:
                change_webhook(session, webhook.id, rests_until=now + self._patience.attempt)
            return _Ready(message, webhook.url, body, signing_secrets(self._key, webhook, now))

    def _body(self, session: Session, webhook: Webhook, message: Message) -> bytes | None:
        """None where its event was taken back."""
        zone = ZoneInfo(self._city.timezone)
        if message.position is None:
            told = test_event(message.id, webhook.name, self._public_url, message.created_at, zone)
        elif (recorded := event_at(session, message.position)) is not None:
            told = cloud_event(recorded, self._public_url, zone)
        else:
            return None
        return json.dumps(told, separators=(",", ":")).encode()

    def _close(self, webhook_id: str, message: Message, reply: Reply) -> Attempted:
        now = datetime.now(UTC)
        taken = reply.status is not None and 200 <= reply.status < 300
        with nameless(), writing(self._database) as session:
            webhook = webhook_by_id(session, webhook_id, to_change=True)
            assert webhook is not None
            tried(session, message.id, now, reply.status, reply.error, taken=taken)
            failures = 0 if taken else webhook.failures + 1
            tired = failures >= OUT_OF_ORDER
            rests_until = now + pause(self._patience, failures - OUT_OF_ORDER + 1) if tired else None
            values = {"tried_at": now, "answer": reply.status, "error": reply.error}
            webhook = change_webhook(session, webhook.id, failures=failures, rests_until=rests_until, **values)
            if reply.status == GONE:
                give_up(session, message.id)
                disable(session, self._city, webhook, WhyDisabled.GONE, now)
        return WENT_ON if taken or reply.status == GONE else Attempted(Met.FAILED, message.id)

    def _give_up(self, message_id: str) -> None:
        with nameless(), writing(self._database) as session:
            message = message_by_id(session, message_id)
            webhook = webhook_by_id(session, message.webhook_id, to_change=True) if message is not None else None
            if webhook is not None and webhook.enabled and give_up(session, message_id):
                disable(session, self._city, webhook, WhyDisabled.UNREACHABLE, datetime.now(UTC))


def _headers(ready: _Ready, at: datetime) -> dict[str, str]:
    """By the Standard Webhooks specification, one signature for each secret that is in force."""
    body = ready.body.decode()
    signatures = (Signer(secret).sign(ready.message.id, at, body) for secret in ready.secrets)
    return {
        "content-type": "application/cloudevents+json",
        "user-agent": "aanjager",
        "webhook-id": ready.message.id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
