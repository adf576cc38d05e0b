"""What operators ask: is the process up, is it ready, how does it do."""

from typing import Literal

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from readmodel.database import reading
from web.context import Context, WebContext
from web.view_base import Shown

router = APIRouter(tags=["operations"])

Reach = Literal["reachable", "out of reach"]


class Up(Shown):
    status: Literal["up"] = "up"


class Readiness(Shown):
    """Whether it is ready to serve, and what it needs for that."""

    status: Literal["ready", "not ready"]
    database: Reach
    temporal: Reach


@router.get("/healthz", summary="Is the process up?")
async def healthz() -> Up:
    """It answers: nothing else is looked at."""
    return Up()


@router.get(
    "/readyz",
    summary="Is it ready to serve?",
    response_model=Readiness,
    responses={503: {"description": "Which part is out of reach", "model": Readiness}},
)
async def readyz(context: Context) -> JSONResponse:
    """Whether the database and Temporal answer; reports are taken in even while Temporal does not."""
    parts = {
        "database": await run_in_threadpool(_database_answers, context),
        "temporal": await context.engine.reachable(),
    }
    ready = all(parts.values())
    body = {
        "status": "ready" if ready else "not ready",
        **{part: "reachable" if answers else "out of reach" for part, answers in parts.items()},
    }
    return JSONResponse(body, 200 if ready else 503, None if ready else {"Retry-After": "2"})


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}}},
)
def metrics(request: Request) -> Response:
    """How many cases, letters and requests, and how long answers took."""
    return Response(generate_latest(request.app.state.registry), media_type=CONTENT_TYPE_LATEST)


def _database_answers(context: WebContext) -> bool:
    try:
        with reading(context.database) as session:
            session.execute(text("SELECT 1 FROM cases LIMIT 1"))
    except (DBAPIError, PoolTimeout):
        return False
    return True
