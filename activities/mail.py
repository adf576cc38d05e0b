"""Speaking with a mail server: the envelope first, so that what it refuses is known before any text leaves."""

import hashlib
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy
from email.utils import format_datetime
from ipaddress import ip_address
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from configuration.settings import PREFIX, SettingsMistake
from readmodel.correspondence.rendering import Text
from readmodel.correspondence.wording import on_one_line

ANSWER_WITHIN = 30.0
"""Seconds for each answer of the mail server."""
_ATOM = r"[^\x00-\x20\x7f-\xa0\s@<>()\[\],;:\\\"]{1,254}"
_PLAIN_ADDRESS = re.compile(f"{_ATOM}@{_ATOM}")


class AddressUnusable(Exception):
    """No mail can go to this address."""


class _InOnePiece(UnstructuredHeader, BaseHeader):
    """A header whose address stays whole however long it is: mailboxes read no encoded words in it."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _InOnePiece)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a letter goes to, and where they may ask for no more of them (RFC 8058)."""

    email: str
    name: str | None = None
    silence: str | None = None


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed over, and in whose name."""

    host: str
    port: int
    tls: bool
    """From the first byte on; else STARTTLS where the server offers it."""
    sender: str
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)


def mail_server(url: str, public_url: str) -> MailServer:
    """From `smtp://user:pass@host:port` or `smtps://…`.

    Letters come from `?from=ADDRESS` of the URL; else from the user, where that is an address; else from `aanjager@`
    the host of the public URL. Raises SettingsMistake.
    """
    parts = urlsplit(url)
    tls = parts.scheme == "smtps"
    user = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    chosen = parse_qs(parts.query).get("from", [user if user and "@" in user else None])[0]
    if chosen is not None and not (chosen.isascii() and _PLAIN_ADDRESS.fullmatch(chosen)):
        raise SettingsMistake(f"{PREFIX}SMTP_URL: letters cannot come from an address like this; name one by ?from=")
    return MailServer(
        host=parts.hostname or "localhost",
        port=parts.port or (465 if tls else 587 if user else 25),
        tls=tls,
        sender=chosen or f"aanjager@{_domain(urlsplit(public_url).hostname or 'localhost')}",
        user=user,
        password=password,
    )


def compose(server: MailServer, city: str, reader: Reader, text: Text, id: str, now: datetime) -> EmailMessage:
    """The message, text before HTML. No field holds a line break, whatever people wrote. Raises AddressUnusable."""
    to = reader.email
    if not _PLAIN_ADDRESS.fullmatch(to):
        raise AddressUnusable("this is not an e-mail address")
    message = EmailMessage(policy=(policy.SMTPUTF8 if not to.isascii() else policy.SMTP).clone(header_factory=_HEADERS))
    try:
        message["From"] = Address(on_one_line(city), addr_spec=server.sender)
        message["To"] = Address(on_one_line(reader.name or ""), *to.split("@"))
        message["Subject"] = on_one_line(text.subject)
        message["Date"] = format_datetime(now)
        message["Message-ID"] = id
        message["Auto-Submitted"] = "auto-generated"
        if reader.silence is not None:
            message["List-Unsubscribe"] = f"<{reader.silence}>"
            if reader.silence.startswith("https:"):
                message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(text.body, cte="quoted-printable")
        message.add_alternative(text.html, subtype="html", cte="quoted-printable")
    except (MessageError, ValueError, IndexError) as error:
        raise AddressUnusable("this is not an e-mail address") from error
    return message


def message_id(server: MailServer, causes: Sequence[str]) -> str:
    """The same for the same causes, so that a mailbox knows a repetition for what it is."""
    digest = hashlib.sha256("\n".join(causes).encode()).hexdigest()[:32]
    return f"<{digest}@{server.sender.rpartition('@')[2]}>"


@asynccontextmanager
async def handed_envelope(server: MailServer, message: EmailMessage, to: str) -> AsyncIterator[aiosmtplib.SMTP]:
    """A session in which the mail server has accepted sender and recipient, and waits for the text.

    Raises SMTPRecipientRefused, SMTPNotSupported, another SMTPException or OSError; nothing was sent then.
    """
    smtp = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        use_tls=server.tls,
        timeout=ANSWER_WITHIN,
        local_hostname=server.sender.rpartition("@")[2],
    )
    await smtp.connect()
    try:
        unusual = not to.isascii()
        if unusual:
            await smtp.ehlo()
            if not smtp.supports_extension("smtputf8"):
                raise aiosmtplib.SMTPNotSupported("the mail server takes no addresses with such letters")
        encoding = "utf-8" if unusual else "ascii"
        await smtp.mail(server.sender, options=["SMTPUTF8"] if unusual else [], encoding=encoding)
        await smtp.rcpt(to, encoding=encoding)
        yield smtp
        with suppress(aiosmtplib.SMTPException, OSError):
            await smtp.quit()
    finally:
        smtp.close()


def _domain(host: str) -> str:
    with suppress(ValueError):
        address = ip_address(host)
        return f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"
    return host
