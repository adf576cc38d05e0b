"""The letters round: puts letters that are due together as they will leave, and starts their deliveries."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session
from temporalio import activity
from temporalio.client import Client

from activities.bundling import cannot_wait, digest_leaves, local_day
from configuration.settings import Settings
from domain.city import City
from readmodel import outbox
from readmodel.correspondence.addressing import office_hours
from readmodel.database import reading, writing
from readmodel.outbox import Outgoing
from workflows.delivery import USUAL, Delivery, Patience, start_delivery
from workflows.ports import KEEP_LETTERS_GOING
from workflows.rounds import ROUND

AT_ONCE = 100
EVERY_SECONDS = 1.0
LOOK_AGAIN = timedelta(hours=1)
"""A letter that still waits this long after its delivery was started gets it started again, should it not run."""


class LettersRound:
    """Sending what waits in one database, for one city."""

    def __init__(
        self, settings: Settings, city: City, database: Engine, client: Client, patience: Patience = USUAL
    ) -> None:
        self._sends = settings.smtp_url is not None
        self._city = city
        self._database = database
        self._client = client
        self._patience = patience

    @activity.defn(name=KEEP_LETTERS_GOING)
    async def keep_going(self) -> None:
        """Looks every second, for one round. Starting a delivery twice starts it once."""
        clock = asyncio.get_running_loop().time
        until = clock() + ROUND.total_seconds()
        while clock() < until:
            activity.heartbeat()
            if await self.send_due(datetime.now(UTC)) < AT_ONCE:
                await asyncio.sleep(EVERY_SECONDS)

    async def send_due(self, now: datetime, limit: int = AT_ONCE) -> int:
        """Starts the delivery of what is due now, at most `limit` letters; how many were looked at.

        Without a mail server the letters are kept instead.
        """
        letters = await asyncio.to_thread(self._due, now, limit)
        if not letters:
            return 0
        if not self._sends:
            await asyncio.to_thread(self._keep)
            return 0
        if await asyncio.to_thread(self._keep_demonstration):
            letters = await asyncio.to_thread(self._due, now, limit)
        batches = await asyncio.to_thread(self._put_together, letters, now)
        starts = (start_delivery(self._client, Delivery(batch, self._patience)) for batch in batches)
        results = await asyncio.gather(*starts, return_exceptions=True)
        failed = [result for result in results if result is not None]
        started = [batch for batch, result in zip(batches, results, strict=True) if result is None]
        await asyncio.to_thread(self._started, started, now)
        if failed:
            raise failed[0]
        return len(letters)

    def _due(self, now: datetime, limit: int) -> list[Outgoing]:
        with reading(self._database) as session:
            return outbox.due(session, now, limit)

    def _keep(self) -> None:
        with writing(self._database) as session:
            outbox.keep_all(session)

    def _keep_demonstration(self) -> int:
        with writing(self._database) as session:
            return outbox.keep_demonstration(session)

    def _started(self, batches: Sequence[str], now: datetime) -> None:
        with writing(self._database) as session:
            outbox.postpone_batches(session, batches, now + LOOK_AGAIN)

    def _put_together(self, letters: Sequence[Outgoing], now: datetime) -> list[str]:
        """The batches to be delivered now. Letters whose digest leaves later are put off until then."""
        batches = {letter.batch: None for letter in letters if letter.batch is not None}
        fresh = [letter for letter in letters if letter.batch is None]
        with writing(self._database) as session:
            for letter in fresh:
                if letter.digest is None:
                    batches[_by_itself(session, letter)] = None
            for digest in dict.fromkeys(letter.digest for letter in fresh if letter.digest is not None):
                batches.update(dict.fromkeys(self._digest(session, digest, now)))
        return list(batches)

    def _digest(self, session: Session, digest: str, now: datetime) -> list[str]:
        waiting = outbox.collected(session, digest)
        if not waiting:
            return []
        batch = f"digest/{digest}/{local_day(now, self._city.timezone)}"
        calendar = office_hours(self._city, waiting[0].recipient)
        oldest = min(letter.created_at for letter in waiting)
        leaves = digest_leaves(calendar, oldest, now, outbox.batch_exists(session, batch))
        hurried = [letter for letter in waiting if cannot_wait(letter.facts, leaves, self._city.timezone)]
        if leaves <= now:
            outbox.put_in_batch(session, [letter.id for letter in waiting], batch)
            return [batch]
        outbox.postpone(session, [letter.id for letter in waiting if letter not in hurried], leaves)
        return [_by_itself(session, letter) for letter in hurried]


def _by_itself(session: Session, letter: Outgoing) -> str:
    batch = f"letter/{letter.id}"
    outbox.put_in_batch(session, [letter.id], batch)
    return batch
