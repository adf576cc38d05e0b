"""The webhooks round: makes messages of what happened, and tells the workflows of their lanes."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import Engine
from temporalio import activity
from temporalio.client import Client

from activities.cases import nameless
from domain.city import City
from domain.webhooks import Patience
from readmodel.database import reading, writing
from readmodel.webhook_messages import forget, gather, mark_told, news_for, to_tell
from readmodel.webhooks import enabled_webhooks, webhook_by_id
from workflows.ports import KEEP_WEBHOOKS_GOING
from workflows.rounds import ROUND
from workflows.webhooks import USUAL, Lane, tell_lane

EVERY_SECONDS = 1.0


class WebhooksRound:
    """The webhooks of one city, in one database."""

    def __init__(self, city: City, database: Engine, client: Client, patience: Patience = USUAL) -> None:
        self._city = city
        self._database = database
        self._client = client
        self._patience = patience

    @activity.defn(name=KEEP_WEBHOOKS_GOING)
    async def keep_going(self) -> None:
        """Looks every second, for one round. Telling a workflow twice makes it look twice."""
        clock = asyncio.get_running_loop().time
        until = clock() + ROUND.total_seconds()
        await asyncio.to_thread(self._forget, datetime.now(UTC))
        while clock() < until:
            activity.heartbeat()
            await self.send_on(datetime.now(UTC))
            await asyncio.sleep(EVERY_SECONDS)

    async def send_on(self, now: datetime) -> int:
        """How many lanes were told. Without webhooks that are enabled it is one look at an empty table."""
        told = 0
        for webhook_id in await asyncio.to_thread(self._with_news):
            lanes = await asyncio.to_thread(self._gather, webhook_id, now)
            results = await asyncio.gather(
                *(tell_lane(self._client, Lane(webhook_id, lane), self._patience) for lane in lanes),
                return_exceptions=True,
            )
            reached = [lane for lane, result in zip(lanes, results, strict=True) if result is None]
            if reached:
                await asyncio.to_thread(self._told, [id for lane in reached for id in lanes[lane]], now)
            if failed := [result for result in results if result is not None]:
                raise failed[0]
            told += len(reached)
        return told

    def _with_news(self) -> list[str]:
        with nameless(), reading(self._database) as session:
            return [webhook.id for webhook in enabled_webhooks(session) if news_for(session, webhook)]

    def _gather(self, webhook_id: str, now: datetime) -> Mapping[str, Sequence[str]]:
        with nameless(), writing(self._database) as session:
            webhook = webhook_by_id(session, webhook_id, to_change=True)
            if webhook is None or not webhook.enabled:
                return {}
            gather(session, self._city, webhook, now)
            return to_tell(session, webhook_id, now)

    def _told(self, ids: Sequence[str], now: datetime) -> None:
        with nameless(), writing(self._database) as session:
            mark_told(session, ids, now)

    def _forget(self, now: datetime) -> None:
        with nameless(), writing(self._database) as session:
            forget(session, now)
