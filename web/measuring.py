"""What Prometheus may know: how long answers take, and how the cases, the intake and the letters stand."""

from collections.abc import Iterable
from time import perf_counter
from typing import Any

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine, Select, func, select, text
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.words import Stage
from readmodel.database import reading
from readmodel.letters import LetterStatus
from readmodel.schema import CASES, LETTERS
from readmodel.webhook_overview import message_counts

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
API = "/api/v1"
STREAM = f"{API}/events/stream"

UNDER_WAY = [status for status in LetterStatus if status not in (LetterStatus.SENT, LetterStatus.KEPT)]
_STAGES: Select[Any] = select(CASES.c.stage, func.count()).where(CASES.c.closed_at.is_(None)).group_by(CASES.c.stage)
_LETTERS: Select[Any] = (
    select(LETTERS.c.status, func.count()).where(text("status NOT IN ('sent', 'kept')")).group_by(LETTERS.c.status)
)
_WAITING = (
    select(func.count()).select_from(CASES).where(CASES.c.workflow_started_at.is_(None), CASES.c.closed_at.is_(None))
)


class Counted(Collector):
    """Counts taken from the database at each scrape."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def collect(self) -> Iterable[GaugeMetricFamily]:
        with reading(self._database) as session:
            stages = {row[0]: row[1] for row in session.execute(_STAGES)}
            letters = {row[0]: row[1] for row in session.execute(_LETTERS)}
            waiting = session.scalar(_WAITING)
            messages = message_counts(session)
        by_stage = GaugeMetricFamily("aanjager_open_cases", "Cases that are not closed, by stage", labels=["stage"])
        for stage in Stage:
            if stage is not Stage.CLOSED:
                by_stage.add_metric([stage.value], stages.get(stage.value, 0))
        by_status = GaugeMetricFamily("aanjager_letters", "Letters that are under way, by status", labels=["status"])
        for status in UNDER_WAY:
            by_status.add_metric([status.value], letters.get(status.value, 0))
        by_state = GaugeMetricFamily("aanjager_webhook_messages", "Messages not taken, by status", labels=["status"])
        for state, count in messages.items():
            by_state.add_metric([state], count)
        yield by_stage
        yield by_status
        yield by_state
        yield GaugeMetricFamily("aanjager_intake_waiting", "Reports whose workflow is not started yet", value=waiting)

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return ()


class Measured:
    """ASGI middleware: how long each answer took, by route, not by address."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        self._seconds = Histogram(
            "aanjager_request_seconds",
            "Time to answer a request",
            ["method", "route", "status"],
            buckets=BUCKETS,
            registry=registry,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == STREAM:
            await self._app(scope, receive, send)
            return
        status = 500
        began = perf_counter()

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note)
        finally:
            self._seconds.labels(_method(scope["method"]), _route(scope), str(status)).observe(perf_counter() - began)


def _route(scope: Scope) -> str:
    """The route with names in the place of values; `none` for what leads nowhere."""
    path: str = getattr(scope.get("route"), "path", "none")
    under_api = scope["path"].startswith(API) and path.startswith("/") and not path.startswith(API)
    return f"{API}{path}" if under_api else path


def _method(method: str) -> str:
    return method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other"
