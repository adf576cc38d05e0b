"""The projects that concern someone: on which their advice is asked, which they must answer, and all they may see."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fastapi import APIRouter, Request, Response

from domain.clocks import time_left
from domain.projects.authority import manages, refers
from domain.projects.state import AdviceRequest, Participation
from domain.words import CaseId, Role
from readmodel.database import reading
from readmodel.projects_list import ProjectItem, projects, reactions_waiting
from web.context import Context, WebContext
from web.pages.frame import page, speaking
from web.pages.languages import Language
from web.pages.projects.asking import asked_of
from web.pages.projects.shown import department_named, places_of
from web.pages.spans import in_words
from web.sight import sees_texts, sight_of
from web.signin.viewer import AnyStaff, Viewer

router = APIRouter(include_in_schema=False)

REFERRING = frozenset(
    {Role.DEPARTMENT, Role.PARTNER, Role.DEPARTMENT_HEAD, Role.NEIGHBOURHOOD_MANAGER, Role.ADMINISTRATOR}
)
MOST = 200
LATELY = timedelta(days=180)
SOON = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Row:
    """One project; times are local."""

    case_id: CaseId
    number: str
    title: str
    places: tuple[str, ...]
    department: str
    decided: date
    past_decision: bool
    asked: int
    advised: int
    open_points: int
    round: str | None
    until: datetime | None
    reactions: int
    waiting: int
    """Reactions that the viewer has to look at."""
    escalated: bool
    closed: datetime | None
    answered: bool
    advise_by: datetime | None
    """Of the viewer's own advice, as long as it is awaited."""
    left: str
    mood: str
    """`late`, `soon` or nothing."""


@dataclass(frozen=True, slots=True)
class _Writer:
    context: WebContext
    reader: Language
    viewer: Viewer
    now: datetime
    waiting: Mapping[CaseId, int]
    """Reactions that nobody has looked at yet."""

    def group(self, item: ProjectItem) -> str:
        """Where it stands on the page: with what is asked of the viewer first."""
        if item.case.closed:
            return "ended"
        if asked_of(self.viewer, item.project):
            return "advise"
        if refers(self.viewer.actor, item.project):
            return "referred" if item.project.gathering else "answer"
        return "others"

    def row(self, item: ProjectItem) -> Row:
        case, project, local = item.case, item.project, self.context.local
        own = min(asked_of(self.viewer, project), key=lambda r: r.advise_by, default=None)
        participation = project.participation
        return Row(
            case_id=case.case_id,
            number=case.number,
            title=(item.title if sees_texts(self.viewer.actor) else "") or case.number,
            places=places_of(self.context, project),
            department=department_named(self.context, self.reader, project.referred_by),
            decided=project.decided_on,
            past_decision=project.decided_at <= self.now,
            asked=len(project.requests),
            advised=sum(not r.open for r in project.requests),
            open_points=0 if project.gathering or case.closed else sum(p.verdict is None for p in project.points),
            round=_standing(participation) if not case.closed else None,
            until=local(participation.until) if participation is not None else None,
            reactions=participation.reactions if participation is not None else 0,
            waiting=self.waiting.get(case.case_id, 0) if manages(self.viewer.actor, project) and not case.closed else 0,
            escalated=bool(case.open_escalations()),
            closed=local(case.closed_at) if case.closed_at is not None else None,
            answered=project.answer is not None,
            advise_by=local(own.advise_by) if own is not None else None,
            left=self._left(item, own),
            mood=_mood(own.advise_by, self.now) if own is not None else "",
        )

    def _left(self, item: ProjectItem, own: AdviceRequest | None) -> str:
        if own is None:
            return ""
        calendar = item.rules.calendar(own.department)
        return in_words(self.reader, time_left(calendar, self.now, own.advise_by))


@router.get("/projects")
def listing(request: Request, context: Context, viewer: AnyStaff) -> Response:
    reader, now = speaking(request, context, viewer), context.now()
    with reading(context.database) as session:
        found = projects(session, sight_of(viewer.actor), now - LATELY, MOST + 1)
        waiting = reactions_waiting(session, [item.case.case_id for item in found if item.project.participation])
    writer = _Writer(context, reader, viewer, now, waiting)
    return page(
        request,
        context,
        "projects/list.html",
        area="projects",
        viewer=viewer,
        groups=list(_groups(writer, found[:MOST])),
        may_refer=viewer.role in REFERRING,
        shortened=len(found) > MOST,
    )


def _groups(writer: _Writer, found: Sequence[ProjectItem]) -> Iterator[tuple[str, list[Row]]]:
    """Each with what presses most first; what ended, with the latest first."""
    by_group: dict[str, list[Row]] = {}
    for item in found:
        by_group.setdefault(writer.group(item), []).append(writer.row(item))
    for key in ("advise", "answer", "referred", "others", "ended"):
        rows = by_group.get(key, [])
        if rows:
            alone = key == "others" and by_group.keys() <= {"others", "ended"}
            last = key == "ended"
            yield "all" if alone else key, sorted(rows, key=_ended if last else _presses, reverse=last)


def _presses(row: Row) -> tuple[date, str]:
    return row.advise_by.date() if row.advise_by is not None else row.decided, row.number


def _ended(row: Row) -> tuple[date, str]:
    return row.closed.date() if row.closed is not None else row.decided, row.number


def _standing(participation: Participation | None) -> str | None:
    if participation is None:
        return None
    if participation.open:
        return "open"
    return "ended" if participation.settled else "unsummarised"


def _mood(due: datetime, now: datetime) -> str:
    return "late" if due < now else "soon" if due - now < SOON else ""
