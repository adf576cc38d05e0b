"""What an attention neighbourhood puts before its team by itself: new cases of the themes that are tracked there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.case import Case
from domain.city import Neighbourhood, Service
from domain.durations import WorkingDays
from domain.words import ServiceCode, Stage, Tier
from domain.working_time import Calendar, start_of

NEW_FOR = WorkingDays(20)
"""So long before a meeting a case counts as new: a team that meets every four weeks misses none."""


@dataclass(frozen=True, slots=True)
class Attention:
    """What a meeting looks at because its neighbourhood asks for attention."""

    services: frozenset[ServiceCode]
    since: datetime

    def concerns(self, case: Case) -> bool:
        """Whether the case is new, of a theme that is tracked, and not done."""
        undone = case.stage not in (Stage.RESOLVED, Stage.CLOSED)
        return undone and case.service in self.services and case.opened_at >= self.since


def attention(
    neighbourhood: Neighbourhood, services: Iterable[Service], calendar: Calendar, meeting: datetime
) -> Attention | None:
    """What the neighbourhood's tier asks of a meeting at that moment; nothing in a standard neighbourhood.

    Where the neighbourhood names no themes, all are tracked; what is about people is on no agenda.
    """
    if neighbourhood.tier is not Tier.ATTENTION:
        return None
    themes = neighbourhood.themes
    tracked = (s.code for s in services if not s.private and (not themes or s.theme in themes))
    return Attention(frozenset(tracked), start_of(calendar, meeting, NEW_FOR))
