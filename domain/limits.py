"""What holds a case back now: declines, pauses and escalations that last, and the cause of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.case import Case, Escalation
from domain.standing import SUPERSEDED
from domain.words import AssignmentId, AssignmentState, Cause


class Limit(StrEnum):
    """In what way a limit shows."""

    DECLINE = "decline"
    PAUSE = "pause"
    ESCALATION = "escalation"


@dataclass(frozen=True, slots=True)
class Wait:
    """Something that holds a case back, and lasts."""

    what: Limit
    source: str
    """The task that was declined or paused, or the first rung of the ladder: with `what` and `since` it is one wait."""
    assignment: AssignmentId | None
    """The task that it concerns, if any."""
    cause: Cause | None
    """None: nobody named it, and nothing tells it."""
    since: datetime


def waits(case: Case) -> tuple[Wait, ...]:
    """All that lasts now; nothing holds back a closed case.

    A decline lasts until the manager has placed the task, a pause until the task goes on, an escalation from the first
    rung of its ladder until it is cleared. A question to the resident is no limit of the city, nor is
    an offer to residents: neither counts.
    """
    return () if case.closed else (*_declines(case), *_pauses(case), *_ladders(case))


def cause_of(case: Case, escalation: Escalation) -> Cause | None:
    """The cause that was named when the ladder was taken up; else the one that the task ran into.

    That is what its department last named, by declining or pausing it; where it named none, what the department named
    that had given the task up before. None where neither is known, or where no task is concerned.
    """
    if escalation.cause is not None or escalation.assignment is None:
        return escalation.cause
    task = case.assignment(escalation.assignment)
    return task.cause if task is not None else None


def inherited(case: Case) -> Cause | None:
    """The cause that goes with a task that is given now: that of the task of this round which was given up last."""
    given_up = [a.cause for a in case.assignments if a.round == case.round and a.state in SUPERSEDED]
    return given_up[-1] if given_up else None


def _declines(case: Case) -> Iterator[Wait]:
    for placement in case.placements:
        task = case.assignment(placement.assignment) if placement.assignment is not None else None
        if task is not None and task.state is AssignmentState.DECLINED:
            yield Wait(Limit.DECLINE, task.id, task.id, task.cause, placement.since)


def _pauses(case: Case) -> Iterator[Wait]:
    for task in case.live:
        if task.pause is not None and not task.pause.question and not task.pause.with_residents:
            yield Wait(Limit.PAUSE, task.id, task.id, task.pause.cause, task.pause.since)


def _ladders(case: Case) -> Iterator[Wait]:
    for rung in case.open_escalations():
        if rung.level == 1:
            yield Wait(Limit.ESCALATION, rung.id, rung.assignment, cause_of(case, rung), rung.raised_at)
