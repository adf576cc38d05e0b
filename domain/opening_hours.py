"""Opening hours of a week, in local time, and the dates on which they do not hold."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Calendar:
    """Opening hours of a week, in local time, and the dates on which they do not hold.

    `week` has seven days, Monday first; each day its intervals as (start, end) in seconds of the local day,
    ascending, not touching, within 0..86400. `closed` is ascending.
    """

    timezone: str
    week: tuple[tuple[tuple[int, int], ...], ...]
    closed: tuple[date, ...] = ()


def always(timezone: str) -> Calendar:
    """Open day and night, holidays included."""
    return Calendar(timezone, (((0, 86_400),),) * 7)
