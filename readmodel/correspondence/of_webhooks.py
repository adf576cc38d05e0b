"""What the letter to the owner of a webhook tells when it was switched off."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from domain.city import City
from domain.webhooks import WhyDisabled
from readmodel.correspondence.wording import on_one_line, readable
from readmodel.letters import LetterKind
from readmodel.links import HIDDEN, Links
from readmodel.outbox import Outgoing
from readmodel.webhooks import webhook_by_id

WEBHOOK_EXAMPLES = (LetterKind.WEBHOOK_DISABLED.value,)


@dataclass(frozen=True, slots=True)
class ToldWebhook:
    """Times are local to the city."""

    letter: int
    kind: LetterKind
    language: str
    city: str
    name: str
    link: str
    at: datetime
    why: str
    answer: int | None
    """What it answered the last attempt with; absent where it did not answer."""


def told_webhook(session: Session, city: City, links: Links, letter: Outgoing) -> ToldWebhook:
    """From the letter's own facts: the webhook may be on again."""
    assert letter.webhook_id is not None
    webhook = webhook_by_id(session, letter.webhook_id)
    assert webhook is not None
    return ToldWebhook(
        letter=letter.id,
        kind=letter.kind,
        language=readable(letter.language),
        city=city.name,
        name=on_one_line(webhook.name),
        link=links.webhook(webhook.id),
        at=letter.created_at.astimezone(ZoneInfo(city.timezone)),
        why=letter.facts["why"],
        answer=letter.facts["answer"],
    )


def webhook_example(city: City, language: str) -> ToldWebhook:
    """The letter with made-up content."""
    return ToldWebhook(
        letter=0,
        kind=LetterKind.WEBHOOK_DISABLED,
        language=readable(language),
        city=city.name,
        name="Website",
        link=Links("https://wijken.example").webhook(HIDDEN),
        at=datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo(city.timezone)),
        why=WhyDisabled.UNREACHABLE.value,
        answer=503,
    )
