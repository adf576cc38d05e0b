"""Taking up many escalations at once, and what came of it for each."""

from collections.abc import Sequence
from typing import Annotated
from uuid import uuid5

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from web.command_models import AnyCommand
from web.context import Context
from web.pages.acting.given import command_of
from web.pages.acting.many import MOST, Pick, Result, form_id, give_all, picks_of, with_cases
from web.pages.board.asking import ADDRESS, RUNGS
from web.pages.forms import read_form
from web.pages.frame import page, speaking
from web.pages.languages import Language
from web.problems import Problem
from web.signin.letting_in import here_only
from web.signin.viewer import Viewer, viewing

router = APIRouter(include_in_schema=False)

Told = Annotated[Viewer, Depends(viewing(*RUNGS))]


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
            commands = {pick: [_command(form, reader, pick)] for pick in picks}
            results = await give_all(context, viewer, reader, commands)
        except Problem as problem:
            mistake = " ".join(error.detail for error in problem.errors) or problem.detail
    done, left = await with_cases(context, viewer, reader, results)
    return page(
        request,
        context,
        "board/together.html",
        area="board_together",
        viewer=viewer,
        status=422 if mistake is not None else 200,
        mistake=mistake,
        done=done,
        left=left,
        back=here_only(str(form.get("next", ""))) or ADDRESS,
    )


def _command(form: FormData, reader: Language, pick: Pick) -> AnyCommand:
    """Raises Problem for a note that cannot be kept, or a cause that is none."""
    written = {name: str(form.get(name, "")) for name in ("cause", "note")}
    fields = {"command": "acknowledge", "escalation": pick.what, **written}
    return command_of(FormData(fields), reader, uuid5(form_id(form), str(pick)))
