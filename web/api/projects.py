"""`/projects/{project}`: what residents are asked about a project, and their reactions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import Field, TypeAdapter

from readmodel.database import reading
from readmodel.documents import document
from web.api.answers import problems, shown
from web.api.ids import IdInPath
from web.bodies import described, json_body
from web.context import Context
from web.documents import JPEG, PDF, given_out
from web.fields import Email, Line, Sent, Text
from web.participation import participation_page, react, round_of
from web.problems import invalid, not_found
from web.project_views import ParticipationPage, ReactionKept
from web.rate import spend_turn

router = APIRouter(prefix="/projects/{project}", tags=["taking part"])


class ReactionSent(Sent):
    """What a resident says; who leaves an address is thanked, and told the outcome."""

    text: Text
    name: Line | None = None
    email: Email | None = None
    language: Annotated[str, Field(min_length=2, max_length=10)] | None = None
    command_id: UUID | None = None


REACTION_SENT = TypeAdapter(ReactionSent)
Sent_ = Annotated[ReactionSent, Depends(json_body(REACTION_SENT))]


@router.get(
    "/participation",
    summary="What residents are asked",
    response_model=ParticipationPage,
    responses=problems(404, 503),
)
def participation(context: Context, project: IdInPath) -> Response:
    """Public, by the project's number or id: the question, reactions that were moderated, and what came of them."""
    return shown(participation_page(context, round_of(context, project)))


@router.get(
    "/documents/{document_id}",
    summary="Read a document",
    response_class=Response,
    responses={200: {"content": {PDF: {}, JPEG: {}}}, **problems(404, 503)},
)
def document_of(context: Context, project: IdInPath, document_id: IdInPath) -> Response:
    """Public, where residents are asked about the project and its documents are meant for them."""
    case_id = round_of(context, project).detail.case.case_id
    with reading(context.database) as session:
        found = document(session, case_id, document_id, public=True)
    if found is None:
        raise not_found("There is no such document.")
    return given_out(found)


@router.post(
    "/reactions",
    summary="React",
    status_code=201,
    response_model=ReactionKept,
    responses=problems(404, 409, 413, 415, 422, 429, 503),
    openapi_extra=described(REACTION_SENT),
)
async def reactions(request: Request, context: Context, project: IdInPath, body: Sent_) -> Response:
    """Public. It is shown to everyone once a neighbourhood manager has read it; names never are."""
    spend_turn(request, context, "react")
    if body.language is not None and body.language not in context.city.languages:
        raise invalid("language", f"must be one of {', '.join(context.city.languages)}")
    found = await run_in_threadpool(round_of, context, project)
    kept = await react(context, found, body.text, body.email, body.name, body.language, body.command_id)
    token = kept.follower.token
    view = ReactionKept(
        case_id=found.detail.case.case_id,
        number=found.detail.case.number,
        reaction=kept.reaction,
        follow_url=context.follow_url(token),
        token=token,
    )
    return shown(view, 201)
