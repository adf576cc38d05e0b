"""Group commit: whatever waits to be recorded is recorded together, in one transaction."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from zlib import crc32

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from domain.city import City
from readmodel.database import transaction
from readmodel.recording import Brought, record_together

AT_ONCE = 64
"""How many recordings share a transaction at most."""
LANES = {"sqlite": 1, "postgresql": 3}
"""How many transactions go side by side; the recordings of one case always go one after another."""
IN_A_ROW = 2
"""As many that fail alone, one after another, and it is the database that fails, not they."""

Write = Callable[[Sequence[Brought]], list[Exception | None]]


class Recorder:
    """Records into one database, for one city and one event loop. It needs no start, and may be used after its close.

    What waits is bounded by who waits for it: a recording that nobody waits for any more is dropped, unless it is
    being written already.
    """

    def __init__(self, engine: Engine, city: City) -> None:
        self._engine = engine
        self._city = city
        self._lanes = [_Lane(self._write, f"record-{n}") for n in range(LANES[engine.dialect.name])]

    async def __aenter__(self) -> "Recorder":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def record(self, brought: Brought) -> None:
        """Returns once it is committed; see `readmodel.recording.record` for what is raised."""
        lane = self._lanes[crc32(brought.case_id.encode()) % len(self._lanes)]
        await lane.record(brought)

    async def close(self) -> None:
        """Waits until everything is recorded that somebody waits for."""
        for lane in self._lanes:
            await lane.close()

    def _write(self, batch: Sequence[Brought]) -> list[Exception | None]:
        """What became of each: None where it is recorded. When they fail together, each is tried alone."""
        try:
            return self._together(batch)
        except Exception as error:
            if len(batch) == 1:
                return [error]
        results: list[Exception | None] = []
        for one in batch:
            last = results[-IN_A_ROW:]
            if len(results) == IN_A_ROW and all(isinstance(result, OperationalError) for result in last):
                return results + last[-1:] * (len(batch) - IN_A_ROW)
            try:
                results += self._together([one])
            except Exception as error:
                results.append(error)
        return results

    def _together(self, batch: Sequence[Brought]) -> list[Exception | None]:
        with transaction(self._engine) as connection:
            results = record_together(connection, self._city, batch)
        return [result if isinstance(result, Exception) else None for result in results]


@dataclass(frozen=True, slots=True)
class _Waiting:
    brought: Brought
    done: asyncio.Future[None]


class _Lane:
    """One transaction after another, in a thread of its own; the queue is touched by the event loop only."""

    def __init__(self, write: Write, name: str) -> None:
        self._write = write
        self._name = name
        self._queue: deque[_Waiting] = deque()
        self._work: asyncio.Task[None] | None = None
        self._thread: ThreadPoolExecutor | None = None

    async def record(self, brought: Brought) -> None:
        loop = asyncio.get_running_loop()
        waiting = _Waiting(brought, loop.create_future())
        self._queue.append(waiting)
        if self._work is None:
            self._work = loop.create_task(self._work_off())
        await waiting.done

    async def close(self) -> None:
        while self._work is not None:
            await self._work
        if self._thread is not None:
            self._thread.shutdown()
            self._thread = None

    async def _work_off(self) -> None:
        loop = asyncio.get_running_loop()
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix=self._name)
        try:
            while batch := self._next():
                try:
                    results = await loop.run_in_executor(self._thread, self._write, [w.brought for w in batch])
                except BaseException:
                    for waiting in (*batch, *self._queue):
                        waiting.done.cancel()
                    raise
                for waiting, result in zip(batch, results, strict=True):
                    _tell(waiting.done, result)
        finally:
            self._work = None

    def _next(self) -> list[_Waiting]:
        """The oldest that somebody waits for, no two of one case."""
        batch: dict[str, _Waiting] = {}
        later: list[_Waiting] = []
        while self._queue and len(batch) < AT_ONCE:
            waiting = self._queue.popleft()
            if waiting.done.cancelled():
                continue
            if waiting.brought.case_id in batch:
                later.append(waiting)
            else:
                batch[waiting.brought.case_id] = waiting
        self._queue.extendleft(reversed(later))
        return list(batch.values())


def _tell(done: asyncio.Future[None], result: Exception | None) -> None:
    if done.done():
        return
    if result is None:
        done.set_result(None)
    else:
        done.set_exception(result)
