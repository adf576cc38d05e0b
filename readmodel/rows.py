"""A case and its events as rows: how every column follows from the folded state."""

from datetime import UTC, datetime
from typing import Any

from domain.case import Assignment, Case, Escalation
from domain.escalation import tops
from domain.events import CaseOpened, FeedbackGiven, Happened
from domain.forecast import next_escalation
from domain.limits import cause_of
from domain.projects.events import CommitmentMade
from domain.rulebook import Rulebook
from domain.standing import SUPERSEDED
from domain.words import AssignmentId, AssignmentState, CaseId
from readmodel.codec import case_to_json, event_to_json
from readmodel.letters import Letter, LetterStatus
from readmodel.origin import NewFollower, Origin

Row = dict[str, Any]

NO_PROMISE = datetime(9999, 12, 31, tzinfo=UTC)
"""Where a case without a promise sorts: after all others."""


def case_row(case: Case) -> Row:
    """The columns that change as the case goes on."""
    return {
        "stage": case.stage.value,
        "outcome": case.outcome.value if case.outcome is not None else None,
        "urgent": case.urgent,
        "promised_by": case.promised_by,
        "due": case.promised_by or NO_PROMISE,
        "closed_at": case.closed_at,
        "version": case.version,
        "round": case.round,
        "supporters": case.supporters,
        "escalation_level": max((e.level for e in case.escalations if e.open), default=0),
        "departments": list(dict.fromkeys(a.department for a in case.assignments if a.state not in SUPERSEDED)),
        "merged_into": case.merged_into,
        "to_place_since": to_place_since(case),
        "state": case_to_json(case),
    }


def escalates_at(case: Case, rules: Rulebook) -> datetime | None:
    """When the next escalation falls due if nobody acts, by what was decided; in the past where the engine is late."""
    due = next_escalation(rules, case, case.opened_at)
    return due.at if due is not None else None


def opening_row(case: Case, event: CaseOpened, origin: Origin, theme: str) -> Row:
    """All columns of a new case."""
    return {
        "case_id": case.case_id,
        "number": case.number,
        "kind": case.kind.value,
        "service": case.service,
        "theme": theme,
        "neighbourhood": case.neighbourhood,
        "lat": origin.lat,
        "lon": origin.lon,
        "source": origin.source,
        "source_ref": origin.source_ref,
        "opened_at": case.opened_at,
        "rules": event.rules,
        "accepted_at": origin.accepted_at,
        "imported": origin.imported,
        **case_row(case),
    }


def report_row(case_id: CaseId, origin: Origin) -> Row:
    return {
        "case_id": case_id,
        "description": origin.description,
        "address": origin.address,
        "answers": {code: list(values) for code, values in origin.answers.items()} or None,
        "media_url": origin.media_url,
    }


def follower_row(case_id: CaseId, follower: NewFollower, joined_at: datetime) -> Row:
    return {
        "id": follower.id,
        "case_id": case_id,
        "role": follower.role.value,
        "name": follower.name,
        "email": follower.email,
        "phone": follower.phone,
        "language": follower.language,
        "token": follower.token,
        "joined_at": joined_at,
    }


def assignment_rows(case: Case, escalates_at: datetime | None) -> dict[str, Row]:
    """`escalates_at`: when the case escalates next."""
    last = {a.department: a.id for a in case.assignments}
    nothing = {"case_ladders": None, "case_escalates_at": None, "case_to_place_since": None}
    of_case = nothing if case.closed else _of_case(case, escalates_at)
    return {
        a.id: _assignment_row(case, a) | (of_case if a.id == last[a.department] else nothing) for a in case.assignments
    }


def escalation_rows(case: Case) -> dict[str, Row]:
    highest = {e.id for e in tops(case)}
    return {e.id: _escalation_row(case, e, top=e.id in highest) for e in case.escalations}


def event_row(case: Case, happened: Happened) -> Row:
    by = happened.by
    return {
        "case_id": case.case_id,
        "seq": happened.seq,
        "at": happened.at,
        "kind": happened.event.kind,
        "body": event_to_json(happened.event),
        "by_role": by.role.value if by is not None else None,
        "by_id": by.id if by is not None else None,
        "by_department": by.department if by is not None else None,
        "rule": happened.rule,
        "command_id": happened.command_id,
    }


