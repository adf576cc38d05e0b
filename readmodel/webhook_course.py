"""Switching a webhook off and on, with the letter that this causes, and what became of an attempt."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.city import City
from domain.webhooks import WebhookState, WhyDisabled
from readmodel.eventlog import last_position
from readmodel.letters import LetterKind, LetterStatus
from readmodel.schema import LETTERS
from readmodel.webhook_messages import hold, skip_all
from readmodel.webhooks import Webhook, change_webhook


def disable(session: Session, city: City, webhook: Webhook, why: WhyDisabled, now: datetime) -> None:
    """Nothing is sent any more, and what waits stays; its owner is told by letter, unless an administrator did it.

    Disabling it again changes nothing. The caller holds the webhook's row.
    """
    if not webhook.enabled:
        return
    hold(session, webhook.id)
    times = webhook.disabled + 1
    values = {"state": WebhookState.DISABLED.value, "why": why.value, "disabled_at": now, "disabled": times}
    change_webhook(session, webhook.id, **values)
    if why is not WhyDisabled.ADMINISTRATOR:
        _tell_owner(session, city, webhook, times, why, now)


def enable(session: Session, webhook: Webhook, *, catch_up: bool) -> None:
    """What waits is sent and what happened meanwhile is told, or else only what happens from now on."""
    if webhook.enabled:
        return
    values: dict[str, Any] = {
        "state": WebhookState.ENABLED.value,
        "why": None,
        "disabled_at": None,
        "failures": 0,
        "rests_until": None,
    }
    hold(session, webhook.id)
    if not catch_up:
        skip_all(session, webhook.id)
        values["position"] = last_position(session)
    change_webhook(session, webhook.id, **values)


def _tell_owner(session: Session, city: City, webhook: Webhook, times: int, why: WhyDisabled, now: datetime) -> None:
    row = {
        "webhook_id": webhook.id,
        "seq": times,
        "kind": LetterKind.WEBHOOK_DISABLED.value,
        "recipient": f"webhook:{webhook.id}",
        "language": city.languages[0],
        "urgent": False,
        "facts": {"why": why.value, "answer": webhook.answer, "error": webhook.error},
        "digest": None,
        "status": LetterStatus.WAITING.value,
        "created_at": now,
        "not_before": now,
        "attempts": 0,
    }
    connection = session.connection()
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(LETTERS).on_conflict_do_nothing(), row)
