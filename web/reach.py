"""Of which neighbourhoods someone may read how they are doing."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from domain.actor import Actor
from domain.authority import OF_DEPARTMENT
from domain.city import City, Neighbourhood
from domain.words import Role
from readmodel.neighbourhoods import where_it_works
from web.context import WebContext
from web.problems import not_found
from web.sight import OF_NEIGHBOURHOODS

YEAR = timedelta(days=365)


def reach_of(session: Session, city: City, actor: Actor, today: date) -> tuple[Neighbourhood, ...]:
    """By name. Managers and wardens: those of their mandate. A department: those it works in, or whose team it is in.

    Leadership and administrators: all.
    """
    all_by_name = sorted(city.neighbourhoods.values(), key=lambda one: one.name.casefold())
    if actor.role is Role.RESIDENT:
        return ()
    if actor.role in OF_NEIGHBOURHOODS:
        return tuple(one for one in all_by_name if actor.covers(one.id))
    if actor.role in OF_DEPARTMENT:
        department = actor.department
        if department is None:
            return ()
        works = where_it_works(session, department, today - YEAR)
        return tuple(one for one in all_by_name if one.id in works or department in one.team)
    return tuple(all_by_name)


def reached(session: Session, context: WebContext, actor: Actor, id: str) -> Neighbourhood:
    """The one by this id. Raises Problem (404), also for one that is not theirs to know."""
    today = context.local(context.now()).date()
    for one in reach_of(session, context.city, actor, today):
        if one.id == id:
            return one
    raise not_found("There is no such neighbourhood.")
