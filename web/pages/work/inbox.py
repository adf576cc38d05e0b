"""The inbox of a department: what awaits an answer, what is due first, and everything to be done with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID, uuid4, uuid5

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from domain.words import AssignmentId, CaseId, DepartmentId, Role
from readmodel.case_detail import case_detail
from readmodel.database import reading
from readmodel.inbox import InboxCounts, InboxSort, inbox, inbox_counts
from readmodel.structural.actions import title_of
from web.context import Context, WebContext
from web.pages.acting.acts import Act, acts
from web.pages.acting.given import done, follow_form
from web.pages.acting.many import pick_of
from web.pages.answers import answers_told
from web.pages.forms import read_fields
from web.pages.frame import page, speaking
from web.pages.kept_views import kept_views
from web.pages.languages import Language
from web.pages.projects.asking import awaiting
from web.pages.work.asked import TABS, Asked, Tab, asked_of, today_of
from web.pages.work.bulk import BULK, transfer_choices
from web.pages.work.rows import rows_of
from web.problems import not_found
from web.sight import sight_of
from web.signin.letting_in import here_only
from web.signin.viewer import Viewer, viewing

router = APIRouter(include_in_schema=False)

AtWork = Annotated[Viewer, Depends(viewing(Role.DEPARTMENT, Role.PARTNER, Role.DEPARTMENT_HEAD))]
A_PAGE, ON_PAPER = 50, 200


@dataclass(frozen=True, slots=True)
class TabShown:
    """A tab with the number of tasks behind it."""

    tab: Tab
    count: int
    href: str
    here: bool


@router.get("/inbox")
def work(request: Request, context: Context, viewer: AtWork) -> Response:
    reader = speaking(request, context, viewer)
    asked, department = asked_of(request.query_params, context.city), department_of(viewer)
    now = context.now()
    with reading(context.database) as session:
        found = inbox(session, now, department, asked.filter(context), asked.sort, A_PAGE, asked.cursor)
        counts = inbox_counts(session, now, department, today_of(context))
        rows = rows_of(context, reader, session, found.items)
        views = kept_views(session, viewer, "/inbox", asked.query)
        advise = awaiting(session, viewer)
    here = asked.link(cursor=asked.cursor)
    return page(
        request,
        context,
        "work/inbox.html",
        area="work",
        viewer=viewer,
        asked=asked,
        department=_named(context, reader, department),
        done=done(request, reader),
        form_id=str(uuid4()),
        here=here,
        more=asked.link(cursor=found.next_cursor) if found.next_cursor is not None else None,
        rows=rows,
        sorts=list(InboxSort),
        tabs=_tabs(asked, counts),
        views=views,
        advise=advise,
        bulk=[command for command in BULK if command != "acknowledge" or viewer.role is Role.DEPARTMENT_HEAD],
        departments=transfer_choices(context, reader, department),
        neighbourhoods=sorted(context.city.neighbourhoods.values(), key=lambda n: n.name.casefold()),
        services=sorted(context.city.services.values(), key=lambda s: reader.of(s.name).casefold()),
        today=context.local(now).date(),
        nothing_at_all=counts.all == 0,
    )


@router.get("/inbox/print")
def on_paper(
    request: Request, context: Context, viewer: AtWork, by: Annotated[str, Query(max_length=20)] = "neighbourhood"
) -> Response:
    """For the crew: up to 200 tasks, by neighbourhood or by planned day, with boxes to tick."""
    reader = speaking(request, context, viewer)
    asked, department = asked_of(request.query_params, context.city), department_of(viewer)
    sort = InboxSort.PLANNED if by == "planned" else InboxSort.NEIGHBOURHOOD
    now = context.now()
    with reading(context.database) as session:
        found = inbox(session, now, department, asked.filter(context), sort, ON_PAPER)
        rows = rows_of(context, reader, session, found.items)
    return page(
        request,
        context,
        "work/paper.html",
        area="work",
        viewer=viewer,
        asked=asked,
        by=sort.value,
        department=_named(context, reader, department),
        rows=rows,
        shortened=found.next_cursor is not None,
        now=context.local(now),
    )


@router.get("/inbox/{case_id:uuid}/{assignment}")
def task(
    request: Request,
    context: Context,
    viewer: AtWork,
    case_id: UUID,
    assignment: str,
    do: Annotated[str, Query(max_length=30)] = "",
    next: str = "",
) -> Response:
    """One task with everything that may be done with it; scripts fetch it into its row."""
    reader = speaking(request, context, viewer)
    back = here_only(next) or "/inbox"
    with reading(context.database) as session:
        detail = case_detail(session, CaseId(str(case_id)), sight_of(viewer.actor))
    found = detail.case.assignment(AssignmentId(assignment)) if detail is not None else None
    if detail is None or found is None or found.department != department_of(viewer):
        raise not_found("There is no such task.")
    offered = acts(context, reader, viewer, detail.rules, detail.case, back)
    mine = [one for one in offered if _about(one, found.id, detail.case.case_id)]
    service = context.city.services.get(detail.case.service)
    neighbourhood = context.city.neighbourhoods.get(detail.case.neighbourhood)
    action = detail.notes.get(found.task) if found.task is not None else None
    return page(
        request,
        context,
        "work/task.html",
        area="work",
        viewer=viewer,
        action=action.text if action is not None else None,
        done_by=context.local(found.resolve_by),
        title=title_of(detail.item.description) if detail.case.structure is not None else None,
        acts=mine if found.live else [],
        open=next_open(mine, do),
        back=back,
        detail=detail,
        answers=answers_told(context, reader, detail),
        photos=[photo for photo in detail.photos if photo.note_id is None],
        service=reader.of(service.name) if service is not None else detail.case.service,
        neighbourhood=neighbourhood.name if neighbourhood is not None else detail.case.neighbourhood,
        task=found,
    )


@router.post("/inbox/quick")
async def quick(request: Request, context: Context, viewer: AtWork) -> Response:
    """The one likely command for one task, at the press of a button."""
    fields = await read_fields(request, context, viewer)
    command, _, ticked = fields.get("do", "").partition(" ")
    pick = pick_of(ticked)
    if pick is None:
        raise not_found()
    try:
        command_id = uuid5(UUID(fields.get("form_id", "")), fields.get("do", ""))
    except ValueError:
        command_id = uuid4()
    sent = [("command", command), ("assignment", pick.what), ("command_id", str(command_id))]
    form = FormData([*sent, ("next", fields.get("next", ""))])
    return await follow_form(request, context, viewer, pick.case_id, form)


def department_of(viewer: Viewer) -> DepartmentId:
    """Whose inbox it is. Raises Problem 404 for an account without a department."""
    if viewer.actor.department is None:
        raise not_found("This account has no department.")
    return viewer.actor.department


def next_open(offered: Sequence[Act], command: str) -> str | None:
    """The form that is unfolded: the one asked for."""
    return next((one.key for one in offered if one.command == command and one.refused is None), None)


def _about(one: Act, assignment: AssignmentId, case_id: CaseId) -> bool:
    return one.assignment == assignment or one.command in ("acknowledge", "comment")


def _tabs(asked: Asked, counts: InboxCounts) -> list[TabShown]:
    return [
        TabShown(tab, getattr(counts, tab), asked.link(tab="" if tab == "to_answer" else tab), tab == asked.tab)
        for tab in TABS
    ]


def _named(context: WebContext, reader: Language, id: DepartmentId) -> str:
    department = context.city.departments.get(id)
    return reader.of(department.name) if department is not None else id
