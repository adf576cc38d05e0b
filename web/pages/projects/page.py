"""What the page of a case shows beyond that of any other, where the case is a project."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from domain.projects.authority import manages
from domain.projects.reactions import reactions
from domain.projects.state import Project
from readmodel.case_detail import CaseDetail, in_sight
from readmodel.documents import documents_of
from web.adding_documents import adds
from web.context import WebContext
from web.pages.acting.acts import Act
from web.pages.languages import Language
from web.pages.projects.rounds import ReactionShown, documents_shown
from web.pages.projects.shown import BESIDE, CommitmentShown, ProjectShown, Shower, adviser_named, moderated
from web.sight import sees_texts, sight_of
from web.signin.viewer import Viewer


def project_page(
    context: WebContext,
    session: Session,
    reader: Language,
    viewer: Viewer,
    detail: CaseDetail,
    project: Project,
    acts: Sequence[Act],
) -> ProjectShown:
    """The project, with the forms that stand beside what they are about."""
    shower = Shower(context, reader, detail, project, context.now())
    return shower.project_shown(
        acts,
        tuple(_reactions(context, shower, viewer, acts)),
        tuple(_commitments(session, shower, viewer)),
        documents_shown(reader, documents_of(session, detail.case.case_id)) if sees_texts(viewer.actor) else (),
        adds_documents=adds(viewer.actor, detail.case),
    )


def general(context: WebContext, reader: Language, project: Project, acts: Sequence[Act]) -> tuple[Act, ...]:
    """The forms that stand together; where advice is asked for several, each says for whom."""
    several = sum(act.command == "advise" for act in acts) > 1
    return tuple(
        replace(act, about=adviser_named(context, reader, project.request(act.request)))
        if several and act.request is not None
        else act
        for act in acts
        if act.command not in BESIDE
    )


def _reactions(context: WebContext, shower: Shower, viewer: Viewer, acts: Sequence[Act]) -> Iterator[ReactionShown]:
    """The latest first: what is new is to be looked at. Names are for those who look at them."""
    moderate = next((act for act in acts if act.command == "moderate"), None)
    names = {}
    if manages(viewer.actor, shower.project):
        names = {follower.id: follower.name for follower in shower.detail.followers}
    for one in reversed(reactions(shower.detail.timeline)):
        shown = ReactionShown(
            id=one.id,
            text=shower.text(one.text),
            name=names.get(one.by or ""),
            at=context.local(one.at),
            state=one.state.value,
            why=shower.text(one.remark),
        )
        yield moderated(shown, moderate)


def _commitments(session: Session, shower: Shower, viewer: Viewer) -> Iterator[CommitmentShown]:
    followed = {one.commitment: one for one in shower.detail.commitments}
    numbers = {point.id: number for number, point in enumerate(shower.project.points, 1)}
    texts, sight = sees_texts(viewer.actor), sight_of(viewer.actor)
    for made in shower.project.commitments:
        its = followed.get(made.id)
        case_id = its.case_id if its is not None else None
        yield CommitmentShown(
            text=shower.text(made.description) if texts else "",
            case_id=case_id,
            number=(its.number if its is not None else None) or "",
            service=shower.service(made.service),
            stage=its.stage if its is not None else None,
            departments=tuple(shower.department(d) for d in made.departments),
            point=numbers.get(made.point) if made.point is not None else None,
            reachable=case_id is not None and in_sight(session, case_id, sight),
        )
