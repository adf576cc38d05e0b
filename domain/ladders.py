"""What an event makes of the ladders of a case."""

from dataclasses import replace
from datetime import datetime

from domain.case import Case, Escalation
from domain.events import EscalationAcknowledged, EscalationCleared, EscalationRaised
from domain.limits import cause_of
from domain.words import AssignmentId, Cause, EscalationId


def escalated(case: Case, at: datetime, event: EscalationRaised | EscalationAcknowledged | EscalationCleared) -> Case:
    match event:
        case EscalationRaised():
            ladder = [e for e in case.open_escalations(reason=event.reason) if e.assignment == event.assignment]
            raised = Escalation(
                event.escalation,
                event.assignment,
                event.reason,
                event.level,
                event.to,
                at,
                event.climbs_at,
                cause=ladder[-1].cause if ladder else None,
            )
            passed = tuple(replace(e, climbs_at=None) if e in ladder else e for e in case.escalations)
            return replace(case, escalations=(*passed, raised))
        case EscalationAcknowledged():
            named = _named(case, event.escalation, event.cause) if event.cause is not None else case
            return _change_escalation(named, event.escalation, acknowledged_at=at, held_until=event.held_until)
        case EscalationCleared():
            over = next(e for e in case.escalations if e.id == event.escalation)
            return _change_escalation(case, over.id, cleared_at=at, climbs_at=None, cause=cause_of(case, over))


def climb_on(case: Case, id: AssignmentId, climbs_at: datetime | None) -> Case:
    """Stops the open ladders of an assignment (None), or lets their highest rungs climb on from then."""
    top: dict[str, Escalation] = {}
    for escalation in case.open_escalations(id):
        top[escalation.reason] = escalation
    highest = {e.id for e in top.values()}
    return replace(
        case,
        escalations=tuple(replace(e, climbs_at=climbs_at) if e.id in highest else e for e in case.escalations),
    )


def _named(case: Case, id: EscalationId, cause: Cause) -> Case:
    """The whole ladder of this escalation has the cause."""
    rung = next(e for e in case.escalations if e.id == id)
    ladder = case.open_escalations(reason=rung.reason)
    return replace(
        case,
        escalations=tuple(
            replace(e, cause=cause) if e in ladder and e.assignment == rung.assignment else e for e in case.escalations
        ),
    )


def _change_escalation(case: Case, id: EscalationId, **changes: object) -> Case:
    changed = tuple(replace(e, **changes) if e.id == id else e for e in case.escalations)  # type: ignore[arg-type]
    return replace(case, escalations=changed)
