"""Facts counted together, and the figures that follow from the counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from domain.measures import Measure


@dataclass(frozen=True, slots=True)
class Count:
    """Facts of one measure: how many, how many of them with a verdict or a value, and what those amount to."""

    facts: int = 0
    judged: int = 0
    good: int = 0
    valued: int = 0
    total: float = 0.0
    details: Mapping[str, int] = field(default_factory=dict)
    """How many facts have each detail; its words are parted by a space."""

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.facts + other.facts,
            self.judged + other.judged,
            self.good + other.good,
            self.valued + other.valued,
            self.total + other.total,
            _joined(self.details, other.details),
        )

    @property
    def share(self) -> float | None:
        """The good ones of those with a verdict, 0 to 1; None where there is none."""
        return self.good / self.judged if self.judged else None

    def by_word(self, place: int = 0) -> dict[str, int]:
        """The facts by one word of their detail, the first being 0; those that have no such word are left out."""
        found: dict[str, int] = {}
        for detail, number in self.details.items():
            words = detail.split(" ")
            if place < len(words):
                found[words[place]] = found.get(words[place], 0) + number
        return found


NONE = Count()


@dataclass(slots=True)
class Tally:
    """The facts of one bucket and group."""

    counts: dict[Measure, Count] = field(default_factory=dict)
    days_to_close: list[float] = field(default_factory=list)
    hours_to_respond: list[float] = field(default_factory=list)

    def add(self, measure: Measure, count: Count) -> None:
        self.counts[measure] = self.counts.get(measure, NONE) + count

    def include(self, other: "Tally") -> None:
        """Counts the other's facts too."""
        for measure, count in other.counts.items():
            self.add(measure, count)
        self.days_to_close.extend(other.days_to_close)
        self.hours_to_respond.extend(other.hours_to_respond)

    @property
    def open_change(self) -> int:
        """How many more cases are open at the end than at the beginning."""
        count = {measure: self.counts.get(measure, NONE).facts for measure in Measure}
        return count[Measure.OPENED] + count[Measure.RETURNED] - count[Measure.LEFT] - count[Measure.CLOSED]


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one bucket and group. Shares are 0 to 1; None where there is nothing to divide by."""

    opened: int = 0
    closed: int = 0
    open_at_end: int = 0
    """Open when the bucket ends: all that was opened or returned since the beginning, less what left or was closed."""
    median_days_to_close: float | None = None
    p90_days_to_close: float | None = None
    median_hours_to_respond: float | None = None
    responded_in_time: float | None = None
    resolved_in_time: float | None = None
    escalations: int = 0
    transfers: int = 0
    reopened: int = 0
    solved_first_time: float | None = None
    """Of the cases closed, not counting merged and withdrawn ones and what residents did themselves: those solved and
    never reopened."""
    satisfaction: float | None = None
    """The mean rating, 1 to 5."""
    feedback_count: int = 0
    """Every feedback, also without a rating."""


def figures(tally: Tally, open_before: int = 0) -> Figures:
    """`open_before`: how many were open when the bucket began."""
    days, hours = sorted(tally.days_to_close), sorted(tally.hours_to_respond)
    return figures_of(tally.counts, days, hours, open_before + tally.open_change)


def figures_of(
    counts: Mapping[Measure, Count], days: Sequence[float], hours: Sequence[float], open_at_end: int
) -> Figures:
    """`days` to close and `hours` to respond are ascending."""
    feedback = counts.get(Measure.FEEDBACK, NONE)
    return Figures(
        opened=counts.get(Measure.OPENED, NONE).facts,
        closed=counts.get(Measure.CLOSED, NONE).facts,
        open_at_end=open_at_end,
        median_days_to_close=quantile(days, 0.5),
        p90_days_to_close=quantile(days, 0.9),
        median_hours_to_respond=quantile(hours, 0.5),
        responded_in_time=counts.get(Measure.RESPONDED, NONE).share,
        resolved_in_time=counts.get(Measure.RESOLVED, NONE).share,
        escalations=counts.get(Measure.ESCALATED, NONE).facts,
        transfers=counts.get(Measure.TRANSFERRED, NONE).facts,
        reopened=counts.get(Measure.REOPENED, NONE).facts,
        solved_first_time=counts.get(Measure.CLOSED, NONE).share,
        satisfaction=feedback.total / feedback.valued if feedback.valued else None,
        feedback_count=feedback.facts,
    )


def open_change(counts: Iterable[tuple[Measure, int]]) -> int:
    """What these numbers of facts add to the open cases."""
    tally = Tally()
    for measure, number in counts:
        tally.add(measure, Count(number))
    return tally.open_change


def quantile(ascending: Sequence[float], share: float) -> float | None:
    """By linear interpolation between the two nearest values (Hyndman and Fan's type 7); 0.5 is the median."""
    if len(ascending) == 0:
        return None
    place = (len(ascending) - 1) * share
    below = int(place)
    if below + 1 >= len(ascending):
        return ascending[-1]
    low, high = ascending[below], ascending[below + 1]
    return low + (high - low) * (place - below)


def _joined(one: Mapping[str, int], other: Mapping[str, int]) -> Mapping[str, int]:
    if not one or not other:
        return one or other
    joined = dict(one)
    for detail, number in other.items():
        joined[detail] = joined.get(detail, 0) + number
    return joined
