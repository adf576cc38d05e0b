"""`/neighbourhoods/{neighbourhood}/team`: who is in it, when it meets and about what, and what it decided before."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from domain.city import Neighbourhood
from domain.refusal import Refused
from domain.teams.course import MeetingState
from domain.teams.meeting_rules import WEEKS_AT_MOST, check_moment, check_weeks, leads
from domain.words import MeetingId
from readmodel.agendas import Agenda, agenda_of
from readmodel.database import reading, writing
from readmodel.meetings import Meeting, coming, earlier, plan
from readmodel.team_cases import members_of, open_cases
from web.context import Context, WebContext
from web.fields import LONGEST_LINE, one_line
from web.pages.forms import read_fields
from web.pages.frame import speaking
from web.pages.languages import Language
from web.pages.neighbourhoods.agenda_words import row_of
from web.pages.neighbourhoods.frame import HOME, neighbourhood_page
from web.pages.refusals import explained
from web.problems import STATUS_OF_REFUSAL
from web.sight import private, sees_texts
from web.signin.viewer import AnyStaff, Viewer
from web.team import check_leads, team_of

router = APIRouter(include_in_schema=False)

ADDRESS = f"{HOME}/{{neighbourhood}}/team"
EARLIER = 12
CASES = 50
WEEKS = (1, 2, 3, 4, 6, 8, 12)
assert max(WEEKS) <= WEEKS_AT_MOST


def _team(neighbourhood: str, context: Context, viewer: AnyStaff) -> Neighbourhood:
    return team_of(context, viewer.actor, neighbourhood)


Team = Annotated[Neighbourhood, Depends(_team)]
"""The neighbourhood in the address, for those who read what its team does."""


@dataclass(frozen=True, slots=True)
class Held:
    """An earlier meeting, and how much it decided."""

    meeting: Meeting
    agenda: Agenda

    @property
    def decisions(self) -> int:
        return sum(len(item.decisions) for item in self.agenda.items)


@router.get(ADDRESS)
def team(request: Request, context: Context, viewer: AnyStaff, here: Team) -> Response:
    return _page(request, context, viewer, here)


@router.post(f"{ADDRESS}/plan")
async def plan_meeting(request: Request, context: Context, viewer: AnyStaff, here: Team) -> Response:
    """Sending the same form again plans nothing twice."""
    form = await read_fields(request, context, viewer)
    reader = speaking(request, context, viewer)
    try:
        check_leads(viewer.actor, here.id)
        meeting = planned(context, here, form)
    except Refused as refused:
        return await run_in_threadpool(_page, request, context, viewer, here, form, refused, reader)
    await run_in_threadpool(_plan, context, viewer, meeting)
    return RedirectResponse(f"{HOME}/{here.id}/team/{meeting.meeting_id}?said=planned", 303)


def planned(context: WebContext, here: Neighbourhood, form: Mapping[str, str]) -> Meeting:
    """The meeting that the form asks for. Raises Refused."""
    starts_at = moment_of(context, form)
    weeks = form.get("every_weeks", "")
    every_weeks = int(weeks) if weeks.isdecimal() and int(weeks[:3]) > 0 else None
    check_weeks(every_weeks)
    check_moment(starts_at, context.now())
    id = form.get("meeting", "")
    known = id if len(id) == len(str(uuid4())) else str(uuid4())
    return Meeting(MeetingId(known), here.id, starts_at, place_of(form), MeetingState.PLANNED, every_weeks)


def moment_of(context: WebContext, form: Mapping[str, str]) -> datetime:
    """Of a day and an hour, by the clocks of the city. Raises Refused."""
    try:
        day, hour = date.fromisoformat(form.get("day", "")), time.fromisoformat(form.get("hour", ""))
    except ValueError:
        raise Refused("Name a day and an hour.", "invalid", "starts_at", "meeting_moment") from None
    if not 2000 <= day.year < 2100 or hour.tzinfo is not None:
        raise Refused("Name a day and an hour.", "invalid", "starts_at", "meeting_moment")
    return datetime.combine(day, hour.replace(second=0, microsecond=0), context.zone).astimezone(UTC)


def place_of(form: Mapping[str, str]) -> str:
    """Raises Refused."""
    place = one_line(form.get("place", ""), LONGEST_LINE)
    if not place:
        raise Refused("Say where the team meets.", "invalid", "place", "meeting_place")
    return place


def _plan(context: WebContext, viewer: Viewer, meeting: Meeting) -> None:
    with writing(context.database) as session:
        plan(session, meeting, viewer.actor.id, context.now())


def _page(
    request: Request,
    context: WebContext,
    viewer: Viewer,
    here: Neighbourhood,
    filled: Mapping[str, str] | None = None,
    refused: Refused | None = None,
    reader: Language | None = None,
) -> Response:
    reader = reader or speaking(request, context, viewer)
    actor, texts, now = viewer.actor, sees_texts(viewer.actor), context.now()
    with reading(context.database) as session:
        ahead = coming(session, here.id)
        held = [Held(one, agenda_of(session, context.city, one, now)) for one in earlier(session, here.id, EARLIER)]
        agenda = agenda_of(session, context.city, ahead[0], now) if ahead else None
        members = members_of(session, here.team)
        cases = open_cases(session, here.id, private(context.city), CASES + 1) if here.id in actor.teams else []
    return neighbourhood_page(
        request,
        context,
        "neighbourhoods/team.html",
        viewer,
        here,
        area="team",
        status=STATUS_OF_REFUSAL[refused.code] if refused is not None else 200,
        wrong=explained(context, reader, refused) if refused is not None else None,
        filled=defaultdict(str, filled or {}),
        leads=leads(actor, here.id),
        texts=texts,
        members=[(context.city.departments[id], members.get(id, ())) for id in here.team],
        next=ahead[0] if ahead else None,
        agenda=[row_of(context, reader, item, texts=texts) for item in agenda.items] if agenda is not None else [],
        later=ahead[1:],
        held=held,
        cases=cases[:CASES],
        first_cases=CASES if len(cases) > CASES else None,
        service=lambda code: reader.of(context.city.services[code].name) if code in context.city.services else code,
        weeks=WEEKS,
        new_id=(filled or {}).get("meeting") or str(uuid4()),
        local=context.local,
        now=now,
    )
