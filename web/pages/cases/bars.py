"""The clocks of a case as bars on one common axis of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.clocks import Clock, SegmentKind

WIDTH = 1000.0
_LEAST = 3.0
"""What is there is to be seen, however short it was."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a bar, in units of which the whole axis has `WIDTH`."""

    kind: SegmentKind
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One task's clock, drawn."""

    clock: Clock
    pieces: tuple[Piece, ...]
    answered: float | None
    """Where the department answered."""
    respond_by: float | None
    promise: float


@dataclass(frozen=True, slots=True)
class Bars:
    """All tasks of a case on one axis."""

    bars: tuple[Bar, ...]
    start: datetime
    end: datetime
    now: float | None
    """Where now is; absent once everything is over."""


def bars_of(clocks: Sequence[Clock], now: datetime) -> Bars | None:
    """None where there is nothing to draw."""
    if not clocks:
        return None
    start = min(clock.start for clock in clocks)
    ends = [segment.end for clock in clocks for segment in clock.segments] + [c.resolve_by for c in clocks]
    end = max(*ends, start + timedelta(hours=1))
    running = any(clock.ended_at is None for clock in clocks)

    def x(at: datetime) -> float:
        return round((at - start) / (end - start) * WIDTH, 1)

    def drawn(clock: Clock) -> Bar:
        answer = clock.response
        return Bar(
            clock,
            tuple(Piece(s.kind, x(s.start), max(x(s.end) - x(s.start), _LEAST)) for s in clock.segments),
            x(answer.answered_at) if answer is not None and answer.answered_at is not None else None,
            x(answer.respond_by) if answer is not None else None,
            x(clock.resolve_by),
        )

    return Bars(tuple(map(drawn, clocks)), start, end, x(now) if running and start <= now <= end else None)
