"""The rungs of ladders that are being climbed: when each was reached, who was told, and who took it up."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, select

from domain.actor import Actor
from domain.events import EscalationAcknowledged, EscalationRaised
from domain.words import AssignmentId, CaseId, Cause, EscalationId, EscalationReason, Rung
from readmodel.eventlog import happened_in
from readmodel.letters import LetterKind, LetterStatus
from readmodel.schema import ESCALATIONS, EVENT_LOG, LETTERS

RAISED, ACKNOWLEDGED = "escalation_raised", "escalation_acknowledged"
Ladder = tuple[CaseId, AssignmentId | None, EscalationReason]


@dataclass(frozen=True, slots=True)
class Told:
    """A letter that a rung caused."""

    recipient: str
    kind: LetterKind
    status: LetterStatus
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class RungReached:
    """One rung that still asks for attention."""

    escalation: EscalationId
    level: int
    to: Rung
    raised_at: datetime
    acknowledged_at: datetime | None
    held_until: datetime | None
    cause: Cause | None
    """The limit behind its ladder, if it is known."""
    acknowledged_by: Actor | None
    """Whoever took it up last."""
    told: tuple[Told, ...]


def open_rungs(connection: Connection, case_ids: Collection[CaseId]) -> dict[Ladder, tuple[RungReached, ...]]:
    """The open ladders of these cases, each from its first rung up."""
    raised, taken_up = _from_the_log(connection, case_ids)
    told = _letters(connection, case_ids)
    found: dict[Ladder, list[RungReached]] = defaultdict(list)
    query = (
        select(ESCALATIONS)
        .where(ESCALATIONS.c.case_id.in_(case_ids), ESCALATIONS.c.cleared_at.is_(None))
        .order_by(ESCALATIONS.c.case_id, ESCALATIONS.c.level)
    )
    for row in connection.execute(query):
        rung = RungReached(
            escalation=EscalationId(row.escalation),
            level=row.level,
            to=Rung(row.to),
            raised_at=row.raised_at,
            acknowledged_at=row.acknowledged_at,
            held_until=row.held_until,
            cause=Cause(row.cause) if row.cause is not None else None,
            acknowledged_by=taken_up.get((row.case_id, row.escalation)),
            told=tuple(told.get((row.case_id, raised.get((row.case_id, row.escalation), 0)), ())),
        )
        found[row.case_id, row.assignment, EscalationReason(row.reason)].append(rung)
    return {ladder: tuple(rungs) for ladder, rungs in found.items()}


def _from_the_log(
    connection: Connection, case_ids: Collection[CaseId]
) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], Actor]]:
    """By case and escalation: the place of the event that raised it, and who acknowledged it last."""
    raised: dict[tuple[str, str], int] = {}
    taken_up: dict[tuple[str, str], Actor] = {}
    query = (
        select(EVENT_LOG)
        .where(
            EVENT_LOG.c.case_id.in_(case_ids),
            EVENT_LOG.c.kind.in_([RAISED, ACKNOWLEDGED]),
        )
        .order_by(EVENT_LOG.c.case_id, EVENT_LOG.c.seq)
    )
    for row in connection.execute(query):
        happened = happened_in(row)
        match happened.event:
            case EscalationRaised(escalation=id):
                raised[row.case_id, id] = happened.seq
            case EscalationAcknowledged(escalation=id) if happened.by is not None:
                taken_up[row.case_id, id] = happened.by
            case _:
                pass
    return raised, taken_up


def _letters(connection: Connection, case_ids: Collection[CaseId]) -> dict[tuple[str, int], list[Told]]:
    """By case and place of the event that caused them."""
    found: dict[tuple[str, int], list[Told]] = defaultdict(list)
    query = (
        select(
            LETTERS.c.case_id, LETTERS.c.seq, LETTERS.c.kind, LETTERS.c.recipient, LETTERS.c.status, LETTERS.c.sent_at
        )
        .join(EVENT_LOG, and_(EVENT_LOG.c.case_id == LETTERS.c.case_id, EVENT_LOG.c.seq == LETTERS.c.seq))
        .where(LETTERS.c.case_id.in_(case_ids), EVENT_LOG.c.kind == RAISED)
        .order_by(LETTERS.c.case_id, LETTERS.c.seq, LETTERS.c.recipient)
    )
    for row in connection.execute(query):
        letter = Told(row.recipient, LetterKind(row.kind), LetterStatus(row.status), row.sent_at)
        found[row.case_id, row.seq].append(letter)
    return found
