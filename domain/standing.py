"""Where a case stands, read from its parts: its stage and the promise."""

from datetime import datetime

from domain.case import Case
from domain.words import AssignmentState, Stage

SUPERSEDED = frozenset({AssignmentState.DECLINED, AssignmentState.TRANSFERRED, AssignmentState.REPLACED})


def promise(case: Case) -> datetime | None:
    """The latest resolution term among the departments that carry the promise now, and what awaits placing.

    A closed case keeps the one it had.
    """
    if case.closed_at is not None:
        return case.promised_by
    terms = [a.resolve_by for a in case.assignments if a.state not in SUPERSEDED and a.round == case.round]
    inherited = [p.resolve_by for p in case.placements if p.resolve_by is not None]
    return max([*terms, *inherited], default=None)


def stage(case: Case) -> Stage:
    """The stage that everyone reads: how far the department is that is furthest.

    A project on which advice is gathered is in progress.
    """
    if case.closed_at is not None:
        return Stage.CLOSED
    if case.project is not None and case.project.gathering:
        return Stage.IN_PROGRESS
    live = case.live
    if not live:
        if case.placements:
            return Stage.TRIAGE
        done = any(a.state is AssignmentState.RESOLVED for a in case.assignments)
        return Stage.RESOLVED if done else Stage.RECEIVED
    if all(a.state is AssignmentState.WAITING for a in live):
        return Stage.WAITING
    if any(a.state is not AssignmentState.ASSIGNED for a in live):
        return Stage.IN_PROGRESS
    return Stage.ASSIGNED
