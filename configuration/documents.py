"""The shape of a city's files: which keys there are, and what each may hold."""

from pydantic import BaseModel, ConfigDict, Field

from configuration.fields import (
    ClosedDay,
    Count,
    Country,
    Departments,
    Email,
    Euro,
    Keywords,
    Ladder,
    Languages,
    LocalText,
    Neighbourhood,
    Neighbourhoods,
    NewDepartment,
    NewNeighbourhood,
    NewService,
    PolicyName,
    Slug,
    Term,
    Text,
    TierWord,
    TimeZone,
)
from configuration.opening_hours import DepartmentHours, Hours
from domain.words import Tier

UNNAMED_GROUP = "other"


class Document(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Holidays(Document):
    country: Country
    closed: list[ClosedDay] = []


class Leadership(Document):
    email: Email


class Open311(Document):
    unplaced: Neighbourhood


class CityFile(Document):
    id: Slug
    name: Text
    timezone: TimeZone
    languages: Languages
    hours: Hours
    holidays: Holidays | None = None
    leadership: Leadership
    open311: Open311 | None = None


class DepartmentTable(Document):
    id: NewDepartment
    name: LocalText
    email: Email
    head_email: Email
    hours: DepartmentHours
    partner: bool


class DepartmentsFile(Document):
    department: list[DepartmentTable] = Field(min_length=1)


class RouteTable(Document):
    neighbourhoods: Neighbourhoods
    departments: Departments


class ServiceTable(Document):
    code: NewService
    name: LocalText
    group: Slug = UNNAMED_GROUP
    theme: Slug = UNNAMED_GROUP
    departments: Departments
    policy: PolicyName
    urgent_policy: PolicyName | None = None
    keywords: Keywords = Field(default_factory=list)
    private: bool = False
    route: list[RouteTable] = Field(default_factory=list)


class ServicesFile(Document):
    service: list[ServiceTable] = Field(min_length=1)


class AttentionTable(Document):
    """What differs in attention neighbourhoods."""

    respond_within: Term | None = None
    resolve_within: Term | None = None
    remind_before: Term | None = None
    stalled_after: Term | None = None
    escalate_every: Term | None = None
    ladder: Ladder | None = None
    acknowledged_for: Term | None = None
    triage_within: Term | None = None
    pause_at_most: Term | None = None
    feedback_within: Term | None = None
    max_transfers: Count | None = None
    max_reopens: Count | None = None


class PolicyTable(Document):
    respond_within: Term
    resolve_within: Term
    remind_before: Term
    stalled_after: Term
    escalate_every: Term
    ladder: Ladder
    acknowledged_for: Term
    triage_within: Term
    pause_at_most: Term
    feedback_within: Term
    max_transfers: Count
    max_reopens: Count
    attention: AttentionTable = AttentionTable()


class PoliciesFile(Document):
    policy: dict[Slug, PolicyTable] = Field(min_length=1)


class NeighbourhoodTable(Document):
    id: NewNeighbourhood
    name: Text
    tier: TierWord = Tier.STANDARD
    manager_email: Email
    team: Departments = Field(default_factory=list)
    budget: Euro = 0


class NeighbourhoodsFile(Document):
    neighbourhood: list[NeighbourhoodTable] = Field(min_length=1)
