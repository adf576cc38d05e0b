"""Asking everyone who can be asked whether it is solved: whom one waits for, and when that is over."""

from domain.actor import Actor
from domain.case import Case
from domain.draft import Draft
from domain.manager_rules import end
from domain.refusal import Refused
from domain.words import Outcome


def asked(case: Case) -> int:
    """How many were asked: the reporter, unless the report was taken back, and each supporter with an address."""
    return len(case.hearing.asked) + (not case.withdrawn)


def answered(case: Case) -> int:
    """How many of those have told."""
    supporters = sum(id in case.hearing.heard for id in case.hearing.asked)
    return supporters + (case.hearing.reporter and not case.withdrawn)


def has_told(case: Case, id: str) -> bool:
    return id in case.hearing.heard


def once(case: Case, by: Actor) -> None:
    """Raises Refused where they have told before: a verdict holds until people are asked anew."""
    if has_told(case, by.id):
        raise Refused("You told us already; thank you.", rule="told_before")


def conclude(draft: Draft, rule: str | None = None) -> None:
    """The case is solved once somebody said so and nobody is waited for any more."""
    case = draft.case
    if case.feedback_until is not None and case.hearing.solved and answered(case) >= asked(case):
        end(draft, Outcome.SOLVED, rule=rule)
