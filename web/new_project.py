"""A project as it is sent in, and what the city makes of it."""

from collections.abc import Callable
from typing import Annotated

from pydantic import Field

from domain.actor import Actor
from domain.authority import OF_DEPARTMENT
from domain.refusal import Refused
from domain.words import DepartmentId, Kind, NeighbourhoodId, Role
from readmodel.new_projects import NewProject
from web.context import WebContext
from web.fields import Day, Line, Moment, Sent, Text, Word
from web.problems import forbidden
from web.times import until

Several = Annotated[tuple[Word, ...], Field(max_length=20)]
OneOrMore = Annotated[tuple[Word, ...], Field(min_length=1, max_length=50)]


class ParticipationSent(Sent):
    """What residents are asked, and until when they may react; a day lasts until its end."""

    question: Text
    until: Moment


class ProjectSent(Sent):
    """Which neighbourhoods it touches, what is asked of them, and when it is decided."""

    title: Line
    question: Text
    neighbourhoods: OneOrMore
    decided_on: Day
    """Advice counts until the end of the city's working hours on that day."""
    departments: Several = ()
    """Those that are asked for advice besides the neighbourhoods' managers."""
    participation: ParticipationSent | None = None
    referred_by: Word | None = None
    """The department that refers it; its own people need not say so."""

    def check(self, kind: Kind, *, of_resident: bool, urgent: bool) -> None:
        """Raises ValueError where the report around it says otherwise."""
        if kind is not Kind.PROJECT:
            raise ValueError('a project needs kind "project"')
        if of_resident:
            raise ValueError("a project is referred by a department, and has no reporter")
        if urgent:
            raise ValueError("a project is not urgent: its terms follow from the decision")


def project_of(
    context: WebContext, sent: ProjectSent, by: Actor | None, mistake: Callable[[str, str], None]
) -> NewProject:
    """Tells `mistake` what does not fit the city, by field. Raises Problem 403 for whoever may not refer a project."""
    city = context.city
    for place, neighbourhood in enumerate(sent.neighbourhoods):
        if neighbourhood not in city.neighbourhoods:
            mistake(f"project.neighbourhoods.{place}", f'{city.name} has no neighbourhood "{neighbourhood}"')
    for place, department in enumerate(sent.departments):
        if department not in city.departments:
            mistake(f"project.departments.{place}", f'{city.name} has no department "{department}"')
    neighbourhoods = tuple(NeighbourhoodId(n) for n in sent.neighbourhoods)
    asked = sent.participation
    return NewProject(
        referred_by=_referring(context, sent, by, neighbourhoods, mistake),
        neighbourhoods=neighbourhoods,
        title=sent.title,
        question=sent.question,
        decided_on=sent.decided_on,
        departments=tuple(DepartmentId(d) for d in sent.departments),
        participation=(asked.question, until(asked.until, context.zone)) if asked is not None else None,
    )


def within_project(refused: Refused) -> Refused:
    """The refusal, its field as the report names it."""
    field = {"until": "participation.until"}.get(refused.field or "", refused.field)
    named = f"project.{field}" if field is not None else None
    return Refused(refused.reason, refused.code, named, refused.rule, refused.values)


def _referring(
    context: WebContext,
    sent: ProjectSent,
    by: Actor | None,
    neighbourhoods: tuple[NeighbourhoodId, ...],
    mistake: Callable[[str, str], None],
) -> DepartmentId:
    """One's own department; managers, for their neighbourhoods, and administrators name it."""
    named = DepartmentId(sent.referred_by) if sent.referred_by is not None else None
    if by is not None and by.role in OF_DEPARTMENT and by.department is not None:
        if named not in (None, by.department):
            mistake("project.referred_by", "a department refers projects of its own")
        return by.department
    manages = by is not None and by.role is Role.NEIGHBOURHOOD_MANAGER and any(by.covers(n) for n in neighbourhoods)
    if by is None or not (manages or by.role is Role.ADMINISTRATOR):
        raise forbidden("A project is referred by a department, or by the manager of a neighbourhood that it touches.")
    if named not in context.city.departments:
        mistake("project.referred_by", "name the department that refers it")
    return named or DepartmentId("")
