"""Whose figures are asked for: within the reader's sight, and narrowed to what they chose."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from urllib.parse import quote_plus

from domain.actor import Actor
from domain.city import City
from domain.limits import Limit
from domain.measures import Measure
from domain.words import DepartmentId, NeighbourhoodId
from readmodel.held import Narrowed
from readmodel.leadership import View
from readmodel.tallies import GroupBy, Scope
from web.pages.leadership.periods import Period, period_of
from web.problems import forbidden, invalid
from web.sight import figures_scope

_WHO, _WHERE = GroupBy.DEPARTMENT, GroupBy.NEIGHBOURHOOD
_WORDS = {Measure.DECLINED: "cause", Measure.PAUSED: "cause", Measure.ESCALATED: "reason"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A period, and whose cases in it."""

    period: Period
    sight: Scope
    """What the reader may see at most."""
    chosen: Mapping[GroupBy, str]

    @property
    def scope(self) -> Scope:
        department = self.chosen.get(GroupBy.DEPARTMENT)
        neighbourhood = self.chosen.get(GroupBy.NEIGHBOURHOOD)
        return Scope(
            [DepartmentId(department)] if department is not None else self.sight.departments,
            [NeighbourhoodId(neighbourhood)] if neighbourhood is not None else self.sight.neighbourhoods,
        )

    @property
    def view(self) -> View:
        """All that was chosen as one, in the grouping of which most is summed up already."""
        for group_by in (GroupBy.SERVICE, GroupBy.THEME):
            if group_by in self.chosen:
                return View(group_by, self.scope, frozenset({self.chosen[group_by]}))
        scope = self.scope
        if scope.departments is not None and scope.neighbourhoods is not None:
            wanted = frozenset[str](scope.neighbourhoods)
            return View(GroupBy.NEIGHBOURHOOD, Scope(departments=scope.departments), wanted)
        if scope.departments is not None:
            return View(GroupBy.DEPARTMENT, scope)
        return View(GroupBy.NEIGHBOURHOOD if scope.neighbourhoods is not None else GroupBy.THEME, scope)

    @property
    def narrowed(self) -> Narrowed:
        """The same, for what is counted without summaries."""
        return Narrowed(self.scope, self.chosen.get(GroupBy.SERVICE), self.chosen.get(GroupBy.THEME))

    @property
    def by_work(self) -> bool:
        """Whether it is narrowed to a service or a theme: nothing is summed up that sets these side by side."""
        return GroupBy.SERVICE in self.chosen or GroupBy.THEME in self.chosen

    @property
    def of_all_work(self) -> "Asked":
        """The same of all services and themes."""
        return replace(self, chosen={g: id for g, id in self.chosen.items() if g in (_WHO, _WHERE)})

    def grouped(self, group_by: GroupBy) -> View:
        """All services and themes of it, side by side."""
        scope = self.scope
        members = self.chosen.get(group_by)
        return View(group_by, scope, None if members is None else frozenset({members}))

    @property
    def one_department(self) -> str | None:
        scope = self.scope
        return scope.departments[0] if scope.departments is not None and len(scope.departments) == 1 else None

    def link(self, path: str, **changes: str | None) -> str:
        """The address with these figures; a change to None leaves a parameter out."""
        found = {**self.period.parameters, **{g.value: name for g, name in self.chosen.items()}, **changes}
        query = _query({name: value for name, value in found.items() if value})
        return f"{path}?{query}" if query else path

    def cases(self, measure: Measure, start: date, end: date, word: str | None = None, *, failed: bool = False) -> str:
        """The list of the cases that count in this figure in these days."""
        found = {g.value: name for g, name in self.chosen.items()}
        if self.one_department is not None:
            found["department"] = self.one_department
        plain = self.one_department is None and word is None and not failed
        if plain and measure in (Measure.OPENED, Measure.CLOSED):
            name = measure.value
            return f"/cases?{_query({**found, f'{name}_from': start.isoformat(), f'{name}_to': end.isoformat()})}"
        found |= {"counted": measure.value, "counted_from": start.isoformat(), "counted_to": end.isoformat()}
        if word is not None:
            found[_WORDS.get(measure, "solved" if measure is Measure.FEEDBACK else "outcome")] = word
        if failed:
            found["failed"] = "true"
        return f"/cases?{_query(found)}"

    def held(
        self, cause: str, start: date, end: date, what: Limit | None = None, group: tuple[GroupBy, str] | None = None
    ) -> str:
        """The list of the cases that this limit held back in these days, perhaps of one group more."""
        found = {g.value: name for g, name in self.chosen.items()}
        if self.one_department is not None:
            found["department"] = self.one_department
        if group is not None:
            found[group[0].value] = group[1]
        found |= {"held": cause, "held_from": start.isoformat(), "held_to": end.isoformat()}
        if what is not None:
            found["held_by"] = what.value
        return f"/cases?{_query(found)}"

    def open_cases(self) -> str:
        """The list of what is open now."""
        found = {g.value: name for g, name in self.chosen.items()}
        if self.one_department is not None:
            found["department"] = self.one_department
        return f"/cases?{_query({**found, 'open': 'true'})}"


def asked_of(params: Mapping[str, str], city: City, actor: Actor, today: date) -> Asked:
    """Raises Problem: 422 for what cannot be, 403 for what is not the reader's to see."""
    sight = figures_scope(actor)
    known: Mapping[GroupBy, set[str]] = {
        GroupBy.DEPARTMENT: set(city.departments),
        GroupBy.NEIGHBOURHOOD: set(city.neighbourhoods),
        GroupBy.SERVICE: set(city.services),
        GroupBy.THEME: {service.theme for service in city.services.values()},
    }
    chosen: dict[GroupBy, str] = {}
    for group_by in GroupBy:
        value = params.get(group_by.value, "")
        if not value:
            continue
        if value not in known[group_by]:
            raise invalid(group_by.value, "is not one of the city's")
        chosen[group_by] = value
    for group_by, within in ((GroupBy.DEPARTMENT, sight.departments), (GroupBy.NEIGHBOURHOOD, sight.neighbourhoods)):
        if within is not None and group_by in chosen and chosen[group_by] not in within:
            raise forbidden(f"The figures of this {group_by.value} are not yours to see.")
    return Asked(period_of(params, today), sight, chosen)


def _query(parameters: Mapping[str, str]) -> str:
    return "&".join(f"{name}={_quoted(value)}" for name, value in parameters.items())


@lru_cache(maxsize=4096)
def _quoted(value: str) -> str:
    return quote_plus(value)
