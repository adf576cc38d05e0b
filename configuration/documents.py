"""The shape of a city's files: which keys there are, and what each may hold."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from configuration.fields import (
    AttributeCode,
    ClosedDay,
    Count,
    Country,
    DatatypeWord,
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
    Themes,
    TierWord,
    TimeZone,
)
from configuration.mistakes import quoted
from configuration.opening_hours import DepartmentHours, Hours
from domain.questions import LISTS
from domain.words import Tier

UNNAMED_GROUP = "other"
MOST_ATTRIBUTES = 20
"""A report takes a minute."""


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


class ValueTable(Document):
    key: AttributeCode
    name: LocalText


class AttributeTable(Document):
    """A question that whoever reports is asked, in the words of Open311."""

    code: AttributeCode
    datatype: DatatypeWord
    required: bool = False
    order: Annotated[int, Field(ge=1, le=1000)] | None = None
    """By their place in the file where it is absent."""
    description: LocalText
    datatype_description: LocalText | None = None
    values: list[ValueTable] = Field(default_factory=list)
    variable: bool = True
    """False: a remark, not a question."""

    @model_validator(mode="after")
    def _whole(self) -> "AttributeTable":
        listed = self.datatype in LISTS
        if listed and len(self.values) < 2:
            raise ValueError(f"a {self.datatype} needs two values at least")
        if self.values and not listed:
            raise ValueError(f"a {self.datatype} has no values")
        twice = _twice(value.key for value in self.values)
        if twice is not None:
            raise ValueError(f"has the value {quoted(twice)} twice")
        if self.required and not self.variable:
            raise ValueError("is a remark (variable = false), which nobody can be required to answer")
        return self


def _twice(names: Iterable[str]) -> str | None:
    """The first that is there twice."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


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
    attribute: Annotated[list[AttributeTable], Field(max_length=MOST_ATTRIBUTES)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _each_asked_once(self) -> "ServiceTable":
        twice = _twice(attribute.code for attribute in self.attribute)
        if twice is not None:
            raise ValueError(f"has the attribute {quoted(twice)} twice")
        return self


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
    themes: Themes = Field(default_factory=list)


class NeighbourhoodsFile(Document):
    neighbourhood: list[NeighbourhoodTable] = Field(min_length=1)
