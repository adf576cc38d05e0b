"""How a case begins."""

from dataclasses import dataclass
from datetime import datetime

from domain.actor import Actor
from domain.assigning import assign, need_placement
from domain.draft import Draft
from domain.events import CaseOpened, Happened
from domain.evolve import opened
from domain.projects.referring import Referral, refer
from domain.rulebook import Rulebook
from domain.words import CaseId, DepartmentId, EscalationReason, Kind, NeighbourhoodId, ServiceCode
from domain.working_time import end_of


@dataclass(frozen=True, slots=True)
class Opening:
    """A report that was taken in, and the departments it is routed to (none: a manager places it)."""

    case_id: CaseId
    number: str
    kind: Kind
    service: ServiceCode
    neighbourhood: NeighbourhoodId
    urgent: bool
    departments: tuple[DepartmentId, ...]
    by: Actor | None = None
    project: Referral | None = None
    """Advice is asked on it, so that no department gets it before."""


def open_case(rules: Rulebook, opening: Opening, now: datetime) -> tuple[Happened, ...]:
    """The first events of a case: it is opened, and assigned, put before the manager, or before those who advise.

    The promise to the resident starts here, each department counting in its own hours. Raises Refused where a project
    cannot be referred like this.
    """
    event = CaseOpened(
        opening.case_id,
        opening.number,
        opening.kind,
        opening.service,
        opening.neighbourhood,
        opening.urgent,
        rules.version,
    )
    by = opening.by.signature() if opening.by is not None else None
    first = Happened(1, now, event, by, "intake" if by is None else None)
    draft = Draft(rules, opened(first), now, by, events=[first])
    if opening.project is not None:
        refer(draft, opening.project)
        return tuple(draft.events)
    if not opening.departments:
        need_placement(draft, EscalationReason.UNASSIGNED, rule="routing")
    for department in opening.departments:
        promise = end_of(rules.calendar(department), now, draft.policy.resolve_within)
        assign(draft, department, resolve_by=promise, rule="routing")
    return tuple(draft.events)
