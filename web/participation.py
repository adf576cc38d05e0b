"""Residents' side of a project: what is asked of them, what others said, and taking part."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session

from domain.events import AssignmentResolved, CaseClosed
from domain.projects.reactions import ReactionState, reactions
from domain.projects.state import Participation, Project
from domain.refusal import Refused
from domain.words import CaseId, NoteId
from readmodel.case_detail import CaseDetail, case_detail, case_named
from readmodel.database import reading, writing
from readmodel.followers import Contact, join, remove_follower
from readmodel.origin import new_participant
from web.context import WebContext
from web.following import do
from web.measuring import API
from web.problems import not_found
from web.project_models import React
from web.project_views import ParticipationPage, PublicDocument, PublicPoint, PublicReaction


@dataclass(frozen=True, slots=True)
class Round:
    """A project in which residents are or were asked to react."""

    detail: CaseDetail
    project: Project
    participation: Participation

    def text(self, note: NoteId | None) -> str | None:
        """None for a text that was erased."""
        found = self.detail.notes.get(note) if note is not None else None
        return found.text or None if found is not None else None


def round_of(context: WebContext, name: str) -> Round:
    """Of the project with this number or id. Raises Problem 404 where residents were never asked anything."""
    with reading(context.database) as session:
        found = _round(session, name)
    if found is None:
        raise not_found("Residents are not asked about such a project.")
    return found


def _round(session: Session, name: str) -> Round | None:
    named = case_named(session, name)
    detail = case_detail(session, named.case_id) if named is not None else None
    project = detail.case.project if detail is not None else None
    if detail is None or project is None or project.participation is None:
        return None
    return Round(detail, project, project.participation)


def participation_page(context: WebContext, found: Round) -> ParticipationPage:
    """For everyone: what was moderated, without names; what the departments advised stays among staff."""
    project, round_ = found.project, found.participation
    return ParticipationPage(
        case_id=found.detail.case.case_id,
        number=found.detail.case.number,
        title=found.text(project.title),
        neighbourhoods=project.neighbourhoods,
        decided_on=project.decided_on,
        question=found.text(round_.question) or "",
        until=context.local(round_.until),
        open=round_.open and context.now() < round_.until and not found.detail.case.closed,
        reactions=_shown(context, found),
        summary=found.text(round_.summary),
        points=tuple(
            PublicPoint(advice=said, verdict=point.verdict, answer=found.text(point.reasons))
            for point in project.points
            if point.request is None and (said := found.text(point.note)) is not None
        ),
        outcome=found.detail.case.outcome,
        closing=closing_of(found),
        documents=tuple(
            PublicDocument(
                url=f"{API}/projects/{found.detail.case.number}/documents/{d.id}",
                name=d.name,
                media_type=d.media_type,
                size=d.size,
            )
            for d in found.detail.documents
            if d.public
        ),
    )


@dataclass(frozen=True, slots=True)
class Reacted:
    """A resident took part, and follows the project from now on."""

    follower: Contact
    reaction: str


async def react(
    context: WebContext,
    found: Round,
    text: str,
    email: str | None = None,
    name: str | None = None,
    language: str | None = None,
    command_id: UUID | None = None,
) -> Reacted:
    """The same `command_id` reacts once. Raises Problem, or Refused where nothing is asked."""
    command_id, case_id = command_id or uuid4(), found.detail.case.case_id
    spoken = language if language in context.city.languages else context.city.languages[0]
    follower = new_participant(f"{command_id}:{case_id}", spoken, name, email)

    def joined() -> tuple[Contact, bool]:
        now = context.now()
        with writing(context.database) as session:
            contact = join(session, case_id, follower, now)
        return contact, contact.joined_at == now

    contact, fresh = await run_in_threadpool(joined)
    try:
        await do(context, contact, React(command="react", text=text, command_id=command_id))
    except Refused:
        if fresh:
            await run_in_threadpool(_left, context, contact)
        raise
    reaction = await run_in_threadpool(_reaction_of, context, case_id, contact)
    return Reacted(contact, reaction)


def _left(context: WebContext, follower: Contact) -> None:
    with writing(context.database) as session:
        remove_follower(session, follower.id)


def _reaction_of(context: WebContext, case_id: CaseId, follower: Contact) -> str:
    with reading(context.database) as session:
        found = _round(session, case_id)
    assert found is not None
    return next((r.id for r in reactions(found.detail.timeline) if r.by == follower.id), "")


def _shown(context: WebContext, found: Round) -> tuple[PublicReaction, ...]:
    told = (
        PublicReaction(at=context.local(reaction.at), text=text)
        for reaction in reversed(reactions(found.detail.timeline))
        if reaction.state is ReactionState.SHOWN and (text := found.text(reaction.text)) is not None
    )
    return tuple(told)


def closing_of(found: Round) -> str | None:
    for happened in reversed(found.detail.timeline):
        if isinstance(happened.event, CaseClosed | AssignmentResolved) and happened.event.note is not None:
            return found.text(happened.event.note) if found.detail.case.closed else None
    return None
