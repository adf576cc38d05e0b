"""Roles as the city's own sign-in tells them, in words such as `department:roads`."""

from collections.abc import Iterable, Mapping
from typing import Any

from domain.authority import OF_DEPARTMENT
from domain.city import City
from domain.words import DepartmentId, NeighbourhoodId, Role
from readmodel.accounts import Mandate

ORDER = (
    Role.ADMINISTRATOR,
    Role.LEADERSHIP,
    Role.NEIGHBOURHOOD_MANAGER,
    Role.DEPARTMENT_HEAD,
    Role.DEPARTMENT,
    Role.WARDEN,
    Role.PARTNER,
)
"""Of several roles the first of these holds."""
OF_PLACES = frozenset({Role.NEIGHBOURHOOD_MANAGER, Role.WARDEN})


def mandate_in(claims: Mapping[str, Any], claim: str, city: City) -> Mandate | None:
    """What the claim allows; None where it names no role of this city.

    Several values of one role with neighbourhoods add up; of several departments the first by name holds. A value that
    names anything unknown gives nothing by it: what is misspelt must not reach further than what was meant.
    """
    found: dict[Role, list[Mandate]] = {}
    for value in _values(claims, claim):
        mandate = _mandate(value, city)
        if mandate is not None:
            found.setdefault(mandate.role, []).append(mandate)
    for role in ORDER:
        if role in found:
            return _together(role, found[role])
    return None


def _values(claims: Mapping[str, Any], claim: str) -> Iterable[str]:
    """The claim by its own name, dots and all, or else by its path."""
    inner: Any = claims.get(claim)
    if inner is None:
        inner = claims
        for part in claim.split("."):
            inner = inner.get(part) if isinstance(inner, Mapping) else None
    if isinstance(inner, str):
        inner = inner.split()
    return [value for value in inner if isinstance(value, str)] if isinstance(inner, list) else []


def _mandate(value: str, city: City) -> Mandate | None:
    name, colon, reach = value.strip().partition(":")
    role = next((role for role in ORDER if role.value == name), None)
    if role is None:
        return None
    if role in OF_DEPARTMENT:
        department = city.departments.get(DepartmentId(reach.strip()))
        return Mandate(role, department.id) if department is not None else None
    if role in OF_PLACES:
        if not colon:
            return Mandate(role)
        known = [NeighbourhoodId(part.strip()) for part in reach.split(",") if part.strip() in city.neighbourhoods]
        return Mandate(role, None, tuple(known)) if known else None
    return Mandate(role) if not colon else None


def _together(role: Role, mandates: list[Mandate]) -> Mandate:
    if role in OF_PLACES:
        if any(not mandate.neighbourhoods for mandate in mandates):
            return Mandate(role)
        return Mandate(role, None, tuple(sorted({n for mandate in mandates for n in mandate.neighbourhoods})))
    return min(mandates, key=lambda mandate: mandate.department or "")
