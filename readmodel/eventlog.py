"""What happened, in order: of one case, and of the whole city."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from domain.actor import Actor
from domain.case import Case
from domain.events import Happened
from domain.evolve import evolve, opened
from domain.words import CaseId, DepartmentId, Kind, NeighbourhoodId, Role, ServiceCode, Stage
from readmodel.codec import event_from_json
from readmodel.schema import CASES, EVENT_LOG
from readmodel.sight import EVERYTHING, Sight, reaching

_IN_PLACE: Select[Any] = select(
    EVENT_LOG, CASES.c.number, CASES.c.kind.label("case_kind"), CASES.c.service, CASES.c.neighbourhood
).join(CASES, CASES.c.case_id == EVENT_LOG.c.case_id)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event in its place in the city's story, and the case it belongs to."""

    position: int
    case_id: CaseId
    number: str
    kind: Kind
    service: ServiceCode
    neighbourhood: NeighbourhoodId
    happened: Happened


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command was answered when it was first sent."""

    version: int
    stage: Stage


def timeline(session: Session, case_id: CaseId) -> tuple[Happened, ...]:
    """All events of the case; none where it does not exist."""
    query = select(EVENT_LOG).where(EVENT_LOG.c.case_id == case_id).order_by(EVENT_LOG.c.seq)
    return tuple(happened_in(row) for row in session.connection().execute(query))


def events_after(session: Session, position: int, limit: int = 100, sight: Sight = EVERYTHING) -> tuple[Recorded, ...]:
    """The next events after this position, in order; an event never appears before one already seen."""
    conditions = EVENT_LOG.c.position > position, *reaching(session, sight, CASES)
    return _recorded(session, _IN_PLACE.where(*conditions).order_by(EVENT_LOG.c.position).limit(limit))


def event_at(session: Session, position: int) -> Recorded | None:
    """The event in this place of the city's story; None where it was taken back."""
    return next(iter(_recorded(session, _IN_PLACE.where(EVENT_LOG.c.position == position))), None)


def _recorded(session: Session, query: Select[Any]) -> tuple[Recorded, ...]:
    return tuple(
        Recorded(
            position=row.position,
            case_id=CaseId(row.case_id),
            number=row.number,
            kind=Kind(row.case_kind),
            service=ServiceCode(row.service),
            neighbourhood=NeighbourhoodId(row.neighbourhood),
            happened=happened_in(row),
        )
        for row in session.connection().execute(query)
    )


def last_position(session: Session) -> int:
    """The position of the last event there is; 0 before the first."""
    return session.connection().execute(select(func.max(EVENT_LOG.c.position))).scalar() or 0


def answer_to(session: Session, case_id: CaseId, command_id: str) -> Answer | None:
    """What this command made of the case; None where it did nothing to it."""
    story = timeline(session, case_id)
    last = max((h.seq for h in story if h.command_id == command_id), default=0)
    if not last:
        return None
    after = as_of(story, last)
    return Answer(after.version, after.stage)


def as_of(story: tuple[Happened, ...], seq: int) -> Case:
    """The case as it stood right after that event; the story begins with the opening."""
    case = opened(story[0])
    for happened in story:
        if happened.seq <= seq:
            case = evolve(case, happened)
    return case


def happened_in(row: Row[Any]) -> Happened:
    """The event of a row of the log; of who did it, only what is kept there."""
    by = None
    if row.by_role is not None:
        department = DepartmentId(row.by_department) if row.by_department is not None else None
        by = Actor(Role(row.by_role), row.by_id, department)
    return Happened(row.seq, row.at, event_from_json(row.body), by, row.rule, row.command_id)
