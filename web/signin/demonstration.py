"""The people of the demonstration, in whose place one click puts whoever sits at this machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from fastapi import Request
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from configuration.settings import LOOPBACK, on_loopback
from domain.city import City
from domain.words import DepartmentId, NeighbourhoodId, Role, Tier
from readmodel.accounts import Mandate, User, UserRow, add_user, user_of
from readmodel.schema import ASSIGNMENTS, CASES
from readmodel.staff import DEMONSTRATION
from web.context import WebContext

FORWARDED = ("forwarded", "via", "x-real-ip", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto")
ROLES = (
    Role.DEPARTMENT,
    Role.DEPARTMENT_HEAD,
    Role.NEIGHBOURHOOD_MANAGER,
    Role.WARDEN,
    Role.LEADERSHIP,
    Role.PARTNER,
    Role.ADMINISTRATOR,
)


@dataclass(frozen=True, slots=True)
class Person:
    """Someone to be in the demonstration."""

    mandate: Mandate

    @property
    def role(self) -> Role:
        return self.mandate.role

    @property
    def email(self) -> str:
        return f"{self.role.value.replace('_', '-')}{DEMONSTRATION}"


def at_this_machine(request: Request, context: WebContext) -> bool:
    """Whether one click may sign in: the demonstration is on, and nobody from elsewhere can be behind the request."""
    client = request.client.host if request.client is not None else ""
    return (
        context.demonstration
        and on_loopback(context.settings.public_url)
        and (request.url.hostname or "") in LOOPBACK
        and _loopback(client)
        and not any(name in request.headers for name in FORWARDED)
    )


def people(session: Session, city: City) -> Mapping[Role, Person]:
    """One for each role that has something to do in the city, where there is most to do."""
    department = _department(session, city)
    partner = next((d.id for d in city.departments.values() if d.partner), None)
    neighbourhood = _neighbourhood(session, city)
    reach: Mapping[Role, Mandate | None] = {
        Role.DEPARTMENT: Mandate(Role.DEPARTMENT, department),
        Role.DEPARTMENT_HEAD: Mandate(Role.DEPARTMENT_HEAD, department),
        Role.NEIGHBOURHOOD_MANAGER: Mandate(Role.NEIGHBOURHOOD_MANAGER, None, (neighbourhood,)),
        Role.WARDEN: Mandate(Role.WARDEN, None, (neighbourhood,)),
        Role.LEADERSHIP: Mandate(Role.LEADERSHIP),
        Role.PARTNER: Mandate(Role.PARTNER, partner) if partner is not None else None,
        Role.ADMINISTRATOR: Mandate(Role.ADMINISTRATOR),
    }
    return {role: Person(mandate) for role in ROLES if (mandate := reach[role]) is not None}


def user_for(session: Session, person: Person, name: str, context: WebContext) -> User:
    """Made when first needed, without a password; back to what the demonstration wants of them each time."""
    row = session.scalar(select(UserRow).where(UserRow.email == person.email))
    if row is None:
        return add_user(session, person.email, name, person.mandate, None, context.now())
    values = {
        "name": name,
        "role": person.role.value,
        "department": person.mandate.department,
        "neighbourhoods": list(person.mandate.neighbourhoods),
        "disabled_at": None,
    }
    session.execute(update(UserRow).where(UserRow.id == row.id).values(values))
    session.refresh(row)
    return user_of(row)


def _department(session: Session, city: City) -> DepartmentId:
    """With most tasks under way; before there are any, the one that most services lead to."""
    inside = [d.id for d in city.departments.values() if not d.partner] or list(city.departments)
    busy = _most(session, ASSIGNMENTS.c.department, ASSIGNMENTS.c.state.in_(("assigned", "in_progress")))
    services = [department for service in city.services.values() for department in service.departments]
    return max(inside, key=lambda id: (busy.get(id, 0), services.count(id)))


def _neighbourhood(session: Session, city: City) -> NeighbourhoodId:
    """With most open cases, of attention neighbourhoods if there are any."""
    watched = [n.id for n in city.neighbourhoods.values() if n.tier is Tier.ATTENTION] or list(city.neighbourhoods)
    busy = _most(session, CASES.c.neighbourhood, CASES.c.closed_at.is_(None))
    return max(watched, key=lambda id: busy.get(id, 0))


def _most(session: Session, what: ColumnElement[str], where: ColumnElement[bool]) -> Mapping[str, int]:
    query = select(what, func.count()).where(where).group_by(what)
    return dict(session.execute(query).all())


def _loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
