"""Group commit: together where that is quicker, alone where one is wrong, and never in another order."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest_asyncio
from sqlalchemy import Connection, Engine, event, update
from sqlalchemy.exc import StatementError

from activities.recorder import Recorder
from domain.commands import Accept, Command, ReportProgress, Resolve, Submitted
from domain.decide import decide
from domain.events import AssignmentAccepted, Happened
from domain.evolve import evolve
from domain.words import AssignmentId, CaseId, NoteId
from readmodel.database import reading, writing
from readmodel.eventlog import timeline
from readmodel.intake import Accepted
from readmodel.recording import Brought, UnknownCase
from readmodel.schema import CASES
from readmodel.steps import Gap
from tests.readmodel.town import CITY, MEMBER, MORNING, later, open_case

TASK, NOTE = AssignmentId("a1"), NoteId("n1")


@pytest_asyncio.fixture
async def recorder(engine: Engine) -> AsyncIterator[Recorder]:
    async with Recorder(engine, CITY) as recorder:
        yield recorder


def steps(accepted: Accepted) -> list[Brought]:
    """Accepted, worked on, resolved: each as it is brought by itself."""
    case = accepted.case
    found: list[Brought] = []
    life: tuple[Command, ...] = (Accept(TASK), ReportProgress(TASK, NOTE), Resolve(TASK, NOTE))
    for hour, command in enumerate(life, start=1):
        events = decide(accepted.rules, case, Submitted(f"c{hour}", MEMBER, command), later(hour))
        for happened in events:
            case = evolve(case, happened)
        found.append(Brought(accepted.case_id, events))
    return found


def kinds(engine: Engine, accepted: Accepted) -> Sequence[str]:
    with reading(engine) as session:
        return [h.event.kind for h in timeline(session, accepted.case_id)][accepted.case.version :]


@contextmanager
def occupied(engine: Engine, accepted: Accepted) -> Iterator[None]:
    """Somebody else writes this case, for as long as they like."""
    at_it, done = Event(), Event()

    def occupy() -> None:
        with writing(engine) as session:
            session.execute(update(CASES).where(CASES.c.case_id == accepted.case_id).values(lat=51.0))
            at_it.set()
            done.wait()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(occupy)
        at_it.wait()
        try:
            yield
        finally:
            done.set()


async def test_many_cases_are_recorded_in_few_transactions(engine: Engine, recorder: Recorder) -> None:
    cases = [open_case(engine) for _ in range(60)]
    commits = list[Connection]()

    def count(connection: Connection) -> None:
        commits.append(connection)

    event.listen(engine, "commit", count)
    await asyncio.gather(*(recorder.record(steps(case)[0]) for case in cases))
    event.remove(engine, "commit", count)
    assert len(commits) <= 3
    assert {kind for case in cases for kind in kinds(engine, case)} == {"assignment_accepted"}


async def test_what_befell_one_case_is_recorded_in_its_order(engine: Engine, recorder: Recorder) -> None:
    cases = [open_case(engine) for _ in range(5)]
    await asyncio.gather(*(recorder.record(step) for case in cases for step in steps(case)))
    for case in cases:
        assert kinds(engine, case)[:3] == ["assignment_accepted", "progress_reported", "assignment_resolved"]


async def test_what_is_refused_fails_alone(engine: Engine, recorder: Recorder) -> None:
    good, bad = open_case(engine), open_case(engine)
    results = await asyncio.gather(
        recorder.record(steps(good)[0]),
        recorder.record(steps(bad)[1]),
        recorder.record(Brought(CaseId("nowhere"), steps(good)[0].events)),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [type(None), Gap, UnknownCase]
    assert kinds(engine, good) == ["assignment_accepted"]


async def test_what_the_database_does_not_take_fails_alone(engine: Engine, recorder: Recorder) -> None:
    cases = [open_case(engine) for _ in range(9)]
    poison = Happened(3, MORNING, AssignmentAccepted(TASK, MORNING, planned_for=MORNING.replace(tzinfo=None)))
    results = await asyncio.gather(
        *(recorder.record(steps(case)[0]) for case in cases[:4]),
        recorder.record(Brought(cases[4].case_id, [poison])),
        *(recorder.record(steps(case)[0]) for case in cases[5:]),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [type(None)] * 4 + [StatementError] + [type(None)] * 4
    assert [len(kinds(engine, case)) for case in cases] == [1] * 4 + [0] + [1] * 4


async def test_what_is_given_up_while_it_is_written_is_written_and_what_waits_is_not(
    engine: Engine, recorder: Recorder
) -> None:
    accepted = open_case(engine)
    first, second, third = steps(accepted)
    with occupied(engine, accepted):
        writing_it = asyncio.create_task(recorder.record(first))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        waiting = [asyncio.create_task(recorder.record(step)) for step in (second, third)]
        await asyncio.sleep(0)
        for task in (writing_it, *waiting):
            task.cancel()
    await asyncio.gather(writing_it, *waiting, return_exceptions=True)
    await recorder.close()
    assert kinds(engine, accepted) == ["assignment_accepted"]


async def test_closing_waits_until_all_is_recorded(engine: Engine) -> None:
    cases = [open_case(engine) for _ in range(100)]
    recorder = Recorder(engine, CITY)
    tasks = [asyncio.create_task(recorder.record(steps(case)[0])) for case in cases]
    await asyncio.sleep(0)
    await recorder.close()
    assert {kind for case in cases for kind in kinds(engine, case)} == {"assignment_accepted"}
    await asyncio.gather(*tasks)


async def test_a_recorder_that_was_closed_records_again(engine: Engine, recorder: Recorder) -> None:
    accepted = open_case(engine)
    for step in steps(accepted)[:2]:
        await recorder.record(step)
        await recorder.close()
    assert kinds(engine, accepted) == ["assignment_accepted", "progress_reported"]


async def test_recorders_side_by_side_do_not_stand_in_each_others_way(engine: Engine) -> None:
    cases = [open_case(engine) for _ in range(30)]
    recorders = [Recorder(engine, CITY), Recorder(engine, CITY)]
    await asyncio.gather(
        *(
            r.record(step)
            for r, order in zip(recorders, (cases, cases[::-1]), strict=True)
            for c in order
            for step in steps(c)
        )
    )
    for recorder in recorders:
        await recorder.close()
    assert all(len(kinds(engine, case)) == 4 for case in cases)
