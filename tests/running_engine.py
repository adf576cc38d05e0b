"""The whole engine as a newcomer runs it, spoken to over HTTP, with the means to kill a part of it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import httpx2 as httpx
import psutil

from aanjager.temporal_server import free_port
from readmodel.accounts import Mandate, create_token
from readmodel.database import connect, writing

T = TypeVar("T")

PATIENCE = 90.0
BETWEEN_LOOKS = 0.05
PARTS = {"worker": "aanjager worker", "web": "aanjager web", "temporal": "server start-dev"}


class Engine:
    """A running `aanjager up`."""

    def __init__(self, http: httpx.Client, process: "subprocess.Popen[str]", environment: dict[str, str]) -> None:
        self.process = process
        self.environment = environment
        self._http = http

    @property
    def address(self) -> str:
        return str(self._http.base_url).rstrip("/")

    def command(self, *words: str) -> str:
        """What a command of ours prints, run on the same installation."""
        done = subprocess.run(
            [sys.executable, "-m", "aanjager", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return done.stdout

    def token(self, mandate: Mandate) -> str:
        """A new token, made as the command makes it."""
        engine = connect(f"sqlite:///{self.environment['AANJAGER_DATA']}/aanjager.db")
        try:
            with writing(engine) as session:
                return create_token(session, mandate, datetime.now(UTC))
        finally:
            engine.dispose()

    def send(self, method: str, path: str, token: str | None = None, **more: Any) -> httpx.Response:
        """One request; repeated unchanged while a part of the engine is out of reach, as a good client does."""
        headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
        headers |= more.pop("headers", {})

        def answer() -> httpx.Response | None:
            try:
                response = self._http.request(method, f"/api/v1{path}", headers=headers, **more)
            except httpx.TransportError:
                return None
            return None if response.status_code == 503 else response

        return eventually(answer)

    def report(self, **fields: Any) -> dict[str, Any]:
        """A report by the public."""
        body = {"kind": "issue", "service": "pothole", "description": "Een put", "neighbourhood": "oost", **fields}
        response = self.send("POST", "/cases", json=body, headers={"Idempotency-Key": str(uuid4())})
        assert response.status_code in {200, 201}, response.text
        taken: dict[str, Any] = response.json()
        return taken

    def case(self, case_id: str, token: str) -> dict[str, Any]:
        """The case as that role sees it."""
        response = self.send("GET", f"/cases/{case_id}", token)
        assert response.status_code == 200, response.text
        case: dict[str, Any] = response.json()
        return case

    def act(self, case_id: str, token: str, command: str, **fields: Any) -> httpx.Response:
        """A command; a repeat after a failure carries the same id."""
        body = {"command": command, "command_id": str(uuid4()), **fields}
        return self.send("POST", f"/cases/{case_id}/commands", token, json=body)

    def kill(self, part: str) -> None:
        """SIGKILL to one part, as a crash would."""
        for child in psutil.Process(self.process.pid).children(recursive=True):
            if PARTS[part] in " ".join(child.cmdline()):
                child.send_signal(signal.SIGKILL)
                child.wait(10)
                return
        raise AssertionError(f"no {part} runs")


def eventually(look: Callable[[], T | None]) -> T:
    """The first answer that is neither None nor False; fails after a minute and a half."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = look()
        if found is not None and found is not False:
            return found
        time.sleep(BETWEEN_LOOKS)
    raise AssertionError("it did not happen")


@contextmanager
def running(city: Path, data: Path, **settings: str) -> Iterator[Engine]:
    """`aanjager up` from ready to stopped; fails where it does not stop cleanly."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("AANJAGER_", "TEMPORAL_"))},
        "AANJAGER_CITY": str(city),
        "AANJAGER_DATA": str(data),
        **settings,
    }
    log = data.with_suffix(".log")
    with log.open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "aanjager", "up", "--no-demo", "--port", str(port)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
    try:
        assert process.stdout is not None
        address = next(line.split()[-1] for line in process.stdout if line.startswith("Aanjager is ready: "))
        with httpx.Client(base_url=address, timeout=30) as http:
            yield Engine(http, process, environment)
        parts = psutil.Process(process.pid).children(recursive=True)
        before = log.stat().st_size
        process.send_signal(signal.SIGINT)
        assert process.wait(15) == 0
        assert "Traceback" not in log.read_text()[before:]
        assert not [part for part in parts if part.is_running() and part.status() != psutil.STATUS_ZOMBIE]
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
