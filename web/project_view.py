"""A project as staff may know it."""

from collections.abc import Iterable, Mapping

from domain.case import Case
from domain.projects.reactions import Reaction, ReactionState, reactions
from domain.projects.state import Project
from domain.words import CaseId, NoteId
from readmodel.case_detail import CaseDetail
from readmodel.documents import Document
from readmodel.rows import level_of
from web.context import WebContext, maybe
from web.measuring import API
from web.project_views import (
    CommitmentShown,
    DocumentShown,
    ParticipationShown,
    PointShown,
    ProjectShown,
    PromisedShown,
    ReactionShown,
    RequestShown,
)

Texts = Mapping[NoteId, str]


def project_shown(context: WebContext, detail: CaseDetail, texts: Texts, *, with_texts: bool) -> ProjectShown | None:
    """None of a case that is no project; `texts` are those that the reader may read, if they read any."""
    case, project = detail.case, detail.case.project
    if project is None:
        return None
    return ProjectShown(
        title=texts.get(project.title),
        question=texts.get(project.question),
        referred_by=project.referred_by,
        neighbourhoods=project.neighbourhoods,
        decided_on=project.decided_on,
        decided_at=context.local(project.decided_at),
        bundled_at=maybe(context, project.bundled_at),
        answer=project.answer,
        requests=_requests(context, case, project, texts),
        points=_points(context, project, texts),
        participation=_participation(context, detail, project, texts),
        commitments=_commitments(context, detail, project, texts),
        documents=documents_shown(context, case.case_id, detail.documents) if with_texts else (),
    )


def documents_shown(context: WebContext, case_id: CaseId, documents: Iterable[Document]) -> tuple[DocumentShown, ...]:
    return tuple(
        DocumentShown(
            document=d.id,
            url=f"{API}/cases/{case_id}/documents/{d.id}",
            name=d.name,
            media_type=d.media_type,
            size=d.size,
            public=d.public,
            at=context.local(d.at),
        )
        for d in documents
    )


def promised_shown(detail: CaseDetail) -> PromisedShown | None:
    promised = detail.promised_in
    if promised is None:
        return None
    return PromisedShown(case_id=promised.case_id, number=promised.number, commitment=promised.commitment)


def _requests(context: WebContext, case: Case, project: Project, texts: Texts) -> tuple[RequestShown, ...]:
    return tuple(
        RequestShown(
            request=r.id,
            department=r.department,
            neighbourhood=r.neighbourhood,
            asked_at=context.local(r.asked_at),
            advise_by=context.local(r.advise_by),
            advised_at=maybe(context, r.advised_at),
            note=_text(texts, r.note),
            summary=r.summary,
            escalation_level=level_of(case, r.id),
        )
        for r in project.requests
    )


def _points(context: WebContext, project: Project, texts: Texts) -> tuple[PointShown, ...]:
    return tuple(
        PointShown(
            point=p.id,
            request=p.request,
            advice=texts.get(p.note),
            verdict=p.verdict,
            answer=_text(texts, p.reasons),
            answered_at=maybe(context, p.answered_at),
        )
        for p in project.points
    )


def _participation(
    context: WebContext, detail: CaseDetail, project: Project, texts: Texts
) -> ParticipationShown | None:
    round_ = project.participation
    if round_ is None:
        return None
    found = reactions(detail.timeline)
    return ParticipationShown(
        question=texts.get(round_.question),
        opened_at=context.local(round_.opened_at),
        until=context.local(round_.until),
        closed_at=maybe(context, round_.closed_at),
        summary=_text(texts, round_.summary),
        summarised_at=maybe(context, round_.summarised_at),
        waiting=sum(reaction.state is ReactionState.WAITING for reaction in found),
        reactions=tuple(_reaction(context, reaction, texts) for reaction in found),
    )


def _reaction(context: WebContext, reaction: Reaction, texts: Texts) -> ReactionShown:
    return ReactionShown(
        reaction=reaction.id,
        at=context.local(reaction.at),
        text=texts.get(reaction.text),
        state=reaction.state,
        note=_text(texts, reaction.remark),
    )


def _commitments(
    context: WebContext, detail: CaseDetail, project: Project, texts: Texts
) -> tuple[CommitmentShown, ...]:
    kept = {followed.commitment: followed for followed in detail.commitments}
    shown = []
    for made in project.commitments:
        followed = kept.get(made.id)
        shown.append(
            CommitmentShown(
                commitment=made.id,
                point=made.point,
                description=texts.get(made.description),
                service=made.service,
                neighbourhood=made.neighbourhood,
                departments=made.departments,
                made_at=context.local(made.made_at),
                case_id=followed.case_id if followed is not None else None,
                number=followed.number if followed is not None else None,
                stage=followed.stage if followed is not None else None,
                outcome=followed.outcome if followed is not None else None,
            )
        )
    return tuple(shown)


def _text(texts: Texts, note: NoteId | None) -> str | None:
    return texts.get(note) if note is not None else None
