"""Taking a report in: kept first, then handed to the engine, which may well be down."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastapi.concurrency import run_in_threadpool

from domain.actor import RESIDENT, Actor
from domain.refusal import Refused
from readmodel.case_detail import case_detail
from readmodel.database import reading, writing
from readmodel.intake import Accepted, KeyReused, NewReport, Once, accept
from readmodel.photos import Picture, TooManyPhotos
from web.context import WebContext
from web.engine import EngineUnavailable
from web.handing_over import hand_over
from web.new_case import NewCase, report_of
from web.new_project import within_project
from web.pictures import Fault, at_fault
from web.problems import Problem, invalid

log = logging.getLogger("aanjager.web")

LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Taken:
    """The case of a report; `open_link`: its secret link may be told to whoever sent it."""

    accepted: Accepted
    open_link: bool


async def take_in(
    context: WebContext,
    sent: NewCase,
    by: Actor | None,
    key: str | None = None,
    address: str | None = None,
    photos: Sequence[Picture] = (),
) -> Taken:
    """Kept when this returns; `address` tells the place in words where no point is known. Raises Problem."""
    report = report_of(context, sent, by, _once(sent, by, key, photos), photos)
    if report.address is None:
        report = replace(report, address=address)
    taken = await run_in_threadpool(_keep, context, report)
    if taken.accepted.fresh:
        await _set_going(context, taken.accepted)
    return taken


async def _set_going(context: WebContext, accepted: Accepted) -> None:
    """Starts the case's workflow now; if that fails the intake round does it."""
    try:
        await hand_over(context, accepted.case, accepted.rules)
    except EngineUnavailable as error:
        log.warning("case %s waits for the intake round: %s", accepted.number, error)


def _once(sent: NewCase, by: Actor | None, key: str | None, photos: Sequence[Picture]) -> Once | None:
    """Each sender has keys of their own; all without a token share theirs, which only an equal report opens."""
    if key is None:
        return None
    check_key(key)
    left_out = {name for name in ("project", "attributes", "media_url") if getattr(sent, name) is None}
    body = hashlib.sha256(sent.model_dump_json(exclude=left_out, warnings=False).encode())
    for photo in photos:
        body.update(photo.content)
    return Once(f"{by.id if by is not None else 'public'}/{key}", body.hexdigest())


def check_key(key: str) -> None:
    """Of an `Idempotency-Key`. Raises Problem (422)."""
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        raise invalid("Idempotency-Key", f"must be 1 to {LONGEST_KEY} printable characters")


def _keep(context: WebContext, report: NewReport) -> Taken:
    try:
        with writing(context.database) as session:
            accepted = accept(session, context.city, context.rules_for, report, context.now())
    except Refused as refused:
        raise within_project(refused) from None
    except KeyReused:
        raise Problem(409, "conflict", "This Idempotency-Key came with another report before.") from None
    except TooManyPhotos:
        raise at_fault(Fault.TOO_MANY) from None
    if accepted.fresh or report.by != RESIDENT:
        return Taken(accepted, open_link=True)
    with reading(context.database) as session:
        kept = case_detail(session, accepted.case_id)
    return Taken(accepted, open_link=kept is not None and kept.item.description == report.description)
