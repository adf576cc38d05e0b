"""The rules that hold for one case, as data: they travel with it, so that later changes of policy leave it alone."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date

from domain.city import City, Neighbourhood, Service
from domain.policy import Policy
from domain.words import DepartmentId, Tier
from domain.working_time import Calendar

CITY_HOURS = "city"


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Policy and calendars for one service in one neighbourhood, small enough to travel with every case."""

    version: str
    """A digest of the content: equal rules have equal versions."""
    policy: Policy
    urgent_policy: Policy
    weeks: Mapping[str, Calendar]
    """Opening hours by name, the common closing days left out; "city" is always present."""
    closing: tuple[str, ...]
    """The names of those that keep the common closing days."""
    closed: tuple[date, ...]
    """The common closing days: public holidays and the city's own."""
    hours: Mapping[DepartmentId, str]
    """Every department that a case can be given to, with the name of its opening hours."""

    def calendar(self, department: DepartmentId | None) -> Calendar:
        """The department's calendar; the city's own where no department is concerned."""
        name = self.hours[department] if department is not None else CITY_HOURS
        week = self.weeks[name]
        return replace(week, closed=self.closed) if name in self.closing else week


def rulebook(city: City, service: Service, neighbourhood: Neighbourhood) -> Rulebook:
    """The rules that hold today for this service in this neighbourhood."""
    names: dict[Calendar, str] = {city.hours: CITY_HOURS}
    hours = {
        department.id: names.setdefault(department.hours, department.id) for department in city.departments.values()
    }
    closed = city.hours.closed
    closing = tuple(name for calendar, name in names.items() if calendar.closed == closed)
    weeks = {name: replace(calendar, closed=()) if name in closing else calendar for calendar, name in names.items()}
    attention = neighbourhood.tier is Tier.ATTENTION
    tiered, urgent = city.policies[service.policy], city.policies[service.urgent_policy]
    policy = tiered.attention if attention else tiered.standard
    urgent_policy = urgent.attention if attention else urgent.standard
    rules = Rulebook("", policy, urgent_policy, weeks, closing, closed, hours)
    content = json.dumps(asdict(rules), default=str, sort_keys=True)
    return replace(rules, version=hashlib.sha256(content.encode()).hexdigest()[:16])
