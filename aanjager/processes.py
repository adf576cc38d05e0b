"""The processes of an installation, each run until it is told to stop."""

import asyncio

import uvicorn
from web.app import create_app

from aanjager.children import until_told_to_stop
from aanjager.installation import installation
from configuration.settings import read_settings
from readmodel.migrate import migrate
from web.context import web_context
from workers.logs import set_up_logs
from workers.process import serve
from workflows.connection import connect
from workflows.standing import arrange

CLOSING_SECONDS = 3


def run_worker() -> None:
    """Serves the queues until SIGINT or SIGTERM."""
    here = installation()
    set_up_logs(here.settings.log_format, "worker")
    asyncio.run(until_told_to_stop(serve(here.settings, here.city, here.engine)))


def run_web(host: str, port: int) -> None:
    """Serves pages and API until SIGINT or SIGTERM; open streams are cut after three seconds."""
    here = installation()
    set_up_logs(here.settings.log_format, "web")
    app = create_app(web_context(here.settings, here.city, here.places, here.engine))
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=CLOSING_SECONDS,
    )


def run_migrate(*, quiet: bool) -> None:
    """Brings the database and Temporal up to date, and says so."""
    settings = read_settings()
    migrate(settings.database_url)
    asyncio.run(_arrange())
    if not quiet:
        print("The database, and Temporal's search attributes and schedules, are up to date.")


async def _arrange() -> None:
    await arrange(await connect())
