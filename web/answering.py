"""A partner without an account answers a task by the link in a letter: once, in time, unless it was revoked."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import uuid5

from fastapi.concurrency import run_in_threadpool

from domain.actor import Actor
from domain.case import Assignment
from domain.refusal import Refused
from domain.words import NoteId, Role
from readmodel.action_links import ActionLink, claim, link_by_id, made_by, release, use_up
from readmodel.case_detail import CaseDetail, case_detail
from readmodel.database import reading, writing
from readmodel.letters import BY_LINK
from readmodel.notes import drop_notes
from readmodel.photos import Picture
from web.case_view import TEXTS
from web.command_models import AnyCommand
from web.commanding import give
from web.context import WebContext
from web.links import links_of
from web.problems import Problem, not_found
from web.sight import sight_of


class LinkState(StrEnum):
    """What a link is still good for."""

    OPEN = "open"
    USED = "used"
    REVOKED = "revoked"
    OVER = "over"
    """The task is no longer this department's, or it is done."""
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Opened:
    """A link, the task behind it, and the case around that."""

    link: ActionLink
    detail: CaseDetail
    task: Assignment
    state: LinkState

    @property
    def actor(self) -> Actor:
        """Whoever holds the link, as cases know them."""
        return actor_of(self.link)


def actor_of(link: ActionLink) -> Actor:
    return Actor(Role.PARTNER, f"{BY_LINK}{link.id}", link.department)


def opened(context: WebContext, signed: str) -> Opened:
    """Raises Problem 404."""
    id = links_of(context).task_of(signed)
    with reading(context.database) as session:
        link = link_by_id(session, id) if id is not None else None
        detail = case_detail(session, link.case_id) if link is not None else None
    task = detail.case.assignment(link.assignment) if link is not None and detail is not None else None
    if link is None or detail is None or task is None:
        raise not_found("This link leads nowhere; it may be incomplete.")
    return Opened(link, detail, task, _state(context, link, task))


async def answer(
    context: WebContext, link: ActionLink, body: AnyCommand, photos: Sequence[Picture] = ()
) -> ActionLink | None:
    """The fresh link for what comes after, where the task lives on.

    Raises Problem or Refused; the link may then be used for another answer, unless the engine fell silent: then only
    for the same answer, as that may still be followed.
    """
    body = body.model_copy(update={"command_id": link.command_id})
    fingerprint = _fingerprint(body, photos)
    if not await run_in_threadpool(_claim, context, link, fingerprint):
        raise Problem(409, "refused", "This link was used, or someone is answering with it right now.")
    try:
        actor = actor_of(link)
        await give(context, link.case_id, actor, sight_of(actor), body, photos)
    except Refused:
        await run_in_threadpool(_release, context, link)
        raise
    except Problem as problem:
        if problem.status < 500:
            await run_in_threadpool(_release, context, link)
        raise
    return await run_in_threadpool(_use_up, context, link, body.command)


def _state(context: WebContext, link: ActionLink, task: Assignment) -> LinkState:
    if link.used_at is not None:
        return LinkState.USED
    if link.revoked_at is not None:
        return LinkState.REVOKED
    if not task.live or task.department != link.department:
        return LinkState.OVER
    return LinkState.EXPIRED if link.expires_at <= context.now() else LinkState.OPEN


def _claim(context: WebContext, link: ActionLink, fingerprint: str) -> bool:
    """Texts that an attempt left behind which nobody finished are forgotten: they are of another answer."""
    with writing(context.database) as session:
        known = link_by_id(session, link.id)
        if known is None or known.used_at is not None or not claim(session, link.id, fingerprint, context.now()):
            return False
        if known.claimed_for not in (None, fingerprint):
            drop_notes(session, [NoteId(str(uuid5(link.command_id, f"{link.case_id}/{name}"))) for name in TEXTS])
        return True


def _release(context: WebContext, link: ActionLink) -> None:
    with writing(context.database) as session:
        release(session, link.id)


def _use_up(context: WebContext, link: ActionLink, command: str) -> ActionLink | None:
    with writing(context.database) as session:
        known = link_by_id(session, link.id)
        followed = known.used_for if known is not None else None
        at = known.used_at if known is not None else None
        use_up(session, link.id, followed or command, at or context.now())
        return made_by(session, link)


def _fingerprint(body: AnyCommand, photos: Sequence[Picture]) -> str:
    said = sorted((name, value) for name, value in body if name not in ("command_id", "expected_version"))
    digest = hashlib.sha256(repr(said).encode())
    for photo in photos:
        digest.update(hashlib.sha256(photo.content).digest())
    return digest.hexdigest()
