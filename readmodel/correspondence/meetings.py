"""What a letter about a meeting of a neighbourhood's team tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.city import City
from domain.teams.agenda import Reason
from domain.words import ServiceCode
from readmodel.agendas import agenda_of
from readmodel.correspondence.wording import on_one_line, readable
from readmodel.letters import LetterKind
from readmodel.links import Links
from readmodel.meetings import Meeting, meeting_by_id
from readmodel.outbox import Outgoing
from readmodel.schema import AGENDA_ITEMS, CASES


@dataclass(frozen=True, slots=True)
class ToldWhy:
    """A reason why something is on the agenda, in the rules' own words."""

    reason: str
    at: datetime | None = None
    to: str | None = None
    escalated: str | None = None
    times: int | None = None


@dataclass(frozen=True, slots=True)
class ToldItem:
    """A case by its number and service, or anything else by its title; and what was decided about it."""

    number: str | None
    title: str
    whys: tuple[ToldWhy, ...] = ()
    decisions: tuple[str, ...] = ()
    hot_spot: bool = False
    """It is about a place where more is reported than chance explains."""


@dataclass(frozen=True, slots=True)
class ToldMeeting:
    """Times are local to the city; names are in the reader's language."""

    letter: int
    kind: LetterKind
    language: str
    city: str
    neighbourhood: str
    link: str
    starts: datetime
    place: str
    before: datetime | None = None
    """When it would have been."""
    note: str | None = None
    items: tuple[ToldItem, ...] = ()
    more: int = 0
    """So many cases could be on the agenda besides."""


def told_meeting(session: Session, city: City, links: Links, letter: Outgoing) -> ToldMeeting:
    """From what the letter's own facts hold, or what cannot change any more."""
    assert letter.meeting_id is not None
    meeting = meeting_by_id(session, letter.meeting_id)
    assert meeting is not None
    language, facts = readable(letter.language), letter.facts
    neighbourhood = city.neighbourhoods.get(meeting.neighbourhood)
    items: tuple[ToldItem, ...] = ()
    if letter.kind is LetterKind.AGENDA:
        items = _announced(session, city, language, meeting, facts.get("items", ()))
    elif letter.kind is LetterKind.MINUTES:
        items = _decided(session, city, language, meeting)
    zone = ZoneInfo(city.timezone)
    starts = _moment(facts.get("starts_at")) or meeting.starts_at
    before = _moment(facts.get("before"))
    return ToldMeeting(
        letter=letter.id,
        kind=letter.kind,
        language=language,
        city=city.name,
        neighbourhood=neighbourhood.name if neighbourhood is not None else meeting.neighbourhood,
        link=links.meeting(meeting.neighbourhood, meeting.meeting_id),
        starts=starts.astimezone(zone),
        place=on_one_line(str(facts.get("place") or meeting.place)),
        before=before.astimezone(zone) if before is not None else None,
        note=meeting.note if letter.kind is LetterKind.MEETING_CANCELLED else None,
        items=items,
        more=int(facts.get("more", 0)),
    )


def _announced(
    session: Session, city: City, language: str, meeting: Meeting, facts: Sequence[Mapping[str, Any]]
) -> tuple[ToldItem, ...]:
    wanted = [fact["case"] for fact in facts if fact["case"] is not None]
    query = select(CASES.c.case_id, CASES.c.number, CASES.c.service).where(CASES.c.case_id.in_(wanted))
    cases = {row.case_id: row for row in session.execute(query)} if wanted else {}
    free = select(AGENDA_ITEMS.c.item, AGENDA_ITEMS.c.title).where(AGENDA_ITEMS.c.meeting_id == meeting.meeting_id)
    titles = {row.item: row.title for row in session.execute(free)}
    zone = ZoneInfo(city.timezone)
    found = []
    for fact in facts:
        whys = tuple(_why(why, zone) for why in fact["whys"])
        case = cases.get(fact["case"])
        if case is not None:
            found.append(ToldItem(case.number, _service(city, language, case.service), whys))
        else:
            about_spot = any(why.reason == Reason.HOT_SPOT for why in whys)
            found.append(ToldItem(None, on_one_line(titles.get(fact["item"]) or ""), whys, hot_spot=about_spot))
    return tuple(found)


def _decided(session: Session, city: City, language: str, meeting: Meeting) -> tuple[ToldItem, ...]:
    return tuple(
        ToldItem(
            item.case.number if item.case is not None else None,
            _service(city, language, item.case.service) if item.case is not None else on_one_line(item.title or ""),
            decisions=tuple(decision.text for decision in item.decisions if decision.text),
            hot_spot=item.hot_spot,
        )
        for item in agenda_of(session, city, meeting, meeting.starts_at).items
    )


def _why(fact: Mapping[str, Any], zone: ZoneInfo) -> ToldWhy:
    at = _moment(fact["at"])
    local = at.astimezone(zone) if at is not None else None
    return ToldWhy(fact["reason"], local, fact["to"], fact["escalated"], fact["times"])


def _service(city: City, language: str, code: str) -> str:
    service = city.services.get(ServiceCode(code))
    return (service.name.get(language) or next(iter(service.name.values()))) if service is not None else code


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
