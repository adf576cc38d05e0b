"""What someone may do with a case right now: each command is tried on the rules themselves, and nothing is kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from domain.actor import Actor
from domain.case import Assignment, Case
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
from domain.decide import decide
from domain.draft import FURTHEST, Draft
from domain.initiatives.commands import Account, Adopt, HandBack, OfferToResidents, WithdrawOffer
from domain.inspections.commands import Inspect
from domain.inspections.state import Found
from domain.joining.commands import Split
from domain.projects.trying import tries
from domain.refusal import Refused
from domain.rulebook import Rulebook
from domain.structural.commands import Bundle, PlanAction, RecordReview, Unbundle
from domain.teams.commands import RecordDecision
from domain.words import (
    AssignmentId,
    CaseId,
    Cause,
    DepartmentId,
    EscalationId,
    NoteId,
    Outcome,
    PointId,
    RequestId,
    Solved,
)

_NOTE = NoteId("probe")
_ANOTHER_CASE = CaseId("probe")
_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Option:
    """A command that is this actor's to give, for one task or escalation or for the case itself."""

    command: str
    """Its kind."""
    assignment: AssignmentId | None = None
    """Of `assign`: the task that would be taken away."""
    escalation: EscalationId | None = None
    request: RequestId | None = None
    """Of `advise`: which request it answers."""
    point: PointId | None = None
    """Of `answer_point`."""
    refused: str | None = None
    """Why the rules forbid it now; None where it may be."""
    refusal: Refused | None = field(default=None, compare=False)
    """The same, for those who tell it in another language."""

    @property
    def allowed(self) -> bool:
        """Whether the rules have nothing against it now."""
        return self.refused is None


def options(rules: Rulebook, case: Case, actor: Actor, now: datetime) -> tuple[Option, ...]:
    """Every command that authority gives to the actor, for each live task and open escalation, allowed or refused."""
    tried = (_try(rules, case, actor, now, option, probes) for option, probes in _everything(rules, case, now))
    return tuple(option for option in tried if option is not None)


def transfer_targets(
    rules: Rulebook, case: Case, actor: Actor, assignment: AssignmentId, now: datetime
) -> tuple[DepartmentId, ...]:
    """The departments that the task may be passed on to."""
    return _accepted(rules, case, actor, now, ((d, Transfer(assignment, d, _NOTE)) for d in rules.hours))


def assign_targets(
    rules: Rulebook, case: Case, actor: Actor, now: datetime, instead_of: AssignmentId | None = None
) -> tuple[DepartmentId, ...]:
    """The departments that the case may be given to, one of them or several at once."""
    return _accepted(rules, case, actor, now, ((d, Assign((d,), _NOTE, instead_of)) for d in rules.hours))


def latest_pause(rules: Rulebook, case: Case, assignment: AssignmentId, now: datetime) -> datetime:
    """Until when the task may wait at most, inclusive. Raises Refused where there is no such task."""
    draft = Draft(rules, case, now)
    return min(draft.term(draft.policy.pause_at_most, draft.assignment(assignment).department), now + FURTHEST)


def latest_offer(rules: Rulebook, case: Case, now: datetime) -> datetime:
    """Until when an offer to residents may stand at most, inclusive."""
    draft = Draft(rules, case, now)
    return min(draft.term(draft.policy.pause_at_most), now + FURTHEST)


def extension_after(case: Case, assignment: AssignmentId, now: datetime) -> datetime | None:
    """The promise can only move to a moment later than this one; None where there is no such task."""
    task = case.assignment(assignment)
    return max(task.resolve_by, now) if task is not None else None


def furthest(now: datetime) -> datetime:
    """The last moment that work may be planned for, or a promise moved to."""
    return now + FURTHEST


def _everything(rules: Rulebook, case: Case, now: datetime) -> Iterator[tuple[Option, Iterable[Command]]]:
    """Each command with ways to give it, of which one has to do."""
    for task in case.live:
        for of_task in filter(None, _of_task(rules, task, now)):
            yield Option(of_task[0].kind, task.id), of_task
    for escalation in case.open_escalations():
        acknowledge = Acknowledge(escalation.id)
        yield Option(acknowledge.kind, escalation=escalation.id), (acknowledge,)
    of_the_case: tuple[tuple[Command, ...], ...] = (
        tuple(Assign((department,), _NOTE) for department in rules.hours),
        (SetUrgent(not case.urgent, _NOTE),),
        (Comment(_NOTE, public=False),),
        (Inspect(Found.DONE),),
        (RecordDecision(_NOTE),),
        tuple(PlanAction(department, _NOTE) for department in rules.hours),
        (RecordReview(_NOTE),),
        (Bundle((_ANOTHER_CASE,)),),
        tuple(Unbundle(issue) for issue in (case.structure.issues if case.structure is not None else ())),
        (MergeInto(_ANOTHER_CASE),),
        (OfferToResidents(0, _NOTE),),
        (WithdrawOffer(_NOTE),),
        (Adopt(),),
        (Account(0, _NOTE),),
        (HandBack(),),
        (Close(Outcome.EXPLAINED, _NOTE),),
        (GiveFeedback(Solved.YES),),
        (Answer(_NOTE),),
        (Support(),),
        (Withdraw(),),
    )
    for of_case in filter(None, of_the_case):
        yield Option(of_case[0].kind), of_case
    if case.merged_into is not None:
        yield Option("split"), (Split(_NOTE),)
    for request, point, ways in tries(rules, case, now):
        first, *others = ways
        yield Option(first.kind, request=request, point=point), (first, *others)


def _of_task(rules: Rulebook, task: Assignment, now: datetime) -> Iterator[tuple[Command, ...]]:
    yield (Accept(task.id),)
    yield (ReportProgress(task.id, _NOTE),)
    yield (Resolve(task.id, _NOTE),)
    yield (PauseAssignment(task.id, Cause.OTHER, now + _MOMENT, _NOTE),)
    yield (Resume(task.id),)
    yield (AskResident(task.id, _NOTE),)
    yield tuple(Transfer(task.id, department, _NOTE) for department in rules.hours if department != task.department)
    yield (Decline(task.id, Cause.OTHER, _NOTE),)
    yield (Extend(task.id, max(task.resolve_by, now) + _MOMENT, _NOTE),)
    yield tuple(Assign((d,), _NOTE, task.id) for d in rules.hours if d != task.department)


def _try(
    rules: Rulebook, case: Case, actor: Actor, now: datetime, option: Option, probes: Iterable[Command]
) -> Option | None:
    """The option as the rules see it; None where it is not the actor's to take."""
    said: Refused | None = None
    for probe in probes:
        refused = _refusal(rules, case, actor, probe, now)
        if refused is None:
            return option
        if refused.code == "forbidden":
            return None
        said = said or refused
    return replace(option, refused=said.reason, refusal=said) if said is not None else None


def _accepted(
    rules: Rulebook, case: Case, actor: Actor, now: datetime, probes: Iterable[tuple[DepartmentId, Command]]
) -> tuple[DepartmentId, ...]:
    return tuple(named for named, probe in probes if _refusal(rules, case, actor, probe, now) is None)


def _refusal(rules: Rulebook, case: Case, actor: Actor, command: Command, now: datetime) -> Refused | None:
    try:
        decide(rules, case, Submitted("probe", actor, command), now)
    except Refused as refused:
        return refused
    return None
