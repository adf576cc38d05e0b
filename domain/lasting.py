"""Stretches of time added up, each moment counted once, and the part of them that lies in a period."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

_DAY = timedelta(days=1)

Stretch = tuple[datetime, datetime]
"""From the first moment until the second; nothing where that is not later."""


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same moments as stretches that neither overlap nor touch, in their order."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def within(stretches: Iterable[Stretch], start: datetime, end: datetime) -> list[Stretch]:
    """The parts of them between these moments."""
    clipped = ((max(one, start), min(other, end)) for one, other in stretches)
    return [(one, other) for one, other in clipped if one < other]


def days(stretches: Iterable[Stretch]) -> float:
    """Elapsed days of 24 hours, whatever the clocks on the wall do; what overlaps counts once."""
    return sum((end - start for start, end in joined(stretches)), timedelta()) / _DAY


def days_between(stretches: Iterable[Stretch], moments: Sequence[datetime]) -> list[float]:
    """As `days`, parted at these ascending moments: one number fewer than there are moments."""
    apart = joined(stretches)
    found = [0.0] * max(len(moments) - 1, 0)
    place = 0
    for one, other in apart:
        while place < len(found) and moments[place + 1] <= one:
            place += 1
        here = place
        while here < len(found) and moments[here] < other:
            found[here] += max(min(other, moments[here + 1]) - max(one, moments[here]), timedelta()) / _DAY
            here += 1
    return found
