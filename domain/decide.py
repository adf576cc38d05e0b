"""The rules of a case: what a command, or the mere passing of time, makes happen."""

from datetime import datetime
from typing import assert_never

from domain import department_rules, manager_rules, resident_rules
from domain.authority import authorise
from domain.case import Case
from domain.commands import (
    Accept,
    Acknowledge,
    Answer,
    AskResident,
    Assign,
    Close,
    Command,
    Comment,
    Decline,
    Extend,
    GiveFeedback,
    MergeInto,
    PauseAssignment,
    ReportProgress,
    Resolve,
    Resume,
    SetUrgent,
    Submitted,
    Support,
    Transfer,
    Withdraw,
)
from domain.draft import Draft
from domain.events import Happened
from domain.initiatives import rules as initiatives
from domain.initiatives.commands import Account, Adopt, HandBack, OfferToResidents, WithdrawOffer
from domain.inspections import rules as inspections
from domain.inspections.commands import Inspect
from domain.joining import rules as joining
from domain.joining.commands import BeAsked, Join, Part, Split, Uncross
from domain.projects import rules as project_rules
from domain.projects.commands import (
    Advise,
    AnswerPoint,
    AskAdvice,
    Commit,
    Moderate,
    MoveDecision,
    OpenParticipation,
    React,
    Summarise,
)
from domain.refusal import Refused
from domain.rulebook import Rulebook
from domain.structural import rules as structural_rules
from domain.structural.commands import Bundle, PlanAction, RecordReview, Unbundle
from domain.teams import rules as team_rules
from domain.teams.commands import RecordDecision
from domain.time_rules import apply, dues

AT_ONCE = 100
"""More acts than this in one instant, for each department and each request for advice, mean that the rules chase
their own tail."""


def decide(rules: Rulebook, case: Case, submitted: Submitted, now: datetime) -> tuple[Happened, ...]:
    """The events that the command makes happen now, in their order.

    Raises Refused, with the rule in words, when it may not be.
    """
    authorise(submitted.by, submitted.command, case)
    if submitted.expected_version is not None and submitted.expected_version != case.version:
        raise Refused(
            f"The case moved on: it is at version {case.version}, not {submitted.expected_version}.",
            "stale",
            rule="moved_on",
        )
    if case.closed and not joining.reaches_closed(case, submitted.command):
        raise Refused("The case is closed.", rule="closed")
    draft = Draft(rules, case, now, submitted.by, submitted.command_id)
    project_rules.suits(draft, submitted.command)
    _follow(draft, submitted.command)
    return tuple(draft.events)


def pass_time(rules: Rulebook, case: Case, now: datetime) -> tuple[Happened, ...]:
    """What the engine does by itself now, everything that is due at once; nothing when nothing is."""
    draft = Draft(rules, case, now)
    requests = case.project.requests if case.project is not None else ()
    for _ in range(AT_ONCE * (1 + len(case.assignments) + len(requests))):
        due = next(iter(dues(rules, draft.case, now)), None)
        if due is None or due.at > now:
            return tuple(draft.events)
        apply(draft, due)
    raise RuntimeError(f"case {case.case_id} does not come to rest at {now}")


def _follow(draft: Draft, command: Command) -> None:
    match command:
        case Accept():
            department_rules.accept(draft, command)
        case Decline():
            department_rules.decline(draft, command)
        case Transfer():
            department_rules.transfer(draft, command)
        case ReportProgress():
            department_rules.report_progress(draft, command)
        case PauseAssignment():
            department_rules.pause(draft, command)
        case Resume():
            department_rules.resume(draft, command)
        case AskResident():
            department_rules.ask_resident(draft, command)
        case Resolve():
            department_rules.resolve(draft, command)
        case Assign():
            manager_rules.assign(draft, command)
        case SetUrgent():
            manager_rules.set_urgent(draft, command)
        case Extend():
            manager_rules.extend(draft, command)
        case Acknowledge():
            manager_rules.acknowledge(draft, command)
        case Close():
            manager_rules.close(draft, command)
        case MergeInto():
            manager_rules.merge_into(draft, command)
        case Comment():
            manager_rules.comment(draft, command)
        case RecordDecision():
            team_rules.follow(draft, command)
        case Inspect():
            inspections.follow(draft, command)
        case PlanAction() | Bundle() | Unbundle() | RecordReview():
            structural_rules.follow(draft, command)
        case GiveFeedback():
            resident_rules.give_feedback(draft, command)
        case Answer():
            resident_rules.answer(draft, command)
        case Support():
            resident_rules.support(draft, command)
        case Withdraw():
            resident_rules.withdraw(draft)
        case Split() | Uncross() | Join() | Part() | BeAsked():
            joining.follow(draft, command)
        case (
            AskAdvice()
            | Advise()
            | OpenParticipation()
            | React()
            | Moderate()
            | Summarise()
            | AnswerPoint()
            | MoveDecision()
            | Commit()
        ):
            project_rules.follow(draft, command)
        case OfferToResidents() | WithdrawOffer() | Adopt() | Account() | HandBack():
            initiatives.follow(draft, command)
        case _:
            assert_never(command)
