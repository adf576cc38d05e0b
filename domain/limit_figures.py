"""What the limits of a city amount to: how often each cause was named, and how long it held follow-up back."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.lasting import Stretch, days, days_between, within
from domain.limits import Limit
from domain.tally import quantile
from domain.words import CaseId, Cause


@dataclass(frozen=True, slots=True)
class Lasted:
    """One wait, over or not."""

    case_id: CaseId
    what: Limit
    cause: Cause | None
    began_at: datetime
    ended_at: datetime | None
    """None while it lasts."""


@dataclass(frozen=True, slots=True)
class LimitFigures:
    """Of one cause in one period."""

    declines: int = 0
    """That began in the period; so with the next two."""
    pauses: int = 0
    escalations: int = 0
    """Ladders, not rungs."""
    days: tuple[float, ...] = field(default=())
    """Of each case that waited in the period: how long, ascending. What overlaps in one case counts once."""

    @property
    def cases(self) -> int:
        return len(self.days)

    @property
    def waiting_days(self) -> float:
        """All cases together."""
        return sum(self.days)

    @property
    def median_waiting_days(self) -> float | None:
        """Of the cases that waited."""
        return quantile(self.days, 0.5)


NOTHING = LimitFigures()
ByCause = Mapping[Cause | None, LimitFigures]


def add_up(lasted: Iterable[Lasted], start: datetime, end: datetime, now: datetime) -> ByCause:
    """The causes that began or lasted in the period from `start` until `end`; what still lasts counts up to `now`.

    One case counts each moment once for a cause, and again for another cause that holds it back as well.
    """
    of_case: dict[Cause | None, dict[CaseId, list[Stretch]]] = defaultdict(lambda: defaultdict(list))
    began: dict[Cause | None, dict[Limit, int]] = defaultdict(lambda: dict.fromkeys(Limit, 0))
    for one in lasted:
        if start <= one.began_at < end:
            began[one.cause][one.what] += 1
        of_case[one.cause][one.case_id].append((one.began_at, one.ended_at or now))
    found = {}
    for cause, cases in of_case.items():
        waited = (days(within(stretches, start, end)) for stretches in cases.values())
        figures = LimitFigures(
            began[cause][Limit.DECLINE],
            began[cause][Limit.PAUSE],
            began[cause][Limit.ESCALATION],
            tuple(sorted(time for time in waited if time > 0)),
        )
        if figures != NOTHING:
            found[cause] = figures
    return found


def course(
    lasted: Iterable[Lasted], moments: Sequence[datetime], now: datetime
) -> Mapping[Cause | None, Sequence[float]]:
    """For each cause: the waiting days between these ascending moments, one number fewer than there are moments."""
    of_case: dict[Cause | None, dict[CaseId, list[Stretch]]] = defaultdict(lambda: defaultdict(list))
    for one in lasted:
        of_case[one.cause][one.case_id].append((one.began_at, one.ended_at or now))
    return {
        cause: [sum(parts) for parts in zip(*(days_between(s, moments) for s in cases.values()), strict=True)]
        for cause, cases in of_case.items()
    }
