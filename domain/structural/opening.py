"""How a structural case begins."""

from dataclasses import dataclass
from datetime import datetime

from domain.actor import Actor
from domain.draft import Draft
from domain.durations import Duration, WorkingDays
from domain.events import CaseOpened, Happened
from domain.evolve import opened
from domain.rulebook import Rulebook
from domain.structural.events import IssuesBundled, StructuralWorkBegun
from domain.words import CaseId, Kind, NeighbourhoodId, ServiceCode

USUALLY = WorkingDays(20)
"""How often a plan is looked at where nothing else is said: about once a month."""
LONGEST = 260
"""Working days, about a year: what is looked at less often is forgotten."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """A recurring problem as a manager opens it; `service` names the policy, `theme` what recurs."""

    case_id: CaseId
    number: str
    service: ServiceCode
    neighbourhood: NeighbourhoodId
    theme: str
    by: Actor
    review_every: Duration = USUALLY
    issues: tuple[CaseId, ...] = ()
    hot_spot: str | None = None


def open_structural(rules: Rulebook, beginning: Beginning, now: datetime) -> tuple[Happened, ...]:
    """The first events: nobody has anything to do yet, and the first review is set."""
    event = CaseOpened(
        beginning.case_id,
        beginning.number,
        Kind.STRUCTURAL,
        beginning.service,
        beginning.neighbourhood,
        urgent=False,
        rules=rules.version,
    )
    first = Happened(1, now, event, beginning.by.signature())
    draft = Draft(rules, opened(first), now, beginning.by, events=[first])
    review_at = draft.term(beginning.review_every)
    draft.add(StructuralWorkBegun(beginning.theme, beginning.review_every, review_at, beginning.hot_spot))
    if beginning.issues:
        draft.add(IssuesBundled(beginning.issues))
    return tuple(draft.events)
