"""The page by which a report is followed, and what residents do there."""

from collections.abc import Mapping
from urllib.parse import quote
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from domain.refusal import Refused
from domain.words import Solved, Stage
from web import command_models as sent
from web.context import Context, WebContext
from web.following import do, follow_shown, followed, follower_of
from web.pages.forms import read_fields
from web.pages.frame import page, speaking
from web.pages.story import coming, story
from web.problems import Problem, not_found, of_refusal, of_validation
from web.rate import spend_turn

router = APIRouter(include_in_schema=False)


@router.get("/follow/{token}")
def follow(request: Request, context: Context, token: str) -> Response:
    reader = speaking(request, context)
    said = request.query_params.get("said")
    notice = reader.say(said) if said in ("received", "done") else None
    return _follow(request, context, token, notice, fresh=said == "received")


@router.get("/follow/{token}/{what}")
async def back_to(request: Request, context: Context, token: str, what: str) -> Response:
    """Whoever changes the language or reloads after a form comes back to the report."""
    return RedirectResponse(f"/follow/{quote(token, safe='')}?lang={speaking(request, context).code}", 303)


@router.post("/follow/{token}/{what}")
async def act(request: Request, context: Context, token: str, what: str) -> Response:
    reader = speaking(request, context)
    form = await read_fields(request, context)
    spend_turn(request, context, "follow")
    follower = await run_in_threadpool(follower_of, context, token)
    try:
        await do(context, follower, _command(what, form))
    except (Problem, Refused) as raised:
        problem = of_refusal(raised) if isinstance(raised, Refused) else raised
        if problem.status not in (403, 409, 422):
            raise
        why = f": {problem.detail}" if reader.code == "en" else "."
        notice = f"{reader.say('refused')}{why}"
        return await run_in_threadpool(_follow, request, context, token, notice, problem.status)
    return RedirectResponse(f"/follow/{token}?lang={reader.code}&said=done", 303)


def _command(what: str, form: Mapping[str, str]) -> sent.AnyCommand:
    try:
        command_id = UUID(form["command_id"])
    except (KeyError, ValueError):
        command_id = uuid4()
    try:
        match what:
            case "feedback":
                rating = form.get("rating", "")
                return sent.GiveFeedback(
                    command="give_feedback",
                    command_id=command_id,
                    solved=Solved(form.get("solved", "")),
                    rating=int(rating) if rating in ("1", "2", "3", "4", "5") else None,
                    comment=form.get("comment", "").strip() or None,
                )
            case "answer":
                return sent.Answer(command="answer", command_id=command_id, text=form.get("text", ""))
            case "support":
                return sent.Support(command="support", command_id=command_id)
            case "withdraw":
                return sent.Withdraw(command="withdraw", command_id=command_id)
            case _:
                raise not_found()
    except ValidationError as error:
        raise of_validation(error.errors(include_url=False, include_input=False)) from None
    except ValueError:
        raise Problem(422, "invalid", "Say whether it is solved.") from None


def _follow(
    request: Request, context: WebContext, token: str, notice: str | None, status: int = 200, *, fresh: bool = False
) -> Response:
    reader = speaking(request, context)
    seen = followed(context, token)
    view = follow_shown(context, seen)
    late = view.promised_by is not None and view.promised_by < context.now() and view.stage is not Stage.RESOLVED
    service = context.city.services.get(seen.detail.case.service)
    neighbourhood = context.city.neighbourhoods.get(seen.detail.case.neighbourhood)
    return page(
        request,
        context,
        "follow.html",
        status=status,
        view=view,
        token=token,
        notice=notice,
        wrong=status != 200,
        keep_link=fresh,
        late=late,
        service=reader.of(service.name) if service is not None else view.service,
        neighbourhood=neighbourhood.name if neighbourhood is not None else view.neighbourhood,
        story=story(context, reader, seen),
        upcoming=coming(reader, view.next),
        once=uuid4,
    )
