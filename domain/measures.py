"""What "opened", "lead time", "in time" and the other figures of a city mean.

Each event yields facts. A fact counts in the bucket of its local day in the city's time zone. Grouped by department it
counts for its own department; grouped by neighbourhood, service or theme only `primary` facts count, so that a case of
several departments counts once there. For a case of one department every grouping gives the same figures.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.case import Assignment, Case
from domain.events import (
    AssignmentDeclined,
    AssignmentPaused,
    AssignmentResolved,
    AssignmentTransferred,
    CaseClosed,
    CaseOpened,
    CaseReopened,
    EscalationRaised,
    FeedbackGiven,
    Happened,
)
from domain.history import IMPORTED, IMPORTED_WITHOUT_PROMISE
from domain.joining.events import CaseSplit
from domain.standing import SUPERSEDED
from domain.words import AssignmentId, DepartmentId, Outcome, Stage

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_NOTHING_TO_SOLVE = frozenset({Outcome.MERGED, Outcome.WITHDRAWN, Outcome.ADOPTED})
"""Neither the city's success nor its failure: what residents took on, they solved themselves."""


class Measure(StrEnum):
    """What a fact is counted in."""

    OPENED = "opened"
    """A case was opened; for a department: came to it for the first time, from the start or by transfer.

    A case taken over from another system counts when it was opened there."""
    RETURNED = "returned"
    """A case came back to a department that had lost it, or was split from the case that it had joined. Counted in the
    open cases only."""
    LEFT = "left"
    """A department lost a case: it declined, passed it on, or was replaced. Counted in the open cases only."""
    CLOSED = "closed"
    """A case was closed, whatever the outcome; for each department that had it then.

    `value`: elapsed days (of 24 hours) from the opening of the case. `good`: it was solved and never reopened; absent
    for merged and withdrawn cases and projects, in which there was nothing to solve, and for what residents did
    themselves. `detail`: the outcome."""
    RESPONDED = "responded"
    """A department first answered an assignment that had a response term, in whatever way.

    `value`: elapsed hours since it was assigned. `good`: not after the term."""
    RESOLVED = "resolved"
    """A department resolved its assignment, `good`: not after its term; the case (primary) is resolved when its last
    department did so, `good`: not after what the resident was promised. Each round counts. Imported cases
    that were never promised by a date do not count."""
    ESCALATED = "escalated"
    """A rung of a ladder was reached; for the department whose assignment it concerns, if any.

    `detail`: the reason, and whom it reached."""
    TRANSFERRED = "transferred"
    """A department passed its task on; counted for the one that did. A transfer that bounced is an escalation."""
    BOUNCED = "bounced"
    """A department tried to pass its task on once too often, so that a manager has to place it."""
    DECLINED = "declined"
    """A department said that it cannot do its task. `detail`: the cause."""
    PAUSED = "paused"
    """A department stopped the clock of its task. `detail`: the cause. A question to the resident is no pause here."""
    REOPENED = "reopened"
    """A case was reopened; for each department that had it."""
    FEEDBACK = "feedback"
    """A resident gave feedback; for each department that had the case. `value`: the rating, 1 to 5, if given.

    `detail`: whether it was solved, and the rating if given."""
    ASKED = "asked"
    """A resident who was asked whether it was solved told so (`good`), or let the time for it run out.

    Counted on the day of either, so that no question of yesterday weighs on today's share."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that counts; see `Measure` for what `value`, `good` and `detail` are."""

    measure: Measure
    department: DepartmentId | None = None
    value: float | None = None
    good: bool | None = None
    primary: bool = True
    """Counts when cases are grouped by anything but department."""
    detail: tuple[str, ...] = ()
    """What it is about, in the words that people and the rules share."""
    at: datetime | None = None
    """When it counts, if not at the time of the event."""


def facts(before: Case | None, happened: Happened, after: Case) -> tuple[Fact, ...]:
    """What the event adds to the figures; `before` is None for the first event of a case only."""
    if before is None:
        return (Fact(Measure.OPENED),) if isinstance(happened.event, CaseOpened) else ()
    return (
        *_holding(before, happened, after),
        *_answers(before, happened.at, after),
        *_happenings(before, happened, after),
    )


