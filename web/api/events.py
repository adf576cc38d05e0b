"""`/events`: what happened, in order, as CloudEvents 1.0, in batches and as a stream."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from time import monotonic
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import DBAPIError

from readmodel.cloud_events import cloud_event
from readmodel.database import reading
from readmodel.eventlog import Recorded, events_after
from readmodel.sight import Sight
from web.api.answers import problems
from web.api.bearer import SignedIn
from web.context import Context, WebContext
from web.problems import invalid
from web.sight import sight_of

router = APIRouter(tags=["events"])

LAST = 2**63 - 1
AT_ONCE = 200
LOOK_AGAIN = 0.5
"""Seconds between two looks at what is new."""
HEARTBEAT = 15.0
"""Seconds of silence after which a comment shows that the stream is alive."""


class Batch(JSONResponse):
    """A batch of CloudEvents."""

    media_type = "application/cloudevents-batch+json"


Position = Annotated[int, Query(ge=0, le=LAST, description="The `sequence` of the last event that you have")]


class CloudEvent(BaseModel):
    """CloudEvents 1.0 in JSON; `sequence` grows with every event of the city, and so do its digits."""

    model_config = ConfigDict(frozen=True)

    specversion: str
    id: str
    """The case's id, a slash, and the number of the event in its case."""
    source: str
    type: str
    subject: str
    """The case's id."""
    time: datetime
    datacontenttype: str
    sequence: str
    data: dict[str, Any]


@router.get(
    "/events",
    summary="What happened",
    response_class=Batch,
    response_model=list[CloudEvent],
    responses=problems(401, 422, 503),
)
def events(
    context: Context,
    actor: SignedIn,
    after: Position = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """The next events of the cases within one's sight. Texts and contacts are never among them."""
    found = _after(context, after, limit, sight_of(actor))
    return Batch([_told(context, recorded) for recorded in found])


@router.get(
    "/events/stream",
    summary="What happens, as it happens",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}}, **problems(401, 422, 503)},
)
async def stream(
    context: Context,
    actor: SignedIn,
    after: Position = 0,
    last_event_id: Annotated[str | None, Header(max_length=30, description="Goes on after that event")] = None,
) -> Response:
    """Server-sent events: `id` is the position, `event` the type, `data` the CloudEvent."""
    position = _resume(last_event_id, after)
    told = _tell(context, sight_of(actor), position)
    return StreamingResponse(told, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _told(context: WebContext, recorded: Recorded) -> dict[str, Any]:
    return cloud_event(recorded, context.settings.public_url, context.zone)


def _resume(last_event_id: str | None, after: int) -> int:
    if not last_event_id:
        return after
    if not (last_event_id.isascii() and last_event_id.isdigit()) or int(last_event_id) > LAST:
        raise invalid("Last-Event-ID", "must be the id of an event of this stream")
    return int(last_event_id)


def _after(context: WebContext, position: int, limit: int, sight: Sight) -> tuple[Recorded, ...]:
    with reading(context.database) as session:
        return events_after(session, position, limit, sight)


async def _tell(context: WebContext, sight: Sight, position: int) -> AsyncIterator[str]:
    """Ends when the reader leaves or the process stops; the reader comes back with the last id it saw."""
    yield f"retry: {int(LOOK_AGAIN * 2000)}\n\n"
    spoke = monotonic()
    while not context.stopping.is_set():
        try:
            found = await run_in_threadpool(_after, context, position, AT_ONCE, sight)
        except DBAPIError:
            return
        for recorded in found:
            position = recorded.position
            event = _told(context, recorded)
            yield f"id: {position}\nevent: {event['type']}\ndata: {json.dumps(event)}\n\n"
        if found or monotonic() - spoke > HEARTBEAT:
            spoke = monotonic()
            if not found:
                yield ": still here\n\n"
        if len(found) < AT_ONCE:
            await _pause(context)


async def _pause(context: WebContext) -> None:
    step = LOOK_AGAIN / 5
    for _ in range(5):
        if context.stopping.is_set():
            return
        await asyncio.sleep(step)
