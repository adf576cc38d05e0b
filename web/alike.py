"""Open cases that a new report may be about, and being counted in for one of them."""

import base64
import hashlib
import hmac
from datetime import timedelta
from hmac import compare_digest
from uuid import NAMESPACE_URL, uuid5

from fastapi.concurrency import run_in_threadpool

from domain.actor import Actor
from domain.city import City, Service
from domain.likeness import Kin, Pair, likeness
from domain.refusal import Refused
from domain.words import CaseId, Kind, ServiceCode, Stage
from readmodel.cases import CaseItem
from readmodel.database import reading, writing
from readmodel.followers import Contact, join, remove_follower
from readmodel.intake import NewReport
from readmodel.likely import LOOKED_AT, Likely, likely
from readmodel.nearby import MOST, Nearby, around, within
from readmodel.origin import new_supporter
from web.command_models import Support
from web.context import WebContext
from web.following import do
from web.sight import sees_texts, sight_of

SIGNATURE = 16
"""Characters: 96 bits."""
LONGEST_SIGNED = 60


def alike(context: WebContext, report: NewReport) -> list[Nearby]:
    """Around its point, or in its neighbourhood where it has none, the likeliest first; never what is about people."""
    service = context.city.services[report.service]
    if service.private:
        return []
    with reading(context.database) as session:
        if report.lat is None or report.lon is None:
            return within(session, report.neighbourhood, service.code)
        found = around(session, report.lat, report.lon, service.code, kindred_of(context.city, service), most=LOOKED_AT)
    now = context.now()

    def order(one: Nearby) -> float:
        kin = Kin.SAME if one.service == service.code else Kin.KINDRED
        return likeness(Pair(kin, one.metres, (now - one.opened_at) / timedelta(days=1)))

    return sorted(found, key=order, reverse=True)[:MOST]


def kindred_of(city: City, service: Service) -> list[ServiceCode]:
    """Those of the same theme and group; never what is about people."""
    return [
        other.code
        for other in city.services.values()
        if other.theme == service.theme
        and other.group == service.group
        and other.code != service.code
        and not other.private
    ]


def duplicates(context: WebContext, item: CaseItem, actor: Actor) -> list[Likely]:
    """The open cases within the actor's sight that an open case may be the same as, the likeliest first."""
    service = context.city.services.get(item.service)
    if service is None or item.stage is Stage.CLOSED or item.kind is not Kind.ISSUE:
        return []
    with reading(context.database) as session:
        return likely(session, item, kindred_of(context.city, service), sight_of(actor), texts=sees_texts(actor))


async def count_in(context: WebContext, case_id: CaseId, key: str, language: str, email: str | None = None) -> Contact:
    """One more resident behind the case, with a link of their own; once for each key, however often it is asked.

    Raises Problem, or Refused where the case takes no more.
    """
    follower, fresh = await run_in_threadpool(_joined, context, case_id, key, language, email)
    try:
        await do(context, follower, Support(command="support"))
    except Refused:
        if fresh:
            await run_in_threadpool(_left, context, follower)
        raise
    return follower


def _joined(context: WebContext, case_id: CaseId, key: str, language: str, email: str | None) -> tuple[Contact, bool]:
    now = context.now()
    id = str(uuid5(NAMESPACE_URL, f"aanjager:counted-in:{case_id}:{key}"))
    with writing(context.database) as session:
        follower = join(session, case_id, new_supporter(id, language, email), now)
    return follower, follower.joined_at == now


def _left(context: WebContext, follower: Contact) -> None:
    with writing(context.database) as session:
        remove_follower(session, follower.id)


def shared(context: WebContext, number: str) -> str:
    """The case number, signed: whoever gets it from someone who follows the case may be counted in as well."""
    return f"{number}-{_signature(context, number)}"


def shared_number(context: WebContext, signed: str) -> str | None:
    """None where we did not sign it."""
    number, signature = signed[: -SIGNATURE - 1], signed[-SIGNATURE:]
    known = _signature(context, number) if len(signed) <= LONGEST_SIGNED else ""
    return number if compare_digest(signature.encode(), known.encode()) else None


def _signature(context: WebContext, number: str) -> str:
    digest = hmac.new(context.secret, f"shared {number}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode()[:SIGNATURE]
