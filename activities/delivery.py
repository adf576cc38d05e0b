"""Handing letters to the mail server: claimed right before their text leaves, so that none is sent twice."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from aiosmtplib import SMTPDataError, SMTPException, SMTPNotSupported, SMTPRecipientRefused, SMTPResponseException
from sqlalchemy import Engine
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.mail import AddressUnusable, Reader, compose, handed_envelope, mail_server, message_id
from configuration.secret_key import secret_key
from configuration.settings import Settings
from domain.city import City
from readmodel import outbox
from readmodel.correspondence.addressing import addressee, follower_id, is_resident
from readmodel.correspondence.gathering import gather
from readmodel.correspondence.rendering import Text, render
from readmodel.correspondence.told import Told
from readmodel.database import writing
from readmodel.letters import LetterStatus
from readmodel.links import Links
from readmodel.outbox import Outgoing
from readmodel.silence import is_silenced
from workflows.delivery import DELIVER, GIVE_UP

OF_AN_ATTEMPT = 0.8
"""How much of the time that Temporal gives an attempt is spent on the mail server: the rest is for writing it down."""
UNKNOWN = "the mail server may have taken it: the answer was lost"
NOBODY = "there is no address to send it to"


@dataclass(frozen=True, slots=True)
class _Ready:
    ids: tuple[int, ...]
    causes: tuple[str, ...]
    reader: Reader
    text: Text


class _ClaimedBefore(Exception):
    pass


class Deliveries:
    """Handing over to one mail server, for one city."""

    def __init__(self, settings: Settings, city: City, database: Engine) -> None:
        self._city = city
        self._database = database
        url = settings.smtp_url
        self._links = Links(settings.public_url, secret_key(settings) if url is not None else None)
        self._server = mail_server(url.get_secret_value(), settings.public_url) if url is not None else None

    @activity.defn(name=DELIVER)
    async def deliver(self, batch: str) -> None:
        """Raises what asks for another attempt; that finds as uncertain what this one may have sent.

        What is raised names no person: it is kept in Temporal.
        """
        ready = await asyncio.to_thread(self._open, batch)
        if ready is None or self._server is None:
            return
        within = activity.info().start_to_close_timeout
        allowed = within.total_seconds() * OF_AN_ATTEMPT if within is not None else None
        if (reason := await self._hand_over(ready, allowed)) is not None:
            await asyncio.to_thread(self._release, ready.ids, reason)
            raise ApplicationError(reason, type="MailServer")

    @activity.defn(name=GIVE_UP)
    async def give_up(self, batch: str) -> None:
        """What still waits has failed; why is what the last attempt met."""
        await asyncio.to_thread(self._give_up, batch)

    async def _hand_over(self, ready: _Ready, allowed: float | None) -> str | None:
        """Why it must be tried again, if so; every other end is written down."""
        server, to = self._server, ready.reader.email
        assert server is not None
        claimed = False
        try:
            now = datetime.now(UTC)
            id = message_id(server, ready.causes)
            message = compose(server, self._city.name, ready.reader, ready.text, id, now)
            async with asyncio.timeout(allowed), handed_envelope(server, message, to) as smtp:
                claimed = await asyncio.to_thread(self._claim, ready.ids)
                if not claimed:
                    return None
                await smtp.data(message.as_bytes())
                await asyncio.to_thread(self._sent, ready.ids)
        except (AddressUnusable, SMTPNotSupported) as error:
            await asyncio.to_thread(self._failed, ready.ids, str(error))
        except (SMTPRecipientRefused, SMTPDataError) as error:
            if error.code < 500:
                return _told(error)
            await asyncio.to_thread(self._failed, ready.ids, f"{_told(error)}: {error.message}".replace(to, "…"))
        except (SMTPException, OSError) as error:
            if not claimed:
                return _told(error)
            await asyncio.to_thread(self._uncertain, ready.ids)
        return None

    def _open(self, batch: str) -> _Ready | None:
        """What of the batch still waits; what an attempt before left without an answer is uncertain from now on."""
        with writing(self._database) as session:
            letters = outbox.in_batch(session, batch)
            outbox.uncertain(session, _ids(letters), UNKNOWN)
            waiting = [letter for letter in letters if letter.status is LetterStatus.WAITING]
            if not waiting:
                return None
            if self._server is None:
                outbox.keep_all(session)
                return None
            recipient = waiting[0].recipient
            found = addressee(session, self._city, recipient)
            if found.email is None:
                outbox.failed(session, _ids(waiting), NOBODY)
                return None
            if is_resident(recipient) and is_silenced(session, follower_id(recipient)):
                outbox.unwanted(session, _ids(waiting))
                return None
            told = gather(session, self._city, self._links, waiting)
            causes = tuple(letter.cause for letter in waiting)
            reader = Reader(found.email, found.name, told[0].silence if isinstance(told[0], Told) else None)
            return _Ready(tuple(_ids(waiting)), causes, reader, render(told))

    def _claim(self, ids: Sequence[int]) -> bool:
        try:
            with writing(self._database) as session:
                if not outbox.claim(session, ids):
                    raise _ClaimedBefore
        except _ClaimedBefore:
            return False
        return True

    def _sent(self, ids: Sequence[int]) -> None:
        with writing(self._database) as session:
            outbox.sent(session, ids, datetime.now(UTC))

    def _release(self, ids: Sequence[int], reason: str) -> None:
        with writing(self._database) as session:
            outbox.release(session, ids, reason)

    def _failed(self, ids: Sequence[int], reason: str) -> None:
        with writing(self._database) as session:
            outbox.failed(session, ids, reason)

    def _uncertain(self, ids: Sequence[int]) -> None:
        with writing(self._database) as session:
            outbox.uncertain(session, ids, UNKNOWN)

    def _give_up(self, batch: str) -> None:
        with writing(self._database) as session:
            letters = outbox.in_batch(session, batch)
            outbox.uncertain(session, _ids(letters), UNKNOWN)
            for letter in letters:
                if letter.status is LetterStatus.WAITING:
                    outbox.failed(session, [letter.id], f"given up; the last attempt: {letter.error or 'none'}")


def _ids(letters: Sequence[Outgoing]) -> list[int]:
    return [letter.id for letter in letters]


def _told(error: Exception) -> str:
    """What happened, without what the mail server said: that often repeats the address."""
    if isinstance(error, SMTPResponseException):
        return f"the mail server answered {error.code}"
    return f"the mail server did not answer ({type(error).__name__})"
