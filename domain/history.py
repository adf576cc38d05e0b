"""Referrals that come from another system: what happened there before, told in ordinary events."""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.events import AssignmentResolved, CaseClosed, CaseOpened, DepartmentAssigned, Event, Happened
from domain.opening import Opening, open_case
from domain.rulebook import Rulebook
from domain.words import AssignmentId, CaseId, DepartmentId, Kind, NeighbourhoodId, NoteId, Outcome, ServiceCode

IMPORTED = "imported"
"""The rule of events that were not decided here."""
IMPORTED_WITHOUT_PROMISE = "imported_without_promise"
"""The rule of events whose case was never promised by a date: it is neither in time nor late."""


@dataclass(frozen=True, slots=True)
class Past:
    """A referral that another system has closed."""

    case_id: CaseId
    number: str
    kind: Kind
    service: ServiceCode
    neighbourhood: NeighbourhoodId
    departments: tuple[DepartmentId, ...]
    opened_at: datetime
    due_at: datetime | None
    """The other system's promise, be it before the opening; None where it made none."""
    closed_at: datetime


def story(past: Past, rules: str, note: NoteId | None = None) -> tuple[Happened, ...]:
    """Opened, assigned to every department at once, resolved (the note says how) and closed as solved.

    Nobody recorded when a department answered, so no response term is set. A case without a promise carries its
    closing time in the place of one. `rules` is the version of a rulebook.
    """
    by_rule = IMPORTED if past.due_at is not None else IMPORTED_WITHOUT_PROMISE
    opening = CaseOpened(
        past.case_id, past.number, past.kind, past.service, past.neighbourhood, urgent=False, rules=rules
    )
    tasks = [(AssignmentId(f"a{place}"), department) for place, department in enumerate(past.departments, start=1)]
    promise = past.due_at or past.closed_at
    before: list[Event] = [opening, *(DepartmentAssigned(id, department, None, promise) for id, department in tasks)]
    after: list[Event] = [*(AssignmentResolved(id, note) for id, _ in tasks), CaseClosed(Outcome.SOLVED)]
    told = [*((past.opened_at, event) for event in before), *((past.closed_at, event) for event in after)]
    return tuple(Happened(seq, at, event, rule=by_rule) for seq, (at, event) in enumerate(told, start=1))


def taken_over(rules: Rulebook, opening: Opening, opened_at: datetime, terms_from: datetime) -> tuple[Happened, ...]:
    """The beginning of a case that is still open elsewhere: opened then, its terms counted from `terms_from`."""
    first, *rest = open_case(rules, opening, terms_from)
    return (replace(first, at=opened_at, rule=IMPORTED), *(replace(happened, rule=IMPORTED) for happened in rest))
