"""What the referring department does with advice, and what it promises; and a decision that moves."""

from domain.commands import Resolve
from domain.department_rules import ANSWERED, HEARD
from domain.draft import Draft
from domain.escalation import clear
from domain.events import AssignmentAccepted
from domain.going_on import standstill
from domain.manager_rules import move
from domain.projects.commands import AnswerPoint, Commit, MoveDecision
from domain.projects.events import (
    AdviceTermMoved,
    CommitmentMade,
    DecisionMoved,
    ParticipationMoved,
    PointAnswered,
)
from domain.projects.standing import of
from domain.projects.state import Project
from domain.projects.terms import advise_by, before, decision
from domain.refusal import Refused
from domain.words import AssignmentState, CommitmentId, EscalationReason, PointId
from domain.working_time import end_of, start_of


def answer_point(draft: Draft, command: AnswerPoint) -> None:
    """A point gets its answer, with reasons; the first one takes the task on."""
    project = of(draft)
    if project.answer is None:
        raise Refused("The advice was not sent yet.", rule="advice_not_sent")
    point = _point(project, command.point)
    if project.points[point].verdict is not None:
        raise Refused("This point was answered before.", rule="answered_before")
    assignment = draft.assignment(project.answer)
    if assignment.state is AssignmentState.WAITING:
        raise Refused("The assignment is paused: resume it first.", rule="paused")
    stalled_at = standstill(draft, assignment, assignment.planned_for)
    if assignment.state is AssignmentState.ASSIGNED:
        draft.add(AssignmentAccepted(assignment.id, stalled_at))
        clear(draft, assignment.id, *ANSWERED)
    draft.add(PointAnswered(command.point, command.verdict, command.note, stalled_at))
    clear(draft, assignment.id, *HEARD)


def all_answered(draft: Draft, command: Resolve) -> None:
    """Raises Refused where the task is done before every point of advice has its answer."""
    project = of(draft)
    left = [p.id for p in project.points if p.verdict is None]
    if command.assignment == project.answer and left:
        raise Refused("Answer every point of advice first.", rule="points_left", values={"points": ", ".join(left)})


def commit(draft: Draft, command: Commit) -> None:
    """What is promised is told here, and followed up in a case of its own."""
    project = of(draft)
    if command.point is not None:
        _point(project, command.point)
    departments = tuple(draft.department(d, "departments") for d in command.departments)
    if len(set(departments)) < len(departments):
        raise Refused("Each department is named once.", "invalid", "departments", "named_twice")
    id = CommitmentId(f"k{len(project.commitments) + 1}")
    draft.add(
        CommitmentMade(id, command.point, command.description, command.service, command.neighbourhood, departments)
    )


def move_decision(draft: Draft, command: MoveDecision) -> None:
    """Every term that hangs on the decision moves along; who is late no longer has been told for nothing."""
    project = of(draft)
    decided_at = decision(draft, command.decided_on)
    if command.decided_on == project.decided_on:
        raise Refused("The decision is on that day already.", "invalid", "decided_on", "decision_same_day")
    draft.add(DecisionMoved(command.decided_on, decided_at, command.note))
    for request in project.awaited:
        counted = before if request.summary else advise_by
        due = counted(draft, decided_at, request.department)
        draft.add(AdviceTermMoved(request.id, due, draft.reminder(due, request.department)), "decision_moved")
        if due > request.advise_by:
            clear(draft, request.id)
    participation = project.participation
    if participation is not None and participation.open and participation.until >= decided_at:
        until = max(draft.now, start_of(draft.calendar(), decided_at, draft.policy.respond_within))
        draft.add(ParticipationMoved(until), "decision_moved")
    if project.answer is not None:
        _move_the_answer(draft)


def _move_the_answer(draft: Draft) -> None:
    project = of(draft)
    assignment = draft.assignment(project.answer) if project.answer is not None else None
    assert assignment is not None
    calendar = draft.calendar(assignment.department)
    respond_by = assignment.respond_by
    if assignment.responded_at is None:
        respond_by = end_of(calendar, project.decided_at, draft.policy.respond_within)
    resolve_by = end_of(calendar, project.decided_at, draft.policy.resolve_within)
    move(draft, assignment, respond_by, resolve_by, "decision_moved")
    for reason, old, new in (
        (EscalationReason.NO_RESPONSE, assignment.respond_by, respond_by),
        (EscalationReason.OVERDUE, assignment.resolve_by, resolve_by),
    ):
        if old is not None and new is not None and new > old:
            clear(draft, assignment.id, reason)


def _point(project: Project, id: PointId) -> int:
    """Its place. Raises Refused where there is none such."""
    for place, point in enumerate(project.points):
        if point.id == id:
            return place
    raise Refused(f'There is no point "{id}".', "invalid", "point", "no_such_point")
