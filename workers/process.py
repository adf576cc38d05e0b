"""A worker process: everything that it serves, from connecting to a clean stop."""

import asyncio
from contextlib import AsyncExitStack

import structlog
from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig

from activities.cases import CaseActivities
from activities.delivery import Deliveries
from activities.figures import FiguresRound
from activities.hot_spots.reviewing import HotSpotReviews
from activities.intake import Intake
from activities.letters_round import LettersRound
from activities.meetings import Meetings
from activities.webhooks.gathering import WebhooksRound
from activities.webhooks.posting import Postings
from configuration.settings import Settings
from domain.city import City
from workers.cases import case_worker
from workers.letters import letters_worker
from workers.rounds import rounds_worker
from workers.runners import unsandboxed
from workers.webhooks import webhooks_worker
from workflows.connection import connect

log = structlog.get_logger(__name__)

PATIENCE = 0.5
"""Seconds between attempts to reach a Temporal server that is not up yet."""


async def serve(settings: Settings, city: City, database: Engine, metrics: str | None = None) -> None:
    """Serves every queue until cancelled; work in hand is finished first, as far as it takes a few seconds.

    `metrics`: HOST:PORT at which Temporal's SDK tells how the worker fares, in Prometheus' text format.
    """
    client = await _connect_when_it_answers(_runtime(metrics) if metrics is not None else None)
    runner = unsandboxed()
    activities = CaseActivities(database, city, client)
    workers = (
        case_worker(client, activities, runner),
        rounds_worker(
            client,
            Intake(database, client, city),
            LettersRound(settings, city, database, client),
            FiguresRound(database),
            HotSpotReviews(database, city),
            Meetings(city, database, client),
            WebhooksRound(city, database, client),
            runner,
        ),
        letters_worker(client, Deliveries(settings, city, database), runner),
        webhooks_worker(client, Postings(settings, city, database), runner),
    )
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(activities)
        for worker in workers:
            await stack.enter_async_context(worker)
        log.info("worker serves", city=city.id, namespace=client.namespace)
        await asyncio.Event().wait()


def _runtime(metrics: str) -> Runtime:
    return Runtime(
        telemetry=TelemetryConfig(
            metrics=PrometheusConfig(bind_address=metrics, counters_total_suffix=True, durations_as_seconds=True)
        )
    )


async def _connect_when_it_answers(runtime: Runtime | None) -> Client:
    told = False
    while True:
        try:
            return await connect(runtime=runtime)
        except RuntimeError as error:
            if not told:
                log.warning("waiting for Temporal", reason=str(error).splitlines()[0])
                told = True
            await asyncio.sleep(PATIENCE)
