"""Telling open pages that something changed within their reader's sight; they fetch themselves anew."""

from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response, StreamingResponse

from readmodel.database import reading
from readmodel.eventlog import events_after, last_position
from readmodel.sight import Sight
from web.context import Context, WebContext
from web.sight import sight_of
from web.signin.viewer import AnyStaff
from web.watching import Watch

router = APIRouter(include_in_schema=False)

HEARTBEAT = 20.0
"""Seconds of silence after which a comment shows that the stream is alive."""


@router.get("/live")
async def live(request: Request, context: Context, viewer: AnyStaff) -> Response:
    """Server-sent events: `changed` whenever a case within sight moved on. Nothing of the case is told here."""
    watch: Watch = request.app.state.watch
    told = _tell(context, watch, sight_of(viewer.actor))
    return StreamingResponse(told, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _tell(context: WebContext, watch: Watch, sight: Sight) -> AsyncIterator[str]:
    position = await run_in_threadpool(_last, context)
    yield "retry: 2000\n\n"
    while not context.stopping.is_set():
        last = await watch.beyond(position, HEARTBEAT)
        if last <= position:
            yield ": still here\n\n"
        elif await run_in_threadpool(_concerns, context, position, sight):
            yield f"event: changed\ndata: {last}\n\n"
        position = max(position, last)


def _last(context: WebContext) -> int:
    with reading(context.database) as session:
        return last_position(session)


def _concerns(context: WebContext, position: int, sight: Sight) -> bool:
    with reading(context.database) as session:
        return bool(events_after(session, position, 1, sight))
