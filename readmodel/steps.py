"""A case going from one event to the next, each in its place."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.case import Case
from domain.events import Happened
from domain.evolve import evolve, opened


class Gap(Exception):
    """Events are missing between what is kept and what was brought; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Step:
    """One event, and the case before and after it."""

    before: Case | None
    """None for the event that opens the case."""
    happened: Happened
    after: Case


def fold(case: Case | None, events: Sequence[Happened]) -> list[Step]:
    """The steps that lead on from the case. Raises Gap where an event is not the next."""
    steps: list[Step] = []
    for happened in events:
        expected = case.version + 1 if case is not None else 1
        if happened.seq != expected:
            raise Gap(f"event {happened.seq} was brought where {expected} is next")
        after = evolve(case if case is not None else opened(happened), happened)
        steps.append(Step(case, happened, after))
        case = after
    return steps
