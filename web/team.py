"""The neighbourhood team for those who read or lead it: who may, and one meeting held for a change."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from domain.actor import Actor
from domain.authority import OF_DEPARTMENT
from domain.city import Neighbourhood
from domain.refusal import Refused
from domain.teams.meeting_rules import leads
from domain.words import MeetingId, NeighbourhoodId, Role
from readmodel.database import writing
from readmodel.meetings import Meeting, meeting_by_id
from web.context import WebContext
from web.problems import not_found


def on_team(actor: Actor, neighbourhood: Neighbourhood) -> bool:
    """Whether the actor reads what the team does: its members, who leads it, wardens, leadership and administrators."""
    if actor.role in OF_DEPARTMENT:
        return neighbourhood.id in actor.teams
    if actor.role in (Role.NEIGHBOURHOOD_MANAGER, Role.WARDEN):
        return actor.covers(neighbourhood.id)
    return actor.role in (Role.LEADERSHIP, Role.ADMINISTRATOR)


def team_of(context: WebContext, actor: Actor, neighbourhood: str) -> Neighbourhood:
    """Raises Problem 404, also for a neighbourhood whose team is not the actor's to know."""
    found = context.city.neighbourhoods.get(NeighbourhoodId(neighbourhood))
    if found is None or not on_team(actor, found):
        raise not_found("There is no such neighbourhood.")
    return found


def check_leads(actor: Actor, neighbourhood: NeighbourhoodId) -> None:
    """Raises Refused."""
    if not leads(actor, neighbourhood):
        raise Refused(
            f"This is not for {actor.role.replace('_', ' ')} to do here.",
            "forbidden",
            rule="not_yours",
            values={"role": actor.role},
        )


@contextmanager
def changing(
    context: WebContext, neighbourhood: NeighbourhoodId, meeting_id: MeetingId
) -> Iterator[tuple[Session, Meeting]]:
    """One transaction that changes the meeting, which nobody else changes meanwhile. Raises Problem 404."""
    with writing(context.database) as session:
        meeting = meeting_by_id(session, meeting_id, to_change=True)
        if meeting is None or meeting.neighbourhood != neighbourhood:
            raise not_found("There is no such meeting.")
        yield session, meeting
