"""All structural cases: how far each is, and what it changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.case import Case
from domain.structural.state import Structure
from domain.words import Kind
from readmodel.codec import case_from_json
from readmodel.schema import CASES, REPORTS
from readmodel.sight import Sight, within
from readmodel.structural.actions import title_of
from readmodel.structural.effect import Effect, effect_of

MOST = 100


@dataclass(frozen=True, slots=True)
class Tackled:
    """A structural case; `done` of `actions` are done, and what was passed on counts once."""

    case: Case
    structure: Structure
    title: str
    actions: int
    done: int
    effect: Effect | None


def structural_cases(session: Session, sight: Sight, now: datetime) -> list[Tackled]:
    """Those under way first, and of these the ones that are reviewed soonest; then the latest."""
    query = (
        select(CASES.c.state, REPORTS.c.description)
        .outerjoin(REPORTS, REPORTS.c.case_id == CASES.c.case_id)
        .where(CASES.c.kind == Kind.STRUCTURAL.value, *within(session, sight, CASES))
        .order_by(CASES.c.closed_at.is_not(None), CASES.c.opened_at.desc(), CASES.c.case_id)
        .limit(MOST)
    )
    found = [(case_from_json(row.state), row.description or "") for row in session.connection().execute(query)]
    told = [_tackled(session, case, case.structure, text, now) for case, text in found if case.structure is not None]
    return sorted(told, key=lambda one: (one.case.closed, one.structure.review_at if not one.case.closed else now))


def _tackled(session: Session, case: Case, structure: Structure, description: str, now: datetime) -> Tackled:
    tasks = [task for task in case.assignments if task.task is not None]
    ended = {task.task for task in tasks if task.resolved_at is not None}
    effect = effect_of(session, case, now)
    return Tackled(case, structure, title_of(description), len({t.task for t in tasks}), len(ended), effect)
