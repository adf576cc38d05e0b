"""A worker process: everything that it serves, from connecting to a clean stop."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack

import structlog
from sqlalchemy import Engine
from temporalio.client import Client

from activities.cases import CaseActivities
from activities.delivery import Deliveries
from activities.figures import FiguresRound
from activities.intake import Intake
from activities.letters_round import LettersRound
from configuration.settings import Settings
from domain.city import City
from workers.cases import case_worker
from workers.letters import letters_worker
from workers.rounds import rounds_worker
from workers.runners import unsandboxed
from workflows.connection import connect

log = structlog.get_logger(__name__)

RECORDERS = 8
"""Threads that record; on SQLite they take turns."""
PATIENCE = 0.5
"""Seconds between attempts to reach a Temporal server that is not up yet."""


async def serve(settings: Settings, city: City, database: Engine) -> None:
    """Serves every queue until cancelled; work in hand is finished first, as far as it takes a few seconds."""
    client = await _connect_when_it_answers()
    runner = unsandboxed()
    with ThreadPoolExecutor(RECORDERS, thread_name_prefix="record") as threads:
        workers = (
            case_worker(client, CaseActivities(database, city, client), threads, runner),
            rounds_worker(
                client,
                Intake(database, client),
                LettersRound(settings, city, database, client),
                FiguresRound(database),
                runner,
            ),
            letters_worker(client, Deliveries(settings, city, database), runner),
        )
        async with AsyncExitStack() as stack:
            for worker in workers:
                await stack.enter_async_context(worker)
            log.info("worker serves", city=city.id, namespace=client.namespace)
            await asyncio.Event().wait()


async def _connect_when_it_answers() -> Client:
    told = False
    while True:
        try:
            return await connect()
        except RuntimeError as error:
            if not told:
                log.warning("waiting for Temporal", reason=str(error).splitlines()[0])
                told = True
            await asyncio.sleep(PATIENCE)
