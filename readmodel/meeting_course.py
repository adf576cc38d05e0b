"""What becomes of a meeting, by the engine in its time or by the manager, with the letters that it causes."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from domain.city import City
from domain.teams.course import MeetingAct, MeetingState, agenda_goes_again, comes_next, following
from domain.teams.meeting_rules import check_moment, check_state
from domain.words import MeetingId
from readmodel.agendas import agenda_of, fix_agenda
from readmodel.letters import LetterKind
from readmodel.meeting_letters import agenda_facts, tell_manager, tell_team
from readmodel.meetings import Meeting, change, meeting_by_id, plan, repetition


def advance(session: Session, city: City, meeting_id: MeetingId, now: datetime) -> datetime | None:
    """Everything that is due now is done, once; when something is due next.

    None where people are next, or it is over.
    """
    meeting = meeting_by_id(session, meeting_id, to_change=True)
    while meeting is not None:
        due = comes_next(meeting.course, city.hours)
        if due is None or due.at > now:
            return due.at if due is not None else None
        match due.act:
            case MeetingAct.SEND_AGENDA:
                meeting = send_agenda(session, city, meeting, now)
            case MeetingAct.BEGIN:
                meeting = begin(session, city, meeting, now)
            case MeetingAct.REMIND:
                meeting = change(session, meeting, reminded_at=now)
                tell_manager(session, city, meeting, LetterKind.MINUTES_DUE, now)
    return None


def send_agenda(session: Session, city: City, meeting: Meeting, now: datetime) -> Meeting:
    """The agenda as it stands goes to everyone of the team."""
    sent = change(session, meeting, agenda_sent_at=now)
    tell_team(session, city, sent, LetterKind.AGENDA, now, agenda_facts(agenda_of(session, city, sent, now)))
    return sent


def begin(session: Session, city: City, meeting: Meeting, now: datetime) -> Meeting:
    """The agenda is fixed; the next of a series is planned. Raises Refused unless the meeting is still to begin."""
    check_state(meeting.state, MeetingState.PLANNED)
    fix_agenda(session, city, meeting, now)
    begun = change(session, meeting, state=MeetingState.BEGUN.value, begun_at=now)
    _repeat(session, city, begun, now)
    return begun


def move(session: Session, city: City, meeting: Meeting, starts_at: datetime, place: str, now: datetime) -> Meeting:
    """To another moment or place. Members are told if they have the agenda, and get it anew if there is time enough.

    Raises Refused.
    """
    check_state(meeting.state, MeetingState.PLANNED)
    check_moment(starts_at, now)
    if (starts_at, place) == (meeting.starts_at, meeting.place):
        return meeting
    had_agenda = meeting.agenda_sent_at is not None
    anew = starts_at != meeting.starts_at and agenda_goes_again(city.hours, starts_at, now)
    sent_at = None if anew else meeting.agenda_sent_at
    moved = change(session, meeting, starts_at=starts_at, place=place, agenda_sent_at=sent_at)
    if had_agenda:
        facts = {"starts_at": starts_at.isoformat(), "place": place, "before": meeting.starts_at.isoformat()}
        tell_team(session, city, moved, LetterKind.MEETING_MOVED, now, facts)
    return moved


def cancel(
    session: Session, city: City, meeting: Meeting, note: str, now: datetime, by: str, *, series: bool = False
) -> Meeting:
    """It does not take place; the next of a series does, unless the `series` ends with it. Raises Refused."""
    check_state(meeting.state, MeetingState.PLANNED)
    over: dict[str, Any] = {"state": MeetingState.CANCELLED.value, "note": note, "ended_at": now, "ended_by": by}
    cancelled = change(session, meeting, **over, **({"every_weeks": None} if series else {}))
    _repeat(session, city, cancelled, now)
    if meeting.agenda_sent_at is not None:
        tell_team(session, city, cancelled, LetterKind.MEETING_CANCELLED, now)
    return cancelled


def close_minutes(session: Session, city: City, meeting: Meeting, now: datetime, by: str) -> Meeting:
    """What was decided stands, and goes to everyone of the team. Raises Refused unless the meeting has begun."""
    check_state(meeting.state, MeetingState.BEGUN)
    held = change(session, meeting, state=MeetingState.HELD.value, ended_at=now, ended_by=by)
    tell_team(session, city, held, LetterKind.MINUTES, now)
    return held


def _repeat(session: Session, city: City, meeting: Meeting, now: datetime) -> None:
    if meeting.every_weeks is None:
        return
    local = following(meeting.starts_at.astimezone(ZoneInfo(city.timezone)), meeting.every_weeks)
    while local <= now:
        local = following(local, meeting.every_weeks)
    plan(session, repetition(meeting, local), None, now)
