"""What the city promises: the terms of a case and the ladder that is climbed when one passes."""

from dataclasses import dataclass

from domain.durations import Duration
from domain.words import Rung


@dataclass(frozen=True, slots=True)
class Policy:
    """The terms that hold for one case, every override already applied."""

    id: str
    respond_within: Duration
    resolve_within: Duration
    remind_before: Duration
    stalled_after: Duration
    escalate_every: Duration
    ladder: tuple[Rung, ...]
    acknowledged_for: Duration
    triage_within: Duration
    pause_at_most: Duration
    feedback_within: Duration
    max_transfers: int
    max_reopens: int


@dataclass(frozen=True, slots=True)
class TieredPolicy:
    """A policy as it holds in standard neighbourhoods and, often stricter, in attention neighbourhoods."""

    standard: Policy
    attention: Policy
