"""Taking on what was offered: whoever does so follows the case from then on, by a secret link of their own."""

import secrets
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from fastapi.concurrency import run_in_threadpool

from domain.refusal import Refused
from domain.words import CaseId
from domain.working_time import end_of
from readmodel.case_detail import case_state
from readmodel.database import reading, writing
from readmodel.followers import Contact, join, remove_follower
from readmodel.letters import FollowerRole
from readmodel.offers import Offered, last_offer, open_offers
from readmodel.origin import NewFollower
from web.context import WebContext
from web.following import do
from web.initiative_models import Adopt, AdoptSent
from web.problems import not_found

ROUGHLY = 3
"""Decimals of a degree."""


def on_offer(context: WebContext) -> tuple[Offered, ...]:
    """What anyone may take on now; never what is about people."""
    with reading(context.database) as session:
        found = open_offers(session)
    return tuple(offer for offer in found if offer.until > context.now() and shareable(context, offer))


def shareable(context: WebContext, offer: Offered) -> bool:
    service = context.city.services.get(offer.service)
    return service is not None and not service.private


def rough(offer: Offered) -> tuple[float, float] | None:
    """About where it is, to some hundred metres: latitude and longitude."""
    if offer.lat is None or offer.lon is None:
        return None
    return round(offer.lat, ROUGHLY), round(offer.lon, ROUGHLY)


def promised_account(context: WebContext, offer: Offered) -> datetime:
    """By when it is to be accounted for by whoever takes it on now, or did."""
    if offer.account_by is not None:
        return offer.account_by
    rules = context.rules_for(offer.service, offer.neighbourhood)
    return end_of(rules.calendar(None), context.now(), rules.policy.resolve_within)


async def adopt(context: WebContext, case_id: CaseId, who: AdoptSent, key: str) -> Contact:
    """They took it on, and get a link of their own; once for each key, however often it is asked.

    Raises Problem, or Refused, having left nothing behind.
    """
    await run_in_threadpool(_look, context, case_id)
    follower, fresh = await run_in_threadpool(_joined, context, case_id, who, key)
    command_id = who.command_id or uuid5(NAMESPACE_URL, f"aanjager:adopt:{follower.id}")
    try:
        await do(context, follower, Adopt(command="adopt", offer=who.offer, command_id=command_id))
    except Refused:
        if fresh:
            await run_in_threadpool(_left, context, follower)
        raise
    return follower


def _look(context: WebContext, case_id: CaseId) -> None:
    """Raises Problem 404 for a case that was never offered, as for one that does not exist."""
    with reading(context.database) as session:
        offer = last_offer(session, case_id)
        known = offer is not None and case_state(session, case_id) is not None
    if offer is None or not known or not shareable(context, offer):
        raise not_found("This is not offered to residents.")


def _joined(context: WebContext, case_id: CaseId, who: AdoptSent, key: str) -> tuple[Contact, bool]:
    now = context.now()
    language = who.language if who.language in context.city.languages else context.city.languages[0]
    follower = NewFollower(
        str(uuid5(NAMESPACE_URL, f"aanjager:adopter:{case_id}:{key}")),
        FollowerRole.ADOPTER,
        secrets.token_urlsafe(16),
        who.name,
        who.email,
        who.phone,
        language,
    )
    with writing(context.database) as session:
        joined = join(session, case_id, follower, now)
    return joined, joined.joined_at == now


def _left(context: WebContext, follower: Contact) -> None:
    with writing(context.database) as session:
        remove_follower(session, follower.id)
