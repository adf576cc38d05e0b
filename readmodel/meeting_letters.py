"""Letters about meetings: to the departments of the neighbourhood's team and its manager, once for each cause."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.city import City
from domain.teams.agenda import Why
from readmodel.agendas import Agenda, Item
from readmodel.letters import LetterKind, LetterStatus
from readmodel.meetings import Meeting
from readmodel.schema import LETTERS

_INSERT = {
    "sqlite": sqlite.insert(LETTERS).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(LETTERS).on_conflict_do_nothing(),
}


def tell_team(
    session: Session, city: City, meeting: Meeting, kind: LetterKind, now: datetime, facts: dict[str, Any] | None = None
) -> None:
    """To everyone of the team; the cause is the meeting as this revision has it."""
    neighbourhood = city.neighbourhoods.get(meeting.neighbourhood)
    team = neighbourhood.team if neighbourhood is not None else ()
    recipients = [*(f"department:{department}" for department in team), _manager(meeting)]
    _write(session, city, meeting, kind, recipients, now, facts)


def tell_manager(session: Session, city: City, meeting: Meeting, kind: LetterKind, now: datetime) -> None:
    _write(session, city, meeting, kind, [_manager(meeting)], now, None)


def agenda_facts(agenda: Agenda) -> dict[str, Any]:
    """The agenda as it was when the letter was written, by ids and reasons: no text of anyone."""
    return {"items": [_fact(item) for item in agenda.items], "more": agenda.more}


def _fact(item: Item) -> dict[str, Any]:
    case_id = item.case.case_id if item.case is not None else None
    return {"item": item.item, "case": case_id, "whys": [_why(why) for why in item.whys]}


def _why(why: Why) -> dict[str, Any]:
    return {
        "reason": why.reason.value,
        "at": why.at.isoformat() if why.at is not None else None,
        "to": why.to.value if why.to is not None else None,
        "escalated": why.escalated.value if why.escalated is not None else None,
        "times": why.times,
    }


def _manager(meeting: Meeting) -> str:
    return f"manager:{meeting.neighbourhood}"


def _write(
    session: Session,
    city: City,
    meeting: Meeting,
    kind: LetterKind,
    recipients: list[str],
    now: datetime,
    facts: dict[str, Any] | None,
) -> None:
    """Each by itself and at once: a meeting is not news for a digest of tasks."""
    status = LetterStatus.KEPT if meeting.demonstration else LetterStatus.WAITING
    rows = [
        {
            "meeting_id": meeting.meeting_id,
            "seq": meeting.revision,
            "kind": kind.value,
            "recipient": recipient,
            "language": city.languages[0],
            "urgent": False,
            "facts": facts or {},
            "digest": None,
            "status": status.value,
            "created_at": now,
            "not_before": now,
            "attempts": 0,
        }
        for recipient in recipients
    ]
    connection = session.connection()
    connection.execute(_INSERT[connection.dialect.name], rows)
