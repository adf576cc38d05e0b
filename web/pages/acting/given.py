"""Acting on a case by a form: what was sent as a command, given to the case, and what came of it told in return."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from domain.case import Case
from domain.refusal import Refused
from domain.rulebook import Rulebook
from domain.structural.rules import MOST_ISSUES
from domain.words import AssignmentId, CaseId, EscalationId, PointId, ReactionId, RequestId
from readmodel.case_detail import case_named, case_state
from readmodel.database import reading
from web.bodies import read_json
from web.command_models import ANY_COMMAND, AnyCommand, Bundle, MergeInto, Unbundle
from web.commanding import give
from web.context import Context, WebContext
from web.pages.acting.acts import ORDER, Act, act
from web.pages.forms import read_form
from web.pages.frame import page, speaking
from web.pages.languages import Language
from web.pages.refusals import explained
from web.pictures import FIELD, MOST_FILES, read_pictures
from web.problems import FieldProblem, Problem, not_found
from web.sight import sight_of
from web.signin.letting_in import here_only
from web.signin.viewer import AnyStaff, Viewer

router = APIRouter(include_in_schema=False)

FIELDS: Mapping[str, tuple[str, ...]] = {
    "accept": ("assignment", "planned_for", "note"),
    "decline": ("assignment", "cause", "note"),
    "transfer": ("assignment", "to", "note"),
    "report_progress": ("assignment", "note", "planned_for"),
    "pause": ("assignment", "cause", "until", "note"),
    "resume": ("assignment",),
    "ask_resident": ("assignment", "question"),
    "resolve": ("assignment", "note"),
    "comment": ("note", "public"),
    "record_decision": ("note", "meeting", "public"),
    "inspect": ("found", "note", "public"),
    "assign": ("departments", "note", "instead_of"),
    "set_urgent": ("urgent", "note"),
    "extend": ("assignment", "until", "note"),
    "acknowledge": ("escalation", "cause", "note"),
    "close": ("outcome", "note"),
    "merge_into": ("case_id",),
    "plan_action": ("department", "note", "until"),
    "review": ("note", "next_on"),
    "bundle": ("cases",),
    "unbundle": ("case",),
    "split": ("note",),
    "offer_to_residents": ("amount", "until", "note"),
    "withdraw_offer": ("note",),
    "ask_advice": ("departments", "neighbourhoods"),
    "advise": ("request", "points", "note"),
    "open_participation": ("question", "until"),
    "moderate": ("reaction", "shown", "note"),
    "summarise": ("note", "points"),
    "answer_point": ("point", "verdict", "note"),
    "move_decision": ("decided_on", "note"),
    "commit": ("point", "description", "service", "neighbourhood"),
}
"""What the form of each command fills in."""
BESIDES = frozenset({"referred", "documents"})
"""What is done by other forms, and told in the same way."""
SEVERAL = frozenset({"cases", "departments", "neighbourhoods", "points"})
"""The fields of which there may be several."""
_OUTCOME = re.compile(r"([a-z_]{3,20})\.(\d{4}-\d{1,9})?")


class Done(NamedTuple):
    """What an act that succeeded is told as, at the top of the page that follows."""

    text: str
    number: str | None


def command_of(form: FormData, reader: Language, command_id: UUID | None = None) -> AnyCommand:
    """The command that the form asks for, its texts unchecked by the rules.

    Raises Problem 422 with what is wrong by field, in the reader's language.
    """
    command = _text(form, "command")
    if command not in FIELDS:
        raise not_found()
    body: dict[str, Any] = {"command": command, "command_id": str(command_id or _command_id(form))}
    for name in FIELDS[command]:
        if name == "cases":
            body[name] = re.split(r"[\s,;]+", " ".join(_listed(form, name)).strip(" ,;"))[:MOST_ISSUES]
        elif name in SEVERAL:
            body[name] = _listed(form, name)
        elif name in ("public", "urgent", "shown"):
            body[name] = _text(form, name) == "yes"
        elif value := _text(form, name):
            body[name] = value
    if (version := _text(form, "expected_version")).isdecimal():
        body["expected_version"] = int(version[:9])
    try:
        return read_json(ANY_COMMAND, json.dumps(body).encode(), skip=1)
    except Problem as problem:
        wrong = dict.fromkeys(error.field.partition(".")[0] for error in problem.errors)
        errors = [FieldProblem(field, reader.named(field, "act_mistakes")) for field in wrong]
        raise Problem(422, "invalid", " ".join(error.detail for error in errors), errors) from None


@router.post("/cases/{case_id:uuid}/act")
async def act_on(request: Request, context: Context, viewer: AnyStaff, case_id: UUID) -> Response:
    form = await read_form(request, context, viewer, max_files=MOST_FILES)
    return await follow_form(request, context, viewer, CaseId(str(case_id)), form)


async def follow_form(
    request: Request, context: WebContext, viewer: Viewer, case_id: CaseId, form: FormData
) -> RedirectResponse | HTMLResponse:
    """Gives the command, and leads to what the form calls `next`; else the form again, with what is in its way."""
    reader = speaking(request, context, viewer)
    try:
        photos = await read_pictures(form)
        body = command_of(form, reader)
        if isinstance(body, MergeInto | Bundle | Unbundle):
            body = await run_in_threadpool(_by_number, context, body)
        await give(context, case_id, viewer.actor, sight_of(viewer.actor), body, photos)
    except (Problem, Refused) as raised:
        if isinstance(raised, Problem) and raised.status not in (409, 422, 503):
            raise
        return await run_in_threadpool(_again, request, context, viewer, case_id, form, raised)
    number = await run_in_threadpool(_number, context, case_id)
    return RedirectResponse(led_to(next_of(form, case_id), body.command, number), 303)


def led_to(address: str, command: str, number: str | None = None) -> str:
    """The address, told what was just done there; `done` reads it."""
    parts = urlsplit(address)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name != "said"]
    query = urlencode([*kept, ("said", f"{command}.{number or ''}")])
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.path}?{query}{fragment}"


def done(request: Request, reader: Language) -> Done | None:
    """What was done by the form that led to this page, if anything."""
    said = _OUTCOME.fullmatch(request.query_params.get("said", ""))
    if said is None or said[1] not in {*FIELDS, *BESIDES}:
        return None
    return Done(reader.say(f"{said[1]}_done", "acting"), said[2])


def why_not(context: WebContext, reader: Language, raised: Problem | Refused) -> str:
    """Why a command was not followed, in the reader's language."""
    if isinstance(raised, Refused):
        return explained(context, reader, raised)
    if raised.status == 503:
        return reader.say("try_again", "acting")
    if any(error.field == FIELD for error in raised.errors):
        return " ".join(reader.named(error.detail, "photo_mistakes") for error in raised.errors)
    return raised.detail


