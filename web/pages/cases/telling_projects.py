"""What the words about the events of a project are filled in with."""

from datetime import datetime

from domain.case import Case
from domain.events import Event
from domain.projects.events import (
    AdviceAsked,
    AdviceGiven,
    AdviceSent,
    AdviceTermMoved,
    AdviserReminded,
    CommitmentMade,
    DecisionMoved,
    ParticipationMoved,
    ParticipationOpened,
    ParticipationSummarised,
    PointAnswered,
    ProjectReferred,
    ReactionModerated,
)
from domain.projects.state import Project
from domain.words import DepartmentId, RequestId
from web.context import WebContext
from web.pages.languages import Language


def told_of_project(context: WebContext, reader: Language, case: Case, event: Event) -> dict[str, str | int]:
    """Nothing, of any other event."""
    project = case.project
    if project is None:
        return {}
    referring = _department(context, reader, project.referred_by)
    match event:
        case ProjectReferred(decided_on=decided_on):
            return {"department": referring, "when": reader.day(decided_on)}
        case AdviceAsked(request=id, advise_by=due) | AdviceTermMoved(request=id, advise_by=due):
            return {"whom": adviser(context, reader, project, id), "when": _when(context, reader, due)}
        case AdviserReminded(request=id):
            return {"whom": adviser(context, reader, project, id)}
        case AdviceGiven(request=id, points=points):
            return {"whom": adviser(context, reader, project, id), "count": len(points)}
        case ParticipationOpened(until=until) | ParticipationMoved(until=until):
            return {"when": _when(context, reader, until)}
        case ParticipationSummarised(points=points):
            return {"count": len(points)}
        case ReactionModerated(reaction=id, shown=shown):
            return {"reaction": id.removeprefix("r"), "shown": reader.say("shown" if shown else "hidden", "by")}
        case AdviceSent():
            return {"department": referring, "count": len(project.points)}
        case PointAnswered(point=point, verdict=verdict):
            said = reader.say(verdict, "point_verdicts")
            return {"department": referring, "point": point.removeprefix("p"), "verdict": said}
        case DecisionMoved(decided_on=decided_on):
            return {"when": reader.day(decided_on)}
        case CommitmentMade():
            return {"department": referring}
        case _:
            return {}


def adviser(context: WebContext, reader: Language, project: Project, id: RequestId) -> str:
    """The department, or the manager of which neighbourhood."""
    request = project.request(id)
    if request is None:
        return id
    if request.neighbourhood is None:
        return _department(context, reader, request.department)
    neighbourhood = context.city.neighbourhoods.get(request.neighbourhood)
    name = neighbourhood.name if neighbourhood is not None else request.neighbourhood
    return reader.say("manager_of", "by", name=name)


def _department(context: WebContext, reader: Language, id: DepartmentId | None) -> str:
    found = context.city.departments.get(id) if id is not None else None
    return reader.of(found.name) if found is not None else str(id or "")


def _when(context: WebContext, reader: Language, at: datetime) -> str:
    return reader.shortly(context.local(at))
