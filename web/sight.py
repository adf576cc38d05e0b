"""Who may see what: everyone sees what their work needs, and no more."""

from dataclasses import replace

from domain.actor import Actor
from domain.authority import OF_DEPARTMENT
from domain.case import Case
from domain.city import City
from domain.words import NeighbourhoodId, Role, ServiceCode
from readmodel.sight import EVERYTHING, Sight
from readmodel.tallies import Scope

OF_NEIGHBOURHOODS = frozenset({Role.NEIGHBOURHOOD_MANAGER, Role.WARDEN})
NOTHING = Sight(departments=())


def sight_of(actor: Actor) -> Sight:
    """Departments see the cases that were ever theirs; managers and wardens those of their neighbourhoods."""
    if actor.role in OF_DEPARTMENT:
        if actor.department is None:
            return NOTHING
        return Sight((actor.department,), teams=actor.teams, withheld=actor.withheld)
    if actor.role in OF_NEIGHBOURHOODS:
        return Sight(neighbourhoods=actor.neighbourhoods or None)
    return NOTHING if actor.role is Role.RESIDENT else EVERYTHING


def sees(actor: Actor, case: Case) -> bool:
    """The same for one case."""
    sight, project = sight_of(actor), case.project
    places = places_of(case)
    if not places.isdisjoint(sight.teams) and case.service not in sight.withheld:
        return True
    departments = {*(a.department for a in case.assignments), *(project.departments if project is not None else ())}
    return (sight.neighbourhoods is None or not places.isdisjoint(sight.neighbourhoods)) and (
        sight.departments is None or not departments.isdisjoint(sight.departments)
    )


def places_of(case: Case) -> frozenset[NeighbourhoodId]:
    """The neighbourhood of the case, and those that its project touches."""
    touched = case.project.neighbourhoods if case.project is not None else ()
    return frozenset({case.neighbourhood, *touched})


def sees_texts(actor: Actor) -> bool:
    """Descriptions, addresses and notes are personal: leadership does without."""
    return actor.role is not Role.LEADERSHIP


def sees_reporter(actor: Actor, case: Case) -> bool:
    """Only those who must speak with them: the departments that have or had the case, and its neighbourhood manager.

    Whoever reads a case as a member of the neighbourhood's team reads what was reported, and not by whom.
    """
    if actor.role in OF_DEPARTMENT:
        return any(a.department == actor.department for a in case.assignments)
    return actor.role is Role.NEIGHBOURHOOD_MANAGER


def in_teams(city: City, actor: Actor) -> Actor:
    """The actor with the neighbourhoods in whose team their department sits, by the city's files of today."""
    if actor.role not in OF_DEPARTMENT or actor.department is None:
        return actor
    teams = tuple(n.id for n in city.neighbourhoods.values() if actor.department in n.team)
    return replace(actor, teams=teams, withheld=private(city)) if teams else actor


def private(city: City) -> tuple[ServiceCode, ...]:
    """The services about people: only those who work on such a case know of it."""
    return tuple(service.code for service in city.services.values() if service.private)


def figures_scope(actor: Actor) -> Scope:
    """Whose figures: those of one's own department or neighbourhoods; of everyone where neither is set."""
    departments = (actor.department,) if actor.role in OF_DEPARTMENT and actor.department is not None else None
    neighbourhoods = (actor.neighbourhoods or None) if actor.role is Role.NEIGHBOURHOOD_MANAGER else None
    return Scope(departments, neighbourhoods)
