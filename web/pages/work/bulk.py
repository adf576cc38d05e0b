"""One command for many tasks at once, and what came of it for each."""

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated
from uuid import UUID, uuid4, uuid5

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.datastructures import FormData

from domain.authority import OF_DEPARTMENT
from domain.refusal import Refused
from domain.words import CaseId, DepartmentId, EscalationId, Role, Rung
from readmodel.case_detail import case_state
from readmodel.cases import CaseItem, case_item, items
from readmodel.database import reading
from readmodel.schema import CASES
from readmodel.sight import within
from web.command_models import AnyCommand
from web.commanding import give
from web.context import Context, WebContext
from web.pages.acting.given import command_of, why_not
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
MOST = 50
AT_ONCE = 8
_PICK = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(a[0-9]{1,6})")
Staff = Annotated[Viewer, Depends(viewing(*OF_DEPARTMENT))]


class Came(StrEnum):
    """What came of a command for one task."""

    DONE = "done"
    REFUSED = "refused"
    GONE = "gone"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Pick:
    """A task that was ticked."""

    case_id: CaseId
    assignment: str

    def __str__(self) -> str:
        return f"{self.case_id}.{self.assignment}"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it, with the reason where nothing did; `case` is absent where it may not be known."""

    pick: Pick
    came: Came
    why: str | None = None
    case: CaseItem | None = None
    service: str = ""


@router.post("/work/bulk")
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
            results = await _run(context, viewer, reader, bodies)
        except Problem as problem:
            mistakes = {error.field: error.detail for error in problem.errors} or {"command": problem.detail}
    known = await run_in_threadpool(_cases, context, viewer, {pick.case_id for pick in picks[: 4 * MOST]})
    return page(
        request,
        context,
        "work/results.html",
        area="work",
        viewer=viewer,
        status=422 if mistakes else 200,
        back=here_only(str(form.get("next", ""))) or "/work",
        bulk=[one for one in BULK if one != "acknowledge" or viewer.role is Role.DEPARTMENT_HEAD],
        chosen=command,
        departments=transfer_choices(context, reader, viewer.actor.department),
        form_id=str(_form_id(form)),
        mistakes=mistakes,
        done=[_named(context, reader, r, known) for r in results if r.came is Came.DONE],
        left=[_named(context, reader, r, known) for r in (results or _untried(picks)) if r.came is not Came.DONE],
        tried=bool(results),
        today=context.local(context.now()).date(),
        values={name: str(form.get(name, "")) for name in FIELDS},
    )


def picks_of(form: FormData) -> list[Pick]:
    """The tasks that were ticked, each once."""
    ticked = dict.fromkeys(pick_of(value) for value in form.getlist("pick") if isinstance(value, str))
    return [pick for pick in ticked if pick is not None]


def pick_of(text: str) -> Pick | None:
    found = _PICK.fullmatch(text)
    return Pick(CaseId(found[1]), found[2]) if found is not None else None


def transfer_choices(
    context: WebContext, reader: Language, department: DepartmentId | None
) -> list[tuple[DepartmentId, str]]:
    """The other departments by name."""
    others = [(id, reader.of(d.name)) for id, d in context.city.departments.items() if id != department]
    return sorted(others, key=lambda other: other[1].casefold())


def _bodies(form: FormData, reader: Language, pick: Pick, raised: Sequence[EscalationId]) -> list[AnyCommand]:
    """The commands for one task; their ids follow from the form, so that it acts once. Raises Problem."""
    form_id, command = _form_id(form), str(form.get("command", ""))
    own = [(n, v) for n, v in form.multi_items() if n not in ("assignment", "escalation", "command_id", "pick")]
    if command != "acknowledge":
        sent = FormData([*own, ("assignment", pick.assignment)])
        return [command_of(sent, reader, uuid5(form_id, f"{command} {pick}"))]
    return [
        command_of(FormData([*own, ("escalation", id)]), reader, uuid5(form_id, f"{command} {pick} {id}"))
        for id in raised
    ]


async def _run(
    context: WebContext, viewer: Viewer, reader: Language, bodies: Mapping[Pick, Sequence[AnyCommand]]
) -> list[Result]:
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(pick: Pick, commands: Sequence[AnyCommand]) -> Result:
        if not commands:
            return Result(pick, Came.REFUSED, reader.say("nothing_raised", "work"))
        async with turn:
            try:
                for command in commands:
                    await give(context, pick.case_id, viewer.actor, sight_of(viewer.actor), command)
            except (Problem, Refused) as raised:
                return Result(pick, _came(raised), why_not(context, reader, raised))
        return Result(pick, Came.DONE)

    return list(await asyncio.gather(*(one(pick, commands) for pick, commands in bodies.items())))


def _came(raised: Problem | Refused) -> Came:
    if isinstance(raised, Problem):
        return {404: Came.GONE, 503: Came.UNANSWERED}.get(raised.status, Came.REFUSED)
    return Came.REFUSED


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
                if e.assignment == pick.assignment and e.to is Rung.DEPARTMENT_HEAD
                if e.held_until is None or e.held_until <= now
            ]
    return found


def _cases(context: WebContext, viewer: Viewer, ids: set[CaseId]) -> dict[CaseId, CaseItem]:
    with reading(context.database) as session:
        query = items().where(CASES.c.case_id.in_(ids), *within(session, sight_of(viewer.actor), CASES))
        return {CaseId(row.case_id): case_item(row) for row in session.connection().execute(query)}


def _named(context: WebContext, reader: Language, result: Result, known: Mapping[CaseId, CaseItem]) -> Result:
    case = known.get(result.pick.case_id)
    service = context.city.services.get(case.service) if case is not None else None
    named = reader.of(service.name) if service is not None else ""
    return Result(result.pick, result.came, result.why, case, named)


def _untried(picks: Sequence[Pick]) -> list[Result]:
    return [Result(pick, Came.REFUSED) for pick in picks[: 4 * MOST]]


def _form_id(form: FormData) -> UUID:
    try:
        return UUID(str(form.get("form_id", "")))
    except ValueError:
        return uuid4()
