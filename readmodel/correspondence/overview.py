"""All letters at a glance, and one of them to be read, for those who see to it that letters arrive.

They need not speak with residents: names, addresses and the secrets of links are left out, unless the case is made up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from domain.city import City
from readmodel import outbox
from readmodel.correspondence.addressing import addressee, is_resident
from readmodel.correspondence.gathering import gather
from readmodel.correspondence.rendering import Text, render
from readmodel.correspondence.told import Told
from readmodel.letters import LetterKind, LetterStatus
from readmodel.links import Links
from readmodel.meetings import meetings_named
from readmodel.origin import DEMONSTRATION
from readmodel.outbox import Outgoing
from readmodel.schema import CASES, LETTERS
from readmodel.webhooks import names_of

TROUBLED = (LetterStatus.FAILED, LetterStatus.UNCERTAIN, LetterStatus.WAITING, LetterStatus.HANDED_OVER)
"""What someone may have to look at."""
_UNDER_WAY = text("status NOT IN ('sent', 'kept')")
_SETTLED = (LetterStatus.SENT, LetterStatus.KEPT)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which letters to list; absent: all. `recipient` is a role such as `department`, or one of them: `head:roads`."""

    status: LetterStatus | None = None
    kind: LetterKind | None = None
    recipient: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A letter of the list, and what it is about: the number of a case, a neighbourhood whose team meets, a webhook."""

    letter: Outgoing
    about: str
    address: str
    """Of the page about that."""


@dataclass(frozen=True, slots=True)
class ReadLetter:
    """A letter as it reads, with its address, as far as the reader may know it."""

    letter: Outgoing
    about: str
    address: str
    to: str | None
    unsubscribe: str | None
    masked: bool
    text: Text


def counts(session: Session) -> dict[LetterStatus, int]:
    """How many letters are in each status that may ask for attention."""
    query = select(LETTERS.c.status, func.count()).where(_UNDER_WAY).group_by(LETTERS.c.status)
    found = {row[0]: row[1] for row in session.execute(query)}
    return {status: found.get(status.value, 0) for status in TROUBLED}


def list_letters(
    session: Session, wanted: Wanted, limit: int, before: int | None = None
) -> tuple[list[Listed], int | None]:
    """The newest first, from right below the id `before`; and what to go on from, if there are more."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.status is not None:
        conditions.append(LETTERS.c.status == wanted.status.value)
    if wanted.kind is not None:
        conditions.append(LETTERS.c.kind == wanted.kind.value)
    if wanted.recipient is not None:
        conditions.append(_to(wanted.recipient))
    if before is not None:
        conditions.append(LETTERS.c.id < before)
    query = select(LETTERS.c.id).where(*conditions).order_by(LETTERS.c.id.desc()).limit(limit + 1)
    if wanted.status is not None and wanted.status not in _SETTLED:
        query = query.where(_UNDER_WAY)
    ids = list(session.scalars(query))
    letters = {letter.id: letter for letter in outbox.by_ids(session, ids[:limit])}
    subjects = _subjects(session, list(letters.values()))
    found = [Listed(letters[id], *subjects[id]) for id in ids[:limit] if id in letters]
    return found, ids[limit - 1] if len(ids) > limit else None


def read_letter(session: Session, city: City, links: Links, id: int) -> ReadLetter | None:
    """None where there is no such letter."""
    letter = next(iter(outbox.by_ids(session, [id])), None)
    if letter is None:
        return None
    case = session.execute(select(CASES.c.source).where(CASES.c.case_id == letter.case_id)).one_or_none()
    made_up = case is not None and case.source == DEMONSTRATION
    [told] = gather(session, city, links if made_up else Links(links.public_url), [letter])
    about, address = _subjects(session, [letter])[letter.id]
    to = addressee(session, city, letter.recipient).email
    if not isinstance(told, Told):
        return ReadLetter(letter, about, address, to, None, False, render([told]))
    masked = is_resident(letter.recipient) and not made_up
    if masked:
        to = mask(to) if to is not None else None
        told = replace(told, name=mask(told.name) if told.name is not None else None)
    return ReadLetter(letter, about, address, to, told.silence, masked or told.task is not None, render([told]))


def mask(personal: str) -> str:
    """Of an address or a name, the first letter: enough to tell two apart, not to know who it is."""
    name, at, domain = personal.partition("@")
    return f"{name[:1]}…@{domain[:1]}…" if at else f"{name[:1]}…"


def failed_ids(session: Session, limit: int = 1000) -> Sequence[int]:
    query = select(LETTERS.c.id).where(LETTERS.c.status == LetterStatus.FAILED.value, _UNDER_WAY)
    return session.scalars(query.order_by(LETTERS.c.id).limit(limit)).all()


def _to(recipient: str) -> ColumnElement[bool]:
    if ":" in recipient or recipient == "leadership":
        return LETTERS.c.recipient == recipient
    # A range finds every value with this beginning, whatever the collation: `:` is followed by `;`.
    return (LETTERS.c.recipient >= f"{recipient}:") & (LETTERS.c.recipient < f"{recipient};")


def _subjects(session: Session, letters: Sequence[Outgoing]) -> dict[int, tuple[str, str]]:
    """What each letter is about in a word, and the address of its page."""
    cases = [letter.case_id for letter in letters if letter.case_id is not None]
    rows = session.execute(select(CASES.c.case_id, CASES.c.number).where(CASES.c.case_id.in_(cases))).all()
    numbers = {row.case_id: row.number for row in rows}
    meetings = meetings_named(session, [letter.meeting_id for letter in letters if letter.meeting_id is not None])
    webhooks = names_of(session, [letter.webhook_id for letter in letters if letter.webhook_id is not None])
    found: dict[int, tuple[str, str]] = {}
    for letter in letters:
        if letter.webhook_id is not None:
            found[letter.id] = webhooks[letter.webhook_id], Links("").webhook(letter.webhook_id)
        elif letter.meeting_id is not None:
            meeting = meetings[letter.meeting_id]
            found[letter.id] = meeting.neighbourhood, Links("").meeting(meeting.neighbourhood, meeting.meeting_id)
        elif letter.case_id is not None:
            found[letter.id] = numbers[letter.case_id], Links("").case(letter.case_id)
    return found
