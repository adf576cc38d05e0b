"""The fields of a form that say what an account or a token is for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.authority import OF_DEPARTMENT
from domain.city import City
from domain.words import DepartmentId, NeighbourhoodId, Role
from readmodel.accounts import Mandate
from web.signin.claims import OF_PLACES

ROLES = tuple(role for role in Role if role is not Role.RESIDENT)
ROLES_OF_TOKENS = (*ROLES, Role.RESIDENT)
"""An app brings what residents report."""


@dataclass(frozen=True, slots=True)
class Filled:
    """The form as it was sent, to be shown again."""

    role: str = ""
    department: str = ""
    neighbourhoods: tuple[str, ...] = ()


def filled_with(mandate: Mandate) -> Filled:
    return Filled(mandate.role.value, mandate.department or "", mandate.neighbourhoods)


def filled_in(form: Mapping[str, str]) -> Filled:
    """A neighbourhood is ticked in a field of its own: `in-` and its id."""
    ticked = tuple(sorted(name.removeprefix("in-") for name in form if name.startswith("in-")))
    return Filled(form.get("role", ""), form.get("department", ""), ticked)


def mandate_of(filled: Filled, city: City, roles: Sequence[Role] = ROLES) -> Mandate | str:
    """The mandate, or the key of the text that says what is wrong with it."""
    role = next((role for role in roles if role.value == filled.role), None)
    if role is None:
        return "wrong_role"
    if role in OF_DEPARTMENT:
        department = city.departments.get(DepartmentId(filled.department))
        if department is None:
            return "wrong_department"
        return Mandate(role, department.id)
    if role in OF_PLACES:
        if any(id not in city.neighbourhoods for id in filled.neighbourhoods):
            return "wrong_neighbourhood"
        return Mandate(role, None, tuple(NeighbourhoodId(id) for id in filled.neighbourhoods))
    return Mandate(role)