def holders(case: Case) -> tuple[DepartmentId, ...]:
    """The departments that have the case: those whose latest assignment was not passed on, declined or replaced."""
    latest: dict[DepartmentId, Assignment] = {a.department: a for a in case.assignments}
    return tuple(id for id, assignment in latest.items() if assignment.state not in SUPERSEDED)


def _holding(before: Case, happened: Happened, after: Case) -> Iterator[Fact]:
    had, has = holders(before), holders(after)
    since = before.opened_at if happened.rule == IMPORTED else None
    known = {a.department for a in before.assignments}
    for department in has:
        if department not in had:
            came = Measure.RETURNED if department in known else Measure.OPENED
            yield Fact(came, department, primary=False, at=since)
    for department in had:
        if department not in has:
            yield Fact(Measure.LEFT, department, primary=False)


def _answers(before: Case, at: datetime, after: Case) -> Iterator[Fact]:
    for asked, answered in zip(before.assignments, after.assignments, strict=False):
        if asked.responded_at is None and answered.responded_at is not None and asked.respond_by is not None:
            hours = (at - asked.assigned_at) / _HOUR
            yield Fact(Measure.RESPONDED, asked.department, hours, at <= asked.respond_by)


def _happenings(before: Case, happened: Happened, after: Case) -> Iterator[Fact]:
    match happened.event:
        case AssignmentResolved(assignment=id):
            if happened.rule != IMPORTED_WITHOUT_PROMISE:
                yield from _resolved(before, id, happened.at, after)
        case CaseClosed(outcome=outcome):
            first_time = outcome is Outcome.SOLVED and not before.reopens
            good = None if outcome in _NOTHING_TO_SOLVE or before.project is not None else first_time
            days = (happened.at - before.opened_at) / _DAY
            yield from _once_each(before, Fact(Measure.CLOSED, None, days, good, detail=(outcome.value,)))
            if outcome is Outcome.NO_FEEDBACK:
                yield from _once_each(before, Fact(Measure.ASKED, good=False))
        case FeedbackGiven(solved=solved, rating=rating):
            said = (solved.value,) if rating is None else (solved.value, str(rating))
            value = None if rating is None else float(rating)
            yield from _once_each(before, Fact(Measure.FEEDBACK, None, value, detail=said))
            yield from _once_each(before, Fact(Measure.ASKED, good=True))
        case CaseSplit():
            yield from _once_each(before, Fact(Measure.RETURNED))
        case CaseReopened():
            yield from _once_each(before, Fact(Measure.REOPENED))
        case AssignmentTransferred(assignment=id, bounced=bounced):
            yield Fact(Measure.BOUNCED if bounced else Measure.TRANSFERRED, before.department_of(id))
        case AssignmentDeclined(assignment=id, cause=cause):
            yield Fact(Measure.DECLINED, before.department_of(id), detail=(cause.value,))
        case AssignmentPaused(assignment=id, cause=cause):
            yield Fact(Measure.PAUSED, before.department_of(id), detail=(cause.value,))
        case EscalationRaised(assignment=id, reason=reason, to=to):
            yield Fact(Measure.ESCALATED, before.department_of(id), detail=(reason.value, to.value))
        case _:
            return


def _resolved(before: Case, id: AssignmentId, at: datetime, after: Case) -> Iterator[Fact]:
    assignment = before.assignment(id)
    assert assignment is not None
    in_time = at <= assignment.resolve_by
    kept = at <= (before.promised_by or assignment.resolve_by)
    whole = after.stage is Stage.RESOLVED
    yield Fact(Measure.RESOLVED, assignment.department, good=in_time, primary=whole and in_time == kept)
    if whole and in_time != kept:
        yield Fact(Measure.RESOLVED, good=kept)


def _once_each(case: Case, fact: Fact) -> Iterator[Fact]:
    departments: tuple[DepartmentId | None, ...] = holders(case) or (None,)
    for place, department in enumerate(departments):
        yield replace(fact, department=department, primary=place == 0)
