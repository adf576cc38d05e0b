"""What the events of a project make of it."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from domain.projects.events import (
    AdviceAsked,
    AdviceGiven,
    AdviceSent,
    AdviceTermMoved,
    AdviserReminded,
    CommitmentMade,
    DecisionMoved,
    ParticipationClosed,
    ParticipationMoved,
    ParticipationOpened,
    ParticipationSummarised,
    PointAnswered,
    ProjectEvent,
    ProjectReferred,
    ReactionModerated,
    ReactionReceived,
)
from domain.projects.state import AdviceRequest, Commitment, Participation, Point, Project
from domain.words import NoteId, PointId, RequestId


def evolved(project: Project | None, at: datetime, event: ProjectEvent) -> Project:
    """The project after the event; `ProjectReferred` begins it."""
    if isinstance(event, ProjectReferred):
        return Project(
            event.referred_by, event.neighbourhoods, event.title, event.question, event.decided_on, event.decided_at
        )
    assert project is not None, event
    match event:
        case AdviceAsked():
            return _asked(project, at, event)
        case AdviserReminded(request=id):
            return _of_request(project, id, remind_at=None)
        case AdviceGiven(request=id, points=points, note=note):
            return _advised(_of_request(project, id, advised_at=at, remind_at=None, note=note), id, points)
        case AdviceTermMoved(request=id, advise_by=advise_by, remind_at=remind_at):
            return _of_request(project, id, advise_by=advise_by, remind_at=remind_at)
        case ParticipationOpened(question=question, until=until):
            return replace(project, participation=Participation(question, at, until))
        case ParticipationMoved() | ReactionReceived() | ParticipationClosed() | ParticipationSummarised():
            return _in_the_round(project, at, event)
        case AdviceSent(answer=answer):
            return replace(project, bundled_at=at, answer=answer)
        case PointAnswered(point=id, verdict=verdict, note=note):
            answered = (
                replace(p, verdict=verdict, answered_at=at, reasons=note) if p.id == id else p for p in project.points
            )
            return replace(project, points=tuple(answered))
        case DecisionMoved(decided_on=decided_on, decided_at=decided_at):
            return replace(project, decided_on=decided_on, decided_at=decided_at)
        case CommitmentMade():
            made = Commitment(
                event.commitment, event.point, event.note, event.service, event.neighbourhood, event.departments, at
            )
            return replace(project, commitments=(*project.commitments, made))
        case ReactionModerated():
            return project
        case _:
            assert_never(event)


def _asked(project: Project, at: datetime, event: AdviceAsked) -> Project:
    request = AdviceRequest(
        event.request,
        event.department,
        event.neighbourhood,
        at,
        event.advise_by,
        event.remind_at,
        summary=event.summary,
    )
    touched = project.neighbourhoods
    if event.neighbourhood is not None and event.neighbourhood not in touched:
        touched = (*touched, event.neighbourhood)
    return replace(project, requests=(*project.requests, request), neighbourhoods=touched)


def _in_the_round(
    project: Project,
    at: datetime,
    event: ParticipationMoved | ReactionReceived | ParticipationClosed | ParticipationSummarised,
) -> Project:
    participation = project.participation
    assert participation is not None, event
    match event:
        case ParticipationMoved(until=until):
            return replace(project, participation=replace(participation, until=until))
        case ReactionReceived():
            return replace(project, participation=replace(participation, reactions=participation.reactions + 1))
        case ParticipationClosed():
            return replace(project, participation=replace(participation, closed_at=at))
        case ParticipationSummarised(note=note, points=points):
            summed_up = replace(participation, summary=note, summarised_at=at)
            requests = (replace(r, advised_at=at, remind_at=None) if r.summary else r for r in project.requests)
            return _advised(replace(project, participation=summed_up, requests=tuple(requests)), None, points)


def _advised(project: Project, request: RequestId | None, notes: tuple[NoteId, ...]) -> Project:
    """The points are numbered through the whole project: p1, p2, …"""
    first = len(project.points) + 1
    points = (Point(PointId(f"p{number}"), request, note) for number, note in enumerate(notes, first))
    return replace(project, points=(*project.points, *points))


def _of_request(project: Project, id: RequestId, **changes: object) -> Project:
    changed = (replace(r, **changes) if r.id == id else r for r in project.requests)  # type: ignore[arg-type]
    return replace(project, requests=tuple(changed))
