"""Commands for many tasks or escalations at once, and what came of them for each."""

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID, uuid4

from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from domain.refusal import Refused
from domain.words import CaseId
from readmodel.cases import CaseItem, case_item, items
from readmodel.database import reading
from readmodel.schema import CASES
from readmodel.sight import within
from web.command_models import AnyCommand
from web.commanding import give
from web.context import WebContext
from web.pages.acting.given import why_not
from web.pages.languages import Language
from web.problems import Problem
from web.sight import sight_of
from web.signin.viewer import Viewer

MOST = 50
_AT_ONCE = 8
_PICK = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([ae][0-9]{1,6})")


class Came(StrEnum):
    """What came of it."""

    DONE = "done"
    REFUSED = "refused"
    GONE = "gone"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Pick:
    """A task or an escalation that was ticked."""

    case_id: CaseId
    what: str
    """Its id within the case."""

    def __str__(self) -> str:
        return f"{self.case_id}.{self.what}"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it for one, with the reason where nothing did; `case` is absent where it may not be known."""

    pick: Pick
    came: Came
    why: str | None = None
    case: CaseItem | None = None
    service: str = ""


def pick_of(text: str) -> Pick | None:
    found = _PICK.fullmatch(text)
    return Pick(CaseId(found[1]), found[2]) if found is not None else None


def picks_of(form: FormData) -> list[Pick]:
    """What was ticked, each once."""
    ticked = dict.fromkeys(pick_of(value) for value in form.getlist("pick") if isinstance(value, str))
    return [pick for pick in ticked if pick is not None]


def form_id(form: FormData) -> UUID:
    """What the commands' ids follow from, so that a form sent twice acts once."""
    try:
        return UUID(str(form.get("form_id", "")))
    except ValueError:
        return uuid4()


async def give_all(
    context: WebContext, viewer: Viewer, reader: Language, commands: Mapping[Pick, Sequence[AnyCommand]]
) -> list[Result]:
    """The commands of each in their order, several at a time; what is refused for one leaves the others alone."""
    turn, sight = asyncio.Semaphore(_AT_ONCE), sight_of(viewer.actor)

    async def one(pick: Pick, own: Sequence[AnyCommand]) -> Result:
        async with turn:
            try:
                for command in own:
                    await give(context, pick.case_id, viewer.actor, sight, command)
            except (Problem, Refused) as raised:
                return Result(pick, _came(raised), why_not(context, reader, raised))
        return Result(pick, Came.DONE)

    return list(await asyncio.gather(*(one(pick, own) for pick, own in commands.items())))


async def with_cases(
    context: WebContext, viewer: Viewer, reader: Language, results: Sequence[Result]
) -> tuple[list[Result], list[Result]]:
    """Those that were done and those that were not, each with its case where the viewer may know of it."""
    known = await run_in_threadpool(_cases, context, viewer, {result.pick.case_id for result in results})

    def told(result: Result) -> Result:
        case = known.get(result.pick.case_id)
        service = context.city.services.get(case.service) if case is not None else None
        return replace(result, case=case, service=reader.of(service.name) if service is not None else "")

    done = [told(result) for result in results if result.came is Came.DONE]
    return done, [told(result) for result in results if result.came is not Came.DONE]


def _came(raised: Problem | Refused) -> Came:
    if isinstance(raised, Problem):
        return {404: Came.GONE, 503: Came.UNANSWERED}.get(raised.status, Came.REFUSED)
    return Came.REFUSED


def _cases(context: WebContext, viewer: Viewer, ids: Iterable[CaseId]) -> dict[CaseId, CaseItem]:
    with reading(context.database) as session:
        query = items().where(CASES.c.case_id.in_(ids), *within(session, sight_of(viewer.actor), CASES))
        return {CaseId(row.case_id): case_item(row) for row in session.connection().execute(query)}
