"""Telling open pages that something changed within their reader's sight; they fetch themselves anew."""

import re
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response, StreamingResponse

from readmodel.database import reading
from readmodel.eventlog import events_after
from readmodel.sight import Sight
from web.context import Context, WebContext
from web.sight import sight_of
from web.signin.viewer import AnyStaff
from web.watching import Watch

router = APIRouter(include_in_schema=False)

HEARTBEAT = 20.0
"""Seconds of silence after which a comment shows that the stream is alive."""
_POSITION = re.compile(r"[0-9]{1,18}")


@router.get("/live")
async def live(request: Request, context: Context, viewer: AnyStaff, after: str = "") -> Response:
    """Server-sent events: `changed` whenever a case within sight moved on. Nothing of the case is told here.

    Counted from the position that the browser heard of last, else from `after`, that of its page; else from now.
    """
    watch: Watch = request.app.state.watch
    heard = request.headers.get("last-event-id", "") or after
    position = min(int(heard), viewer.position) if _POSITION.fullmatch(heard) else viewer.position
    told = _tell(context, watch, sight_of(viewer.actor), position)
    return StreamingResponse(told, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _tell(context: WebContext, watch: Watch, sight: Sight, position: int) -> AsyncIterator[str]:
    yield "retry: 2000\n\n"
    while not context.stopping.is_set():
        last = await watch.beyond(position, HEARTBEAT)
        if last <= position:
            yield ": still here\n\n"
        elif await run_in_threadpool(_concerns, context, position, sight):
            yield f"id: {last}\nevent: changed\ndata: {last}\n\n"
        position = max(position, last)


def _concerns(context: WebContext, position: int, sight: Sight) -> bool:
    with reading(context.database) as session:
        return bool(events_after(session, position, 1, sight))
