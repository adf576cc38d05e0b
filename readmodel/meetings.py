"""Meetings of neighbourhood teams: planned, moved, begun, closed, cancelled; each change is told to its workflow."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Row, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.teams import course
from domain.teams.course import MeetingState
from domain.words import CaseId, MeetingId, NeighbourhoodId
from readmodel.schema import DECISIONS, MEETINGS

_PLAN = {
    "sqlite": sqlite.insert(MEETINGS).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(MEETINGS).on_conflict_do_nothing(),
}
OVER = (MeetingState.HELD.value, MeetingState.CANCELLED.value)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of a neighbourhood's team."""

    meeting_id: MeetingId
    neighbourhood: NeighbourhoodId
    starts_at: datetime
    place: str
    state: MeetingState
    every_weeks: int | None = None
    follows: MeetingId | None = None
    note: str | None = None
    """Why it was cancelled."""
    agenda_sent_at: datetime | None = None
    begun_at: datetime | None = None
    reminded_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    """The id of whoever closed its minutes or cancelled it."""
    revision: int = 1
    demonstration: bool = False

    @property
    def course(self) -> course.Meeting:
        """What the rules need of it."""
        return course.Meeting(self.meeting_id, self.state, self.starts_at, self.agenda_sent_at, self.reminded_at)


def plan(session: Session, meeting: Meeting, by: str | None, now: datetime) -> None:
    """A meeting with this id, or one that follows the same, is there once: planning again changes nothing."""
    row = {
        "meeting_id": meeting.meeting_id,
        "neighbourhood": meeting.neighbourhood,
        "starts_at": meeting.starts_at,
        "place": meeting.place,
        "every_weeks": meeting.every_weeks,
        "follows": meeting.follows,
        "state": meeting.state.value,
        "planned_at": now,
        "planned_by": by,
        "revision": 1,
        "told": 0,
        "demonstration": meeting.demonstration,
    }
    connection = session.connection()
    connection.execute(_PLAN[connection.dialect.name], [row])


def repetition(meeting: Meeting, starts_at: datetime) -> Meeting:
    """The next of the series; the same for whoever asks."""
    id = MeetingId(str(uuid5(NAMESPACE_URL, f"aanjager:meeting:{meeting.meeting_id}")))
    return Meeting(
        id,
        meeting.neighbourhood,
        starts_at,
        meeting.place,
        MeetingState.PLANNED,
        meeting.every_weeks,
        meeting.meeting_id,
        demonstration=meeting.demonstration,
    )


def change(session: Session, meeting: Meeting, **values: Any) -> Meeting:
    """The meeting as it is from now on; its workflow is told."""
    row = session.execute(
        update(MEETINGS)
        .where(MEETINGS.c.meeting_id == meeting.meeting_id)
        .values(**values, revision=MEETINGS.c.revision + 1)
        .returning(*MEETINGS.c)
    ).one()
    return _meeting(row)


def meeting_by_id(session: Session, meeting_id: MeetingId, *, to_change: bool = False) -> Meeting | None:
    """Held for oneself until the transaction ends, where it is to be changed."""
    query = select(MEETINGS).where(MEETINGS.c.meeting_id == meeting_id)
    row = session.execute(query.with_for_update() if to_change else query).one_or_none()
    return _meeting(row) if row is not None else None


def coming(session: Session, neighbourhood: NeighbourhoodId) -> list[Meeting]:
    """Planned and going on, the next first."""
    there = (MEETINGS.c.neighbourhood == neighbourhood, MEETINGS.c.state.not_in(OVER))
    return _all(session.execute(select(MEETINGS).where(*there).order_by(MEETINGS.c.starts_at)).all())


def earlier(session: Session, neighbourhood: NeighbourhoodId, limit: int) -> list[Meeting]:
    """Held and cancelled, the last first."""
    there = (MEETINGS.c.neighbourhood == neighbourhood, MEETINGS.c.state.in_(OVER))
    query = select(MEETINGS).where(*there).order_by(MEETINGS.c.starts_at.desc(), MEETINGS.c.meeting_id)
    return _all(session.execute(query.limit(limit)).all())


def meetings_named(session: Session, ids: Collection[MeetingId]) -> dict[MeetingId, Meeting]:
    """Those of the ids that there are."""
    if not ids:
        return {}
    rows = session.execute(select(MEETINGS).where(MEETINGS.c.meeting_id.in_(ids))).all()
    return {meeting.meeting_id: meeting for meeting in _all(rows)}


def keep_decision(
    session: Session,
    meeting: Meeting,
    item: str,
    case_id: CaseId | None,
    decision_id: str,
    text: str,
    on_case: bool,
    now: datetime,
    by: str,
) -> None:
    """Keeping it again changes nothing."""
    if session.execute(select(DECISIONS.c.item).where(DECISIONS.c.decision_id == decision_id)).first() is not None:
        return
    row = {"meeting_id": meeting.meeting_id, "item": item, "case_id": case_id, "text": text, "on_case": on_case}
    session.execute(insert(DECISIONS), [{**row, "decision_id": decision_id, "at": now, "by": by}])


def to_tell(session: Session, limit: int) -> list[tuple[MeetingId, int]]:
    """Meetings that changed since their workflow was told, and what they have come to, oldest first."""
    query = select(MEETINGS.c.meeting_id, MEETINGS.c.revision).where(MEETINGS.c.told < MEETINGS.c.revision)
    rows = session.execute(query.order_by(MEETINGS.c.planned_at).limit(limit))
    return [(MeetingId(row.meeting_id), row.revision) for row in rows]


def mark_told(session: Session, meeting_id: MeetingId, revision: int) -> None:
    """What changed meanwhile is still to be told."""
    session.execute(update(MEETINGS).where(MEETINGS.c.meeting_id == meeting_id).values(told=revision))


def _all(rows: Sequence[Row[Any]]) -> list[Meeting]:
    return [_meeting(row) for row in rows]


def _meeting(row: Row[Any]) -> Meeting:
    return Meeting(
        meeting_id=MeetingId(row.meeting_id),
        neighbourhood=NeighbourhoodId(row.neighbourhood),
        starts_at=row.starts_at,
        place=row.place,
        state=MeetingState(row.state),
        every_weeks=row.every_weeks,
        follows=MeetingId(row.follows) if row.follows is not None else None,
        note=row.note,
        agenda_sent_at=row.agenda_sent_at,
        begun_at=row.begun_at,
        reminded_at=row.reminded_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        revision=row.revision,
        demonstration=row.demonstration,
    )
