"""Giving a case to departments, or to the manager where none owns it."""

from datetime import datetime

from domain.draft import Draft
from domain.events import DepartmentAssigned, PlacementNeeded
from domain.words import AssignmentId, DepartmentId, EscalationReason, NoteId


def assign(
    draft: Draft,
    department: DepartmentId,
    *,
    resolve_by: datetime | None = None,
    binding: bool = False,
    note: NoteId | None = None,
    task: NoteId | None = None,
    rule: str | None = None,
) -> None:
    """The department gets a task; the promise is inherited where there is one, for it is made only once."""
    respond_by = draft.term(draft.policy.respond_within, department)
    promise = resolve_by or draft.case.promised_by or draft.term(draft.policy.resolve_within, department)
    draft.add(
        DepartmentAssigned(
            assignment=draft.next_assignment(),
            department=department,
            respond_by=respond_by,
            resolve_by=promise,
            remind_respond_at=draft.reminder(respond_by, department),
            remind_resolve_at=draft.reminder(promise, department),
            binding=binding,
            note=note,
            task=task,
        ),
        rule,
    )


def give_action(draft: Draft, department: DepartmentId, task: NoteId, until: datetime | None) -> None:
    """The department gets an action of a plan, with terms of its own: each action is a promise for itself."""
    respond_by = draft.term(draft.policy.respond_within, department)
    resolve_by = until or draft.term(draft.policy.resolve_within, department)
    respond_by = min(respond_by, resolve_by)
    draft.add(
        DepartmentAssigned(
            assignment=draft.next_assignment(),
            department=department,
            respond_by=respond_by,
            resolve_by=resolve_by,
            remind_respond_at=draft.reminder(respond_by, department),
            remind_resolve_at=draft.reminder(resolve_by, department),
            task=task,
        )
    )


def need_placement(
    draft: Draft,
    reason: EscalationReason,
    assignment: AssignmentId | None = None,
    resolve_by: datetime | None = None,
    rule: str | None = None,
) -> None:
    """The neighbourhood manager has to place it, within the triage term."""
    waits = reason is EscalationReason.UNASSIGNED
    place_by = draft.term(draft.policy.triage_within) if waits else None
    draft.add(PlacementNeeded(reason, assignment, place_by, resolve_by), rule)
