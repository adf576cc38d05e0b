"""The processes of an installation, each run until it is told to stop; each imports only what it needs."""

import asyncio
import os

from aanjager.children import until_told_to_stop
from configuration.settings import LOOPBACK, PREFIX, SettingsMistake, read_settings


def run_worker(metrics: str | None) -> None:
    """Serves the queues until SIGINT or SIGTERM."""
    from aanjager.installation import installation
    from workers.logs import set_up_logs
    from workers.process import serve

    here = installation()
    set_up_logs(here.settings.log_format, "worker")
    asyncio.run(until_told_to_stop(serve(here.settings, here.city, here.engine, metrics)))


def run_web(host: str, port: int) -> None:
    """Serves pages and API until SIGINT or SIGTERM; open streams are cut after some seconds."""
    from aanjager.installation import installation
    from web.app import create_app
    from web.context import WebContext
    from web.engine import TemporalEngine, connected_when_needed
    from web.server import Server
    from workers.logs import set_up_logs
    from workflows.connection import connect

    told = os.environ.get("AANJAGER_PUBLIC_URL")
    settings = read_settings(public_url=told or f"http://{host}:{port}")
    if settings.demonstration and host not in LOOPBACK:
        raise SettingsMistake(f"{PREFIX}DEMONSTRATION: only where the web listens on this machine alone, not on {host}")
    here = installation(settings)
    set_up_logs(here.settings.log_format, "web")
    engine = TemporalEngine(connected_when_needed(connect))
    context = WebContext(
        here.engine, here.city, here.places, here.settings, engine, demonstration=settings.demonstration
    )
    server = Server(create_app(context), host, port)
    asyncio.run(until_told_to_stop(server.serve(), server.stop))


def run_migrate(*, quiet: bool) -> None:
    """Brings the database and Temporal up to date, and says so."""
    from configuration.secret_key import secret_key
    from readmodel.database import connect, writing
    from readmodel.migrate import migrate
    from readmodel.recognising import Recogniser
    from readmodel.reporters import note_earlier_reporters

    settings = read_settings()
    migrate(settings.database_url)
    with writing(connect(settings.database_url)) as session:
        note_earlier_reporters(session, Recogniser(secret_key(settings)))
    asyncio.run(_arrange())
    if not quiet:
        print("The database, and Temporal's search attributes and schedules, are up to date.")


async def _arrange() -> None:
    from workflows.connection import DEFAULT_ADDRESS, connect
    from workflows.standing import arrange

    try:
        client = await connect()
    except RuntimeError as error:
        address = os.environ.get("TEMPORAL_ADDRESS") or DEFAULT_ADDRESS
        raise RuntimeError(f"Temporal does not answer at {address}: {error}") from error
    await arrange(client)
