"""Looking for cases, for everyone on the staff, each within their own sight."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from domain.words import CaseId
from readmodel.cases import CaseItem, CaseSort, list_cases
from readmodel.database import reading
from readmodel.held import UNNAMED
from readmodel.projects_list import titles_of
from web.context import Context, WebContext
from web.pages.cases.asked import A_NUMBER, ANY, WORDS, Asked, asked_of
from web.pages.frame import page, speaking
from web.pages.kept_views import kept_views
from web.pages.languages import Language
from web.pages.work.rows import beginning
from web.sight import sees_texts, sight_of
from web.signin.viewer import AnyStaff, Viewer

router = APIRouter(include_in_schema=False)

A_PAGE = 50
STAGES = ("received", "triage", "assigned", "in_progress", "waiting", "resolved", "closed")
TABS: Sequence[tuple[str, dict[str, str]]] = (
    ("all", {}),
    ("open", {"open": "true"}),
    ("overdue", {"overdue": "true"}),
    ("escalated", {"escalated": "true"}),
    ("closed", {"open": "false"}),
)
_TABBED = ("open", "overdue", "escalated")
_WORD_SECTIONS = {"reason": "case_reasons", "cause": "causes", "outcome": "outcomes", "solved": "case_verdicts"}


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case, in the reader's words; times are local."""

    item: CaseItem
    service: str
    neighbourhood: str
    departments: str
    address: str
    beginning: str
    opened: datetime
    promised: datetime | None
    closed: datetime | None
    overdue: bool


@router.get("/cases")
def cases(request: Request, context: Context, viewer: AnyStaff) -> Response:
    reader = speaking(request, context, viewer)
    asked = asked_of(request.query_params, context.city)
    sought = asked.values["q"]
    texts = sees_texts(viewer.actor)
    blind = bool(sought) and not texts and not A_NUMBER.fullmatch(sought)
    with reading(context.database) as session:
        wanted = asked.filter(context)
        sight = sight_of(viewer.actor)
        found = None if blind else list_cases(session, context.now(), wanted, sight, asked.sort, A_PAGE, asked.cursor)
        titles = titles_of(session, found.items) if found is not None and texts else {}
        views = kept_views(session, viewer, "/cases", asked.query)
    return page(
        request,
        context,
        "cases/list.html",
        area="cases",
        viewer=viewer,
        asked=asked,
        blind=blind,
        departments=_by_name([(id, reader.of(d.name)) for id, d in context.city.departments.items()]),
        figure=_figure(reader, asked),
        more=asked.link(cursor=found.next_cursor) if found is not None and found.next_cursor is not None else None,
        neighbourhoods=_by_name(_neighbourhoods(context, viewer)),
        rows=[_row(context, reader, item, texts, titles) for item in found.items] if found is not None else [],
        services=_by_name([(code, reader.of(s.name)) for code, s in context.city.services.items()]),
        sorts=list(CaseSort),
        stages=STAGES,
        tabs=[(name, asked.link(**{**dict.fromkeys(_TABBED), **wants}), _here(asked, wants)) for name, wants in TABS],
        texts=texts,
        themes=_by_name([(t, reader.named(t, "themes")) for t in {s.theme for s in context.city.services.values()}]),
        views=views,
    )


def _row(context: WebContext, reader: Language, item: CaseItem, texts: bool, titles: Mapping[CaseId, str]) -> CaseRow:
    """A project is called by its title."""
    city = context.city
    service, neighbourhood = city.services.get(item.service), city.neighbourhoods.get(item.neighbourhood)
    named = [reader.of(city.departments[id].name) if id in city.departments else id for id in item.departments]
    return CaseRow(
        item=item,
        service=titles.get(item.case_id) or (reader.of(service.name) if service is not None else item.service),
        neighbourhood=neighbourhood.name if neighbourhood is not None else item.neighbourhood,
        departments=", ".join(named),
        address=(item.address or "") if texts else "",
        beginning=beginning(item.description) if texts else "",
        opened=context.local(item.opened_at),
        promised=context.local(item.promised_by) if item.promised_by is not None else None,
        closed=context.local(item.closed_at) if item.closed_at is not None else None,
        overdue=item.overdue(context.now()),
    )


def _here(asked: Asked, wants: dict[str, str]) -> bool:
    return all(asked.values[name] == wants.get(name, "") for name in _TABBED)


def _figure(reader: Language, asked: Asked) -> str | None:
    """The figure whose cases these are, in words."""
    values = asked.values
    if values["held"]:
        return _limit(reader, values)
    if not values["counted"]:
        return None
    said = reader.say(values["counted"], "counted")
    if values["failed"]:
        said = reader.say("failed", "cases", figure=said)
    for name in WORDS:
        if values[name]:
            said = f"{said}: {reader.named(values[name], _WORD_SECTIONS[name])}"
    return said + _between(reader, values["counted_from"], values["counted_to"])


def _limit(reader: Language, values: Mapping[str, str]) -> str:
    said = reader.say(values["held_by"] or "waited", "held")
    if values["held"] != ANY:
        cause = reader.say("unnamed", "held") if values["held"] == UNNAMED else reader.say(values["held"], "causes")
        said = f"{said}: {cause}"
    return said + _between(reader, values["held_from"], values["held_to"])


def _between(reader: Language, *ends: str) -> str:
    first, last = (reader.day(date.fromisoformat(end)) if end else "…" for end in ends)
    return f" ({first} – {last})" if any(ends) else ""


def _neighbourhoods(context: WebContext, viewer: Viewer) -> list[tuple[str, str]]:
    """Those that the viewer can see cases of."""
    mine = sight_of(viewer.actor).neighbourhoods
    return [(id, n.name) for id, n in context.city.neighbourhoods.items() if mine is None or id in mine]


def _by_name(named: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(named, key=lambda one: one[1].casefold())
