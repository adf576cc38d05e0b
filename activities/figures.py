"""The figures round: settles the summaries that the figures' pages read, a little behind what happens."""

import asyncio

from sqlalchemy import Engine
from temporalio import activity

from readmodel.settling import settle
from workflows.ports import KEEP_FIGURES_GOING
from workflows.rounds import ROUND

EVERY_SECONDS = 30.0
HEARTBEAT_SECONDS = 1.0


class FiguresRound:
    """Settling the figures of one database."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    @activity.defn(name=KEEP_FIGURES_GOING)
    async def keep_going(self) -> None:
        """Settles every half minute, for one round. Figures are right without it, and quicker with it."""
        clock = asyncio.get_running_loop().time
        until = clock() + ROUND.total_seconds()
        while clock() < until:
            settling = asyncio.create_task(asyncio.to_thread(settle, self._database, lambda: clock() < until))
            looked_at = clock()
            while not settling.done() or clock() < looked_at + EVERY_SECONDS:
                activity.heartbeat()
                await asyncio.sleep(HEARTBEAT_SECONDS)
            await settling
