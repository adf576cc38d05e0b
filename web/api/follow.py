"""`/follow/{token}`: reading and answering for whoever holds the secret link."""

from io import BytesIO
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from readmodel.followers import Contact
from web import command_models as sent
from web import initiative_models as own
from web.api.answers import problems, shown
from web.bodies import described, json_body
from web.context import Context
from web.following import do, follow_shown, followed, follower_of
from web.pictures import picture_of
from web.rate import spend_turn
from web.views import AnswerShown, FollowShown

router = APIRouter(prefix="/follow/{token}", tags=["following"])

REFUSALS = problems(403, 404, 409, 413, 415, 422, 429, 503)
NOTHING = b"{}"


async def _follower(request: Request, context: Context, token: str) -> Contact:
    spend_turn(request, context, "follow")
    return await run_in_threadpool(follower_of, context, token)


Holder = Annotated[Contact, Depends(_follower)]
Feedback = Annotated[sent.FeedbackSent, Depends(json_body(sent.FEEDBACK_SENT))]
Answer = Annotated[sent.AnswerSent, Depends(json_body(sent.ANSWER_SENT))]
AdoptAsFollower = Annotated[own.AdoptAsFollowerSent, Depends(json_body(own.ADOPT_AS_FOLLOWER_SENT, empty=NOTHING))]
Account = Annotated[own.AccountSent, Depends(json_body(own.ACCOUNT_SENT))]
HandBack = Annotated[own.HandBackSent, Depends(json_body(own.HAND_BACK_SENT, empty=NOTHING))]
Nothing = Annotated[sent.NothingSent, Depends(json_body(sent.NOTHING_SENT, empty=NOTHING))]


@router.get("", summary="Follow a report", response_model=FollowShown, responses=problems(404, 503))
def follow(context: Context, token: str) -> Response:
    """What was promised, what has happened, what happens next, and what the resident may do."""
    return shown(follow_shown(context, followed(context, token)))


@router.post(
    "/feedback",
    summary="Say whether it is solved",
    response_model=AnswerShown,
    responses=REFUSALS,
    openapi_extra=described(sent.FEEDBACK_SENT),
)
async def feedback(context: Context, follower: Holder, body: Feedback) -> Response:
    """Asked once the departments report it done. No reopens the case."""
    command = sent.GiveFeedback(
        command="give_feedback",
        command_id=body.command_id,
        solved=body.solved,
        rating=body.rating,
        comment=body.comment,
    )
    return shown(await do(context, follower, command))


@router.post(
    "/answer",
    summary="Answer a question",
    response_model=AnswerShown,
    responses=REFUSALS,
    openapi_extra=described(sent.ANSWER_SENT),
)
async def answer(context: Context, follower: Holder, body: Answer) -> Response:
    """The work that waited for it goes on."""
    command = sent.Answer(command="answer", command_id=body.command_id, text=body.text)
    return shown(await do(context, follower, command))


@router.post(
    "/support",
    summary="See it too",
    response_model=AnswerShown,
    responses=REFUSALS,
    openapi_extra=described(sent.NOTHING_SENT, required=False),
)
async def support(context: Context, follower: Holder, body: Nothing) -> Response:
    """One more resident stands behind the report."""
    return shown(await do(context, follower, sent.Support(command="support", command_id=body.command_id)))


@router.post(
    "/adopt",
    summary="Take it on oneself",
    response_model=AnswerShown,
    responses=REFUSALS,
    openapi_extra=described(own.ADOPT_AS_FOLLOWER_SENT, required=False),
)
async def adopt(context: Context, follower: Holder, body: AdoptAsFollower) -> Response:
    """Whoever follows the report takes on what the city offers to residents."""
    return shown(await do(context, follower, own.Adopt(command="adopt", command_id=body.command_id, offer=body.offer)))


@router.post(
    "/account",
    summary="Account for what was taken on",
    response_model=AnswerShown,
    responses=REFUSALS,
    openapi_extra=described(own.ACCOUNT_SENT),
)
async def account(context: Context, follower: Holder, body: Account) -> Response:
    """What was done and what it cost, at most what was agreed; the report is closed."""
    photos = [await run_in_threadpool(picture_of, BytesIO(body.photo))] if body.photo is not None else []
    command = own.accounted(body)
    return shown(await do(context, follower, command, photos))


@router.post(
    "/hand-back",
    summary="Hand it back",
    response_model=AnswerShown,
    responses=REFUSALS,
    openapi_extra=described(own.HAND_BACK_SENT, required=False),
)
async def hand_back(context: Context, follower: Holder, body: HandBack) -> Response:
    """The city takes over again; what was set aside is free."""
    return shown(
        await do(context, follower, own.HandBack(command="hand_back", command_id=body.command_id, note=body.note))
    )


@router.post(
    "/withdraw",
    summary="Take the report back",
    response_model=AnswerShown,
    responses=REFUSALS,
    openapi_extra=described(sent.NOTHING_SENT, required=False),
)
async def withdraw(context: Context, follower: Holder, body: Nothing) -> Response:
    """By whoever reported it; the case goes on where others support it."""
    return shown(await do(context, follower, sent.Withdraw(command="withdraw", command_id=body.command_id)))
