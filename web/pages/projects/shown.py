"""A project as its page shows it: how far it is, who was asked, what they said, and what was done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.case import Case
from domain.clocks import time_left
from domain.projects.state import AdviceRequest, Point, Project
from domain.words import AssignmentId, NeighbourhoodId, NoteId, PointId, ServiceCode
from readmodel.case_detail import CaseDetail
from readmodel.documents import MOST
from web.charts.neighbourhoods import Area, map_of
from web.context import WebContext
from web.documents import LARGEST
from web.pages.acting.acts import Act
from web.pages.languages import Language
from web.pages.projects.course import Step, course_of
from web.pages.projects.rounds import DocumentShown, ReactionShown
from web.pages.spans import in_words

MARGIN = 20.0
"""Around the neighbourhoods on the map, in its own units."""
BESIDE = frozenset({"answer_point", "moderate"})
"""Commands whose forms stand beside what they are about."""


@dataclass(frozen=True, slots=True)
class AskedShown:
    """Someone who was asked for advice; times are local."""

    who: str
    advise_by: datetime
    advised: datetime | None
    over: bool
    """The advice was sent without theirs."""
    late: bool
    left: str
    note: str


@dataclass(frozen=True, slots=True)
class PointShown:
    """A point of advice, and its answer as far as there is one."""

    id: PointId
    number: int
    who: str
    text: str
    verdict: str | None
    answer: str
    act: Act | None


@dataclass(frozen=True, slots=True)
class RoundShown:
    """What residents were asked, and what they said."""

    question: str
    until: datetime
    open: bool
    count: int
    summary: str
    reactions: tuple[ReactionShown, ...]


@dataclass(frozen=True, slots=True)
class CommitmentShown:
    """What was promised, and the case in which it is followed up."""

    text: str
    case_id: str | None
    number: str
    service: str
    stage: str | None
    departments: tuple[str, ...]
    point: int | None
    reachable: bool


@dataclass(frozen=True, slots=True)
class MapShown:
    """The part of the map in which the neighbourhoods lie."""

    view_box: str
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class ProjectShown:
    """Everything that the page of a project has beyond that of any case."""

    title: str
    question: str
    department: str
    places: tuple[str, ...]
    neighbourhoods: tuple[NeighbourhoodId, ...]
    decided: date
    past_decision: bool
    left: str
    course: tuple[Step, ...]
    asked: tuple[AskedShown, ...]
    points: tuple[PointShown, ...]
    to_answer: bool
    round: RoundShown | None
    commitments: tuple[CommitmentShown, ...]
    commits: bool
    documents: tuple[DocumentShown, ...]
    adds_documents: bool
    map: MapShown | None
    late: Mapping[AssignmentId, str]
    """Who did not advise, by the request that an escalation is about."""
    most_documents: int = MOST
    megabytes: int = LARGEST // 1_000_000


@dataclass(frozen=True, slots=True)
class Shower:
    """Shows one project to one reader at one moment."""

    context: WebContext
    reader: Language
    detail: CaseDetail
    project: Project
    now: datetime

    @property
    def case(self) -> Case:
        return self.detail.case

    def project_shown(
        self,
        acts: Sequence[Act],
        reactions: Sequence[ReactionShown],
        commitments: Sequence[CommitmentShown],
        documents: Sequence[DocumentShown],
        *,
        adds_documents: bool,
    ) -> ProjectShown:
        project = self.project
        calendar = self.detail.rules.calendar(None)
        return ProjectShown(
            title=self.text(project.title),
            question=self.text(project.question),
            department=self.department(project.referred_by),
            places=places_of(self.context, project),
            neighbourhoods=project.neighbourhoods,
            decided=project.decided_on,
            past_decision=project.decided_at <= self.now,
            left=in_words(self.reader, time_left(calendar, self.now, project.decided_at)),
            course=course_of(self.context, self.reader, self.case, project, self.now),
            asked=tuple(map(self._asked, project.requests)),
            points=tuple(self._point(number, point, acts) for number, point in enumerate(project.points, 1)),
            to_answer=project.answer is not None,
            round=self._round(reactions),
            commitments=tuple(commitments),
            commits=any(act.command == "commit" and act.refused is None for act in acts),
            documents=tuple(documents),
            adds_documents=adds_documents,
            map=map_around(self.context, project.neighbourhoods),
            late={request.id: self.who(request) for request in project.requests},
        )

    def text(self, note: NoteId | None) -> str:
        found = self.detail.notes.get(note) if note is not None else None
        return found.text if found is not None else ""

    def department(self, id: str | None) -> str:
        return department_named(self.context, self.reader, id)

    def service(self, code: ServiceCode) -> str:
        found = self.context.city.services.get(code)
        return self.reader.of(found.name) if found is not None else code

    def who(self, request: AdviceRequest | None) -> str:
        return adviser_named(self.context, self.reader, request)

    def _asked(self, request: AdviceRequest) -> AskedShown:
        calendar = self.detail.rules.calendar(request.department)
        local = self.context.local
        return AskedShown(
            who=self.who(request),
            advise_by=local(request.advise_by),
            advised=local(request.advised_at) if request.advised_at is not None else None,
            over=request.open and not self.project.gathering,
            late=request.advise_by < self.now,
            left=in_words(self.reader, time_left(calendar, self.now, request.advise_by)),
            note=self.text(request.note),
        )

    def _point(self, number: int, point: Point, acts: Sequence[Act]) -> PointShown:
        request = self.project.request(point.request) if point.request is not None else None
        return PointShown(
            id=point.id,
            number=number,
            who=self.who(request),
            text=self.text(point.note),
            verdict=point.verdict,
            answer=self.text(point.reasons),
            act=next((a for a in acts if a.point == point.id and a.command == "answer_point" and not a.refused), None),
        )

    def _round(self, reactions: Sequence[ReactionShown]) -> RoundShown | None:
        participation = self.project.participation
        if participation is None:
            return None
        return RoundShown(
            question=self.text(participation.question),
            until=self.context.local(participation.until),
            open=participation.open,
            count=participation.reactions,
            summary=self.text(participation.summary),
            reactions=tuple(reactions),
        )


def moderated(reaction: ReactionShown, act: Act | None) -> ReactionShown:
    """The reaction with the forms by which it is shown or hidden: whichever it is not already."""
    if act is None or act.refused is not None:
        return reaction
    ways = [shown for shown in (True, False) if reaction.state != ("shown" if shown else "hidden")]
    return replace(reaction, acts=tuple(replace(act, reaction=reaction.id, shown=shown) for shown in ways))


def places_of(context: WebContext, project: Project) -> tuple[str, ...]:
    known = context.city.neighbourhoods
    return tuple(known[id].name if id in known else id for id in project.neighbourhoods)


def department_named(context: WebContext, reader: Language, id: str | None) -> str:
    found = next((d for d in context.city.departments.values() if d.id == id), None)
    return reader.of(found.name) if found is not None else str(id or "")


def adviser_named(context: WebContext, reader: Language, request: AdviceRequest | None) -> str:
    """Whoever was asked; residents where nobody in particular was."""
    if request is None:
        return reader.say("residents", "project")
    if request.neighbourhood is None:
        return department_named(context, reader, request.department)
    place = context.city.neighbourhoods.get(request.neighbourhood)
    return reader.say("manager_of", "project", place=place.name if place is not None else request.neighbourhood)


def map_around(context: WebContext, neighbourhoods: Sequence[NeighbourhoodId]) -> MapShown | None:
    """None where no map shows any of them."""
    city = map_of(context.places)
    there = [area for area in city.areas if area.id in neighbourhoods]
    if not there:
        return None
    left, right = min(a.x - 2 * a.radius for a in there), max(a.x + 2 * a.radius for a in there)
    top, bottom = min(a.y - 2 * a.radius for a in there), max(a.y + 2 * a.radius for a in there)
    side = max(right - left, bottom - top) + 2 * MARGIN
    x, y = (left + right - side) / 2, (top + bottom - side) / 2
    return MapShown(f"{x:.0f} {y:.0f} {side:.0f} {side:.0f}", city.areas)
