"""What happens to a project by itself: reminders and escalations before the decision, and the advice sent at it."""

from collections.abc import Iterator
from datetime import datetime

from domain.case import Case
from domain.draft import Draft
from domain.due import Act, Due, within_hours
from domain.escalation import rungs
from domain.policy import Policy
from domain.projects.events import AdviserReminded
from domain.projects.standing import of
from domain.projects.state import AdviceRequest
from domain.rulebook import Rulebook
from domain.words import EscalationReason, Term


def dues(rules: Rulebook, policy: Policy, case: Case, now: datetime) -> Iterator[Due]:
    """As long as advice is gathered; what the answer's terms bring is that of any assignment."""
    project = case.project
    if project is None or not project.gathering:
        return
    for request in project.awaited:
        yield from _of_request(rules, policy, case, request, now)
    if project.participation is not None and project.participation.open:
        yield Due(project.participation.until, Act.CLOSE_ROUND)
    yield Due(project.decided_at, Act.SEND_ADVICE)


def remind(draft: Draft, due: Due) -> None:
    """The adviser is reminded, once."""
    request = of(draft).request(due.assignment) if due.assignment is not None else None
    assert request is not None, due
    draft.add(AdviserReminded(request.id), "remind_before")


def _of_request(rules: Rulebook, policy: Policy, case: Case, request: AdviceRequest, now: datetime) -> Iterator[Due]:
    calendar, advise_by = rules.calendar(request.department), request.advise_by
    if request.remind_at is not None:
        at = within_hours(calendar, policy.remind_before, request.remind_at, now)
        if max(at, now) < advise_by:
            yield Due(at, Act.REMIND, request.id, Term.ADVISE)
    reason = EscalationReason.NO_RESPONSE
    if not case.open_escalations(request.id, reason):
        at = within_hours(calendar, policy.respond_within, advise_by, now)
        yield Due(at, Act.ESCALATE, request.id, None, reason, 1, rungs(policy, case, request.id, reason)[0])
