"""Noticing that something new was recorded: one look for all who wait, however many pages are open."""

import asyncio

from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from readmodel.database import reading
from readmodel.eventlog import last_position
from web.context import WebContext

LOOK_AGAIN = 0.5
"""Seconds between two looks."""


class Watch:
    """The position of the city's last event, for whoever waits for the next one; one to a process."""

    def __init__(self, context: WebContext) -> None:
        self._context = context
        self._position = 0
        self._waiting = 0
        self._looking: asyncio.Task[None] | None = None
        self._moved = asyncio.Event()

    async def beyond(self, position: int, patience: float) -> int:
        """The last position as soon as it lies beyond this one; after so many seconds, whatever it is."""
        self._waiting += 1
        try:
            if self._looking is None or self._looking.done():
                self._looking = asyncio.create_task(self._look())
            async with asyncio.timeout(patience):
                while self._position <= position and not self._context.stopping.is_set():
                    await self._moved.wait()
        except TimeoutError:
            pass
        finally:
            self._waiting -= 1
        return self._position

    async def _look(self) -> None:
        """Looks for as long as anyone waits, and when the process stops wakes them all."""
        while self._waiting and not self._context.stopping.is_set():
            position = await run_in_threadpool(self._last)
            if position != self._position:
                self._position = position
                self._wake()
            await asyncio.sleep(LOOK_AGAIN)
        self._wake()

    def _last(self) -> int:
        try:
            with reading(self._context.database) as session:
                return last_position(session)
        except (DBAPIError, PoolTimeout):
            return self._position

    def _wake(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
