"""Local clock times as instants, also on the days on which clocks change.

Instants are whole seconds since 1970 in UTC, days are proleptic ordinals, clock times are seconds since local midnight.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = EPOCH.toordinal()
SECOND = timedelta(seconds=1)


def seconds(at: datetime) -> int:
    """Whole seconds since 1970; a fraction is dropped."""
    return (at - EPOCH) // SECOND


def moment(instant: int) -> datetime:
    return datetime.fromtimestamp(instant, UTC)


def constant_offset(zone: ZoneInfo, day: int) -> timedelta | None:
    """The offset from UTC that holds all day long, None on a day on which clocks change."""
    midnight, following = datetime.fromordinal(day), datetime.fromordinal(day + 1)
    offset = midnight.replace(tzinfo=zone).utcoffset()
    for other in (
        midnight.replace(tzinfo=zone, fold=1),
        following.replace(tzinfo=zone),
        following.replace(tzinfo=zone, fold=1),
    ):
        if other.utcoffset() != offset:
            return None
    return offset


def reached(zone: ZoneInfo, day: int, clock: int) -> int:
    """The first instant at which that day's clock shows this time or a later one.

    So a time that clocks skip is the instant at which they skip it, and of a time that comes twice it is the first.
    """
    local = (day - EPOCH_DAY) * 86_400 + clock
    before, after = _offsets(zone, local)
    return _change(zone, local - after, local - before) if before < after else local - before


def left_behind(zone: ZoneInfo, day: int, clock: int) -> int:
    """The first instant from which that day's clock shows no time before this one any more: of two, the second."""
    local = (day - EPOCH_DAY) * 86_400 + clock
    before, after = _offsets(zone, local - 1)
    leaving = local - after if before > after else reached(zone, day, clock)
    return min(leaving, reached(zone, day + 1, 0))


def furthest_clock(zone: ZoneInfo, day: int, instant: int) -> int:
    """The time that the day's clock has come to: while an hour is repeated, it waits at that hour's end."""
    local = datetime.fromtimestamp(instant, zone)
    shown = instant + _offset(zone, instant)
    if local.fold:
        repeated = _offsets(zone, shown)
        change = _change(zone, instant - (repeated[0] - repeated[1]), instant)
        shown = change + repeated[0]
    return shown - (day - EPOCH_DAY) * 86_400


def _offsets(zone: ZoneInfo, local: int) -> tuple[int, int]:
    """As valid before and after a change of clocks at that local time; equal where there is none."""
    at = (EPOCH + timedelta(seconds=local)).replace(tzinfo=zone)
    return _whole(at), _whole(at.replace(fold=1))


def _offset(zone: ZoneInfo, instant: int) -> int:
    return _whole(datetime.fromtimestamp(instant, zone))


def _whole(at: datetime) -> int:
    offset = at.utcoffset()
    assert offset is not None
    return offset // SECOND


def _change(zone: ZoneInfo, low: int, high: int) -> int:
    """The instant in (low, high] at which the offset becomes another than at `low`."""
    before = _offset(zone, low)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high
