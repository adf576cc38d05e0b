"""What a letter tells of a project: who is asked what until when, and what became of every point."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from domain.case import Case
from domain.city import City
from domain.events import EscalationRaised
from domain.projects.events import AdviceAsked, AdviceTermMoved, AdviserReminded
from domain.projects.state import AdviceRequest, Point, Project
from domain.words import AssignmentId, DepartmentId, NeighbourhoodId, NoteId
from readmodel.correspondence.moments import Moment
from readmodel.notes import get_note

Department = Callable[[DepartmentId], str]
"""Its name, in the reader's language."""


@dataclass(frozen=True, slots=True)
class ToldPoint:
    """One point of advice; `verdict` and `answer` are absent until it is answered."""

    number: str
    by: str | None
    """The department that advised it; absent where a manager or residents did."""
    manager_of: str | None
    advice: str | None
    verdict: str | None = None
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class ToldProject:
    """The project that a case is, as its letters tell of it."""

    title: str | None
    question: str | None
    decided: datetime
    """That day, as it begins."""
    referring: str
    """The department that refers it."""
    points: tuple[ToldPoint, ...] = ()
    asked: bool = False
    """The letter is about a request for advice…"""
    manager_of: str | None = None
    """…to the manager of this neighbourhood; absent where it is to a department."""
    advise_by: datetime | None = None
    moved: bool = False
    """The term is another than it was."""

    def without_texts(self) -> "ToldProject":
        return replace(self, title=None, question=None, points=())


def told_project(
    session: Session, city: City, department: Department, moment: Moment, *, to_resident: bool
) -> ToldProject | None:
    """None of a case that is no project; residents are told of the points that come from residents."""
    project = moment.after.project
    if project is None:
        return None

    def text(note: NoteId | None) -> str | None:
        found = get_note(session, note) if note is not None else None
        return found.text.strip() or None if found is not None else None

    told = ToldProject(
        title=text(project.title),
        question=text(project.question),
        decided=datetime.combine(project.decided_on, time(), ZoneInfo(city.timezone)),
        referring=department(project.referred_by),
        points=tuple(
            _point(city, project, point, department, text)
            for point in project.points
            if point.request is None or not to_resident
        ),
    )
    request = _request(moment.after, moment)
    if request is None:
        return told
    return replace(
        told,
        asked=True,
        manager_of=_neighbourhood(city, request.neighbourhood),
        advise_by=request.advise_by.astimezone(ZoneInfo(city.timezone)),
        moved=isinstance(moment.event, AdviceTermMoved),
    )


def _request(case: Case, moment: Moment) -> AdviceRequest | None:
    """The one that the letter is about."""
    named: AssignmentId | None = None
    match moment.event:
        case AdviceAsked(request=id) | AdviceTermMoved(request=id) | AdviserReminded(request=id):
            named = id
        case EscalationRaised(assignment=assignment):
            named = assignment
        case _:
            return None
    return case.project.request(named) if case.project is not None and named is not None else None


def _point(
    city: City, project: Project, point: Point, department: Department, text: Callable[[NoteId | None], str | None]
) -> ToldPoint:
    request = project.request(point.request) if point.request is not None else None
    by = request.department if request is not None else None
    return ToldPoint(
        number=point.id.removeprefix("p"),
        by=department(by) if by is not None else None,
        manager_of=_neighbourhood(city, request.neighbourhood) if request is not None else None,
        advice=text(point.note),
        verdict=point.verdict.value if point.verdict is not None else None,
        answer=text(point.reasons),
    )


def _neighbourhood(city: City, id: NeighbourhoodId | None) -> str | None:
    found = city.neighbourhoods.get(id) if id is not None else None
    return found.name if found is not None else id
