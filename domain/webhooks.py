"""What departments' own systems hear of by webhook, and when a message that was not taken is tried again."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import get_args

from domain.events import Event
from domain.words import DepartmentId, NeighbourhoodId, ServiceCode

TEST = "test"
"""The kind of a message that tells of no event."""


class WebhookState(StrEnum):
    """Whether messages are sent."""

    ENABLED = "enabled"
    DISABLED = "disabled"


class WhyDisabled(StrEnum):
    """Who or what disabled it."""

    ADMINISTRATOR = "administrator"
    UNREACHABLE = "unreachable"
    """A message was not taken for days."""
    GONE = "gone"
    """The subscriber answered that it wants no more: 410."""


class MessageStatus(StrEnum):
    """How far a message has come; `skipped`: nobody wants it any more."""

    WAITING = "waiting"
    UNDER_WAY = "under_way"
    TAKEN = "taken"
    FAILED = "failed"
    SKIPPED = "skipped"


OPEN = (MessageStatus.WAITING, MessageStatus.UNDER_WAY)


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a subscriber hears of: a department's cases, in some neighbourhoods; of everything where neither is set."""

    department: DepartmentId | None = None
    neighbourhoods: tuple[NeighbourhoodId, ...] = ()
    kinds: tuple[str, ...] = ()
    """Of events; empty: all."""
    services: tuple[ServiceCode, ...] = ()
    """Empty: all."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often a message is tried."""

    first: timedelta = timedelta(seconds=5)
    """Until the second attempt; doubled from one to the next."""
    longest: timedelta = timedelta(hours=1)
    altogether: timedelta = timedelta(days=3)
    attempt: timedelta = timedelta(seconds=10)
    """In which the subscriber has to answer."""
    around: timedelta = timedelta(seconds=30)
    """For an attempt to get its turn, and for noting down what became of it."""


def pause(patience: Patience, failures: int) -> timedelta:
    """Until the next attempt, after so many that failed in a row; at least one did."""
    doublings: int = min(failures - 1, 30)
    return min(patience.longest, patience.first * (1 << doublings))


def gives_up(patience: Patience, since: datetime, now: datetime) -> bool:
    """Whether a message has been tried long enough."""
    return now - since >= patience.altogether


def event_kinds() -> tuple[str, ...]:
    """Every kind of event there is, in the order of their names."""
    return tuple(sorted(str(f.default) for event in get_args(Event) for f in fields(event) if f.name == "kind"))
