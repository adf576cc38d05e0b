"""The course of a meeting: what the engine does about it by itself, and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.durations import WorkingDays
from domain.words import MeetingId
from domain.working_time import Calendar, end_of, opening, start_of

AGENDA_BEFORE = WorkingDays(2)
"""So long before it the members get the agenda."""
MINUTES_AFTER = WorkingDays(1)
"""So long after it the manager is reminded that the minutes are not closed."""


class MeetingState(StrEnum):
    """How far a meeting has come. `begun`: its agenda is fixed, decisions are taken; `held`: its minutes are closed."""

    PLANNED = "planned"
    BEGUN = "begun"
    HELD = "held"
    CANCELLED = "cancelled"


class MeetingAct(StrEnum):
    """What the engine does."""

    SEND_AGENDA = "send_agenda"
    BEGIN = "begin"
    REMIND = "remind"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of a neighbourhood's team, as far as its course is concerned."""

    meeting_id: MeetingId
    state: MeetingState
    starts_at: datetime
    agenda_sent_at: datetime | None = None
    reminded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next, and when."""

    at: datetime
    act: MeetingAct


def comes_next(meeting: Meeting, hours: Calendar) -> Next | None:
    """What the engine does next by itself; None where it only waits for people, or the meeting is over."""
    match meeting.state:
        case MeetingState.PLANNED if meeting.agenda_sent_at is None:
            at = min(start_of(hours, meeting.starts_at, AGENDA_BEFORE), meeting.starts_at)
            return Next(at, MeetingAct.SEND_AGENDA)
        case MeetingState.PLANNED:
            return Next(meeting.starts_at, MeetingAct.BEGIN)
        case MeetingState.BEGUN if meeting.reminded_at is None:
            return Next(opening(hours, end_of(hours, meeting.starts_at, MINUTES_AFTER)), MeetingAct.REMIND)
        case _:
            return None


def agenda_goes_again(hours: Calendar, starts_at: datetime, now: datetime) -> bool:
    """Whether a meeting that is moved to this moment is far enough away for its agenda to be sent anew."""
    return now < start_of(hours, starts_at, AGENDA_BEFORE)


def following(local: datetime, weeks: int) -> datetime:
    """The same hour of the same weekday so many weeks on; both moments are local, with their time zone."""
    return local + timedelta(weeks=weeks)
