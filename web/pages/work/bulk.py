"""One command for many tasks at once, and what came of it for each."""

from collections.abc import Iterable, Sequence
from typing import Annotated
from uuid import uuid5

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.datastructures import FormData

from domain.authority import OF_DEPARTMENT
from domain.words import DepartmentId, EscalationId, Role, Rung
from readmodel.case_detail import case_state
from readmodel.database import reading
from web.command_models import AnyCommand
from web.context import Context, WebContext
from web.pages.acting.given import command_of
from web.pages.acting.many import MOST, Came, Pick, Result, form_id, give_all, picks_of, with_cases
from web.pages.forms import read_form
from web.pages.frame import page, speaking
from web.pages.languages import Language
from web.problems import Problem
from web.sight import sight_of
from web.signin.letting_in import here_only
from web.signin.viewer import Viewer, viewing

router = APIRouter(include_in_schema=False)

BULK = ("accept", "report_progress", "resolve", "pause", "resume", "transfer", "comment", "acknowledge")
"""The commands that make sense for many tasks at once."""
FIELDS = ("planned_for", "note", "to", "cause", "until")
Staff = Annotated[Viewer, Depends(viewing(*OF_DEPARTMENT))]


@router.post("/inbox/bulk")
async def bulk(request: Request, context: Context, viewer: Staff) -> Response:
    """Sending the same form again repeats its answers and changes nothing twice."""
    reader = speaking(request, context, viewer)
    form = await read_form(request, context, viewer)
    picks = picks_of(form)
    command = str(form.get("command", ""))
    mistakes: dict[str, str] = {}
    if command not in BULK:
        mistakes["command"] = reader.say("choose_command", "work")
    if not 0 < len(picks) <= MOST:
        mistakes["pick"] = reader.say("pick_some" if not picks else "pick_fewer", "work", most=MOST)
    results: Sequence[Result] = ()
    if not mistakes:
        try:
            bodies = {pick: _bodies(form, reader, pick, ()) for pick in picks}
            if command == "acknowledge":
                raised = await run_in_threadpool(_raised_to, context, viewer, picks)
                bodies = {pick: _bodies(form, reader, pick, raised.get(pick, ())) for pick in picks}
            idle = [Result(p, Came.REFUSED, reader.say("nothing_raised", "work")) for p in picks if not bodies[p]]
            given = await give_all(context, viewer, reader, {p: own for p, own in bodies.items() if own})
            results = [*given, *idle]
        except Problem as problem:
            mistakes = {error.field: error.detail for error in problem.errors} or {"command": problem.detail}
    done, left = await with_cases(context, viewer, reader, results or _untried(picks))
    return page(
        request,
        context,
        "work/results.html",
        area="work",
        viewer=viewer,
        status=422 if mistakes else 200,
        back=here_only(str(form.get("next", ""))) or "/inbox",
        bulk=[one for one in BULK if one != "acknowledge" or viewer.role is Role.DEPARTMENT_HEAD],
        chosen=command,
        departments=transfer_choices(context, reader, viewer.actor.department),
        form_id=str(form_id(form)),
        mistakes=mistakes,
        done=done,
        left=left,
        tried=bool(results),
        today=context.local(context.now()).date(),
        values={name: str(form.get(name, "")) for name in FIELDS},
    )


def transfer_choices(
    context: WebContext, reader: Language, department: DepartmentId | None
) -> list[tuple[DepartmentId, str]]:
    """The other departments by name."""
    others = [(id, reader.of(d.name)) for id, d in context.city.departments.items() if id != department]
    return sorted(others, key=lambda other: other[1].casefold())


def _bodies(form: FormData, reader: Language, pick: Pick, raised: Sequence[EscalationId]) -> list[AnyCommand]:
    """The commands for one task; their ids follow from the form, so that it acts once. Raises Problem."""
    sent_as, command = form_id(form), str(form.get("command", ""))
    own = [(n, v) for n, v in form.multi_items() if n not in ("assignment", "escalation", "command_id", "pick")]
    if command != "acknowledge":
        sent = FormData([*own, ("assignment", pick.what)])
        return [command_of(sent, reader, uuid5(sent_as, f"{command} {pick}"))]
    return [
        command_of(FormData([*own, ("escalation", id)]), reader, uuid5(sent_as, f"{command} {pick} {id}"))
        for id in raised
    ]


def _raised_to(context: WebContext, viewer: Viewer, picks: Iterable[Pick]) -> dict[Pick, Sequence[EscalationId]]:
    """The escalations of these tasks that the head was told of, and that nobody took up yet."""
    now = context.now()
    found: dict[Pick, Sequence[EscalationId]] = {}
    with reading(context.database) as session:
        for pick in picks:
            state = case_state(session, pick.case_id, sight_of(viewer.actor))
            if state is None:
                continue
            found[pick] = [
                e.id
                for e in state[0].open_escalations()
                if e.assignment == pick.what and e.to is Rung.DEPARTMENT_HEAD
                if e.held_until is None or e.held_until <= now
            ]
    return found


def _untried(picks: Sequence[Pick]) -> list[Result]:
    return [Result(pick, Came.REFUSED) for pick in picks[: 4 * MOST]]
