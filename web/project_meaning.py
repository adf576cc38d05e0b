"""What the commands of projects mean to the rules."""

from typing import assert_never

from domain.projects import commands as domain
from domain.refusal import Refused
from domain.words import (
    AssignmentId,
    DepartmentId,
    NeighbourhoodId,
    NoteId,
    PointId,
    ReactionId,
    RequestId,
    ServiceCode,
)
from web import project_models as sent
from web.context import WebContext
from web.noting import Noting
from web.times import until


def of_project(meaning: Noting, body: sent.ProjectCommand) -> domain.ProjectCommand:
    """Residents read what is said to them: questions, sums, answers and promises. Raises Refused."""
    context = meaning.context
    match body:
        case sent.AskAdvice():
            neighbourhoods = tuple(_neighbourhood(context, n, "neighbourhoods") for n in body.neighbourhoods)
            return domain.AskAdvice(tuple(DepartmentId(d) for d in body.departments), neighbourhoods)
        case sent.Advise(request=request, points=points, note=note):
            asked = RequestId(AssignmentId(request))
            return domain.Advise(asked, _points(meaning, points), meaning.optional("note", note))
        case sent.OpenParticipation(question=question, until=moment):
            return domain.OpenParticipation(
                meaning.note("question", question, public=True), until(moment, context.zone)
            )
        case sent.React(text=text):
            return domain.React(meaning.note("text", text))
        case sent.Moderate(reaction=reaction, shown=shown, note=note):
            return domain.Moderate(ReactionId(reaction), shown, meaning.optional("note", note))
        case sent.Summarise(note=note, points=points):
            return domain.Summarise(meaning.note("note", note, public=True), _points(meaning, points, public=True))
        case sent.AnswerPoint(point=point, verdict=verdict, note=note):
            return domain.AnswerPoint(PointId(point), verdict, meaning.note("note", note, public=True))
        case sent.MoveDecision(decided_on=decided_on, note=note):
            return domain.MoveDecision(decided_on, meaning.note("note", note, public=True))
        case sent.Commit():
            if body.service not in context.city.services:
                reason = f'{context.city.name} has no service "{body.service}".'
                raise Refused(reason, "invalid", "service", "no_such_service")
            return domain.Commit(
                meaning.note("description", body.description, public=True),
                ServiceCode(body.service),
                _neighbourhood(context, body.neighbourhood, "neighbourhood"),
                tuple(DepartmentId(d) for d in body.departments),
                PointId(body.point) if body.point is not None else None,
            )
        case _:
            assert_never(body)


def _points(meaning: Noting, texts: tuple[str, ...], *, public: bool = False) -> tuple[NoteId, ...]:
    return tuple(meaning.note(f"points.{place}", text, public=public) for place, text in enumerate(texts))


def _neighbourhood(context: WebContext, id: str, field: str) -> NeighbourhoodId:
    if id not in context.city.neighbourhoods:
        reason = f'{context.city.name} has no neighbourhood "{id}".'
        raise Refused(reason, "invalid", field, "no_such_neighbourhood")
    return NeighbourhoodId(id)
