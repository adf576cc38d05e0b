"""Checked documents into the domain's city."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from configuration.closed_days import closed_days
from configuration.documents import (
    AttributeTable,
    CityFile,
    DepartmentsFile,
    DepartmentTable,
    NeighbourhoodsFile,
    NeighbourhoodTable,
    PoliciesFile,
    PolicyTable,
    ServicesFile,
    ServiceTable,
)
from configuration.opening_hours import Always
from domain.city import City, Department, Neighbourhood, Route, Service
from domain.policy import Policy, TieredPolicy
from domain.questions import Choice, Question
from domain.working_time import Calendar


@dataclass(frozen=True, slots=True)
class CityFiles:
    city: CityFile
    departments: DepartmentsFile
    services: ServicesFile
    policies: PoliciesFile
    neighbourhoods: NeighbourhoodsFile


def build_city(files: CityFiles, today: date) -> City:
    city = files.city
    closed = closed_days(city.holidays.country, city.holidays.closed, today) if city.holidays else ()
    hours = Calendar(city.timezone, city.hours.week, closed)
    return City(
        id=city.id,
        name=city.name,
        timezone=city.timezone,
        languages=tuple(city.languages),
        hours=hours,
        leadership_email=city.leadership.email,
        departments={table.id: _department(table, hours) for table in files.departments.department},
        services={table.code: _service(table) for table in files.services.service},
        policies={name: _policy(name, table) for name, table in files.policies.policy.items()},
        neighbourhoods={table.id: _neighbourhood(table) for table in files.neighbourhoods.neighbourhood},
        unplaced=city.open311.unplaced if city.open311 else None,
    )


def _department(table: DepartmentTable, city_hours: Calendar) -> Department:
    if table.hours is None:
        hours = city_hours
    elif isinstance(table.hours, Always):
        hours = Calendar(city_hours.timezone, table.hours.week)
    else:
        hours = replace(city_hours, week=table.hours.week)
    return Department(
        id=table.id,
        name=table.name,
        email=table.email,
        head_email=table.head_email,
        hours=hours,
        partner=table.partner,
    )


def _service(table: ServiceTable) -> Service:
    return Service(
        code=table.code,
        name=table.name,
        group=table.group,
        theme=table.theme,
        departments=tuple(table.departments),
        policy=table.policy,
        urgent_policy=table.urgent_policy or table.policy,
        keywords=tuple(table.keywords),
        routes=tuple(Route(tuple(route.neighbourhoods), tuple(route.departments)) for route in table.route),
        private=table.private,
        questions=_questions(table.attribute),
    )


def _questions(tables: Sequence[AttributeTable]) -> tuple[Question, ...]:
    """In their order; those that have none in the file stand where the file has them."""
    questions = [
        Question(
            code=table.code,
            datatype=table.datatype,
            required=table.required,
            order=table.order if table.order is not None else place,
            description=table.description,
            hint=table.datatype_description,
            choices=tuple(Choice(value.key, value.name) for value in table.values),
            asks=table.variable,
        )
        for place, table in enumerate(tables, 1)
    ]
    return tuple(sorted(questions, key=lambda question: question.order))


def _policy(name: str, table: PolicyTable) -> TieredPolicy:
    standard = Policy(
        id=name,
        respond_within=table.respond_within,
        resolve_within=table.resolve_within,
        remind_before=table.remind_before,
        stalled_after=table.stalled_after,
        escalate_every=table.escalate_every,
        ladder=tuple(table.ladder),
        acknowledged_for=table.acknowledged_for,
        triage_within=table.triage_within,
        pause_at_most=table.pause_at_most,
        feedback_within=table.feedback_within,
        max_transfers=table.max_transfers,
        max_reopens=table.max_reopens,
    )
    stricter = {key: getattr(table.attention, key) for key in table.attention.model_fields_set}
    if "ladder" in stricter:
        stricter["ladder"] = tuple(stricter["ladder"])
    return TieredPolicy(standard, replace(standard, **stricter))


def _neighbourhood(table: NeighbourhoodTable) -> Neighbourhood:
    return Neighbourhood(
        id=table.id,
        name=table.name,
        tier=table.tier,
        manager_email=table.manager_email,
        team=tuple(table.team),
        budget=table.budget,
        themes=tuple(table.themes),
    )
