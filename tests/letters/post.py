"""A post office: a real mail server that keeps what it gets, and can be told to refuse or to fall silent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class PostOffice:
    refuse_recipient: str | None = None
    refuse_text: list[str] = field(default_factory=list)
    """Answers to the next texts, before one is accepted."""
    silent: bool = False
    """Takes a text and never answers."""
    port: int = 0
    offered: int = 0
    """How many texts it was given, accepted or not."""
    recipients: list[str] = field(default_factory=list)
    letters: list[EmailMessage] = field(default_factory=list)
    got_text: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?from=wijken@town.example"

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        if self.refuse_recipient is not None:
            return self.refuse_recipient
        envelope.rcpt_tos.append(address)
        self.recipients.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.offered += 1
        self.got_text.set()
        if self.silent:
            await asyncio.Event().wait()
        if self.refuse_text:
            return self.refuse_text.pop(0)
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.letters.append(message)
        return "250 Message accepted for delivery"


@asynccontextmanager
async def open_for_business(office: PostOffice) -> AsyncIterator[PostOffice]:
    """On `office.port`, or on a free one."""
    loop = asyncio.get_running_loop()
    connections: list[SMTP] = []

    def connection() -> SMTP:
        connections.append(SMTP(office, loop=loop, hostname="post.example", enable_SMTPUTF8=True, decode_data=False))
        return connections[-1]

    server = await loop.create_server(connection, "127.0.0.1", office.port)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()
        for open_one in connections:
            if isinstance(open_one.transport, asyncio.Transport):
                open_one.transport.abort()


def plain(message: EmailMessage) -> str:
    """The letter as its text says it."""
    part = message.get_body(("plain",))
    assert part is not None
    text: str = part.get_content()
    return text
