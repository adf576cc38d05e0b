"""Webhooks: which systems are told of what happens, how they do, and switching them off and on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from domain.addresses import mistake_in
from domain.city import City
from domain.webhooks import OPEN, MessageStatus, Subscription, WhyDisabled, event_kinds
from domain.words import DepartmentId, NeighbourhoodId, ServiceCode
from readmodel.database import reading, writing
from readmodel.webhook_course import disable, enable
from readmodel.webhook_messages import add_test, replay
from readmodel.webhook_overview import Behind, behind, latest_messages
from readmodel.webhooks import Webhook, add_webhook, list_webhooks, newest_secret, rotate, webhook_by_id
from web.context import Context, WebContext
from web.fields import email_address, one_line
from web.pages.admin.frame import Administrator, admin_page
from web.pages.forms import read_fields
from web.problems import not_found
from web.signin.journal import note
from web.signin.viewer import Viewer

router = APIRouter(include_in_schema=False, prefix="/admin/webhooks")

Id = Annotated[str, Path(max_length=60)]
LONGEST_NAME = 100
SHOWN = 50
NOTHING = Behind()
SAID = ("tested", "disabled", "enabled", "replayed", "wrong_moment")
STATUSES: dict[str, tuple[MessageStatus, ...]] = {
    "all": (),
    "waiting": OPEN,
    "failed": (MessageStatus.FAILED,),
    "taken": (MessageStatus.TAKEN,),
}
AGAIN = (MessageStatus.TAKEN, MessageStatus.FAILED, MessageStatus.SKIPPED)
EVERYTHING = Subscription()


@dataclass(frozen=True, slots=True)
class Filled:
    """The form as it was sent, to be shown again."""

    name: str = ""
    url: str = ""
    owner: str = ""
    subscription: Subscription = EVERYTHING


@router.get("")
def webhooks(request: Request, context: Context, viewer: Administrator) -> Response:
    return _listed(request, context, viewer)


@router.post("")
async def create(request: Request, context: Context, viewer: Administrator) -> Response:
    """The secret stands on the page that answers, and never again."""
    filled = _filled(await read_fields(request, context, viewer))
    wrong = _mistake(context, filled)
    if wrong:
        return await run_in_threadpool(_listed, request, context, viewer, filled=filled, wrong=wrong, status=422)
    webhook = await run_in_threadpool(_add, context, filled)
    note("webhook added", request, viewer, webhook=webhook.id)
    secret = newest_secret(context.secret, webhook)
    return await run_in_threadpool(_shown, request, context, viewer, webhook.id, secret=secret)


@router.get("/{id}")
def webhook(
    request: Request, context: Context, viewer: Administrator, id: Id, said: str = "", status: str = "all"
) -> Response:
    shown = status if status in STATUSES else "all"
    return _shown(request, context, viewer, id, said=said if said in SAID else "", chosen=shown)


@router.post("/{id}/{what}")
async def act(request: Request, context: Context, viewer: Administrator, id: Id, what: str) -> Response:
    """`test`, `disable`, `enable`, `replay`, or `secret`, which shows the new one once."""
    form = await read_fields(request, context, viewer)
    if what not in ("test", "disable", "enable", "replay", "secret"):
        raise not_found("There is no such thing to do with a webhook.")
    said = await run_in_threadpool(_act, context, id, what, form)
    note(f"webhook: {what}", request, viewer, webhook=id)
    if what == "secret":
        return await run_in_threadpool(_shown, request, context, viewer, id, secret=said)
    return RedirectResponse(f"/admin/webhooks/{id}?said={said}", 303)


def _act(context: WebContext, id: str, what: str, form: Mapping[str, str]) -> str:
    """What is said of it; of a new secret, the secret itself."""
    now = context.now()
    with writing(context.database) as session:
        webhook = _found(session, id)
        match what:
            case "test":
                add_test(session, id, now)
                return "tested"
            case "disable":
                disable(session, context.city, webhook, WhyDisabled.ADMINISTRATOR, now)
                return "disabled"
            case "enable":
                enable(session, webhook, catch_up=form.get("catch_up") != "no")
                return "enabled"
            case "secret":
                return newest_secret(context.secret, rotate(session, webhook, now))
            case _:
                return _replay(session, context, id, form)


def _replay(session: Session, context: WebContext, id: str, form: Mapping[str, str]) -> str:
    since = None
    if typed := form.get("since", ""):
        try:
            since = datetime.fromisoformat(typed).replace(tzinfo=context.zone)
        except ValueError:
            return "wrong_moment"
    replay(session, id, message=form.get("message") or None, since=since)
    return "replayed"


def _listed(
    request: Request,
    context: WebContext,
    viewer: Viewer,
    *,
    filled: Filled | None = None,
    wrong: str = "",
    status: int = 200,
) -> Response:
    with reading(context.database) as session:
        found, waits = list_webhooks(session), behind(session)
    return admin_page(
        request,
        context,
        "admin/webhooks.html",
        viewer,
        area="webhooks",
        status=status,
        found=[(webhook, waits.get(webhook.id, NOTHING)) for webhook in found],
        filled=filled or Filled(),
        wrong=wrong,
        kinds=event_kinds(),
    )


def _shown(
    request: Request,
    context: WebContext,
    viewer: Viewer,
    id: str,
    *,
    said: str = "",
    secret: str = "",
    chosen: str = "all",
) -> Response:
    with reading(context.database) as session:
        webhook = _found(session, id)
        listed = latest_messages(session, id, STATUSES[chosen], SHOWN)
        waits = behind(session).get(id, NOTHING)
    values: dict[str, Any] = {"said": said, "secret": secret, "chosen": chosen}
    return admin_page(
        request,
        context,
        "admin/webhook.html",
        viewer,
        area="webhooks",
        webhook=webhook,
        waits=waits,
        listed=listed,
        statuses=tuple(STATUSES),
        again=AGAIN,
        **values,
    )


def _found(session: Session, id: str) -> Webhook:
    webhook = webhook_by_id(session, id, to_change=True)
    if webhook is None:
        raise not_found("There is no such webhook.")
    return webhook


def _add(context: WebContext, filled: Filled) -> Webhook:
    with writing(context.database) as session:
        return add_webhook(session, filled.name, filled.url, filled.owner, filled.subscription, context.now())


def _filled(form: Mapping[str, str]) -> Filled:
    """What is ticked has a field of its own: `in-`, `of-` or `kind-`, and its id."""
    department = form.get("department", "")
    subscription = Subscription(
        DepartmentId(department) if department else None,
        tuple(NeighbourhoodId(id) for id in _ticked(form, "in-")),
        _ticked(form, "kind-"),
        tuple(ServiceCode(code) for code in _ticked(form, "of-")),
    )
    owner = form.get("owner", "").strip()[:254]
    return Filled(one_line(form.get("name", ""), LONGEST_NAME), form.get("url", "").strip()[:3000], owner, subscription)


def _ticked(form: Mapping[str, str], prefix: str) -> tuple[str, ...]:
    return tuple(sorted(name.removeprefix(prefix) for name in form if name.startswith(prefix)))


def _mistake(context: WebContext, filled: Filled) -> str:
    """The key of the text that says what is wrong; nothing where nothing is."""
    if not filled.name:
        return "wrong_name"
    if mistake := mistake_in(filled.url, private=context.settings.webhook_private):
        return f"wrong_{mistake}"
    if email_address(filled.owner) is None:
        return "wrong_owner"
    return "" if _known(context.city, filled.subscription) else "wrong_reach"


def _known(city: City, wanted: Subscription) -> bool:
    return (
        (wanted.department is None or wanted.department in city.departments)
        and city.neighbourhoods.keys() >= set(wanted.neighbourhoods)
        and city.services.keys() >= set(wanted.services)
        and set(event_kinds()) >= set(wanted.kinds)
    )
