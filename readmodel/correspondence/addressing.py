"""Who is meant by a letter's recipient: `follower:ID`, `department:ID`, `head:ID`, `manager:ID`, `leadership`, or the
owner of `webhook:ID`."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.city import City
from domain.words import DepartmentId, NeighbourhoodId
from domain.working_time import Calendar
from readmodel import followers
from readmodel.webhooks import webhook_by_id

FOLLOWER = "follower"
LEADERSHIP = "leadership"


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where a letter goes; without an address it cannot be sent."""

    email: str | None
    name: str | None = None
    token: str | None = None
    """Of a follower's secret link."""


NOBODY = Addressee(None)


def addressee(session: Session, city: City, recipient: str) -> Addressee:
    """Nobody, where the recipient has left the city's files or follows no more."""
    role, _, id = recipient.partition(":")
    match role:
        case "follower":
            contact = followers.by_id(session, id)
            return NOBODY if contact is None else Addressee(contact.email, contact.name, contact.token)
        case "department" | "head":
            department = city.departments.get(DepartmentId(id))
            if department is None:
                return NOBODY
            return Addressee(department.email if role == "department" else department.head_email)
        case "manager":
            neighbourhood = city.neighbourhoods.get(NeighbourhoodId(id))
            return NOBODY if neighbourhood is None else Addressee(neighbourhood.manager_email)
        case "webhook":
            webhook = webhook_by_id(session, id)
            return NOBODY if webhook is None else Addressee(webhook.owner)
        case _:
            return Addressee(city.leadership_email)


def is_resident(recipient: str) -> bool:
    return recipient.startswith(f"{FOLLOWER}:")


def follower_id(recipient: str) -> str:
    return recipient.partition(":")[2]


def office_hours(city: City, recipient: str) -> Calendar:
    """The department's own hours; the city's for managers and leadership."""
    role, _, id = recipient.partition(":")
    department = city.departments.get(DepartmentId(id)) if role in ("department", "head") else None
    return department.hours if department is not None else city.hours
