"""Complete lives of cases, one for each way in which they may go."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from domain.actor import Actor
from domain.commands import (
    Accept,
    Acknowledge,
    AskResident,
    Assign,
    Comment,
    Decline,
    GiveFeedback,
    MergeInto,
    PauseAssignment,
    ReportProgress,
    Resolve,
    Withdraw,
)
from domain.words import AssignmentId, Cause, EscalationId, NoteId, Role, Solved
from tests.readmodel.town import DIRECTOR, GARDENER, GREEN, MEMBER, OTHER, RESIDENT, ROADS, a_report
from tests.workflows.living import Town

DAY = timedelta(days=1)
TASK, AGAIN = AssignmentId("a1"), AssignmentId("a2")
NOTE = NoteId("n1")
HEAD = Actor(Role.DEPARTMENT_HEAD, "user:head", ROADS)

Life = Callable[[Town], Awaitable[None]]


async def smooth(town: Town) -> None:
    """Accepted, worked on, resolved, and the resident is content."""
    case = await town.begin()
    await case.does(Accept(TASK), MEMBER)
    await case.does(ReportProgress(TASK, NOTE), MEMBER)
    await case.does(Resolve(TASK, NOTE), MEMBER)
    await case.does(GiveFeedback(Solved.YES, 5), RESIDENT)
    await case.ends()


async def silent(town: Town) -> None:
    """The whole ladder is climbed, with a pause for breath; work stalls too; nobody says whether it was solved."""
    case = await town.begin()
    await case.passes(2.5 * DAY)
    await case.does(Acknowledge(EscalationId("e1")), HEAD)
    await case.passes(7.5 * DAY)
    await case.does(Accept(TASK), MEMBER)
    await case.passes(20 * DAY)
    await case.does(Resolve(TASK, NOTE), MEMBER)
    await case.passes(15 * DAY)
    await case.ends()


async def waiting(town: Town) -> None:
    """One pause ends by itself, and a question is never answered."""
    case = await town.begin()
    await case.does(Accept(TASK), MEMBER)
    await case.does(PauseAssignment(TASK, Cause.CAPACITY, case.accepted.case.opened_at + 9 * DAY, NOTE), MEMBER)
    await case.passes(10 * DAY)
    await case.does(AskResident(TASK, NOTE), MEMBER)
    await case.passes(31 * DAY)
    await case.does(Resolve(TASK, NOTE), MEMBER)
    await case.does(GiveFeedback(Solved.PARTLY), RESIDENT)
    await case.ends()


async def reopened(town: Town) -> None:
    """Not solved at the first try."""
    case = await town.begin()
    await case.does(Resolve(TASK, NOTE), MEMBER)
    await case.does(GiveFeedback(Solved.NO), RESIDENT)
    await case.passes(3 * DAY)
    await case.does(Resolve(AGAIN, NOTE), MEMBER)
    await case.does(GiveFeedback(Solved.YES), RESIDENT)
    await case.ends()


async def placed(town: Town) -> None:
    """No department owns it, the manager is slow to place it, one department declines, and it is taken back."""
    case = await town.begin(a_report(OTHER))
    await case.passes(1.5 * DAY)
    await case.does(Assign((GREEN,)), DIRECTOR)
    await case.does(Decline(TASK, Cause.NOT_OURS, NOTE), GARDENER)
    await case.does(Withdraw(), RESIDENT)
    await case.ends()


async def merged(town: Town) -> None:
    """The same was reported before."""
    first, second = await town.begin(), await town.begin()
    await second.does(MergeInto(first.id), DIRECTOR)
    await second.passes_until_it_ends()
    await first.does(Resolve(TASK, NOTE), MEMBER)
    await first.does(GiveFeedback(Solved.YES), RESIDENT)
    await first.passes_until_it_ends()


async def delayed(town: Town) -> None:
    """The database is out of order for a while."""
    case = await town.begin()
    town.refuses_events()
    accepted = asyncio.create_task(case.does(Accept(TASK), MEMBER))
    await case.has_in_its_history("activity_task_scheduled_event_attributes")
    await case.passes(timedelta(minutes=5))
    town.refuses_events(False)
    await case.passes(timedelta(minutes=5))
    await accepted
    await case.does(Resolve(TASK, NOTE), MEMBER)
    await case.does(GiveFeedback(Solved.YES), RESIDENT)
    await case.ends()


async def talked_about(town: Town) -> None:
    """So many remarks that it continues as new more than once, with a ladder on the way."""
    case = await town.begin()
    for _ in range(20):
        await case.does(Comment(NOTE, public=False), DIRECTOR)
    await case.passes(2.5 * DAY)
    for _ in range(20):
        await case.does(Comment(NOTE, public=False), DIRECTOR)
    await case.does(Resolve(TASK, NOTE), MEMBER)
    await case.does(GiveFeedback(Solved.YES), RESIDENT)
    await case.ends()


LIVES: tuple[Life, ...] = (smooth, silent, waiting, reopened, placed, merged, delayed)
FORGETFUL_LIVES: tuple[Life, ...] = (talked_about,)
"""Where the server suggests continuing as new early."""
