"""Where each role can go, and where it begins the day."""

from collections.abc import Mapping

from domain.words import Role

_WORK, _ALERTS, _CASES, _FIGURES, _REPORT = "/inbox", "/escalations", "/cases", "/figures", "/report"
_ADMIN, _PROJECTS = "/admin", "/projects"
_HOODS, _LOOK = "/neighbourhoods", "/inspections"
WAYS: Mapping[Role, tuple[str, ...]] = {
    Role.DEPARTMENT: (_WORK, _PROJECTS, _CASES, _HOODS),
    Role.PARTNER: (_WORK, _PROJECTS, _CASES, _HOODS),
    Role.DEPARTMENT_HEAD: (_WORK, _ALERTS, _PROJECTS, _CASES, _HOODS, _FIGURES),
    Role.NEIGHBOURHOOD_MANAGER: (_ALERTS, _PROJECTS, _CASES, _HOODS, _FIGURES, _LOOK, _REPORT),
    Role.WARDEN: (_LOOK, _CASES, _HOODS, _REPORT),
    Role.LEADERSHIP: (_FIGURES, _ALERTS, _PROJECTS, _CASES, _HOODS),
    Role.ADMINISTRATOR: (_ADMIN, _PROJECTS, _CASES, _ALERTS, _HOODS, _FIGURES),
}
"""Where each role can go; the first is where they begin."""


def start_of(role: Role) -> str:
    """The page on which someone in this role begins the day."""
    return WAYS.get(role, ("/",))[0]
