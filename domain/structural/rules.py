"""What a manager may do with a structural case, and when its plan is looked at."""

from typing import assert_never

from domain.assigning import give_action
from domain.draft import Draft
from domain.escalation import clear
from domain.refusal import Refused
from domain.structural.commands import Bundle, PlanAction, RecordReview, StructuralCommand, Unbundle
from domain.structural.events import IssuesBundled, IssueUnbundled, ReviewDue, Reviewed
from domain.structural.state import Structure
from domain.words import EscalationReason

MOST_ISSUES = 200


def follow(draft: Draft, command: StructuralCommand) -> None:
    """What the command makes happen. Raises Refused."""
    match command:
        case PlanAction():
            _plan(draft, command)
        case Bundle():
            _bundle(draft, command)
        case Unbundle():
            _unbundle(draft, command)
        case RecordReview():
            _review(draft, command)
        case _:
            assert_never(command)


def fall_due(draft: Draft, rule: str) -> None:
    """The manager has the triage term to look at the plan; a review that is due already is not due twice."""
    if structure_of(draft).review_by is None:
        draft.add(ReviewDue(draft.term(draft.policy.triage_within)), rule)


def close_when_done(draft: Draft) -> None:
    """Raises Refused while an action is under way."""
    left = draft.case.live
    if left:
        told = ", ".join(f"{a.id} ({a.department})" for a in left)
        values = {"count": str(len(left))}
        raise Refused(f"There are actions under way: {told}.", rule="actions_under_way", values=values)


def structure_of(draft: Draft) -> Structure:
    """Of a case that is known to be structural."""
    assert draft.case.structure is not None, draft.case.case_id
    return draft.case.structure


def _plan(draft: Draft, command: PlanAction) -> None:
    department = draft.department(command.department, "department")
    until = command.until
    if until is not None:
        draft.ahead(until, "until", "An action ends", "action_ends_later")
    give_action(draft, department, command.note, until)


def _bundle(draft: Draft, command: Bundle) -> None:
    known = structure_of(draft).issues
    if not command.cases:
        raise Refused("Name at least one case.", "invalid", "cases", "no_case_named")
    if draft.case.case_id in command.cases:
        raise Refused("A case cannot join itself.", "invalid", "cases", "joins_itself")
    fresh = tuple(dict.fromkeys(one for one in command.cases if one not in known))
    if not fresh:
        raise Refused("These cases are part of it already.", "refused", "cases", "bundled_already")
    if len(known) + len(fresh) > MOST_ISSUES:
        most = {"count": str(MOST_ISSUES)}
        raise Refused(f"A structural case bundles {MOST_ISSUES} cases at most.", "refused", "cases", "too_many", most)
    draft.add(IssuesBundled(fresh))


def _unbundle(draft: Draft, command: Unbundle) -> None:
    if command.case not in structure_of(draft).issues:
        raise Refused("That case is no part of it.", "invalid", "case", "not_bundled")
    draft.add(IssueUnbundled(command.case))


def _review(draft: Draft, command: RecordReview) -> None:
    next_at = command.next_on
    if next_at is None:
        next_at = draft.term(structure_of(draft).review_every)
    else:
        draft.ahead(next_at, "next_on", "The next review is on a day", "review_later")
    draft.add(Reviewed(command.note, next_at))
    clear(draft, None, EscalationReason.STALLED)
