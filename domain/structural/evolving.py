"""What the events of structural work make of a case."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from domain.case import Case
from domain.structural.events import (
    IssuesBundled,
    IssueUnbundled,
    ReviewDue,
    Reviewed,
    StructuralEvent,
    StructuralWorkBegun,
)
from domain.structural.state import Review, Structure


def evolved(case: Case, at: datetime, event: StructuralEvent) -> Case:
    """The case after the event."""
    if isinstance(event, StructuralWorkBegun):
        begun = Structure(event.theme, event.review_every, event.review_at, hot_spot=event.hot_spot)
        return replace(case, structure=begun)
    structure = case.structure
    assert structure is not None, event
    match event:
        case IssuesBundled(cases=cases):
            changed = replace(structure, issues=(*structure.issues, *cases))
        case IssueUnbundled(case=issue):
            changed = replace(structure, issues=tuple(one for one in structure.issues if one != issue))
        case ReviewDue(review_by=review_by):
            changed = replace(structure, review_by=review_by, review_at=min(structure.review_at, at))
        case Reviewed(note=note, next_at=next_at):
            reviews = (*structure.reviews, Review(at, note))
            changed = replace(structure, review_by=None, review_at=next_at, reviews=reviews)
        case _:
            assert_never(event)
    return replace(case, structure=changed)


def done_since(case: Case, at: datetime) -> Case:
    """The case with the moment at which its last action was done."""
    structure = case.structure
    if structure is None:
        return case
    done = not case.live and not case.placements and any(a.resolved_at is not None for a in case.assignments)
    since = (structure.done_at or at) if done else None
    return case if since == structure.done_at else replace(case, structure=replace(structure, done_at=since))
