"""The intake round: starts the workflow of every case that was taken in while Temporal did not answer."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from temporalio import activity
from temporalio.client import Client

from readmodel.database import reading, writing
from readmodel.intake import Waiting, mark_started, waiting
from workflows.ports import KEEP_INTAKE_GOING
from workflows.referrals import start_case
from workflows.rounds import ROUND

AT_ONCE = 200
SIDE_BY_SIDE = 20
EVERY_SECONDS = 1.0
GRACE = timedelta(seconds=2)
"""A report this fresh is being started by whoever took it in."""


class Intake:
    """Starting what waits, from one database."""

    def __init__(self, engine: Engine, client: Client) -> None:
        self._engine = engine
        self._client = client

    @activity.defn(name=KEEP_INTAKE_GOING)
    async def keep_going(self) -> None:
        """Looks every second, for one round. Starting a case twice starts it once."""
        clock = asyncio.get_running_loop().time
        until = clock() + ROUND.total_seconds()
        while clock() < until:
            activity.heartbeat()
            if await self.start_waiting() < AT_ONCE:
                await asyncio.sleep(EVERY_SECONDS)

    async def start_waiting(self) -> int:
        """Starts the cases that wait, of the two hundred oldest; how many it could. One that cannot holds up no other.

        Raises what stood in the way where it stood in the way of all.
        """
        taken_in = await asyncio.to_thread(self._waiting)
        failed: list[BaseException] = []
        for first in range(0, len(taken_in), SIDE_BY_SIDE):
            some = taken_in[first : first + SIDE_BY_SIDE]
            results = await asyncio.gather(*(self._start(w) for w in some), return_exceptions=True)
            await asyncio.to_thread(self._mark, [w for w, result in zip(some, results, strict=True) if result is None])
            for w, result in zip(some, results, strict=True):
                if result is not None:
                    activity.logger.warning("case %s could not be started: %s", w.case.case_id, result)
                    failed.append(result)
            activity.heartbeat()
        if failed and len(failed) == len(taken_in):
            raise failed[0]
        return len(taken_in) - len(failed)

    async def _start(self, waiting: Waiting) -> None:
        await start_case(self._client, waiting.case, waiting.rules, low_priority=waiting.imported)

    def _waiting(self) -> list[Waiting]:
        with reading(self._engine) as session:
            return waiting(session, AT_ONCE, datetime.now(UTC) - GRACE)

    def _mark(self, started: list[Waiting]) -> None:
        with writing(self._engine) as session:
            mark_started(session, [w.case.case_id for w in started], datetime.now(UTC))
