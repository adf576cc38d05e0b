"""A real Temporal server for the tests of the workflows: as our own, with clocks that a test may put forward."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from aanjager.temporal_server import DYNAMIC_CONFIG, SQLITE_PRAGMAS, temporal_program


@dataclass(frozen=True)
class Server:
    """Where it answers, and the file it keeps everything in."""

    address: str
    database: Path


@asynccontextmanager
async def temporal(folder: Path, *config: str) -> AsyncIterator[Server]:
    """A server on a file in the folder, with our own dynamic configuration and `config` on top."""
    database = folder / "temporal.db"
    values = (*DYNAMIC_CONFIG, "frontend.WorkflowTimeSkippingEnabled=true", *config)
    environment = await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(temporal_program()),
        dev_server_database_filename=str(database),
        dev_server_startup_timeout=timedelta(seconds=30),
        dev_server_extra_args=[
            *(part for pragma in SQLITE_PRAGMAS for part in ("--sqlite-pragma", pragma)),
            *(part for value in values for part in ("--dynamic-config-value", value)),
        ],
    )
    async with environment:
        yield Server(environment.client.service_client.config.target_host, database)
    del environment
    gc.collect()
