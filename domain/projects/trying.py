"""Ways to give each command of a project, to find out which the rules would accept now."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from domain.case import Case
from domain.projects.commands import (
    Advise,
    AnswerPoint,
    AskAdvice,
    Commit,
    Moderate,
    MoveDecision,
    OpenParticipation,
    ProjectCommand,
    React,
    Summarise,
)
from domain.rulebook import Rulebook
from domain.words import NeighbourhoodId, NoteId, PointId, ReactionId, RequestId, Verdict

_NOTE = NoteId("probe")
_NEARLY = timedelta(seconds=1)
_ELSEWHERE = NeighbourhoodId("probe")

Try = tuple[RequestId | None, PointId | None, Iterable[ProjectCommand]]
"""For which request or point, if it is for one, and ways to give it of which one has to do."""


def tries(rules: Rulebook, case: Case, now: datetime) -> Iterator[Try]:
    """None of a case that is no project."""
    project = case.project
    if project is None:
        return
    for request in project.awaited:
        if request.summary:
            continue
        yield request.id, None, (Advise(request.id, (_NOTE,)),)
    if project.answer is not None:
        for point in project.points:
            if point.verdict is None:
                yield None, point.id, (AnswerPoint(point.id, Verdict.FOLLOWED, _NOTE),)
    day = project.decided_at.date()
    for ways in (
        (*(AskAdvice((department,)) for department in rules.hours), AskAdvice((), (_ELSEWHERE,))),
        (OpenParticipation(_NOTE, max(now, project.decided_at - 2 * _NEARLY) + _NEARLY),),
        (Moderate(ReactionId("r1"), shown=True),),
        (Summarise(_NOTE),),
        tuple(MoveDecision(max(day, now.date()) + timedelta(days=days), _NOTE) for days in (7, 30, 90)),
        (Commit(_NOTE, case.service, case.neighbourhood),),
        (React(_NOTE),),
    ):
        yield None, None, ways
