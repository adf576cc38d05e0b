"""Who leads a team's meetings, and what may be done with one when."""

from datetime import datetime

from domain.actor import Actor
from domain.draft import FURTHEST
from domain.refusal import Refused
from domain.teams.course import MeetingState
from domain.words import NeighbourhoodId, Role

WEEKS_AT_MOST = 26
_SAYS = {
    MeetingState.PLANNED: ("The meeting has not begun.", "meeting_not_begun"),
    MeetingState.BEGUN: ("The meeting has begun.", "meeting_begun"),
    MeetingState.HELD: ("The minutes of this meeting are closed.", "meeting_held"),
    MeetingState.CANCELLED: ("This meeting was cancelled.", "meeting_cancelled"),
}


def leads(actor: Actor, neighbourhood: NeighbourhoodId) -> bool:
    """Whether the actor plans the meetings of this neighbourhood's team and records what it decides."""
    manages = actor.role is Role.NEIGHBOURHOOD_MANAGER and actor.covers(neighbourhood)
    return manages or actor.role is Role.ADMINISTRATOR


def check_moment(starts_at: datetime, now: datetime) -> None:
    """Raises Refused for a meeting in the past, or further ahead than calendars reach."""
    if starts_at <= now:
        raise Refused("A meeting is planned for a moment in the future.", "invalid", "starts_at", "meeting_ahead")
    if starts_at > now + FURTHEST:
        raise Refused("More than ten years ahead is too far.", "invalid", "starts_at", "too_far_ahead")


def check_weeks(every_weeks: int | None) -> None:
    """Raises Refused for a repetition that nobody means."""
    if every_weeks is not None and not 1 <= every_weeks <= WEEKS_AT_MOST:
        raise Refused("A meeting repeats every 1 to 26 weeks.", "invalid", "every_weeks", "meeting_weeks")


def check_state(state: MeetingState, *wanted: MeetingState) -> None:
    """Raises Refused, with what the meeting's state is instead."""
    if state not in wanted:
        reason, rule = _SAYS[state]
        raise Refused(reason, rule=rule)
