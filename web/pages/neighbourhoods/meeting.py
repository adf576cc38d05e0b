"""`/neighbourhoods/{neighbourhood}/team/{meeting}`: one meeting, its agenda, and the recording of what it decides."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from domain.city import Neighbourhood
from domain.refusal import Refused
from domain.teams.course import MeetingState
from domain.teams.meeting_rules import check_state, leads
from domain.words import CaseId, MeetingId
from readmodel.agendas import Agenda, Item, add_case, add_title, agenda_of, park, put_back
from readmodel.case_detail import case_named, case_state
from readmodel.database import reading
from readmodel.meeting_course import begin, cancel, close_minutes, move
from readmodel.meetings import Meeting, keep_decision, meeting_by_id
from readmodel.people import names_of
from web.command_models import RecordDecision
from web.commanding import give
from web.context import Context, WebContext
from web.fields import LONGEST_LINE, LONGEST_TEXT, one_line, plain_text
from web.pages.acting.acts import Act, acts
from web.pages.acting.given import done, why_not
from web.pages.forms import read_fields
from web.pages.frame import speaking
from web.pages.neighbourhoods.agenda_words import Row, row_of
from web.pages.neighbourhoods.frame import HOME, neighbourhood_page
from web.pages.neighbourhoods.team import ADDRESS, Team, moment_of, place_of
from web.problems import STATUS_OF_REFUSAL, Problem, not_found
from web.sight import sees_texts, sight_of
from web.signin.viewer import AnyStaff, Viewer
from web.team import changing, check_leads

router = APIRouter(include_in_schema=False)

MEETING = f"{ADDRESS}/{{meeting:uuid}}"
CHANGES = ("move", "cancel", "begin", "close", "add", "park", "back")
SAID = frozenset({*CHANGES, "planned", "decide"})
NOT_BY_TEAM = frozenset({"record_decision", "comment", "merge_into"})
"""Not offered among what is done about a case right away: the decision itself says it, or there is no time for it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The item that is being decided about, with what may be done about its case right away."""

    row: Row
    acts: Sequence[Act]
    decision_id: str


@router.get(MEETING)
def meeting_page(request: Request, context: Context, viewer: AnyStaff, here: Team, meeting: UUID) -> Response:
    return _page(request, context, viewer, here, MeetingId(str(meeting)))


@router.post(f"{MEETING}/{{what}}")
async def change_meeting(
    request: Request, context: Context, viewer: AnyStaff, here: Team, meeting: UUID, what: str
) -> Response:
    """What the manager does about the meeting, its agenda or one of its items."""
    form = await read_fields(request, context, viewer)
    if what not in SAID - {"planned"}:
        raise not_found()
    id = MeetingId(str(meeting))
    item: str | None
    try:
        check_leads(viewer.actor, here.id)
        if what == "decide":
            item = await _decide(context, viewer, here, id, form)
        else:
            item = await run_in_threadpool(_change, context, viewer.actor.id, here, id, what, form)
    except (Refused, Problem) as raised:
        if isinstance(raised, Problem) and raised.status not in (409, 422, 503):
            raise
        return await run_in_threadpool(_page, request, context, viewer, here, id, form, raised)
    fragment = "#deciding" if what == "decide" else f"#item-{item}" if item else ""
    return RedirectResponse(f"{HOME}/{here.id}/team/{id}?said={what}{fragment}", 303)


def _change(
    context: WebContext, by: str, here: Neighbourhood, id: MeetingId, what: str, form: Mapping[str, str]
) -> str | None:
    """The item that it was about. Raises Refused or Problem 404."""
    city, now, item = context.city, context.now(), form.get("item", "")[:100]
    note = plain_text(form.get("note", ""), LONGEST_TEXT)
    with changing(context, here.id, id) as (session, meeting):
        match what:
            case "move":
                move(session, city, meeting, moment_of(context, form), place_of(form), now)
            case "cancel":
                _needed(note)
                cancel(session, city, meeting, note, now, by, series=form.get("series") == "yes")
            case "begin":
                begin(session, city, meeting, now)
            case "close":
                close_minutes(session, city, meeting, now, by)
            case "add":
                check_state(meeting.state, MeetingState.PLANNED, MeetingState.BEGUN)
                _add(session, context, meeting, form, note or None, by)
            case "park":
                check_state(meeting.state, MeetingState.PLANNED, MeetingState.BEGUN)
                _needed(note)
                park(session, city, meeting, item, note, now, by)
                return None
            case "back":
                check_state(meeting.state, MeetingState.PLANNED, MeetingState.BEGUN)
                put_back(session, meeting, item, by)
                return item
    return None


def _add(
    session: Session, context: WebContext, meeting: Meeting, form: Mapping[str, str], note: str | None, by: str
) -> None:
    number = form.get("number", "").strip()[:100]
    title = one_line(form.get("title", ""), LONGEST_LINE)
    if number:
        named = case_named(session, number)
        add_case(session, context.city, meeting, named.case_id if named is not None else CaseId(number), note, by)
    elif title:
        add_title(session, meeting, title, note, by)
    else:
        raise Refused("Give the number of a case, or a title.", "invalid", "number", "nothing_to_add")


def _needed(note: str) -> None:
    if not note:
        raise Refused("Say why.", "invalid", "note", "say_why")


async def _decide(
    context: WebContext, viewer: Viewer, here: Neighbourhood, id: MeetingId, form: Mapping[str, str]
) -> str:
    """The case hears of it first; what the meeting keeps follows, by the same id, so sending the form again is safe."""
    text = plain_text(form.get("note", ""), LONGEST_TEXT)
    if not text:
        raise Refused("Say what was decided.", "invalid", "note", "say_what_was_decided")
    item = await run_in_threadpool(_item, context, here, id, form.get("item", ""))
    try:
        decision = UUID(form.get("decision", ""))
    except ValueError:
        decision = uuid4()
    on_case = False
    if item.case is not None:
        body = RecordDecision(
            command="record_decision",
            command_id=decision,
            note=text,
            meeting=UUID(id),
            public=form.get("public") == "yes",
        )
        try:
            await give(context, item.case.case_id, viewer.actor, sight_of(viewer.actor), body)
            on_case = True
        except Refused as refused:
            if refused.rule != "closed":
                raise
    await run_in_threadpool(_keep, context, viewer.actor.id, here, id, item, str(decision), text, on_case)
    return item.item


def _item(context: WebContext, here: Neighbourhood, id: MeetingId, item: str) -> Item:
    with reading(context.database) as session:
        meeting = _meeting(session, here, id)
        check_state(meeting.state, MeetingState.BEGUN)
        for one in agenda_of(session, context.city, meeting, context.now()).items:
            if one.item == item:
                return one
    raise Refused("This is not on the agenda.", "invalid", "item", "not_on_agenda")


def _keep(
    context: WebContext,
    by: str,
    here: Neighbourhood,
    id: MeetingId,
    item: Item,
    decision: str,
    text: str,
    on_case: bool,
) -> None:
    case_id = item.case.case_id if item.case is not None else None
    with changing(context, here.id, id) as (session, meeting):
        keep_decision(session, meeting, item.item, case_id, decision, text, on_case, context.now(), by)


def _meeting(session: Session, here: Neighbourhood, id: MeetingId) -> Meeting:
    meeting = meeting_by_id(session, id)
    if meeting is None or meeting.neighbourhood != here.id:
        raise not_found("There is no such meeting.")
    return meeting


def _page(
    request: Request,
    context: WebContext,
    viewer: Viewer,
    here: Neighbourhood,
    id: MeetingId,
    filled: Mapping[str, str] | None = None,
    raised: Refused | Problem | None = None,
) -> Response:
    reader, texts = speaking(request, context, viewer), sees_texts(viewer.actor)
    may_lead = leads(viewer.actor, here.id)
    with reading(context.database) as session:
        meeting = _meeting(session, here, id)
        agenda = agenda_of(session, context.city, meeting, context.now())
        names = names_of(session, _people(meeting, agenda))
    rows = [row_of(context, reader, item, texts=texts) for item in agenda.items]
    wanted = (filled or {}).get("item") or request.query_params.get("item")
    deciding = may_lead and meeting.state is MeetingState.BEGUN
    address = f"{HOME}/{here.id}/team/{id}"
    open_row = _open(rows, wanted) if deciding else None
    said = request.query_params.get("said", "")
    status = 200
    if raised is not None:
        status = raised.status if isinstance(raised, Problem) else STATUS_OF_REFUSAL[raised.code]
    return neighbourhood_page(
        request,
        context,
        "neighbourhoods/meeting.html",
        viewer,
        here,
        area="team",
        status=status,
        wrong=why_not(context, reader, raised) if raised is not None else None,
        filled=defaultdict(str, filled or {}),
        said=said if said in SAID else None,
        done=done(request, reader),
        meeting=meeting,
        address=address,
        leads=may_lead,
        texts=texts,
        rows=rows,
        parked=[row_of(context, reader, item, texts=texts) for item in agenda.parked],
        more=agenda.more,
        names=names,
        opened=_opened(request, context, viewer, address, open_row, filled or {}) if open_row is not None else None,
        decided=sum(1 for row in rows if row.item.decisions),
        local=context.local,
        now=context.now(),
    )


def _people(meeting: Meeting, agenda: Agenda) -> set[str]:
    """The ids of those who did something about it."""
    items = (*agenda.items, *agenda.parked)
    found = {meeting.ended_by, *(i.by for i in items), *(d.by for i in items for d in i.decisions)}
    return {id for id in found if id is not None}


def _open(rows: Sequence[Row], wanted: str | None) -> Row | None:
    """The item that was asked for, else the first that nothing was decided about."""
    asked = next((row for row in rows if row.item.item == wanted), None)
    return asked or next((row for row in rows if not row.item.decisions), None)


def _opened(
    request: Request, context: WebContext, viewer: Viewer, address: str, row: Row, filled: Mapping[str, str]
) -> Opened:
    found: Sequence[Act] = ()
    if row.item.case is not None:
        with reading(context.database) as session:
            state = case_state(session, row.item.case.case_id, sight_of(viewer.actor))
        if state is not None:
            case, rules = state
            next = f"{address}?item={row.item.item}#item-{row.item.item}"
            reader = speaking(request, context, viewer)
            found = [
                act
                for act in acts(context, reader, viewer, rules, case, next)
                if act.command not in NOT_BY_TEAM and act.refused is None
            ]
    return Opened(row, found, filled.get("decision") or str(uuid4()))
