"""A department's own system: a real HTTP server that keeps what it gets, and answers as it is told."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from standardwebhooks import Webhook as Verifier


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    def verified_by(self, secret: str) -> dict[str, Any]:
        """Raises WebhookVerificationError."""
        found: dict[str, Any] = Verifier(secret).verify(self.body, self.headers)
        return found


def takes(_: Received) -> str:
    return answer(204)


def answer(status: int, *headers: str, body: str = "") -> str:
    lines = (f"HTTP/1.1 {status} So", f"content-length: {len(body)}", "connection: close", *headers)
    return "\r\n".join((*lines, "", body))


@dataclass
class Subscriber:
    answers: Callable[[Received], str | None] = takes
    """None: it never answers."""
    port: int = 0
    received: list[Received] = field(default_factory=list)
    got_one: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def of(self, case_id: str) -> list[Received]:
        return [one for one in self.received if one.event.get("subject") == case_id]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._answer(reader, writer)
        except (OSError, EOFError, asyncio.IncompleteReadError):
            pass  # the other side has left, or spoke TLS
        finally:
            writer.transport.abort()
            with suppress(OSError):
                await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers["content-length"]))
        received = Received(head[0].split(" ")[1], headers, body)
        self.received.append(received)
        self.got_one.set()
        said = self.answers(received)
        if said is not None:
            writer.write(said.encode())
            writer.write_eof()
        await reader.read()


@asynccontextmanager
async def listening(subscriber: Subscriber) -> AsyncIterator[Subscriber]:
    """On a free port of this machine."""
    talks: set[asyncio.Task[None]] = set()

    def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.create_task(subscriber.serve(reader, writer)))

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    subscriber.port = server.sockets[0].getsockname()[1]
    try:
        yield subscriber
    finally:
        server.close()
        for one in talks:
            one.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
