"""What residents may do with the case they follow."""

from domain.assigning import assign, need_placement
from domain.commands import Answer, GiveFeedback, Support
from domain.draft import Draft
from domain.escalation import raise_first
from domain.events import (
    CaseReopened,
    CaseSupported,
    FeedbackGiven,
    ReportWithdrawn,
    ResidentAnswered,
)
from domain.going_on import go_on
from domain.joining.hearing import conclude, once
from domain.manager_rules import end
from domain.refusal import Refused
from domain.words import AssignmentState, EscalationReason, Outcome, Solved, Stage


def give_feedback(draft: Draft, command: GiveFeedback) -> None:
    """No reopens the case at once, or puts it before the manager after `max_reopens`; yes and partly close it, once
    everyone who was asked has told."""
    if draft.case.stage is not Stage.RESOLVED:
        raise Refused("Feedback is asked once the work is reported done.", rule="not_done_yet")
    if command.rating is not None and not 1 <= command.rating <= 5:
        raise Refused("A rating is 1 to 5.", "invalid", "rating", "rating")
    if draft.by is not None:
        once(draft.case, draft.by)
    this_round = (a for a in draft.case.assignments if a.round == draft.case.round)
    done = {a.department: a for a in this_round if a.state is AssignmentState.RESOLVED}
    draft.add(FeedbackGiven(command.solved, command.rating, command.comment, command.supporter))
    if command.solved is not Solved.NO:
        conclude(draft)
    elif draft.case.reopens >= draft.policy.max_reopens:
        need_placement(draft, EscalationReason.DISPUTED, resolve_by=draft.case.promised_by, rule="max_reopens")
        raise_first(draft, None, EscalationReason.DISPUTED)
    else:
        draft.add(CaseReopened(draft.case.round + 1))
        for assignment in done.values():
            assign(draft, assignment.department, resolve_by=assignment.resolve_by, binding=assignment.binding)


def answer(draft: Draft, command: Answer) -> None:
    """Every department that waited for the answer goes on."""
    waiting = [a for a in draft.case.live if a.pause is not None and a.pause.question]
    if not waiting:
        raise Refused("No question is open.", rule="no_question")
    draft.add(ResidentAnswered(command.text))
    for assignment in waiting:
        go_on(draft, assignment, "answered")


def support(draft: Draft, command: Support) -> None:
    """One more resident stands behind it."""
    draft.add(CaseSupported(draft.case.supporters + 1, command.asked))


def withdraw(draft: Draft) -> None:
    """The case closes, unless others support it or took it on; nobody waits for the reporter any more."""
    if draft.case.withdrawn:
        raise Refused("The report was taken back before.", rule="withdrawn")
    draft.add(ReportWithdrawn())
    if draft.case.supporters == 0 and not draft.case.taken_on:
        end(draft, Outcome.WITHDRAWN)
    else:
        conclude(draft)
