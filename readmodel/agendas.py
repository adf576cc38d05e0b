"""The agenda of a meeting: made anew from the cases of the neighbourhood until it begins, kept from then on."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from pydantic import TypeAdapter
from sqlalchemy import and_, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from domain.city import City
from domain.refusal import Refused
from domain.teams.agenda import MOST, Concern, Reason, Why, concerns, looks_ahead_to
from domain.teams.attention import attention
from domain.teams.course import MeetingState
from domain.words import AssignmentState, CaseId, Kind, MeetingId, ServiceCode
from readmodel.cases import CaseItem, case_item, items
from readmodel.codec import case_from_json
from readmodel.meetings import Meeting
from readmodel.parties import Party
from readmodel.projects_list import titles_of
from readmodel.schema import AGENDA_ITEMS, ASSIGNMENTS, CASE_PARTIES, CASES, DECISIONS
from readmodel.structural.hot_spots import HotSpotState, hot_spots_of

LOOKED_AT = 300
"""Of a neighbourhood with more cases that may need it, those that were escalated furthest and promised soonest."""
_WHYS = TypeAdapter(tuple[Why, ...])
_ADDED = (Why(Reason.ADDED),)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about an item."""

    decision_id: str
    text: str
    on_case: bool
    at: datetime
    by: str
    """The id of whoever recorded it."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something to talk about: a case, a hot spot under the word of its theme, or anything else under a title."""

    item: str
    """The id of its case, or one of its own."""
    case: CaseItem | None
    title: str | None
    """Of a project, and of what is no case."""
    whys: tuple[Why, ...]
    parked: bool = False
    note: str | None = None
    """Why it was added or left out."""
    by: str | None = None
    """The id of whoever did, or put it back."""
    decisions: tuple[Decision, ...] = ()

    @property
    def hot_spot(self) -> bool:
        """Whether it is about a place where more is reported than chance explains."""
        return any(why.reason is Reason.HOT_SPOT for why in self.whys)


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a meeting is to decide, in order, and what was left out of it."""

    items: tuple[Item, ...]
    parked: tuple[Item, ...]
    more: int
    """So many more cases could be on it."""


@dataclass(frozen=True, slots=True)
class _Kept:
    item: str
    case_id: CaseId | None
    title: str | None
    whys: tuple[Why, ...]
    added: bool
    parked: bool
    note: str | None
    by: str | None = None


def agenda_of(session: Session, city: City, meeting: Meeting, now: datetime) -> Agenda:
    """As it is now; a meeting that was cancelled has none."""
    if meeting.state is MeetingState.CANCELLED:
        return Agenda((), (), 0)
    kept = _kept(session, meeting.meeting_id)
    more = 0
    if meeting.state is MeetingState.PLANNED:
        kept, more = _with_the_engine_s(session, city, meeting, kept, now)
    cases = _cases(session, [k.case_id for k in kept if k.case_id is not None])
    titles = titles_of(session, cases.values())
    decisions = _decisions(session, meeting.meeting_id)
    found = [
        Item(
            k.item,
            cases.get(k.case_id) if k.case_id is not None else None,
            titles.get(k.case_id) if k.case_id is not None else k.title,
            k.whys,
            k.parked,
            k.note,
            k.by,
            decisions[k.item],
        )
        for k in kept
    ]
    return Agenda(tuple(i for i in found if not i.parked), tuple(i for i in found if i.parked), more)


def fix_agenda(session: Session, city: City, meeting: Meeting, now: datetime) -> None:
    """What is on it now stays on it, for the same reasons, whatever happens to the cases."""
    kept, _ = _with_the_engine_s(session, city, meeting, _kept(session, meeting.meeting_id), now)
    session.execute(delete(AGENDA_ITEMS).where(AGENDA_ITEMS.c.meeting_id == meeting.meeting_id))
    if kept:
        session.execute(insert(AGENDA_ITEMS), [_row(meeting.meeting_id, k, place) for place, k in enumerate(kept)])


def add_case(session: Session, city: City, meeting: Meeting, case_id: CaseId, note: str | None, by: str) -> None:
    """The case is on the agenda, whatever the engine thinks of it. Raises Refused."""
    query = select(CASES.c.neighbourhood, CASES.c.service).where(CASES.c.case_id == case_id)
    case = session.execute(query).one_or_none()
    if case is None or case.neighbourhood != meeting.neighbourhood:
        raise Refused("There is no such case in this neighbourhood.", "invalid", "number", "no_such_case_here")
    if ServiceCode(case.service) in private_services(city):
        raise Refused("A case about people is for those who work on it alone.", "invalid", "number", "private_case")
    _put(session, meeting, _Kept(case_id, case_id, None, _ADDED, True, False, note, by))


def add_title(session: Session, meeting: Meeting, title: str, note: str | None, by: str) -> None:
    """Something to talk about that is no case."""
    _put(session, meeting, _Kept(str(uuid4()), None, title, _ADDED, True, False, note, by))


def park(session: Session, city: City, meeting: Meeting, item: str, note: str, now: datetime, by: str) -> None:
    """The item is left out this time; what it was about stays. Raises Refused where it is not on the agenda."""
    agenda = agenda_of(session, city, meeting, now)
    found = next((i for i in agenda.items if i.item == item), None)
    if found is None:
        raise Refused("This is not on the agenda.", "invalid", "item", "not_on_agenda")
    case_id, title = (found.case.case_id, None) if found.case is not None else (None, found.title)
    _put(session, meeting, _Kept(item, case_id, title, found.whys, False, True, note, by))


def put_back(session: Session, meeting: Meeting, item: str, by: str) -> None:
    """What was left out is on the agenda after all."""
    back = {"parked": False, "note": None, "added": True, "by": by}
    mine = (AGENDA_ITEMS.c.meeting_id == meeting.meeting_id, AGENDA_ITEMS.c.item == item)
    session.execute(update(AGENDA_ITEMS).where(*mine, AGENDA_ITEMS.c.parked.is_(True)).values(back))


def private_services(city: City) -> tuple[ServiceCode, ...]:
    """The services about people: their cases are on no agenda."""
    return tuple(service.code for service in city.services.values() if service.private)


def _with_the_engine_s(
    session: Session, city: City, meeting: Meeting, kept: Sequence[_Kept], now: datetime
) -> tuple[list[_Kept], int]:
    """What people added comes last, unless the engine has it too; of its own, the engine lists `MOST`."""
    found, total = _needing_the_team(session, city, meeting, now)
    ranked = {concern.case_id: concern for concern in found}
    by_item = {k.item: k for k in kept}
    own = [_merged(concern, by_item.get(concern.case_id)) for concern in found]
    on = [k for k in own if not k.parked][:MOST]
    parked = [k for k in own if k.parked]
    spots = _hot_spots(session, meeting, by_item)
    known = {*ranked, *(k.item for k in spots)}
    people_s = [k for k in kept if k.item not in known]
    return [*on, *parked, *spots, *people_s], max(total - len(parked) - len(on), 0)


def _projects(session: Session, meeting: Meeting) -> list[str]:
    """The open projects that touch the neighbourhood, and lie elsewhere first."""
    of_neighbourhood = (CASE_PARTIES.c.kind == Party.NEIGHBOURHOOD.value, CASE_PARTIES.c.party == meeting.neighbourhood)
    touching = select(CASE_PARTIES.c.case_id).where(*of_neighbourhood)
    elsewhere = CASES.c.neighbourhood != meeting.neighbourhood
    there = (CASES.c.closed_at.is_(None), elsewhere, CASES.c.case_id.in_(touching))
    return list(session.execute(select(CASES.c.state).where(*there)).scalars())


def _hot_spots(session: Session, meeting: Meeting, kept: Mapping[str, _Kept]) -> list[_Kept]:
    """Those about which nobody decided yet, as items without a case under the word of their theme."""
    found = hot_spots_of(session, meeting.neighbourhood, HotSpotState.OPEN)
    whys = {spot.id: (Why(Reason.HOT_SPOT, spot.first_found_at, times=len(spot.found.cases)),) for spot in found}
    fresh = {spot.id: _Kept(spot.id, None, spot.found.theme, whys[spot.id], False, False, None) for spot in found}
    return [replace(kept[id], whys=whys[id]) if id in kept else item for id, item in fresh.items()]


def _merged(concern: Concern, kept: _Kept | None) -> _Kept:
    if kept is None:
        return _Kept(concern.case_id, concern.case_id, None, concern.whys, False, False, None)
    return replace(kept, whys=concern.whys)


def _needing_the_team(session: Session, city: City, meeting: Meeting, now: datetime) -> tuple[tuple[Concern, ...], int]:
    """Those that may need it are found by what stands in their rows; whether they do, and why, is for the rules."""
    soon = looks_ahead_to(city.hours, meeting.starts_at)
    passed_on = select(ASSIGNMENTS.c.case_id).where(
        ASSIGNMENTS.c.case_id == CASES.c.case_id, ASSIGNMENTS.c.state == AssignmentState.TRANSFERRED.value
    )
    here = city.neighbourhoods.get(meeting.neighbourhood)
    watched = attention(here, city.services.values(), city.hours, meeting.starts_at) if here is not None else None
    asks = or_(
        *([and_(CASES.c.opened_at >= watched.since, CASES.c.service.in_(watched.services))] if watched else []),
        CASES.c.escalation_level > 0,
        CASES.c.to_place_since.is_not(None),
        CASES.c.due <= soon,
        passed_on.exists(),
        CASES.c.kind == Kind.STRUCTURAL.value,
    )
    there = (CASES.c.neighbourhood == meeting.neighbourhood, CASES.c.closed_at.is_(None), asks)
    not_private = CASES.c.service.not_in(private_services(city))
    query = select(CASES.c.state).where(*there, not_private)
    rows = session.execute(query.order_by(CASES.c.escalation_level.desc(), CASES.c.due, CASES.c.case_id))
    states = list(rows.scalars().fetchmany(LOOKED_AT))
    found = concerns(
        (case_from_json(state) for state in (*states, *_projects(session, meeting))),
        meeting.neighbourhood,
        now,
        soon,
        watched,
    )
    if len(states) < LOOKED_AT:
        return found, len(found)
    counted = session.execute(select(func.count()).select_from(CASES).where(*there, not_private)).scalar_one()
    return found, counted - len(states) + len(found)


def _kept(session: Session, meeting_id: MeetingId) -> list[_Kept]:
    query = select(AGENDA_ITEMS).where(AGENDA_ITEMS.c.meeting_id == meeting_id).order_by(AGENDA_ITEMS.c.place)
    return [
        _Kept(
            row.item,
            CaseId(row.case_id) if row.case_id is not None else None,
            row.title,
            _WHYS.validate_json(row.whys),
            row.added,
            row.parked,
            row.note,
            row.by,
        )
        for row in session.execute(query)
    ]


def _put(session: Session, meeting: Meeting, kept: _Kept) -> None:
    mine = AGENDA_ITEMS.c.meeting_id == meeting.meeting_id
    before = session.execute(select(AGENDA_ITEMS.c.place).where(mine, AGENDA_ITEMS.c.item == kept.item)).scalar()
    place = before
    if place is None:
        place = (session.execute(select(func.max(AGENDA_ITEMS.c.place)).where(mine)).scalar() or 0) + 1
    session.execute(delete(AGENDA_ITEMS).where(mine, AGENDA_ITEMS.c.item == kept.item))
    session.execute(insert(AGENDA_ITEMS), [_row(meeting.meeting_id, kept, place)])


def _row(meeting_id: MeetingId, kept: _Kept, place: int) -> dict[str, object]:
    return {
        "meeting_id": meeting_id,
        "item": kept.item,
        "case_id": kept.case_id,
        "title": kept.title,
        "whys": _WHYS.dump_json(kept.whys).decode(),
        "place": place,
        "added": kept.added,
        "parked": kept.parked,
        "note": kept.note,
        "by": kept.by,
    }


def _cases(session: Session, case_ids: Collection[CaseId]) -> dict[CaseId, CaseItem]:
    if not case_ids:
        return {}
    rows = session.execute(items().where(CASES.c.case_id.in_(case_ids)))
    return {CaseId(row.case_id): case_item(row) for row in rows}


def _decisions(session: Session, meeting_id: MeetingId) -> defaultdict[str, tuple[Decision, ...]]:
    found: defaultdict[str, tuple[Decision, ...]] = defaultdict(tuple)
    query = select(DECISIONS).where(DECISIONS.c.meeting_id == meeting_id)
    for row in session.execute(query.order_by(DECISIONS.c.at, DECISIONS.c.decision_id)):
        found[row.item] += (Decision(row.decision_id, row.text, row.on_case, row.at, row.by),)
    return found
