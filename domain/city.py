"""The city: its departments, services and neighbourhoods, as its files describe them."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.policy import TieredPolicy
from domain.questions import Question
from domain.words import DepartmentId, NeighbourhoodId, ServiceCode, Tier
from domain.working_time import Calendar

LocalText = Mapping[str, str]
"""A text by language code; every language of the city is present."""


@dataclass(frozen=True, slots=True)
class Department:
    """Who does the work: a department of the city, or a partner outside it."""

    id: DepartmentId
    name: LocalText
    email: str
    head_email: str
    hours: Calendar
    partner: bool


@dataclass(frozen=True, slots=True)
class Route:
    """An exception to a service's departments, for some neighbourhoods."""

    neighbourhoods: tuple[NeighbourhoodId, ...]
    departments: tuple[DepartmentId, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """What can be reported, and who gets it."""

    code: ServiceCode
    name: LocalText
    group: str
    theme: str
    departments: tuple[DepartmentId, ...]
    policy: str
    urgent_policy: str
    keywords: tuple[str, ...]
    routes: tuple[Route, ...]
    private: bool = False
    """About people: nobody else is told that it was reported nearby."""
    questions: tuple[Question, ...] = ()
    """In the order in which they are asked."""


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A part of the city with a neighbourhood manager of its own."""

    id: NeighbourhoodId
    name: str
    tier: Tier
    manager_email: str
    team: tuple[DepartmentId, ...]
    budget: int
    """Euro a year, for residents' own actions."""
    themes: tuple[str, ...] = ()
    """Those that are tracked in an attention neighbourhood; none named: all."""


@dataclass(frozen=True, slots=True)
class City:
    """Everything that the city's files say, with every name resolved."""

    id: str
    name: str
    timezone: str
    languages: tuple[str, ...]
    """The first is the default."""
    hours: Calendar
    leadership_email: str
    departments: Mapping[DepartmentId, Department]
    services: Mapping[ServiceCode, Service]
    policies: Mapping[str, TieredPolicy]
    neighbourhoods: Mapping[NeighbourhoodId, Neighbourhood]
    unplaced: NeighbourhoodId | None = None
    """Where a report belongs whose address names no neighbourhood; absent: such a report is not taken."""
