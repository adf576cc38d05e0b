"""`/neighbourhoods/{id}/meetings`, `/meetings/{id}`: when a neighbourhood's team meets, and what about."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import Field, TypeAdapter

from domain.teams.course import MeetingState
from domain.teams.meeting_rules import check_moment, check_weeks
from domain.words import MeetingId
from readmodel.agendas import Item, agenda_of
from readmodel.database import reading, writing
from readmodel.meetings import Meeting, coming, earlier, meeting_by_id, plan
from web.api.answers import problems, shown
from web.api.bearer import SignedIn
from web.api.ids import IdInPath
from web.bodies import described, json_body
from web.context import Context, WebContext, maybe
from web.fields import Line, Moment, Sent
from web.problems import invalid, not_found
from web.sight import sees_texts
from web.team import check_leads, on_team, team_of
from web.views import AgendaItemShown, DecisionShown, MeetingPage, MeetingShown, MeetingWithAgenda, ReasonShown

router = APIRouter(tags=["neighbourhood teams"])

EARLIER = 100


class MeetingSent(Sent):
    """A meeting to be planned."""

    starts_at: Moment
    place: Line
    every_weeks: Annotated[int, Field(ge=1, le=26)] | None = None
    meeting: UUID | None = None
    """Its id; sending it again plans nothing twice. Made up where absent."""


MEETING_SENT = TypeAdapter(MeetingSent)


@router.get(
    "/neighbourhoods/{neighbourhood}/meetings",
    summary="List a team's meetings",
    response_model=MeetingPage,
    responses=problems(401, 404, 503),
)
def meetings(context: Context, actor: SignedIn, neighbourhood: IdInPath) -> Response:
    """Those to come, the next first; then the last hundred that were held or cancelled, the last first."""
    here = team_of(context, actor, neighbourhood)
    with reading(context.database) as session:
        found = [*coming(session, here.id), *earlier(session, here.id, EARLIER)]
    return shown(MeetingPage(items=tuple(_shown(context, meeting) for meeting in found)))


@router.post(
    "/neighbourhoods/{neighbourhood}/meetings",
    status_code=201,
    summary="Plan a meeting",
    response_model=MeetingShown,
    responses=problems(401, 403, 404, 409, 413, 415, 422, 503),
    openapi_extra=described(MEETING_SENT),
)
async def plan_meeting(request: Request, context: Context, actor: SignedIn, neighbourhood: IdInPath) -> Response:
    """For the neighbourhood's manager. Its members get the agenda two working days before."""
    here = team_of(context, actor, neighbourhood)
    check_leads(actor, here.id)
    sent = await json_body(MEETING_SENT)(request)
    starts_at = sent.starts_at
    if not isinstance(starts_at, datetime):
        raise invalid("starts_at", "must be a time with its offset such as 2026-12-01T13:30:00+01:00")
    check_moment(starts_at, context.now())
    check_weeks(sent.every_weeks)
    id = MeetingId(str(sent.meeting or uuid4()))
    starts = starts_at.astimezone(UTC)
    meeting = Meeting(id, here.id, starts, sent.place, MeetingState.PLANNED, sent.every_weeks)
    return shown(await run_in_threadpool(_plan, context, meeting, actor.id), 201)


@router.get(
    "/meetings/{meeting}",
    summary="Read a meeting",
    response_model=MeetingWithAgenda,
    responses=problems(401, 404, 503),
)
def meeting(context: Context, actor: SignedIn, meeting: IdInPath) -> Response:
    """Its agenda with the reasons, as it is now or was when it began; what was left out; what was decided."""
    with reading(context.database) as session:
        found = meeting_by_id(session, MeetingId(meeting))
        here = context.city.neighbourhoods.get(found.neighbourhood) if found is not None else None
        if found is None or here is None or not on_team(actor, here):
            raise not_found("There is no such meeting.")
        agenda = agenda_of(session, context.city, found, context.now())
    texts = sees_texts(actor)
    view = MeetingWithAgenda(
        **dict(_shown(context, found)),
        agenda=tuple(_item(context, item, texts) for item in agenda.items),
        left_out=tuple(_item(context, item, texts) for item in agenda.parked),
        more=agenda.more,
    )
    return shown(view)


def _plan(context: WebContext, meeting: Meeting, by: str) -> MeetingShown:
    with writing(context.database) as session:
        plan(session, meeting, by, context.now())
        kept = meeting_by_id(session, meeting.meeting_id)
    assert kept is not None
    if kept.neighbourhood != meeting.neighbourhood:
        raise invalid("meeting", "is the id of another meeting")
    return _shown(context, kept)


def _shown(context: WebContext, meeting: Meeting) -> MeetingShown:
    return MeetingShown(
        meeting=meeting.meeting_id,
        neighbourhood=meeting.neighbourhood,
        starts_at=context.local(meeting.starts_at),
        place=meeting.place,
        state=meeting.state,
        every_weeks=meeting.every_weeks,
        agenda_sent_at=maybe(context, meeting.agenda_sent_at),
        begun_at=maybe(context, meeting.begun_at),
        ended_at=maybe(context, meeting.ended_at),
    )


def _item(context: WebContext, item: Item, texts: bool) -> AgendaItemShown:
    case = item.case
    return AgendaItemShown(
        item=item.item,
        case_id=case.case_id if case is not None else None,
        number=case.number if case is not None else None,
        service=case.service if case is not None else None,
        title=item.title if texts else None,
        note=item.note if texts else None,
        reasons=tuple(
            ReasonShown(
                reason=why.reason, at=maybe(context, why.at), to=why.to, escalated=why.escalated, times=why.times
            )
            for why in item.whys
        ),
        decisions=tuple(
            DecisionShown(
                decision=d.decision_id, at=context.local(d.at), text=d.text if texts else None, on_case=d.on_case
            )
            for d in item.decisions
        ),
    )
