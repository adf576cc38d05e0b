"""The neighbourhood team of the demonstration: a meeting that was held, what it decided, and the next to come."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from uuid import NAMESPACE_OID, UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from aanjager.demo.story import Story
from aanjager.demo.texts import Voice
from aanjager.demo.year import Told
from domain.actor import Actor
from domain.case import Case
from domain.city import City
from domain.events import Happened
from domain.teams.agenda import looks_ahead_to, reasons
from domain.teams.course import MeetingState
from domain.teams.events import DecisionRecorded
from domain.words import CaseId, MeetingId, NeighbourhoodId, NoteId, Role, Tier
from domain.working_time import is_open
from readmodel.agendas import add_case, agenda_of
from readmodel.eventlog import as_of
from readmodel.meeting_course import begin, close_minutes, send_agenda
from readmodel.meetings import Meeting, keep_decision, plan
from readmodel.notes import Note

LAST_DAYS = 10
"""Within these the team met last."""
HOUR = timedelta(hours=9, minutes=30)
PLACES = {"nl": "Buurthuis", "en": "Community centre", "fr": "Maison de quartier"}
DECIDED = 4
"""There are as many texts in each language."""
AN_ITEM = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Decided:
    """What the team decided about a case, which has it in its story."""

    case_id: CaseId
    decision_id: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Gathered:
    """A meeting that was held."""

    meeting: Meeting
    decided: tuple[Decided, ...]


def gather_team(city: City, told: Sequence[Told], now: datetime) -> Gathered | None:
    """The team of the neighbourhood with most to do met in the last days: decisions go into the stories of its cases.

    None where nobody works in those days, or nothing asks for it.
    """
    place, at = _neighbourhood(city, told), _last_morning(city, now)
    if place is None or at is None:
        return None
    soon = looks_ahead_to(city.hours, at)
    meeting_id = MeetingId(str(uuid5(NAMESPACE_OID, f"{city.id}/team/{place}")))
    by = Actor(Role.NEIGHBOURHOOD_MANAGER, f"demo:manager:{place}", None, (place,))
    voice, rng = Voice(city.languages[0]), Random(meeting_id)
    decided: list[Decided] = []
    for candidate in told:
        story, moment = candidate.story, at + len(decided) * AN_ITEM
        if story.case.neighbourhood != place or candidate.setting.service.private or len(decided) == DECIDED:
            continue
        case = _as_it_was(story, moment)
        if case is None or not reasons(case, place, at, soon):
            continue
        text, command_id = voice.note(rng, "decide"), str(uuid5(NAMESPACE_OID, f"{case.case_id}/decided"))
        while any(one.text == text for one in decided):
            text = voice.note(rng, "decide")
        note = Note(NoteId(str(uuid5(UUID(command_id), "note"))), case.case_id, text, False, by.role, by.id, moment)
        _insert(
            story,
            Happened(
                case.version + 1, moment, DecisionRecorded(note.note_id, meeting_id), by.signature(), None, command_id
            ),
        )
        story.notes.append(note)
        decided.append(Decided(case.case_id, command_id, text, moment))
    room = PLACES.get(city.languages[0], PLACES["en"])
    meeting = Meeting(meeting_id, place, at, room, MeetingState.PLANNED, every_weeks=2, demonstration=True)
    return Gathered(meeting, tuple(decided)) if decided else None


def keep_team(session: Session, city: City, gathered: Gathered) -> None:
    """The meeting as it went, and the next one, which the engine takes from here."""
    meeting = gathered.meeting
    starts_at = meeting.starts_at
    before, by = starts_at - timedelta(days=2), f"demo:manager:{meeting.neighbourhood}"
    plan(session, meeting, None, before)
    begun = begin(session, city, send_agenda(session, city, meeting, before), starts_at)
    on_agenda = {item.item for item in agenda_of(session, city, begun, starts_at).items}
    for one in gathered.decided:
        if one.case_id not in on_agenda:
            add_case(session, city, begun, one.case_id, None, by)
        keep_decision(session, begun, one.case_id, one.case_id, one.decision_id, one.text, True, one.at, by)
    close_minutes(session, city, begun, starts_at + timedelta(minutes=90), by)


def _as_it_was(story: Story, at: datetime) -> Case | None:
    """The case then; None before it was opened."""
    happened = tuple(h for h in story.events if h.at <= at)
    return as_of(happened, len(happened)) if happened else None


def _insert(story: Story, decision: Happened) -> None:
    """A decision moves nothing, so what followed it happened all the same, one place later."""
    later = [replace(h, seq=h.seq + 1) for h in story.events[decision.seq - 1 :]]
    story.events = [*story.events[: decision.seq - 1], decision, *later]
    story.case = as_of(tuple(story.events), len(story.events))


def _neighbourhood(city: City, told: Sequence[Told]) -> NeighbourhoodId | None:
    """That of the demonstration's manager: with most open cases, of attention neighbourhoods if there are any."""
    watched = [n.id for n in city.neighbourhoods.values() if n.tier is Tier.ATTENTION] or list(city.neighbourhoods)
    busy = Counter(t.case.neighbourhood for t in told if not t.case.closed)
    return max(watched, key=lambda id: busy[id], default=None)


def _last_morning(city: City, now: datetime) -> datetime | None:
    """Of the last working day before today."""
    zone = ZoneInfo(city.timezone)
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    mornings = (today - timedelta(days=days) + HOUR for days in range(1, LAST_DAYS))
    return next((m.astimezone(now.tzinfo) for m in mornings if is_open(city.hours, m.astimezone(now.tzinfo))), None)
