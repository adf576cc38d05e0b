"""Who may see what: everyone sees what their work needs, and no more."""

from domain.actor import Actor
from domain.authority import OF_DEPARTMENT
from domain.case import Case
from domain.words import Role
from readmodel.sight import EVERYTHING, Sight
from readmodel.tallies import Scope

OF_NEIGHBOURHOODS = frozenset({Role.NEIGHBOURHOOD_MANAGER, Role.WARDEN})
NOTHING = Sight(departments=())


def sight_of(actor: Actor) -> Sight:
    """Departments see the cases that were ever theirs; managers and wardens those of their neighbourhoods."""
    if actor.role in OF_DEPARTMENT:
        return Sight(departments=(actor.department,)) if actor.department is not None else NOTHING
    if actor.role in OF_NEIGHBOURHOODS:
        return Sight(neighbourhoods=actor.neighbourhoods or None)
    return NOTHING if actor.role is Role.RESIDENT else EVERYTHING


def sees(actor: Actor, case: Case) -> bool:
    """The same for one case."""
    sight = sight_of(actor)
    return (sight.neighbourhoods is None or case.neighbourhood in sight.neighbourhoods) and (
        sight.departments is None or any(a.department in sight.departments for a in case.assignments)
    )


def sees_texts(actor: Actor) -> bool:
    """Descriptions, addresses and notes are personal: leadership does without."""
    return actor.role is not Role.LEADERSHIP


def sees_reporter(actor: Actor) -> bool:
    """Only those who must speak with them: the departments of a case, and its neighbourhood manager."""
    return actor.role in OF_DEPARTMENT or actor.role is Role.NEIGHBOURHOOD_MANAGER


def figures_scope(actor: Actor) -> Scope:
    """Whose figures: those of one's own department or neighbourhoods; of everyone where neither is set."""
    departments = (actor.department,) if actor.role in OF_DEPARTMENT and actor.department is not None else None
    neighbourhoods = (actor.neighbourhoods or None) if actor.role is Role.NEIGHBOURHOOD_MANAGER else None
    return Scope(departments, neighbourhoods)
