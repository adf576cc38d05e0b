"""Answering with a photo, to those who may see it."""

import re
from typing import Annotated, Literal

from fastapi import Header, Query
from fastapi.responses import Response
from sqlalchemy.orm import Session

from domain.actor import Actor
from readmodel.case_detail import in_sight
from readmodel.database import reading
from readmodel.notes import get_note
from readmodel.photos import Photo, PhotoId, photo, photo_bytes
from web.context import WebContext
from web.following import follower_of, shows
from web.problems import Problem, not_found
from web.sight import sees_texts, sight_of

_PHOTO_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HEADERS = {
    "Cache-Control": "private, max-age=86400, immutable",
    "Content-Security-Policy": "default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}

Size = Annotated[Literal["small", "large"], Query()]
Known = Annotated[str | None, Header(alias="If-None-Match", max_length=1000)]


def staff_photo(context: WebContext, actor: Actor, photo_id: str, small: bool, known: str | None = None) -> Response:
    """To staff who may know of the case and read its texts; `known` is `If-None-Match`. Raises Problem 404."""
    with reading(context.database) as session:
        found = _found(session, photo_id)
        if not sees_texts(actor) or not in_sight(session, found.case_id, sight_of(actor)):
            raise _nothing()
        return _answer(session, found, small, known)


def follower_photo(context: WebContext, token: str, photo_id: str, small: bool, known: str | None = None) -> Response:
    """To whoever holds this secret link; `known` is `If-None-Match`. Raises Problem 404."""
    follower = follower_of(context, token)
    with reading(context.database) as session:
        found = _found(session, photo_id)
        note = get_note(session, found.note_id) if found.note_id is not None else None
        if found.case_id != follower.case_id or not shows(follower, found, note):
            raise _nothing()
        return _answer(session, found, small, known)


def open_photo(context: WebContext, photo_id: str, known: str | None = None) -> Response:
    """To whoever was told its secret address; other sites may show it. Raises Problem 404."""
    with reading(context.database) as session:
        answer = _answer(session, _found(session, photo_id), False, known)
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _found(session: Session, photo_id: str) -> Photo:
    found = photo(session, PhotoId(photo_id)) if _PHOTO_ID.fullmatch(photo_id) else None
    if found is None:
        raise _nothing()
    return found


def _answer(session: Session, found: Photo, small: bool, known: str | None) -> Response:
    tag = f'"{found.photo_id}{"-small" if small else ""}"'
    headers = {**HEADERS, "ETag": tag}
    if known is not None and tag in (one.strip().removeprefix("W/") for one in known.split(",")):
        return Response(status_code=304, headers=headers)
    content = photo_bytes(session, found.photo_id, small=small)
    if content is None:
        raise _nothing()
    return Response(content, headers=headers, media_type=found.media_type)


def _nothing() -> Problem:
    return not_found("There is no such photo.")
