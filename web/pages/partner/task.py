"""A task as a partner without an account sees it by the link in a letter, and the one answer that it is good for."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from domain.refusal import Refused
from readmodel.action_links import ActionLink
from web.answering import LinkState, Opened, answer, opened
from web.context import Context, WebContext
from web.links import links_of
from web.pages.acting.acts import WITH_PHOTOS
from web.pages.acting.given import command_of, why_not
from web.pages.answers import answers_told
from web.pages.forms import read_form
from web.pages.frame import page, speaking
from web.pages.partner.view import ANSWERS, answer_forms, said_so_far
from web.pictures import MOST_FILES, read_pictures
from web.problems import Problem, not_found
from web.rate import spend_turn

router = APIRouter(include_in_schema=False)

CAUSES = (
    "not_ours",
    "no_regulation",
    "no_budget",
    "individual_circumstances",
    "capacity",
    "third_party",
    "other",
)


@router.get("/task/{signed}")
def task(request: Request, context: Context, signed: str) -> Response:
    """Nothing changes yet: mail scanners open every link."""
    said = request.query_params.get("said", "")
    return _page(request, context, signed, said=said if said in ANSWERS else "")


@router.post("/task/{signed}")
async def answered(request: Request, context: Context, signed: str) -> Response:
    reader = speaking(request, context)
    form = await read_form(request, context, max_files=MOST_FILES)
    spend_turn(request, context, "task")
    found = await run_in_threadpool(opened, context, signed)
    if found.state is not LinkState.OPEN:
        return RedirectResponse(_here(signed), 303)
    try:
        photos = await read_pictures(form)
        body = command_of(_about(found, form), reader, found.link.command_id)
        if body.command not in ANSWERS:
            raise not_found()
        fresh = await answer(context, found.link, body, photos)
    except (Problem, Refused) as raised:
        status = raised.status if isinstance(raised, Problem) else {"invalid": 422}.get(raised.code, 409)
        if status not in (409, 422, 503):
            raise
        why = reader.say("busy", "task") if _busy(raised) else why_not(context, reader, raised)
        return await run_in_threadpool(_page, request, context, signed, form=form, why=why, status=status)
    return RedirectResponse(f"{_fresh(context, fresh) or _here(signed)}?said={body.command}", 303)


def _page(
    request: Request,
    context: WebContext,
    signed: str,
    *,
    said: str = "",
    form: FormData | None = None,
    why: str = "",
    status: int = 200,
) -> Response:
    found = opened(context, signed)
    reader = speaking(request, context)
    case = found.detail.case
    service = context.city.services.get(case.service)
    neighbourhood = context.city.neighbourhoods.get(case.neighbourhood)
    department = context.city.departments.get(found.link.department)
    action = found.detail.notes.get(found.task.task) if found.task.task is not None else None
    if found.state is not LinkState.OPEN:
        gone = found.state is not LinkState.USED
        return page(
            request,
            context,
            "task/closed.html",
            area="task",
            status=410 if gone else 200,
            state=found.state.value,
            said=said,
            used_for=found.link.used_for,
            used_at=context.local(found.link.used_at) if found.link.used_at is not None else None,
            lives=found.task.live,
            number=case.number,
        )
    return page(
        request,
        context,
        "task/task.html",
        area="task",
        status=status,
        signed=signed,
        said=said,
        why=why,
        case=case,
        task=found.task,
        action=action.text if action is not None else None,
        item=found.detail.item,
        answers=answers_told(context, reader, found.detail),
        media_url=found.detail.media_url,
        service=reader.of(service.name) if service is not None else case.service,
        neighbourhood=neighbourhood.name if neighbourhood is not None else case.neighbourhood,
        department=reader.of(department.name) if department is not None else found.link.department,
        expires=context.local(found.link.expires_at),
        forms=answer_forms(context, reader, found, form),
        with_photos=WITH_PHOTOS,
        causes=CAUSES,
        story=said_so_far(context, found),
        local=context.local,
    )


def _about(found: Opened, form: FormData) -> FormData:
    """The link is good for its own task, whatever the form says."""
    return FormData([*form.multi_items(), ("assignment", found.link.assignment)])


def _busy(raised: Problem | Refused) -> bool:
    return isinstance(raised, Problem) and raised.status == 409


def _here(signed: str) -> str:
    return f"/task/{quote(signed, safe='')}"


def _fresh(context: WebContext, link: ActionLink | None) -> str | None:
    """The page of the next link, by its path: the browser stays where it is."""
    return links_of(context).task(link.id).removeprefix(context.settings.public_url) if link is not None else None
