"""Recording what happened: events, the rows that follow from them, and the letters they cause, in one transaction.

Recording the same events again changes nothing. Nothing is committed here; the caller's transaction holds it all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Update, bindparam, insert, select, update
from sqlalchemy.orm import Session

from domain.case import Case
from domain.city import City
from domain.events import AssignmentResolved, CaseOpened, FeedbackAsked, FeedbackGiven, Happened
from domain.evolve import evolve, opened
from domain.words import CaseId
from readmodel import figures
from readmodel.codec import case_from_json, event_from_json
from readmodel.counters import EVENTS, advance
from readmodel.letters import Follower, FollowerRole, concerns_followers, letters_for
from readmodel.origin import Origin
from readmodel.rows import (
    Row,
    assignment_rows,
    case_row,
    escalation_rows,
    event_row,
    feedback_row,
    follower_row,
    letter_row,
    opening_row,
    report_row,
)
from readmodel.schema import ASSIGNMENTS, CASES, ESCALATIONS, EVENT_LOG, FEEDBACK, FOLLOWERS, LETTERS, REPORTS

_LOCK = (
    select(CASES.c.state, CASES.c.theme).where(CASES.c.case_id == bindparam("case_id")).with_for_update(key_share=True)
)
_FOLLOWERS = select(FOLLOWERS.c.id, FOLLOWERS.c.role, FOLLOWERS.c.email, FOLLOWERS.c.language).where(
    FOLLOWERS.c.case_id == bindparam("case_id")
)
_LAST_RESOLUTION = (
    select(EVENT_LOG.c.body)
    .where(EVENT_LOG.c.case_id == bindparam("case_id"), EVENT_LOG.c.kind == "assignment_resolved")
    .order_by(EVENT_LOG.c.seq.desc())
    .limit(1)
)
_CHANGE_CASE = update(CASES).where(CASES.c.case_id == bindparam("id"))
_CHANGE_ASSIGNMENT = update(ASSIGNMENTS).where(
    ASSIGNMENTS.c.case_id == bindparam("id"), ASSIGNMENTS.c.assignment == bindparam("part")
)
_CHANGE_ESCALATION = update(ESCALATIONS).where(
    ESCALATIONS.c.case_id == bindparam("id"), ESCALATIONS.c.escalation == bindparam("part")
)


class Gap(Exception):
    """Events are missing between what is kept and what was brought; nothing was changed."""


class UnknownCase(Exception):
    """No case has this id."""


@dataclass(frozen=True, slots=True)
class _Step:
    before: Case | None
    happened: Happened
    after: Case


@dataclass(slots=True)
class _Batch:
    """The rows to be written, by table."""

    cases: list[Row] = field(default_factory=list)
    reports: list[Row] = field(default_factory=list)
    followers: list[Row] = field(default_factory=list)
    assignments: list[Row] = field(default_factory=list)
    escalations: list[Row] = field(default_factory=list)
    feedback: list[Row] = field(default_factory=list)
    letters: list[Row] = field(default_factory=list)
    figures: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)


def record(session: Session, city: City, case_id: CaseId, events: Sequence[Happened]) -> Case:
    """The case after the events; those already recorded are skipped.

    Holds the case's row until the transaction ends. Raises Gap or UnknownCase, both having changed nothing.
    """
    connection = session.connection()
    kept = connection.execute(_LOCK, {"case_id": case_id}).one_or_none()
    if kept is None:
        raise UnknownCase(case_id)
    before = case_from_json(kept.state)
    steps = _fold(before, [h for h in events if h.seq > before.version])
    if not steps:
        return before
    after = steps[-1].after
    batch = _Batch()
    connection.execute(_CHANGE_CASE, {"id": case_id, **case_row(after)})
    batch.assignments = _renew(connection, _CHANGE_ASSIGNMENT, assignment_rows(before), assignment_rows(after))
    batch.escalations = _renew(connection, _CHANGE_ESCALATION, escalation_rows(before), escalation_rows(after))
    followers: tuple[Follower, ...] = ()
    if any(concerns_followers(step.happened.event) for step in steps):
        rows = connection.execute(_FOLLOWERS, {"case_id": case_id})
        followers = tuple(Follower(r.id, FollowerRole(r.role), r.email is not None, r.language) for r in rows)
    _collect(batch, steps, city, kept.theme)
    _address(batch, steps, followers, city, _last_resolution(connection, steps))
    _write(connection, batch)
    return after


def open_record(session: Session, city: City, origin: Origin, events: Sequence[Happened]) -> Case:
    """The case that the events begin, the first being `case_opened`; its rulebook must be kept already."""
    return record_many(session, city, [(origin, events)])[0]


def record_many(session: Session, city: City, stories: Sequence[tuple[Origin, Sequence[Happened]]]) -> list[Case]:
    """The cases that these stories begin (and perhaps end), recorded together.

    Raises IntegrityError where a case, a number or a source reference is taken already.
    """
    connection = session.connection()
    batch = _Batch()
    cases: list[Case] = []
    for origin, events in stories:
        steps = _fold(None, events)
        case = steps[-1].after
        cases.append(case)
        service = city.services.get(case.service)
        theme = service.theme if service is not None else ""
        _begin(batch, case, origin, events, theme)
        _collect(batch, steps, city, theme)
        if not origin.imported:
            followers = tuple(Follower(f.id, f.role, f.email is not None, f.language) for f in origin.followers)
            _address(batch, steps, followers, city, None)
    _write(connection, batch)
    return cases


def _fold(case: Case | None, events: Sequence[Happened]) -> list[_Step]:
    steps: list[_Step] = []
    for happened in events:
        expected = case.version + 1 if case is not None else 1
        if happened.seq != expected:
            raise Gap(f"event {happened.seq} was brought where {expected} is next")
        after = evolve(case if case is not None else opened(happened), happened)
        steps.append(_Step(case, happened, after))
        case = after
    return steps


def _begin(batch: _Batch, case: Case, origin: Origin, events: Sequence[Happened], theme: str) -> None:
    first = events[0].event
    assert isinstance(first, CaseOpened), first
    batch.cases.append(opening_row(case, first, origin, theme))
    batch.reports.append(report_row(case.case_id, origin))
    batch.followers += (follower_row(case.case_id, f, origin.accepted_at) for f in origin.followers)
    batch.assignments += assignment_rows(case).values()
    batch.escalations += escalation_rows(case).values()


def _collect(batch: _Batch, steps: Sequence[_Step], city: City, theme: str) -> None:
    for step in steps:
        batch.figures += figures.rows(city, theme, step.before, step.happened, step.after)
        batch.events.append(event_row(step.after, step.happened))
        if isinstance(step.happened.event, FeedbackGiven):
            batch.feedback.append(feedback_row(step.after, step.happened, step.happened.event))


def _address(
    batch: _Batch,
    steps: Sequence[_Step],
    followers: tuple[Follower, ...],
    city: City,
    last_resolution: str | None,
) -> None:
    default = city.languages[0]
    for step in steps:
        if isinstance(step.happened.event, AssignmentResolved):
            last_resolution = step.happened.event.note
        for letter in letters_for(step.before, step.happened, step.after, followers, last_resolution):
            language = letter.language if letter.language in city.languages else default
            batch.letters.append(letter_row(step.after, step.happened, letter, language))


def _last_resolution(connection: Connection, steps: Sequence[_Step]) -> str | None:
    """The note of the last resolution recorded before, looked up only where a letter needs it."""
    for step in steps:
        event = step.happened.event
        if isinstance(event, AssignmentResolved):
            return None
        if isinstance(event, FeedbackAsked):
            body = connection.execute(_LAST_RESOLUTION, {"case_id": step.after.case_id}).scalar()
            resolved = event_from_json(body) if body is not None else None
            return resolved.note if isinstance(resolved, AssignmentResolved) else None
    return None


def _renew(connection: Connection, change: Update, before: dict[str, Row], after: dict[str, Row]) -> list[Row]:
    """Changes the rows that differ; the new ones are returned."""
    changed = [
        {"id": row["case_id"], "part": key, **row} for key, row in after.items() if key in before and before[key] != row
    ]
    if changed:
        connection.execute(change, changed)
    return [row for key, row in after.items() if key not in before]


def _write(connection: Connection, batch: _Batch) -> None:
    """Events come last: whoever holds their counter commits before the next one, so positions appear in order."""
    for table, rows in (
        (CASES, batch.cases),
        (REPORTS, batch.reports),
        (FOLLOWERS, batch.followers),
        (ASSIGNMENTS, batch.assignments),
        (ESCALATIONS, batch.escalations),
        (FEEDBACK, batch.feedback),
        (LETTERS, batch.letters),
    ):
        if rows:
            connection.execute(insert(table), rows)
    figures.insert_rows(connection, batch.figures)
    first = advance(connection, EVENTS, len(batch.events)) - len(batch.events) + 1
    for position, row in enumerate(batch.events, first):
        row["position"] = position
    connection.execute(insert(EVENT_LOG), batch.events)
