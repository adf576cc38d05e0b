"""Open cases that a new report may be about, and being counted in for one of them."""

import base64
import hashlib
import hmac
from hmac import compare_digest
from uuid import NAMESPACE_URL, uuid5

from fastapi.concurrency import run_in_threadpool

from domain.city import Service
from domain.refusal import Refused
from domain.words import CaseId
from readmodel.database import reading, writing
from readmodel.followers import Contact, join, remove_follower
from readmodel.intake import NewReport
from readmodel.nearby import Nearby, around, within
from readmodel.origin import new_supporter
from web.command_models import Support
from web.context import WebContext
from web.following import do

SIGNATURE = 16
"""Characters: 96 bits."""
LONGEST_SIGNED = 60


def alike(context: WebContext, report: NewReport) -> list[Nearby]:
    """Around its point, or in its neighbourhood where it has none; never what is about people."""
    service = context.city.services[report.service]
    if service.private:
        return []
    with reading(context.database) as session:
        if report.lat is None or report.lon is None:
            return within(session, report.neighbourhood, service.code)
        kindred = [other.code for other in context.city.services.values() if _kindred(service, other)]
        return around(session, report.lat, report.lon, service.code, kindred)


def _kindred(one: Service, other: Service) -> bool:
    return other.theme == one.theme and other.group == one.group and other.code != one.code and not other.private


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