def feedback_row(case: Case, happened: Happened, event: FeedbackGiven) -> Row:
    return {
        "case_id": case.case_id,
        "seq": happened.seq,
        "round": case.round,
        "at": happened.at,
        "solved": event.solved.value,
        "rating": event.rating,
        "comment": event.comment,
    }


def commitment_row(case: Case, happened: Happened, event: CommitmentMade) -> Row:
    by = happened.by
    return {
        "case_id": case.case_id,
        "commitment": event.commitment,
        "seq": happened.seq,
        "note_id": event.note,
        "service": event.service,
        "neighbourhood": event.neighbourhood,
        "departments": list(event.departments),
        "made_at": happened.at,
        "by_role": by.role.value if by is not None else None,
        "by_id": by.id if by is not None else None,
        "by_department": by.department if by is not None else None,
        "opened": None,
    }


def letter_row(case: Case, happened: Happened, letter: Letter, language: str) -> Row:
    return letter_columns(case.case_id, happened.seq, happened.at, letter, language)


def letter_columns(case_id: CaseId, seq: int, at: datetime, letter: Letter, language: str) -> Row:
    """Of a letter that is written at that moment, for the event in that place."""
    return {
        "case_id": case_id,
        "seq": seq,
        "kind": letter.kind.value,
        "recipient": letter.recipient,
        "language": language,
        "urgent": letter.urgent,
        "facts": letter.facts,
        "digest": letter.digest,
        "status": LetterStatus.WAITING.value,
        "created_at": at,
        "not_before": at,
        "attempts": 0,
    }


def due_at(case: Case, assignment: Assignment) -> datetime | None:
    """When the department is next expected to act: to answer, to be done, or to go on after a pause."""
    if case.closed or not assignment.live:
        return None
    if assignment.pause is not None:
        return assignment.pause.until
    if assignment.state is AssignmentState.ASSIGNED and assignment.respond_by is not None:
        return min(assignment.respond_by, assignment.resolve_by)
    return assignment.resolve_by


def level_of(case: Case, assignment: AssignmentId) -> int:
    """The highest rung that still asks for attention because of this assignment; 0 where none does."""
    return max((e.level for e in case.escalations if e.open and e.assignment == assignment), default=0)


def to_place_since(case: Case) -> datetime | None:
    return min((p.since for p in case.placements), default=None)


def _of_case(case: Case, escalates_at: datetime | None) -> Row:
    return {
        "case_ladders": len(tops(case)),
        "case_escalates_at": escalates_at,
        "case_to_place_since": to_place_since(case),
    }


def _assignment_row(case: Case, assignment: Assignment) -> Row:
    return {
        "case_id": case.case_id,
        "assignment": assignment.id,
        "department": assignment.department,
        "neighbourhood": case.neighbourhood,
        "round": assignment.round,
        "state": assignment.state.value,
        "carried": assignment.state not in SUPERSEDED,
        "assigned_at": assignment.assigned_at,
        "respond_by": assignment.respond_by,
        "responded_at": assignment.responded_at,
        "resolve_by": assignment.resolve_by,
        "resolved_at": assignment.resolved_at,
        "planned_for": assignment.planned_for,
        "due_at": due_at(case, assignment),
        "escalation_level": level_of(case, assignment.id),
    }


def _escalation_row(case: Case, escalation: Escalation, *, top: bool) -> Row:
    ladder = [e for e in case.open_escalations(reason=escalation.reason) if e.assignment == escalation.assignment]
    held = (e.held_until for e in ladder if e.held_until is not None)
    return {
        "case_id": case.case_id,
        "escalation": escalation.id,
        "assignment": escalation.assignment,
        "department": case.department_of(escalation.assignment),
        "neighbourhood": case.neighbourhood,
        "reason": escalation.reason.value,
        "level": escalation.level,
        "to": escalation.to.value,
        "raised_at": escalation.raised_at,
        "acknowledged_at": escalation.acknowledged_at,
        "held_until": escalation.held_until,
        "cleared_at": escalation.cleared_at,
        "cause": cause_of(case, escalation),
        "stuck_since": min(e.raised_at for e in ladder) if top else None,
        "stuck_until": max(held, default=None) if top else None,
        "rungs": f" {' '.join(dict.fromkeys(e.to.value for e in ladder))} " if top else None,
    }
