"""`/cases/{case_id}/commands`: what staff may ask of a case."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from web.api.answers import problems, shown
from web.api.bearer import SignedIn
from web.api.cases import CaseIdInPath
from web.bodies import described, json_body
from web.command_models import ANY_COMMAND, AnyCommand
from web.commanding import give
from web.context import Context
from web.sight import sight_of
from web.views import AnswerShown

router = APIRouter(tags=["commands"])

Sent = Annotated[AnyCommand, Depends(json_body(ANY_COMMAND, skip=1))]


@router.post(
    "/cases/{case_id}/commands",
    summary="Give a command",
    response_model=AnswerShown,
    responses=problems(401, 403, 404, 409, 413, 415, 422, 503),
    openapi_extra=described(ANY_COMMAND),
)
async def command(context: Context, actor: SignedIn, case_id: CaseIdInPath, body: Sent) -> Response:
    """The answer comes once what it led to can be read; repeating a `command_id` repeats it and changes nothing."""
    return shown(await give(context, case_id, actor, sight_of(actor), body))
