"""The board's page: its counts, its parts, its rows, and the forms of one row at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from domain.case import Case
from domain.durations import WorkingDays
from domain.rulebook import Rulebook
from domain.words import CaseId, Role
from domain.working_time import end_of
from readmodel.board import (
    BoardFilter,
    ComingItem,
    PlaceItem,
    StuckItem,
    about_to_escalate,
    count_coming,
    count_stuck,
    count_to_place,
    stuck,
    to_place,
)
from readmodel.case_states import states_of
from readmodel.database import reading
from readmodel.paging import BadCursor
from readmodel.people import names_of
from readmodel.projects_list import titles_of
from web.context import Context, WebContext
from web.pages.acting.acts import OF_PROJECTS, Act, acts
from web.pages.acting.given import done
from web.pages.board.asking import ADDRESS, CLIMBED, DAYS, RUNGS, Asked, Tab, asked, filter_of, mine
from web.pages.board.rows import Row, RowOf, Writer, opened
from web.pages.frame import page, speaking
from web.pages.kept_views import kept_views
from web.pages.languages import Language
from web.pages.projects.asking import awaiting
from web.sight import sees_texts, sight_of
from web.signin.viewer import Viewer, viewing

router = APIRouter(include_in_schema=False)

Watching = Annotated[
    Viewer,
    Depends(viewing(Role.DEPARTMENT_HEAD, Role.NEIGHBOURHOOD_MANAGER, Role.LEADERSHIP, Role.ADMINISTRATOR)),
]
ROWS = 50
ELSEWHERE = frozenset({"merge_into", "set_urgent", *OF_PROJECTS})
"""What is done on the page of the case, where all of it can be read."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What there is to look at, whatever the page is narrowed to."""

    mine: int | None
    """None for whom nothing is raised to."""
    stuck: int
    to_place: int
    coming: int


@dataclass(frozen=True, slots=True)
class Shown:
    """The rows of one part of the board, in order."""

    rows: list[RowOf]
    more: str | None
    states: Mapping[CaseId, tuple[Case, Rulebook]]


@router.get(ADDRESS)
def board(request: Request, context: Context, viewer: Watching) -> Response:
    """An address that makes no sense shows what it can make sense of."""
    wanted = asked(request.query_params, viewer.role, context.city)
    reader = speaking(request, context, viewer)
    writer = Writer(context, reader, sees_texts(viewer.actor), context.now(), RUNGS.get(viewer.role))
    with reading(context.database) as session:
        counts = _counts(session, viewer, writer)
        try:
            shown = _shown(session, viewer, writer, wanted)
        except BadCursor:
            wanted = replace(wanted, cursor=None)
            shown = _shown(session, viewer, writer, wanted)
        views = kept_views(session, viewer, ADDRESS, wanted.query)
        advise = awaiting(session, viewer) if viewer.role is Role.NEIGHBOURHOOD_MANAGER else 0
        found = opened(shown.rows, wanted.open)
        states = shown.states if found is None or shown.states else states_of(session, [found.subject.case_id])
    return page(
        request,
        context,
        "board/board.html",
        area="board",
        viewer=viewer,
        asked=wanted,
        tabs=[tab for tab in Tab if tab is not Tab.MINE or counts.mine is not None],
        counts=counts,
        rows=shown.rows,
        climbed=wanted.tab in CLIMBED,
        more=wanted.address(cursor=shown.more, open=None) if shown.more is not None else None,
        views=views,
        advise=advise,
        form_id=str(uuid4()),
        days=DAYS,
        neighbourhoods=_neighbourhoods(context, viewer),
        now=context.local(writer.now),
        done=done(request, reader),
        opened=found.key if found is not None else None,
        acts=_acts(context, reader, viewer, found, states, wanted) if found is not None else (),
    )


def _counts(session: Session, viewer: Viewer, writer: Writer) -> Counts:
    sight, now, own = sight_of(viewer.actor), writer.now, mine(viewer.actor)
    until = end_of(writer.context.city.hours, now, WorkingDays(DAYS[0]))
    return Counts(
        mine=count_stuck(session, now, own, sight) if own is not None else None,
        stuck=count_stuck(session, now, BoardFilter(), sight),
        to_place=count_to_place(session, sight),
        coming=count_coming(session, until, sight),
    )


def _shown(session: Session, viewer: Viewer, writer: Writer, wanted: Asked) -> Shown:
    sight, now = sight_of(viewer.actor), writer.now
    where = wanted.neighbourhood
    if wanted.tab is Tab.COMING:
        until = end_of(writer.context.city.hours, now, WorkingDays(wanted.days))
        coming = about_to_escalate(session, now, until, sight, ROWS, wanted.cursor, wanted.department, where)
        return Shown([*_titled(session, writer, coming.items).coming(coming.items)], coming.next_cursor, {})
    if wanted.tab is Tab.PLACE:
        place = to_place(session, sight, ROWS, wanted.cursor, where)
        return Shown([*_titled(session, writer, place.items).to_place(place.items)], place.next_cursor, {})
    listed = stuck(session, now, filter_of(wanted, viewer.actor), sight, wanted.sort, ROWS, wanted.cursor)
    states = states_of(session, {item.case.case_id for item in listed.items})
    acted = (rung.acknowledged_by for item in listed.items for rung in item.rungs)
    names = names_of(session, {actor.id for actor in acted if actor is not None})
    titled = _titled(session, writer, listed.items)
    return Shown([*titled.stuck(listed.items, states, names)], listed.next_cursor, states)


def _titled(session: Session, writer: Writer, items: Sequence[StuckItem | ComingItem | PlaceItem]) -> Writer:
    """The writer that knows what the projects among these are called."""
    return replace(writer, titles=titles_of(session, [item.case for item in items])) if writer.with_texts else writer


def _acts(
    context: WebContext,
    reader: Language,
    viewer: Viewer,
    row: RowOf,
    states: Mapping[CaseId, tuple[Case, Rulebook]],
    wanted: Asked,
) -> tuple[Act, ...]:
    """What the rules allow the viewer on this row; of other ladders of the same case nothing."""
    case, rules = states[row.subject.case_id]
    mine = row.escalations if isinstance(row, Row) else None
    return tuple(
        act
        for act in acts(context, reader, viewer, rules, case, wanted.address(open=None))
        if act.refused is None
        and act.command not in ELSEWHERE
        and (mine is None or act.escalation is None or act.escalation in mine)
    )


def _neighbourhoods(context: WebContext, viewer: Viewer) -> list[tuple[str, str]]:
    """Those to choose from, by name."""
    own = sight_of(viewer.actor).neighbourhoods
    found = context.city.neighbourhoods.values()
    return sorted(((n.id, n.name) for n in found if own is None or n.id in own), key=lambda pair: pair[1].casefold())
