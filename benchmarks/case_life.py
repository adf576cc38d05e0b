"""A whole case life against a bare Temporal workflow that takes the same Updates and records nothing."""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psutil
from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, Worker

from aanjager.example import example_city
from aanjager.temporal_server import temporal_server
from activities.cases import CaseActivities
from benchmarks.bare import BareWorkflow
from configuration.city_files import read_city
from domain.actor import RESIDENT, Actor
from domain.city import City
from domain.commands import Accept, Command, GiveFeedback, ReportProgress, Resolve, Submitted
from domain.rulebook import Rulebook, rulebook
from domain.words import AssignmentId, DepartmentId, Kind, NeighbourhoodId, NoteId, Role, ServiceCode, Solved
from readmodel.database import connect as connect_database
from readmodel.database import writing
from readmodel.intake import Accepted, NewReport, accept
from readmodel.migrate import migrate
from workers.cases import case_worker
from workers.runners import unsandboxed
from workflows.connection import connect
from workflows.ports import COMMAND
from workflows.referrals import start_case, submit, workflow_id
from workflows.standing import arrange

LIVES = 150
SIDE_BY_SIDE = 16
ROUNDS = 5
WITHIN = timedelta(seconds=60)
ROADS = Actor(Role.DEPARTMENT, "bench", DepartmentId("roads"))
TASK = AssignmentId("a1")
LIFE: tuple[tuple[Actor, Command], ...] = (
    (ROADS, Accept(TASK)),
    (ROADS, ReportProgress(TASK, NoteId("n1"))),
    (ROADS, Resolve(TASK, NoteId("n2"))),
    (RESIDENT, GiveFeedback(Solved.YES, 5)),
)


@dataclass(frozen=True)
class Bench:
    """What both lives share."""

    client: Client
    database: Engine
    city: City
    rules: Rulebook
    queue: str

    def take_in(self) -> Accepted:
        """One report, kept and opened."""
        report = NewReport(Kind.ISSUE, ServiceCode("pothole"), NeighbourhoodId("bokrijk"), "A hole in the road")
        with writing(self.database) as session:
            return accept(session, self.city, lambda *_: self.rules, report, datetime.now(UTC))

    async def ours(self) -> str:
        """Start, accept, progress, resolve, feedback: each recorded and readable when it returns."""
        accepted = await asyncio.to_thread(self.take_in)
        await start_case(self.client, accepted.case, self.rules)
        for actor, command in LIFE:
            await submit(self.client, accepted.case_id, Submitted(str(uuid4()), actor, command), WITHIN)
        return workflow_id(accepted.case_id)

    async def bare(self) -> str:
        """The same Updates, to a workflow that does nothing with them."""
        id = f"bare/{uuid4()}"
        handle = await self.client.start_workflow(BareWorkflow.run, len(LIFE), id=id, task_queue=self.queue)
        for actor, command in LIFE:
            await handle.execute_update(COMMAND, Submitted(str(uuid4()), actor, command), result_type=int)
        return id


@dataclass(frozen=True)
class Cost:
    """What lives cost, sixteen at a time."""

    per_second: float
    python: float
    """Milliseconds of CPU a life in this process: the client, the worker, the recording."""
    server: float
    """Milliseconds of CPU a life in Temporal's server."""


async def cost_of(life: Callable[[], Awaitable[str]], lives: int, server: psutil.Process) -> Cost:
    """Lives that many, and looks at the clocks before and after."""
    turns = asyncio.Semaphore(SIDE_BY_SIDE)

    async def one() -> None:
        async with turns:
            await life()

    began, ours, theirs = time.perf_counter(), time.process_time(), server.cpu_times()
    await asyncio.gather(*(one() for _ in range(lives)))
    elapsed, after = time.perf_counter() - began, server.cpu_times()
    spent = after.user + after.system - theirs.user - theirs.system
    return Cost(lives / elapsed, (time.process_time() - ours) / lives * 1000, spent / lives * 1000)


async def history_events(client: Client, id: str) -> int:
    """How many events the history of a workflow has."""
    handle = client.get_workflow_handle(id)
    await handle.result()
    return len((await handle.fetch_history()).events)


async def measure(lives: int = LIVES, rounds: int = ROUNDS) -> None:
    """Prints both throughputs, their ratio and the ratio of history events."""
    with tempfile.TemporaryDirectory() as folder:
        async with temporal_server(Path(folder), ui=False) as server:
            os.environ["TEMPORAL_ADDRESS"] = server.address
            await _measure(Path(folder), psutil.Process(await server.process.started()), lives, rounds)


async def _measure(folder: Path, server: psutil.Process, lives: int, rounds: int) -> None:
    city = read_city(example_city(), datetime.now(UTC).date())
    url = f"sqlite:///{folder / 'aanjager.db'}"
    migrate(url)
    database = connect_database(url)
    client = await connect()
    await arrange(client)
    rules = rulebook(city, city.services[ServiceCode("pothole")], city.neighbourhoods[NeighbourhoodId("bokrijk")])
    bench = Bench(client, database, city, rules, "bare")
    bare_worker = Worker(
        client,
        task_queue="bare",
        workflows=[BareWorkflow],
        workflow_runner=unsandboxed(),
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
    )
    activities = CaseActivities(database, city, client)
    async with activities, case_worker(client, activities, unsandboxed()), bare_worker:
        for life in (bench.bare, bench.ours):
            await cost_of(life, 20, server)
        pairs = [
            (await cost_of(bench.bare, lives, server), await cost_of(bench.ours, lives, server)) for _ in range(rounds)
        ]
        events = await history_events(client, await bench.ours()), await history_events(client, await bench.bare())
    _tell("a bare workflow", [bare for bare, _ in pairs])
    _tell("a case, recorded", [ours for _, ours in pairs])
    ratio = statistics.median(ours.per_second / bare.per_second for bare, ours in pairs)
    print(f"throughput against the bare workflow: {ratio:.2f} (bar: 0.75)")
    print(f"history events: {events[0]} against {events[1]}; ratio {events[0] / events[1]:.2f} (bar: 1.25)")


def _tell(what: str, costs: Sequence[Cost]) -> None:
    rate, python, server = (
        statistics.median(getattr(cost, of) for cost in costs) for of in ("per_second", "python", "server")
    )
    print(f"{what}: {rate:.1f} lives/s; CPU a life: {python:.0f} ms of Python, {server:.0f} ms of Temporal's server")


if __name__ == "__main__":
    asyncio.run(measure())
