"""Who may know of a case besides those that have or had a task in it, and its own neighbourhood."""

from enum import StrEnum

from domain.case import Case
from readmodel.rows import Row


class Party(StrEnum):
    """What kind of party it is."""

    DEPARTMENT = "department"
    NEIGHBOURHOOD = "neighbourhood"


def party_rows(case: Case) -> dict[tuple[Party, str], Row]:
    """Of a project: the departments that have a say in it, and the neighbourhoods that it touches."""
    project = case.project
    if project is None:
        return {}
    found: list[tuple[Party, str]] = [(Party.DEPARTMENT, d) for d in project.departments]
    found += [(Party.NEIGHBOURHOOD, n) for n in project.neighbourhoods]
    return {(kind, id): {"case_id": case.case_id, "kind": kind.value, "party": id} for kind, id in found}
