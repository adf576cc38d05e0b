"""The rules that hold for one case, as data: they travel with it, so that later changes of policy leave it alone."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from domain.city import City, Neighbourhood, Service
from domain.policy import Policy
from domain.words import DepartmentId, Tier
from domain.working_time import Calendar

CITY_HOURS = "city"


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Policy and calendars for one service in one neighbourhood."""

    version: str
    """A digest of the content: equal rules have equal versions."""
    policy: Policy
    urgent_policy: Policy
    calendars: Mapping[str, Calendar]
    """By name; "city" is always present."""
    hours: Mapping[DepartmentId, str]
    """Every department that a case can be given to, with the name of its calendar."""

    def calendar(self, department: DepartmentId | None) -> Calendar:
        """The department's calendar; the city's own where no department is concerned."""
        return self.calendars[self.hours[department] if department is not None else CITY_HOURS]


def rulebook(city: City, service: Service, neighbourhood: Neighbourhood) -> Rulebook:
    """The rules that hold today for this service in this neighbourhood."""
    calendars: dict[str, Calendar] = {CITY_HOURS: city.hours}
    names: dict[Calendar, str] = {city.hours: CITY_HOURS}
    hours: dict[DepartmentId, str] = {}
    for department in city.departments.values():
        name = names.setdefault(department.hours, department.id)
        calendars.setdefault(name, department.hours)
        hours[department.id] = name
    attention = neighbourhood.tier is Tier.ATTENTION
    tiered, urgent = city.policies[service.policy], city.policies[service.urgent_policy]
    policy = tiered.attention if attention else tiered.standard
    urgent_policy = urgent.attention if attention else urgent.standard
    content = json.dumps(
        [asdict(policy), asdict(urgent_policy), {n: asdict(c) for n, c in calendars.items()}, hours],
        default=str,
        sort_keys=True,
    )
    version = hashlib.sha256(content.encode()).hexdigest()[:16]
    return Rulebook(version, policy, urgent_policy, calendars, hours)