def next_of(form: FormData, case_id: CaseId) -> str:
    return here_only(_text(form, "next")) or f"/cases/{quote(case_id, safe='')}"


def _again(
    request: Request, context: WebContext, viewer: Viewer, case_id: CaseId, form: FormData, raised: Problem | Refused
) -> HTMLResponse:
    """The form as it was filled in, with what is in its way."""
    reader = speaking(request, context, viewer)
    with reading(context.database) as session:
        found = case_state(session, case_id, sight_of(viewer.actor))
    if found is None:
        raise not_found()
    field = raised.field if isinstance(raised, Refused) else None
    mistakes = {field: why_not(context, reader, raised)} if field is not None else {}
    if isinstance(raised, Problem):
        mistakes = {error.field: error.detail for error in raised.errors if error.field != FIELD}
        if any(error.field == FIELD for error in raised.errors):
            mistakes[FIELD] = why_not(context, reader, raised)
    status = raised.status if isinstance(raised, Problem) else {"invalid": 422, "forbidden": 403}.get(raised.code, 409)
    return page(
        request,
        context,
        "acting/again.html",
        area="acting",
        viewer=viewer,
        status=status,
        act=_filled(context, reader, viewer, *found, form, mistakes),
        why=why_not(context, reader, raised),
        unsure=status == 503,
        number=found[0].number,
    )


def _filled(
    context: WebContext,
    reader: Language,
    viewer: Viewer,
    case: Case,
    rules: Rulebook,
    form: FormData,
    mistakes: Mapping[str, str],
) -> Act:
    command = _text(form, "command")
    task = _text(form, "assignment") or _text(form, "instead_of")
    escalation = _text(form, "escalation")
    bare = act(
        context,
        reader,
        viewer,
        rules,
        case,
        command if command in ORDER else "comment",
        next_of(form, case.case_id),
        AssignmentId(task) if task else None,
        EscalationId(escalation) if escalation else None,
        RequestId(AssignmentId(_text(form, "request"))) if _text(form, "request") else None,
        PointId(_text(form, "point")) if command == "answer_point" and _text(form, "point") else None,
    )
    return replace(
        bare,
        urgent=_text(form, "urgent") == "yes" if command == "set_urgent" else bare.urgent,
        command_id=str(_command_id(form)),
        values={name: " ".join(_listed(form, name)) for name in FIELDS.get(command, ())},
        reaction=ReactionId(_text(form, "reaction")) if command == "moderate" else None,
        shown=_text(form, "shown") == "yes",
        chosen=frozenset(_listed(form, "departments")),
        ticked=frozenset(_listed(form, "neighbourhoods")),
        listed=tuple(_listed(form, "points")),
        mistakes=mistakes,
    )


def _by_number(context: WebContext, body: MergeInto | Bundle | Unbundle) -> AnyCommand:
    """People name other cases by their numbers."""
    with reading(context.database) as session:

        def id_of(name: str) -> str:
            found = case_named(session, name.strip())
            return found.case_id if found is not None else name

        match body:
            case MergeInto():
                return body.model_copy(update={"case_id": id_of(body.case_id)})
            case Bundle():
                return body.model_copy(update={"cases": tuple(id_of(one) for one in body.cases)})
            case Unbundle():
                return body.model_copy(update={"case": id_of(body.case)})


def _number(context: WebContext, case_id: CaseId) -> str | None:
    with reading(context.database) as session:
        named = case_named(session, case_id)
    return named.number if named is not None else None


def _command_id(form: FormData) -> UUID:
    try:
        return UUID(_text(form, "command_id"))
    except ValueError:
        return uuid4()


def _listed(form: FormData, name: str) -> list[str]:
    return [one.strip() for one in form.getlist(name) if isinstance(one, str) and one.strip()]


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""
