"""Webhooks as they are kept: making one, switching it on and off, and its secret."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, Select, insert, select, update
from sqlalchemy.orm import Session

from domain.city import City
from domain.webhooks import Subscription, WebhookState, WhyDisabled
from domain.words import DepartmentId, NeighbourhoodId, ServiceCode
from readmodel.eventlog import last_position
from readmodel.schema import WEBHOOKS
from readmodel.sight import Sight

BOTH_SIGN = timedelta(days=1)
"""How long the secret before goes on signing, beside a new one."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """A system that is told of what happens."""

    id: str
    name: str
    url: str
    owner: str
    subscription: Subscription
    state: WebhookState
    why: WhyDisabled | None
    created_at: datetime
    disabled_at: datetime | None
    disabled: int
    """How often it was."""
    position: int
    """Of the last event that was looked at."""
    generation: int
    rotated_at: datetime | None
    failures: int
    rests_until: datetime | None
    tried_at: datetime | None
    answer: int | None
    error: str | None

    @property
    def enabled(self) -> bool:
        return self.state is WebhookState.ENABLED

    @property
    def sight(self) -> Sight:
        """The cases that it hears of, as far as services about people do not keep some to themselves."""
        wanted = self.subscription
        departments = (wanted.department,) if wanted.department is not None else None
        return Sight(departments, wanted.neighbourhoods or None)


def add_webhook(
    session: Session, name: str, url: str, owner: str, subscription: Subscription, now: datetime
) -> Webhook:
    """One that hears of what happens from now on."""
    id = str(uuid4())
    row = {
        "webhook_id": id,
        "name": name,
        "url": url,
        "owner": owner,
        "department": subscription.department,
        "neighbourhoods": list(subscription.neighbourhoods),
        "kinds": list(subscription.kinds),
        "services": list(subscription.services),
        "state": WebhookState.ENABLED.value,
        "created_at": now,
        "disabled": 0,
        "position": last_position(session),
        "generation": 1,
        "failures": 0,
    }
    session.connection().execute(insert(WEBHOOKS).values(row))
    return _found(session, id)


def list_webhooks(session: Session) -> Sequence[Webhook]:
    """By name."""
    return _webhooks(session, select(WEBHOOKS).order_by(WEBHOOKS.c.name, WEBHOOKS.c.webhook_id))


def enabled_webhooks(session: Session) -> Sequence[Webhook]:
    wanted = WEBHOOKS.c.state == WebhookState.ENABLED.value
    return _webhooks(session, select(WEBHOOKS).where(wanted).order_by(WEBHOOKS.c.webhook_id))


def webhook_by_id(session: Session, id: str, *, to_change: bool = False) -> Webhook | None:
    """`to_change` holds its row until the transaction ends."""
    query = select(WEBHOOKS).where(WEBHOOKS.c.webhook_id == id)
    return next(iter(_webhooks(session, query.with_for_update() if to_change else query)), None)


def names_of(session: Session, ids: Sequence[str]) -> dict[str, str]:
    query = select(WEBHOOKS.c.webhook_id, WEBHOOKS.c.name).where(WEBHOOKS.c.webhook_id.in_(ids))
    return {row.webhook_id: row.name for row in session.connection().execute(query)} if ids else {}


def change_webhook(session: Session, id: str, **values: Any) -> Webhook:
    session.connection().execute(update(WEBHOOKS).where(WEBHOOKS.c.webhook_id == id).values(values))
    return _found(session, id)


def rotate(session: Session, webhook: Webhook, now: datetime) -> Webhook:
    """Another secret; the one before signs, too, for a day."""
    return change_webhook(session, webhook.id, generation=webhook.generation + 1, rotated_at=now)


def newest_secret(key: bytes, webhook: Webhook) -> str:
    """As Standard Webhooks write it; to be shown once."""
    return _secret(key, webhook.id, webhook.generation)


def signing_secrets(key: bytes, webhook: Webhook, now: datetime) -> tuple[str, ...]:
    """Those that sign now, the newest first."""
    both = webhook.rotated_at is not None and now < webhook.rotated_at + BOTH_SIGN
    generations = (webhook.generation, webhook.generation - 1) if both else (webhook.generation,)
    return tuple(_secret(key, webhook.id, generation) for generation in generations)


def withheld(city: City, webhook: Webhook) -> tuple[ServiceCode, ...]:
    """Of cases about people only the department that works on them hears."""
    if webhook.subscription.department is not None:
        return ()
    return tuple(service.code for service in city.services.values() if service.private)


def _secret(key: bytes, id: str, generation: int) -> str:
    """Made from the city's key, so that whoever reads the database cannot sign."""
    digest = hmac.new(key, f"aanjager.webhook:{id}:{generation}".encode(), hashlib.sha256).digest()
    return f"whsec_{b64encode(digest).decode()}"


def _found(session: Session, id: str) -> Webhook:
    webhook = webhook_by_id(session, id)
    assert webhook is not None
    return webhook


def _webhooks(session: Session, query: Select[Any]) -> Sequence[Webhook]:
    return [_webhook(row) for row in session.connection().execute(query)]


def _webhook(row: Row[Any]) -> Webhook:
    return Webhook(
        id=row.webhook_id,
        name=row.name,
        url=row.url,
        owner=row.owner,
        subscription=Subscription(
            DepartmentId(row.department) if row.department is not None else None,
            tuple(NeighbourhoodId(id) for id in row.neighbourhoods),
            tuple(row.kinds),
            tuple(ServiceCode(code) for code in row.services),
        ),
        state=WebhookState(row.state),
        why=WhyDisabled(row.why) if row.why is not None else None,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        disabled=row.disabled,
        position=row.position,
        generation=row.generation,
        rotated_at=row.rotated_at,
        failures=row.failures,
        rests_until=row.rests_until,
        tried_at=row.tried_at,
        answer=row.answer,
        error=row.error,
    )
