"""What Prometheus may know: how long answers take, and how the cases, the intake and the letters stand."""

from collections.abc import Iterable
from time import perf_counter

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine, func, select
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.words import Stage
from readmodel.database import reading
from readmodel.letters import LetterStatus
from readmodel.schema import CASES, LETTERS

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
STREAM = "/api/v1/events/stream"


class Counted(Collector):
    """Counts taken from the database at each scrape."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def collect(self) -> Iterable[GaugeMetricFamily]:
        with reading(self._database) as session:
            stages: dict[str, int] = dict(
                session.execute(select(CASES.c.stage, func.count()).group_by(CASES.c.stage)).tuples()
            )
            letters: dict[str, int] = dict(
                session.execute(select(LETTERS.c.status, func.count()).group_by(LETTERS.c.status)).tuples()
            )
            waiting = session.scalar(
                select(func.count())
                .select_from(CASES)
                .where(CASES.c.workflow_started_at.is_(None), CASES.c.closed_at.is_(None))
            )
        by_stage = GaugeMetricFamily("aanjager_cases", "Cases by stage", labels=["stage"])
        for stage in Stage:
            by_stage.add_metric([stage.value], stages.get(stage.value, 0))
        by_status = GaugeMetricFamily("aanjager_letters", "Letters by status", labels=["status"])
        for status in LetterStatus:
            by_status.add_metric([status.value], letters.get(status.value, 0))
        yield by_stage
        yield by_status
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
            route = getattr(scope.get("route"), "path", "none")
            self._seconds.labels(_method(scope["method"]), route, str(status)).observe(perf_counter() - began)


def _method(method: str) -> str:
    return method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other"
