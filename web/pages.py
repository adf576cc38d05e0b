"""The pages: what this is, the report form, and the page by which a report is followed."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from domain.refusal import Refused
from domain.words import Solved, Stage
from web import command_models as sent
from web.bearer import spend_turn
from web.context import Context, WebContext, context_of
from web.following import do, follow_shown, followed, follower_of
from web.languages import Language, choose, language
from web.problems import Problem, not_found, of_refusal, of_validation
from web.report_form import groups, labels, read_form, values_of
from web.story import coming, story
from web.taking_in import take_in
from web.templating import templates

router = APIRouter(include_in_schema=False)

MOST_FIELDS = 30


def speaking(request: Request, context: WebContext) -> Language:
    """The reader's language."""
    asked = request.query_params.get("lang")
    return choose(asked, request.headers.get("accept-language", ""), context.city.languages)


def problem_page(request: Request, problem: Problem) -> Response:
    """A problem, told to someone who reads pages."""
    context = context_of(request)
    reader = speaking(request, context)
    key = {404: "not_found", 405: "not_found", 429: "too_many"}.get(problem.status, "unavailable")
    text = problem.detail if problem.status in (400, 403, 413, 422) else reader.say(key)
    return _page(context, reader, "problem.html", problem.status, problem.headers, problem=text)


@router.get("/")
async def home(request: Request, context: Context) -> Response:
    return _page(context, speaking(request, context), "home.html")


@router.get("/report")
async def report_form(request: Request, context: Context) -> Response:
    return _form(context, speaking(request, context), {}, {})


@router.post("/report")
async def report(request: Request, context: Context) -> Response:
    reader = speaking(request, context)
    form = await _fields(request, context, reader)
    spend_turn(request, context)
    values = values_of(form)
    try:
        filled = read_form(values, reader.code if reader.code in context.city.languages else None)
        taken = await take_in(context, filled.sent, None, address=filled.address)
    except Problem as problem:
        if problem.status != 422:
            raise
        return _form(context, reader, values, {e.field: e.detail for e in problem.errors}, 422)
    return RedirectResponse(f"/follow/{taken.accepted.token}?lang={reader.code}&said=received", 303)


@router.get("/follow/{token}")
def follow(request: Request, context: Context, token: str) -> Response:
    reader = speaking(request, context)
    said = request.query_params.get("said")
    notice = reader.say(said) if said in ("received", "done") else None
    return _follow(context, reader, token, notice, fresh=said == "received")


@router.get("/cases/{case_id:uuid}")
async def for_staff(request: Request, context: Context, case_id: UUID) -> Response:
    """Where letters to staff lead: how to read the case. The same for every id, whether there is such a case or not."""
    url = f"{context.settings.public_url}/api/v1/cases/{case_id}"
    return _page(context, speaking(request, context), "staff.html", url=url)


@router.get("/follow/{token}/{what}")
async def back_to(request: Request, context: Context, token: str, what: str) -> Response:
    """Whoever changes the language or reloads after a form comes back to the report."""
    return RedirectResponse(f"/follow/{quote(token, safe='')}?lang={speaking(request, context).code}", 303)


@router.post("/follow/{token}/{what}")
async def act(request: Request, context: Context, token: str, what: str) -> Response:
    reader = speaking(request, context)
    form = await _fields(request, context, reader)
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
        return await run_in_threadpool(_follow, context, reader, token, notice, problem.status)
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


async def _fields(request: Request, context: WebContext, reader: Language) -> Mapping[str, str]:
    """The fields of a form that was filled in on one of our own pages."""
    if not _from_here(request, context):
        raise Problem(403, "forbidden", reader.say("elsewhere"))
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _from_here(request: Request, context: WebContext) -> bool:
    """Browsers tell where a form comes from; what tells nothing is no browser, and carries nobody's rights."""
    origin = request.headers.get("origin") or request.headers.get("referer")
    if origin is None:
        return True
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        return False
    return bool(host) and host in (request.headers.get("host"), urlsplit(context.settings.public_url).netloc)


def _form(
    context: WebContext, reader: Language, values: Mapping[str, str], mistakes: Mapping[str, str], status: int = 200
) -> Response:
    outside = reader.say("outside", city=context.city.name)
    told = {
        field: outside if field == "location" and values.get("lat") else reader.say(_asked(field), "mistakes")
        for field in mistakes
    }
    return _page(
        context,
        reader,
        "report.html",
        status,
        values=values_of(values),
        mistakes=told,
        labels=labels(reader),
        groups=groups(context.city, reader),
        neighbourhoods=sorted(context.city.neighbourhoods.values(), key=lambda n: n.name),
    )


def _asked(field: str) -> str:
    """A field of a report as the form calls it."""
    return field.rpartition(".")[2]


def _follow(
    context: WebContext, reader: Language, token: str, notice: str | None, status: int = 200, *, fresh: bool = False
) -> Response:
    seen = followed(context, token)
    view = follow_shown(context, seen)
    late = view.promised_by is not None and view.promised_by < context.now() and view.stage is not Stage.RESOLVED
    service = context.city.services.get(seen.detail.case.service)
    neighbourhood = context.city.neighbourhoods.get(seen.detail.case.neighbourhood)
    return _page(
        context,
        reader,
        "follow.html",
        status,
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


def _page(
    context: WebContext,
    reader: Language,
    template: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> Response:
    offered = [language(code) for code in context.city.languages]
    page = templates.get_template(template).render(
        city=context.city,
        language=reader,
        languages=offered if len(offered) > 1 else [],
        say=reader.say,
        **values,
    )
    return HTMLResponse(page, status, dict(headers or {}))
