"""Keeps the programs of one installation running, and leaves none behind."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import DEVNULL, STDOUT
from typing import Any

from aanjager.tied import tied

log = logging.getLogger(__name__)

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
STEADY_AFTER = 10.0
GRACE = 4.5


@dataclass(frozen=True)
class Program:
    """What to run: `environment` is added to ours; without a `log` its output goes where ours goes."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None


class Child:
    """A program that is started again whenever it ends, each time a little later, until it is stopped."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.pids: list[int] = []
        self.exits: list[int] = []
        self._process: asyncio.subprocess.Process | None = None
        self._changed = asyncio.Condition()
        self._keeping = asyncio.create_task(self._keep(), name=program.name)

    @property
    def pid(self) -> int | None:
        """The process that runs now; none while it is being started (again)."""
        return self.pids[-1] if len(self.pids) > len(self.exits) else None

    async def started(self, times: int = 1) -> int:
        """Waits until it was started this many times in all; its last process id."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.pids) >= times)
        return self.pids[-1]

    async def ended(self, times: int = 1) -> int:
        """Waits until it ended this many times in all; its last exit code, as -n for a signal n."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.exits) >= times)
        return self.exits[-1]

    async def stop(self, grace: float = GRACE) -> None:
        """SIGTERM, and after `grace` seconds SIGKILL, also for whatever it started itself."""
        self._keeping.cancel()
        with suppress(asyncio.CancelledError):
            await self._keeping
        if (process := self._process) is None:
            return
        if process.returncode is None:
            process.terminate()
            with suppress(TimeoutError):
                async with asyncio.timeout(grace):
                    await process.wait()
        _kill_group(process.pid)
        await process.wait()

    async def _keep(self) -> None:
        clock = asyncio.get_running_loop().time
        pause = FIRST_PAUSE
        while True:
            began = clock()
            self._process = process = await self._start()
            await self._note(self.pids, process.pid)
            code = await process.wait()
            _kill_group(process.pid)
            await self._note(self.exits, code)
            pause = FIRST_PAUSE if clock() - began >= STEADY_AFTER else pause
            log.warning("%s ended (%s); it is started again in %.1f s", self.program.name, _told(code), pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _start(self) -> asyncio.subprocess.Process:
        program = self.program
        environment = {**os.environ, **program.environment}
        command = tied(program.command)
        if program.log is None:
            return await asyncio.create_subprocess_exec(
                *command, stdin=DEVNULL, env=environment, start_new_session=True
            )
        with program.log.open("ab") as output:
            return await asyncio.create_subprocess_exec(
                *command, stdin=DEVNULL, stdout=output, stderr=STDOUT, env=environment, start_new_session=True
            )

    async def _note(self, record: list[int], value: int) -> None:
        async with self._changed:
            record.append(value)
            self._changed.notify_all()


@asynccontextmanager
async def kept_running(*programs: Program, grace: float = GRACE) -> AsyncIterator[list[Child]]:
    """Runs the programs side by side and stops them together; nest what must outlive others on the outside."""
    children = [Child(program) for program in programs]
    try:
        yield children
    finally:
        await asyncio.gather(*(child.stop(grace) for child in children))


async def until_told_to_stop(work: Coroutine[Any, Any, None], ask: Callable[[], None] | None = None) -> None:
    """Runs `work` until it ends; on SIGINT, SIGTERM or SIGHUP it is cancelled, so that all it holds open is closed.

    Where it can be asked to end by itself, `ask` is called instead. Returns normally when told to stop. Further signals
    do not interrupt the closing.
    """
    loop = asyncio.get_running_loop()
    task = loop.create_task(work)
    told = False

    def stop() -> None:
        nonlocal told
        if not told:
            told = True
            (ask or task.cancel)()

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for each in signals:
        loop.add_signal_handler(each, stop)
    try:
        await task
    except asyncio.CancelledError:
        if not told:
            raise
    finally:
        for each in signals:
            loop.remove_signal_handler(each)


def _kill_group(leader: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _told(code: int) -> str:
    return f"exit {code}" if code >= 0 else signal.Signals(-code).name
