"""A participation round as everyone reads it: nothing that was not meant for all, and no reaction that is not shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from domain.case import Case
from domain.projects.reactions import ReactionState, reactions
from domain.projects.state import Participation
from domain.words import NeighbourhoodId, Verdict
from readmodel.database import reading
from readmodel.documents import Document
from readmodel.projects_list import RoundItem, rounds
from web.context import WebContext
from web.pages.languages import Language
from web.pages.projects.rounds import DocumentShown, documents_shown
from web.pages.projects.shown import department_named, places_of
from web.participation import Round, closing_of

MOST = 200
Standing = Literal["open", "ended", "summarised", "answered"]


@dataclass(frozen=True, slots=True)
class Card:
    """A round in a list; times are local."""

    number: str
    title: str
    question: str
    places: tuple[str, ...]
    until: datetime
    open: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A reaction that is shown; nobody's name is."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """A point that residents made, and what is done with it."""

    text: str
    verdict: Verdict | None
    answer: str


@dataclass(frozen=True, slots=True)
class RoundShown:
    """The page of a round; times are local."""

    number: str
    title: str
    description: str
    question: str
    department: str
    places: tuple[str, ...]
    neighbourhoods: tuple[NeighbourhoodId, ...]
    decided: date
    past_decision: bool
    until: datetime
    open: bool
    standing: Standing
    documents: tuple[DocumentShown, ...]
    reactions: tuple[Said, ...]
    waiting: int
    hidden: int
    summary: str
    outcome: tuple[Answered, ...]
    closing: str
    """What the department wrote at the end."""


def card_of(context: WebContext, reader: Language, item: RoundItem) -> Card:
    return Card(
        item.case.number,
        item.title,
        item.question,
        places_of(context, item.project),
        context.local(item.participation.until),
        is_open(item.participation, context.now()),
    )


def open_rounds(context: WebContext, reader: Language, most: int) -> list[Card]:
    """Those that residents may react to now, the one that ends first at the top."""
    with reading(context.database) as session:
        found = rounds(session, MOST, under_way=True)
    cards = [card for item in found if (card := card_of(context, reader, item)).open]
    return sorted(cards, key=lambda card: card.until)[:most]


def is_open(participation: Participation, now: datetime) -> bool:
    """Also where the engine has yet to come to its end."""
    return participation.open and now < participation.until


def round_shown(
    context: WebContext, reader: Language, found: Round, documents: tuple[Document, ...] = ()
) -> RoundShown:
    """What the departments advised stays among staff; what residents asked is answered here."""
    detail, project, participation, now = found.detail, found.project, found.participation, context.now()
    said = reactions(detail.timeline)
    states = [one.state for one in said]
    return RoundShown(
        number=detail.case.number,
        title=found.text(project.title) or detail.case.number,
        description=detail.item.description or "",
        question=found.text(participation.question) or "",
        department=department_named(context, reader, project.referred_by),
        places=places_of(context, project),
        neighbourhoods=project.neighbourhoods,
        decided=project.decided_on,
        past_decision=project.decided_at <= now,
        until=context.local(participation.until),
        open=is_open(participation, now) and not detail.case.closed,
        standing=standing(detail.case, participation, now),
        documents=documents_shown(reader, documents),
        reactions=tuple(
            Said(text, context.local(one.at))
            for one in reversed(said)
            if one.state is ReactionState.SHOWN and (text := found.text(one.text)) is not None
        ),
        waiting=states.count(ReactionState.WAITING),
        hidden=states.count(ReactionState.HIDDEN),
        summary=found.text(participation.summary) or "",
        outcome=tuple(_outcome(found)),
        closing=closing_of(found) or "",
    )


def standing(case: Case, participation: Participation, now: datetime) -> Standing:
    if case.closed:
        return "answered"
    if participation.summarised_at is not None:
        return "summarised"
    return "open" if is_open(participation, now) else "ended"


def _outcome(found: Round) -> Iterator[Answered]:
    for point in found.project.points:
        text = found.text(point.note)
        if point.request is None and text is not None:
            yield Answered(text, point.verdict, found.text(point.reasons) or "")
