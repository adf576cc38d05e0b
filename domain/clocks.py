"""The clocks of a case as they can be drawn: what each task took, waited and has left, from the events that tell it."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.case import Assignment, Case
from domain.durations import Duration, Elapsed, WorkingDays
from domain.events import (
    AssignmentDeclined,
    AssignmentPaused,
    AssignmentReplaced,
    AssignmentResolved,
    AssignmentResumed,
    AssignmentTransferred,
    DepartmentAssigned,
    Happened,
    ResidentAsked,
    TermsMoved,
)
from domain.initiatives.events import AssignmentRested
from domain.local_time import seconds
from domain.opening_hours import Calendar, always
from domain.rulebook import Rulebook
from domain.words import AssignmentId, AssignmentState, DepartmentId, Term
from domain.working_tables import Table, covering
from domain.working_time import end_of, left, worked_between


class SegmentKind(StrEnum):
    """What a stretch of a task's time was, or will be if nobody acts."""

    ELAPSED = "elapsed"
    PAUSED = "paused"
    LEFT = "left"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch; the next begins where it ends."""

    kind: SegmentKind
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class ResponseTerm:
    """The department's term to answer; it starts anew where a question came in between."""

    start: datetime
    respond_by: datetime
    answered_at: datetime | None
    in_time: bool | None
    """None while it can still be either: not answered, and the term not over."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One department's task in time: from its assignment to its promise, or to its end where that came later."""

    assignment: AssignmentId
    department: DepartmentId
    round: int
    state: AssignmentState
    start: datetime
    ended_at: datetime | None
    """When the department had nothing left to do: done, passed on, taken away, or the case closed."""
    resolve_by: datetime
    segments: tuple[Segment, ...]
    """Contiguous from `start` to the last of `resolve_by`, the end and now; a pause is drawn to its planned end."""
    response: ResponseTerm | None
    worked: int
    """Working seconds of the department so far, pauses left out."""
    paused: int
    """Working seconds that it has waited so far."""
    left: Duration
    """Of the promise, at the end or now; behind a pause where it waits. Nothing where it is over."""
    late: Duration | None
    """By how much the promise was passed at the end, or is now."""


@dataclass(frozen=True, slots=True)
class WorkLeft:
    """Time as people say it: so many working days, and working seconds of one more day."""

    late: bool
    """The time has gone by, and this is how long ago."""
    days: int
    seconds: int

    @property
    def hours(self) -> int:
        return self.seconds // 3_600

    @property
    def minutes(self) -> int:
        """Beyond the hours."""
        return self.seconds % 3_600 // 60


def clocks(rules: Rulebook, case: Case, events: Sequence[Happened], now: datetime) -> tuple[Clock, ...]:
    """The clock of every task that the case ever had, in order of assignment."""
    told: dict[AssignmentId, list[Happened]] = {a.id: [] for a in case.assignments}
    for happened in events:
        id = getattr(happened.event, "assignment", None)
        if id in told:
            told[id].append(happened)
    return tuple(_clock(rules, case, task, told[task.id], now) for task in case.assignments)


def counting(rules: Rulebook, urgent: bool, department: DepartmentId | None, term: Term) -> Calendar:
    """The calendar in which what is left of a term is said: the department's, or day and night for plain hours."""
    policy = rules.urgent_policy if urgent else rules.policy
    duration = policy.respond_within if term is Term.RESPOND else policy.resolve_within
    calendar = rules.calendar(department)
    return always(calendar.timezone) if isinstance(duration, Elapsed) else calendar


def time_left(calendar: Calendar, now: datetime, due: datetime) -> WorkLeft:
    """What is left until then, or how long ago it was: as many working days as fit, and the working time beyond."""
    late = now > due
    since, until = (due, now) if late else (now, due)
    days = _whole_days(calendar, since, until)
    reached = end_of(calendar, since, WorkingDays(days)) if days else since
    return WorkLeft(late, days, worked_between(calendar, reached, until))


def _whole_days(calendar: Calendar, since: datetime, until: datetime) -> int:
    """The most working days that a term from `since` may have to end by `until`."""
    start, end = seconds(since), seconds(until)
    table = covering(calendar, start, end)
    most = _day_of(table, end) - _day_of(table, start) + 1
    for days in range(most, max(most - 3, 0), -1):
        if end_of(calendar, since, WorkingDays(days)) <= until:
            return days
    return 0


