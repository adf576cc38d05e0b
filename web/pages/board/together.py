"""Taking up many escalations at once, and what came of it for each."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID, uuid4, uuid5

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.datastructures import FormData

from domain.refusal import Refused
from domain.words import CaseId, EscalationId
from readmodel.cases import CaseItem, case_item, items
from readmodel.database import reading
from readmodel.schema import CASES
from readmodel.sight import within
from web.command_models import AnyCommand
from web.commanding import give
from web.context import Context, WebContext
from web.pages.acting.given import command_of, why_not
from web.pages.board.asking import ADDRESS, RUNGS
from web.pages.forms import read_form
from web.pages.frame import page, speaking
from web.pages.languages import Language
from web.problems import Problem
from web.sight import sight_of
from web.signin.letting_in import here_only
from web.signin.viewer import Viewer, viewing

router = APIRouter(include_in_schema=False)

Told = Annotated[Viewer, Depends(viewing(*RUNGS))]
MOST = 50
AT_ONCE = 8
_PICK = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(e[0-9]{1,6})")


@dataclass(frozen=True, slots=True)
class Pick:
    """An escalation that was ticked."""

    case_id: CaseId
    escalation: EscalationId

    def __str__(self) -> str:
        return f"{self.case_id}.{self.escalation}"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it; `case` is absent where it may not be known."""

    case: CaseItem | None
    service: str
    why: str | None
    """Why it was not taken up; None where it was."""


@router.post(f"{ADDRESS}/together")
async def together(request: Request, context: Context, viewer: Told) -> Response:
    """Sending the same form again repeats its answers and changes nothing twice."""
    reader = speaking(request, context, viewer)
    form = await read_form(request, context, viewer)
    picks = picks_of(form)
    mistake = (
        None if 0 < len(picks) <= MOST else reader.say("pick_some" if not picks else "pick_fewer", "board_together")
    )
    results: Sequence[Result] = ()
    if mistake is None:
        try:
            commands = {pick: _command(form, reader, pick) for pick in picks}
            results = await _run(context, viewer, reader, commands)
        except Problem as problem:
            mistake = " ".join(error.detail for error in problem.errors) or problem.detail
    return page(
        request,
        context,
        "board/together.html",
        area="board_together",
        viewer=viewer,
        status=422 if mistake is not None else 200,
        mistake=mistake,
        done=[result for result in results if result.why is None],
        left=[result for result in results if result.why is not None],
        back=here_only(str(form.get("next", ""))) or ADDRESS,
    )


def picks_of(form: FormData) -> list[Pick]:
    """The escalations that were ticked, each once."""
    found = (_PICK.fullmatch(value) for value in form.getlist("pick") if isinstance(value, str))
    return list(dict.fromkeys(Pick(CaseId(one[1]), EscalationId(one[2])) for one in found if one is not None))


def _command(form: FormData, reader: Language, pick: Pick) -> AnyCommand:
    """Its id follows from the form, so that it acts once. Raises Problem for a note that cannot be kept."""
    fields = {"command": "acknowledge", "escalation": pick.escalation, "note": str(form.get("note", ""))}
    return command_of(FormData(fields), reader, uuid5(_form_id(form), str(pick)))


async def _run(
    context: WebContext, viewer: Viewer, reader: Language, commands: Mapping[Pick, AnyCommand]
) -> list[Result]:
    turn, sight = asyncio.Semaphore(AT_ONCE), sight_of(viewer.actor)

    async def one(pick: Pick, command: AnyCommand) -> str | None:
        async with turn:
            try:
                await give(context, pick.case_id, viewer.actor, sight, command)
            except (Problem, Refused) as raised:
                return why_not(context, reader, raised)
        return None

    reasons = await asyncio.gather(*(one(pick, command) for pick, command in commands.items()))
    cases = await run_in_threadpool(_cases, context, viewer, {pick.case_id for pick in commands})
    return [_result(context, reader, cases.get(p.case_id), why) for p, why in zip(commands, reasons, strict=True)]


def _cases(context: WebContext, viewer: Viewer, ids: set[CaseId]) -> dict[CaseId, CaseItem]:
    with reading(context.database) as session:
        query = items().where(CASES.c.case_id.in_(ids), *within(session, sight_of(viewer.actor), CASES))
        return {CaseId(row.case_id): case_item(row) for row in session.connection().execute(query)}


def _result(context: WebContext, reader: Language, case: CaseItem | None, why: str | None) -> Result:
    service = context.city.services.get(case.service) if case is not None else None
    return Result(case, reader.of(service.name) if service is not None else "", why)


def _form_id(form: FormData) -> UUID:
    try:
        return UUID(str(form.get("form_id", "")))
    except ValueError:
        return uuid4()
