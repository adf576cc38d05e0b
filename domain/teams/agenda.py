"""What a neighbourhood's team should talk about: which cases, for which reasons, and what first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.case import Case
from domain.durations import WorkingDays
from domain.teams.attention import Attention
from domain.words import CaseId, EscalationReason, NeighbourhoodId, Rung, Stage
from domain.working_time import Calendar, end_of

LOOKS_AHEAD = WorkingDays(5)
"""A promise that ends within these days after the meeting is about to be late."""
MOST = 30
"""A meeting of two hours decides about no more; what is left over is counted, not listed."""


class Reason(StrEnum):
    """Why something is on the agenda; the first weighs most."""

    TO_PLACE = "to_place"
    ESCALATED = "escalated"
    BOUNCING = "bouncing"
    OVERDUE = "overdue"
    ALMOST_LATE = "almost_late"
    REVIEW_DUE = "review_due"
    ADVICE_DUE = "advice_due"
    HOT_SPOT = "hot_spot"
    ATTENTION = "attention"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Why:
    """One reason, and what there is to know about it."""

    reason: Reason
    at: datetime | None = None
    """Since when it is so; of a promise or advice, until when."""
    to: Rung | None = None
    """The highest rung that was told."""
    escalated: EscalationReason | None = None
    times: int | None = None
    """How often it was passed on, or reported in one place."""


@dataclass(frozen=True, slots=True)
class Concern:
    """A case on the agenda, with all its reasons, the weightiest first."""

    case_id: CaseId
    whys: tuple[Why, ...]


def concerns(
    cases: Iterable[Case],
    here: NeighbourhoodId,
    now: datetime,
    soon: datetime,
    attention: Attention | None = None,
) -> tuple[Concern, ...]:
    """The cases that a meeting should talk about as they are now, what needs deciding most urgently first.

    `here`: the neighbourhood whose team meets; `soon`: the end of the days to which it looks ahead; `attention`:
    what it looks at because its neighbourhood asks for attention. A case with several reasons comes before one with
    the weightiest of them alone; equals in order of age.
    """
    found = ((case, reasons(case, here, now, soon, attention)) for case in cases)
    ranked = sorted(((case, whys) for case, whys in found if whys), key=lambda pair: _rank(*pair))
    return tuple(Concern(case.case_id, whys) for case, whys in ranked)


def looks_ahead_to(calendar: Calendar, meeting: datetime) -> datetime:
    """Until when a promise that ends concerns a meeting at that moment."""
    return end_of(calendar, meeting, LOOKS_AHEAD)


def reasons(
    case: Case, here: NeighbourhoodId, now: datetime, soon: datetime, attention: Attention | None = None
) -> tuple[Why, ...]:
    """Why the team should talk about the case; nothing where it need not, or where the work is done.

    A project of another neighbourhood concerns it by the advice that is asked of it alone.
    """
    if case.stage is Stage.CLOSED:
        return ()
    found: list[Why | None] = []
    if case.neighbourhood == here:
        if case.stage is not Stage.RESOLVED:
            found += (_to_place(case), _escalated(case), _bouncing(case), _promise(case, now, soon))
        found.append(_review(case, soon))
    found.append(_advice(case, here))
    if case.neighbourhood == here and attention is not None and attention.concerns(case):
        found.append(Why(Reason.ATTENTION, case.opened_at))
    return tuple(why for why in found if why is not None)


def _to_place(case: Case) -> Why | None:
    return Why(Reason.TO_PLACE, min(p.since for p in case.placements)) if case.placements else None


def _escalated(case: Case) -> Why | None:
    """The ladder that reached furthest; told since its first rung was reached."""
    raised = case.open_escalations()
    if not raised:
        return None
    top = max(raised, key=lambda e: (e.level, -e.raised_at.timestamp()))
    since = min(e.raised_at for e in raised if (e.assignment, e.reason) == (top.assignment, top.reason))
    return Why(Reason.ESCALATED, since, top.to, top.reason)


def _bouncing(case: Case) -> Why | None:
    """Passed on, or a department tried to once too often."""
    bounced = any(e.reason is EscalationReason.BOUNCED for e in case.open_escalations())
    return Why(Reason.BOUNCING, times=case.transfers) if case.transfers or bounced else None


def _promise(case: Case, now: datetime, soon: datetime) -> Why | None:
    """One that passed is not told twice, where that is what the case is escalated for."""
    if case.promised_by is None or case.promised_by > soon:
        return None
    if case.promised_by >= now:
        return Why(Reason.ALMOST_LATE, case.promised_by)
    told = _escalated(case)
    escalated_for_it = told is not None and told.escalated is EscalationReason.OVERDUE
    return None if escalated_for_it else Why(Reason.OVERDUE, case.promised_by)


def _review(case: Case, soon: datetime) -> Why | None:
    """What keeps recurring is to be looked at again, whether all its actions are done or not."""
    structure = case.structure
    if structure is None or structure.review_at > soon:
        return None
    return Why(Reason.REVIEW_DUE, structure.review_at)


def _advice(case: Case, here: NeighbourhoodId) -> Why | None:
    """The neighbourhood is asked for advice on a project, and has not given it."""
    awaited = case.project.awaited if case.project is not None else ()
    due = [request.advise_by for request in awaited if request.neighbourhood == here]
    return Why(Reason.ADVICE_DUE, min(due)) if due else None


def _rank(case: Case, whys: tuple[Why, ...]) -> tuple[object, ...]:
    order = tuple(Reason)
    return order.index(whys[0].reason), not case.urgent, -len(whys), case.opened_at, case.case_id
