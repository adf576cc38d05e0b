"""A period's limits told: everything that their page needs, read at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from domain.limit_figures import NOTHING, ByCause, LimitFigures, add_up, course
from domain.words import Cause
from readmodel.held import UNNAMED, grouped, waited
from readmodel.tallies import GroupBy
from web.context import WebContext
from web.pages.languages import Language
from web.pages.leadership.asking import Asked
from web.pages.leadership.measured import full_label, label
from web.times import start_of_day

_DAY = timedelta(days=1)
CAUSES: Sequence[Cause | None] = (*Cause, None)
"""All of them, and what is not named yet."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What held follow-up back in a period, and who reads it."""

    context: WebContext
    reader: Language
    asked: Asked
    by: GroupBy
    """By what the groups are formed."""
    now: ByCause
    before: ByCause
    firsts: Sequence[date]
    """Of the buckets, each its first day that lies in the period."""
    course: Mapping[Cause | None, Sequence[float]]
    """The waiting days of each cause by bucket."""
    groups: Mapping[str, ByCause]

    def of(self, cause: Cause | None) -> LimitFigures:
        return self.now.get(cause, NOTHING)

    @property
    def total(self) -> float:
        """Waiting days."""
        return total(self.now)

    @property
    def ranked(self) -> list[Cause | None]:
        """Every cause, the one that waited longest first."""
        return ranked(self.now)

    @property
    def labels(self) -> list[str]:
        """Short ones, for an axis."""
        bucket = self.asked.period.bucket
        return [label(self.reader, bucket, first, place) for place, first in enumerate(self.firsts)]

    @property
    def full_labels(self) -> list[str]:
        return [full_label(self.reader, self.asked.period.bucket, first) for first in self.firsts]

    def last_of(self, first: date) -> date:
        """The last day that a bucket has in the period."""
        return min(self.asked.period.bucket.last(first), self.asked.period.end)

    def say(self, key: str, **values: str | int) -> str:
        return self.reader.say(key, "limits", **values)

    def named(self, cause: Cause | None) -> str:
        return self.say("unnamed") if cause is None else self.reader.say(cause, "leadership_causes")

    def briefly(self, cause: Cause | None) -> str:
        """Where there is little room."""
        return self.reader.say(word(cause), "limits_short")


def tell_limits(session: Session, context: WebContext, reader: Language, asked: Asked, by: GroupBy) -> Limits:
    """Only reads; costs what `readmodel.held` says, for the period and for the one before."""
    period, now = asked.period, context.now()
    firsts = [max(first, period.start) for first in period.bucket.between(period.start, period.end)]
    moments = [start_of_day(day, context.zone) for day in (*firsts, period.end + _DAY)]
    waits = waited(session, moments[0], moments[-1], asked.narrowed)
    start, end = (start_of_day(day, context.zone) for day in (period.before[0], period.before[1] + _DAY))
    earlier = waited(session, start, end, asked.narrowed)
    lasted = [wait.lasted for wait in waits]
    return Limits(
        context,
        reader,
        asked,
        by,
        add_up(lasted, moments[0], moments[-1], now),
        add_up((wait.lasted for wait in earlier), start, end, now),
        firsts,
        course(lasted, moments, now),
        {group: add_up(some, moments[0], moments[-1], now) for group, some in grouped(waits, by).items()},
    )


def by_of(value: str | None, asked: Asked) -> GroupBy:
    """What is asked for; else by department, or by neighbourhood where there is only one department."""
    if value in set(GroupBy):
        return GroupBy(value)
    return GroupBy.DEPARTMENT if asked.one_department is None else GroupBy.NEIGHBOURHOOD


def total(by_cause: ByCause) -> float:
    return sum(figures.waiting_days for figures in by_cause.values())


def ranked(by_cause: ByCause) -> list[Cause | None]:
    return sorted(CAUSES, key=lambda cause: -by_cause.get(cause, NOTHING).waiting_days)


def word(cause: Cause | None) -> str:
    """As addresses and CSV have it."""
    return UNNAMED if cause is None else cause.value
