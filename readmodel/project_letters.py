"""Who is told what when something happens to a project."""

from collections.abc import Iterator, Sequence

from domain.case import Case
from domain.events import CaseClosed, Happened
from domain.projects.events import (
    AdviceAsked,
    AdviceTermMoved,
    AdviserReminded,
    ReactionReceived,
)
from domain.projects.state import AdviceRequest, Project
from domain.words import Term
from readmodel.letters import Facts, Follower, Letter, LetterKind


def letters_of_project(happened: Happened, after: Case, followers: Sequence[Follower]) -> list[Letter]:
    """The letters that the event causes besides those of any case."""
    return list(_letters(happened, after, after.project, followers)) if after.project is not None else []


def _letters(happened: Happened, after: Case, project: Project, followers: Sequence[Follower]) -> Iterator[Letter]:
    match happened.event:
        case AdviceAsked(summary=True):
            for neighbourhood in project.neighbourhoods:
                yield Letter(LetterKind.SUMMARISE, f"manager:{neighbourhood}", False)
        case AdviceAsked(request=id) | AdviceTermMoved(request=id):
            request = project.request(id)
            summary = request is not None and request.summary
            yield _to_adviser(LetterKind.SUMMARISE if summary else LetterKind.ADVISE, request, {})
        case AdviserReminded(request=id):
            yield _to_adviser(LetterKind.REMINDER, project.request(id), {"term": Term.ADVISE.value})
        case ReactionReceived():
            by = happened.by.id if happened.by is not None else None
            for follower in followers:
                if follower.id == by and follower.reachable:
                    yield Letter(LetterKind.THANKS, f"follower:{follower.id}", False, {}, follower.language)
        case CaseClosed(outcome=outcome):
            facts: Facts = {"outcome": outcome.value}
            for follower in followers:
                if follower.reachable:
                    yield Letter(LetterKind.OUTCOME, f"follower:{follower.id}", False, facts, follower.language)
            for recipient in dict.fromkeys(_adviser(request) for request in project.requests):
                yield Letter(LetterKind.OUTCOME, recipient, False, facts)
        case _:
            return


def _to_adviser(kind: LetterKind, request: AdviceRequest | None, facts: Facts) -> Letter:
    assert request is not None
    asked: Facts = {"request": request.id, "advise_by": request.advise_by.isoformat()}
    return Letter(kind, _adviser(request), False, {**asked, **facts})


def _adviser(request: AdviceRequest) -> str:
    if request.neighbourhood is not None:
        return f"manager:{request.neighbourhood}"
    return f"department:{request.department}"
