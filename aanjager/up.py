"""`aanjager up`: the whole engine on one machine, its parts kept running until it is told to stop."""

import asyncio
import os
import socket
import sys
import urllib.error
import urllib.request
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path

from aanjager.children import Program, kept_running, until_told_to_stop
from aanjager.example import example_city
from aanjager.temporal_server import temporal_server
from configuration.city_files import read_city
from configuration.settings import LOOPBACK, Settings, on_loopback, read_settings

READY_WITHIN = 60.0


class DidNotStart(RuntimeError):
    """The engine cannot run here, for a reason that is told."""


def run_everything(city: Path | None, data: Path | None, host: str, port: int, *, demo: bool) -> None:
    """Runs until SIGINT or SIGTERM; raises DidNotStart, SettingsMistake, CityMistakes or TemporalDidNotStart."""
    settings = read_settings(city=city, data=data)
    read_city(settings.city or example_city(), datetime.now(UTC).date())
    _claim(host, port)
    settings.data.mkdir(parents=True, exist_ok=True)
    asyncio.run(until_told_to_stop(_up(settings, host, port, demo=demo)))


async def _up(settings: Settings, host: str, port: int, *, demo: bool) -> None:
    address = f"http://{_shown(host)}:{port}"
    public_url = os.environ.get("AANJAGER_PUBLIC_URL") or address
    environment = {
        "AANJAGER_CITY": str((settings.city or example_city()).absolute()),
        "AANJAGER_DATA": str(settings.data),
        "AANJAGER_PUBLIC_URL": public_url,
        "AANJAGER_DEMONSTRATION": "",
    }
    one_click = demo and host in LOOPBACK and on_loopback(public_url)
    shown = {"AANJAGER_DEMONSTRATION": "1"} if one_click else {}
    places = {"report something": f"{address}/report", "sign in": f"{address}/sign-in"}
    places["the API, explained"] = f"{address}/api/v1/docs"
    async with AsyncExitStack() as stack:
        if not os.environ.get("TEMPORAL_ADDRESS"):
            server = await stack.enter_async_context(temporal_server(settings.data))
            environment["TEMPORAL_ADDRESS"] = server.address
            places["Temporal's own pages"] = server.ui_url or ""
        await _once(environment, "migrate", "--quiet")
        await stack.enter_async_context(
            kept_running(
                Program("web", _command("web", "--host", host, "--port", str(port)), {**environment, **shown}),
                Program("worker", _command("worker"), environment),
            )
        )
        await _ready(address)
        print(f"Aanjager is ready: {address}", flush=True)
        for what, where in {**places, "everything is kept in": settings.data}.items():
            print(f"  {what:<22} {where}", flush=True)
        print("Ctrl-C stops it all; the next start goes on where this one stopped.", flush=True)
        if demo:
            with suppress(DidNotStart):
                await _once(environment, "fill-demo")
        await asyncio.Event().wait()


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "aanjager", *words]


async def _once(environment: dict[str, str], *words: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *_command(*words), env={**os.environ, **environment}, stdin=asyncio.subprocess.DEVNULL
    )
    try:
        code = await process.wait()
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise
    if code != 0:
        raise DidNotStart(f"`aanjager {' '.join(words)}` ended with exit code {code}")


async def _ready(address: str) -> None:
    try:
        async with asyncio.timeout(READY_WITHIN):
            while not await asyncio.to_thread(_answers, f"{address}/readyz"):
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise DidNotStart(f"{address}/readyz did not answer 200 in {READY_WITHIN:.0f} s") from None


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _claim(host: str, port: int) -> None:
    """Raises DidNotStart where another program listens there already."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise DidNotStart(
                f"cannot listen on {host} port {port}: {error.strerror}; choose another with --port"
            ) from None


def _shown(host: str) -> str:
    if host in {"0.0.0.0", "::", ""}:
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