def _day_of(table: Table, at: int) -> int:
    """The working day that this instant is in, or the next."""
    return table.day(min(bisect_right(table.ends, at), len(table.ends) - 1))


def _clock(rules: Rulebook, case: Case, task: Assignment, told: Sequence[Happened], now: datetime) -> Clock:
    calendar = rules.calendar(task.department)
    policy = rules.urgent_policy if case.urgent else rules.policy
    ended_at = next((h.at for h in told if isinstance(h.event, _ENDINGS)), case.closed_at)
    stop = ended_at if ended_at is not None else max(now, task.assigned_at)
    pause = task.pause if ended_at is None else None
    segments = tuple(_joined(_segments(task, told, stop, running=ended_at is None)))
    so_far = [(s.kind, worked_between(calendar, s.start, min(s.end, stop))) for s in segments]
    over = pause is None and stop > task.resolve_by
    return Clock(
        assignment=task.id,
        department=task.department,
        round=task.round,
        state=task.state,
        start=task.assigned_at,
        ended_at=ended_at,
        resolve_by=task.resolve_by,
        segments=segments,
        response=_response(task, told, stop),
        worked=sum(work for kind, work in so_far if kind in (SegmentKind.ELAPSED, SegmentKind.OVER)),
        paused=sum(work for kind, work in so_far if kind is SegmentKind.PAUSED),
        left=pause.resolve_left if pause is not None else left(calendar, stop, task.resolve_by, policy.resolve_within),
        late=left(calendar, task.resolve_by, stop, policy.resolve_within) if over else None,
    )


_ENDINGS = (AssignmentDeclined, AssignmentReplaced, AssignmentResolved, AssignmentTransferred)


def _segments(task: Assignment, told: Sequence[Happened], stop: datetime, *, running: bool) -> Iterator[Segment]:
    """Each stretch between two events by the promise that then held, and what lies ahead by the one that holds now."""
    start, promise, paused_until = task.assigned_at, task.resolve_by, None
    for happened in told:
        at, event = max(happened.at, start), happened.event
        if isinstance(event, DepartmentAssigned):
            promise = event.resolve_by
            continue
        yield from _stretch(start, min(at, stop), promise, paused_until)
        start = min(at, stop)
        match event:
            case AssignmentPaused() | ResidentAsked() | AssignmentRested():
                promise, paused_until = event.resolve_by, event.until
            case AssignmentResumed():
                promise, paused_until = event.resolve_by, None
            case TermsMoved():
                promise = event.resolve_by
            case _:
                pass
    yield from _stretch(start, stop, promise, paused_until)
    ahead = stop
    if running and paused_until is not None and paused_until > ahead:
        yield Segment(SegmentKind.PAUSED, ahead, paused_until)
        ahead = paused_until
    if promise > ahead:
        yield Segment(SegmentKind.LEFT, ahead, promise)


def _stretch(start: datetime, end: datetime, promise: datetime, paused_until: datetime | None) -> Iterator[Segment]:
    """A pause ends where it was to end, also where the engine comes to it later."""
    waited = min(end, paused_until) if paused_until is not None else start
    in_time = max(waited, min(end, promise))
    yield Segment(SegmentKind.PAUSED, start, max(start, waited))
    yield Segment(SegmentKind.ELAPSED, max(start, waited), max(start, in_time))
    yield Segment(SegmentKind.OVER, max(start, in_time), end)


def _joined(segments: Iterator[Segment]) -> Iterator[Segment]:
    before: Segment | None = None
    for segment in segments:
        if segment.end <= segment.start:
            continue
        if before is not None and before.kind is segment.kind:
            before = Segment(before.kind, before.start, segment.end)
            continue
        if before is not None:
            yield before
        before = segment
    if before is not None:
        yield before


def _response(task: Assignment, told: Sequence[Happened], stop: datetime) -> ResponseTerm | None:
    if task.respond_by is None:
        return None
    restarts = (h.at for h in told if isinstance(h.event, AssignmentResumed) and h.event.respond_by is not None)
    answered = task.responded_at
    late = (answered or stop) > task.respond_by
    waits = answered is None and task.pause is not None
    in_time = None if waits or (answered is None and not late) else not late
    return ResponseTerm(max(restarts, default=task.assigned_at), task.respond_by, answered, in_time)
