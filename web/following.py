"""The resident's side of a case: what the holder of a secret link sees, and may do."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from domain.actor import Actor
from domain.case import Case
from domain.events import (
    DepartmentAssigned,
    Happened,
    ResidentAsked,
)
from domain.joining.hearing import answered, asked, has_told
from domain.refusal import Refused
from domain.words import AssignmentId, DepartmentId, NoteId, Role, Stage
from readmodel.case_detail import CaseDetail, case_detail
from readmodel.database import reading
from readmodel.followers import Contact, by_token
from readmodel.letters import FollowerRole
from readmodel.notes import Note
from readmodel.photos import Photo, Picture
from readmodel.sight import EVERYTHING
from web.case_view import photos_shown, text_of, upcoming, verdict
from web.command_meaning import Voice
from web.command_models import AnyCommand, Support, Withdraw
from web.commanding import give
from web.context import WebContext, maybe
from web.problems import not_found
from web.project_models import React
from web.views import AnswerShown, FollowLine, FollowOfferShown, FollowShown, MayDo

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")

UNTOLD = frozenset(
    {
        "adopter_reminded",
        "assignment_replaced",
        "case_parted",
        "assignment_rested",
        "department_reminded",
        "escalation_acknowledged",
        "escalation_cleared",
        "placement_settled",
        "supporter_reachable",
        "terms_moved",
        "advice_asked",
        "advice_given",
        "advice_term_moved",
        "adviser_reminded",
        "reaction_moderated",
        "reaction_received",
    }
)
"""How the city arranges things among its own people; what comes of it is told."""


@dataclass(frozen=True, slots=True)
class Followed:
    """The case behind a secret link, and who holds it."""

    follower: Contact
    detail: CaseDetail


def follower_of(context: WebContext, token: str) -> Contact:
    """Raises Problem 404."""
    follower = None
    if _TOKEN.fullmatch(token):
        with reading(context.database) as session:
            follower = by_token(session, token)
    if follower is None:
        raise not_found("This link leads nowhere; it may be incomplete.")
    return follower


def followed(context: WebContext, token: str) -> Followed:
    """Raises Problem 404."""
    follower = follower_of(context, token)
    with reading(context.database) as session:
        detail = case_detail(session, follower.case_id)
    if detail is None:
        raise not_found("This link leads nowhere; it may be incomplete.")
    return Followed(follower, detail)


async def do(context: WebContext, follower: Contact, body: AnyCommand, photos: Sequence[Picture] = ()) -> AnswerShown:
    """What the resident asked for, done; each link supports once, however often it is pressed.

    Raises Problem or Refused.
    """
    if isinstance(body, Withdraw) and follower.role is not FollowerRole.REPORTER:
        raise Refused("Only whoever reported it can take the report back.", "forbidden", rule="not_the_reporter")
    if follower.role is FollowerRole.PARTICIPANT and not isinstance(body, React):
        raise Refused("This is for those who reported it.", "forbidden", rule="not_the_reporter")
    if isinstance(body, Support):
        body = body.model_copy(update={"command_id": uuid5(NAMESPACE_URL, f"aanjager:support:{follower.id}")})
    by = Actor(Role.RESIDENT, follower.id)
    voice = Voice(follower.role is FollowerRole.SUPPORTER, follower.email is not None)
    return await give(context, follower.case_id, by, EVERYTHING, body, photos, voice)


def follow_shown(context: WebContext, seen: Followed) -> FollowShown:
    detail, case = seen.detail, seen.detail.case
    reporter = seen.follower.role is FollowerRole.REPORTER
    texts = readable(seen)
    return FollowShown(
        case_id=case.case_id,
        number=case.number,
        kind=case.kind,
        service=case.service,
        neighbourhood=case.neighbourhood,
        stage=case.stage,
        outcome=case.outcome,
        urgent=case.urgent,
        opened_at=context.local(case.opened_at),
        promised_by=maybe(context, case.promised_by),
        closed_at=maybe(context, case.closed_at),
        round=case.round,
        supporters=case.supporters,
        description=detail.item.description if reporter else None,
        question=_question(case, detail.timeline, texts),
        feedback_until=maybe(context, case.feedback_until) if case.stage is Stage.RESOLVED else None,
        asked=asked(case) if case.feedback_until is not None else 0,
        answered=answered(case) if case.feedback_until is not None else 0,
        may=_may(case, seen.follower),
        offer=_offer(context, seen, texts),
        next=upcoming(context, detail.rules, case, context.now()),
        timeline=tuple(_line(context, h, case, texts) for h in told(detail)),
        feedback=tuple(verdict(context, given, texts) for given in detail.feedback),
        photos=photos_shown(context, detail, visible(seen), texts, f"/follow/{seen.follower.token}/photos"),
    )


def told(detail: CaseDetail) -> tuple[Happened, ...]:
    """What residents hear of."""
    return tuple(h for h in detail.timeline if h.event.kind not in UNTOLD and getattr(h.event, "public", True))


def readable(seen: Followed) -> dict[NoteId, str]:
    """The texts that are meant for residents, and those that this one wrote."""
    notes = seen.detail.notes
    return {id: n.text for id, n in notes.items() if n.public or n.author_id == seen.follower.id}


def visible(seen: Followed) -> tuple[Photo, ...]:
    """The photos that this resident may see."""
    notes = seen.detail.notes
    return tuple(p for p in seen.detail.photos if shows(seen.follower, p, notes.get(p.note_id) if p.note_id else None))


def shows(follower: Contact, photo: Photo, note: Note | None) -> bool:
    """Those of one's own; the report's, to its reporter; and those with a text that is meant for residents."""
    if photo.by_id == follower.id:
        return True
    return note.public if note is not None else follower.role is FollowerRole.REPORTER


def department_of(happened: Happened, case: Case) -> DepartmentId | None:
    """The department that the event is about."""
    event = happened.event
    if isinstance(event, DepartmentAssigned):
        return event.department
    named: AssignmentId | None = getattr(event, "assignment", None)
    assignment = case.assignment(named) if named is not None else None
    return assignment.department if assignment is not None else None


def _line(context: WebContext, happened: Happened, case: Case, texts: Mapping[NoteId, str]) -> FollowLine:
    named = text_of(happened)
    return FollowLine(
        seq=happened.seq,
        at=context.local(happened.at),
        event=happened.event.kind,
        department=department_of(happened, case),
        note=texts.get(named) if named is not None else None,
    )


def _may(case: Case, follower: Contact) -> MayDo:
    reporter, offer = follower.role is FollowerRole.REPORTER, case.offer
    theirs = offer is not None and offer.adopted and offer.adopter == follower.id
    return MayDo(
        answer=bool(_asking(case)),
        feedback=case.stage is Stage.RESOLVED and not has_told(case, follower.id),
        support=not case.closed and case.project is None,
        withdraw=reporter and not case.closed and case.project is None,
        adopt=offer is not None and not offer.adopted,
        account=theirs,
        hand_back=theirs,
    )


def _offer(context: WebContext, seen: Followed, texts: Mapping[NoteId, str]) -> FollowOfferShown | None:
    """The last one, as long as it runs or where this follower took it on."""
    offer = next(iter(seen.detail.case.offers[-1:]), None)
    if offer is None or not (offer.running or offer.adopter == seen.follower.id):
        return None
    return FollowOfferShown(
        offer=offer.id,
        about=texts.get(offer.note),
        amount=offer.amount / 100,
        until=context.local(offer.until),
        adopted=offer.adopted_at is not None,
        yours=offer.adopter == seen.follower.id,
        account_by=maybe(context, offer.account_by),
        spent=offer.spent / 100 if offer.spent is not None else None,
    )


def _asking(case: Case) -> frozenset[AssignmentId]:
    return frozenset(a.id for a in case.live if a.pause is not None and a.pause.question)


def _question(case: Case, timeline: tuple[Happened, ...], texts: Mapping[NoteId, str]) -> str | None:
    asking = _asking(case)
    for happened in reversed(timeline):
        event = happened.event
        if isinstance(event, ResidentAsked) and event.assignment in asking:
            return texts.get(event.question)
    return None
