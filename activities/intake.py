"""The intake round: starts the workflow of every case that was taken in while Temporal did not answer, and opens the
cases of what was promised."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from temporalio import activity
from temporalio.client import Client

from domain.city import City
from domain.rulebook import Rulebook, rulebook
from domain.words import NeighbourhoodId, ServiceCode
from readmodel.commitments import open_commitment, to_open
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
    """Starting what waits, from one database, for one city."""

    def __init__(self, engine: Engine, client: Client, city: City) -> None:
        self._engine = engine
        self._client = client
        self._city = city

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

        What was promised about projects becomes cases first. Raises what stood in the way where it stood in the way of
        all.
        """
        await asyncio.to_thread(self._open_promised)
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

    def _open_promised(self) -> None:
        now, city = datetime.now(UTC), self._city
        with reading(self._engine) as session:
            promised = to_open(session, AT_ONCE)
        for project, commitment in promised:
            with writing(self._engine) as session:
                open_commitment(session, city, self._rules_for, project, commitment, now)

    def _rules_for(self, service: ServiceCode, neighbourhood: NeighbourhoodId) -> Rulebook:
        return rulebook(self._city, self._city.services[service], self._city.neighbourhoods[neighbourhood])

    def _waiting(self) -> list[Waiting]:
        with reading(self._engine) as session:
            return waiting(session, AT_ONCE, datetime.now(UTC) - GRACE)

    def _mark(self, started: list[Waiting]) -> None:
        with writing(self._engine) as session:
            mark_started(session, [w.case.case_id for w in started], datetime.now(UTC))
