"""Structural work as it is asked for: opening a case for what keeps recurring, and dismissing a hot spot."""

import hashlib
import logging
from dataclasses import replace
from typing import Annotated

from fastapi.concurrency import run_in_threadpool
from pydantic import Field, TypeAdapter

from domain.actor import Actor
from domain.city import City
from domain.commands import Command
from domain.durations import WorkingDays, parse
from domain.refusal import Refused
from domain.structural.commands import Bundle
from domain.structural.opening import LONGEST, USUALLY
from domain.structural.rules import MOST_ISSUES
from domain.words import CaseId, NeighbourhoodId, Role, ServiceCode
from readmodel.database import reading, writing
from readmodel.intake import KeyReused, Once
from readmodel.structural.bundles import bundled_elsewhere, issues
from readmodel.structural.hot_spots import HotSpot, dismiss, one_hot_spot
from readmodel.structural.opening import HotSpotDecided, Opened, Wanted, open_case, opened_before
from web.context import WebContext
from web.engine import EngineUnavailable
from web.fields import Line, Sent, Text, Word
from web.handing_over import hand_over
from web.problems import FieldProblem, Problem, forbidden, not_found
from web.sight import sight_of
from web.taking_in import check_key

log = logging.getLogger("aanjager.web")


class NewStructural(Sent):
    """A problem that keeps recurring, and what is known of it."""

    neighbourhood: Word
    service: Word
    """Names the policy: the terms of its actions, and the ladder."""
    title: Line
    description: Text
    theme: Word | None = None
    """Of what recurs; that of the hot spot or of the service where absent."""
    cases: Annotated[tuple[Word, ...], Field(max_length=MOST_ISSUES)] = ()
    """The issues in it; those of the hot spot where absent."""
    hot_spot: Word | None = None
    review_every: Annotated[str, Field(max_length=40)] | None = None
    """In working days of the city, such as "20 working days", which it is where absent."""


class Dismissal(Sent):
    """Why a hot spot asks for nothing."""

    why: Text


NEW_STRUCTURAL = TypeAdapter(NewStructural)
DISMISSAL = TypeAdapter(Dismissal)


def manages(actor: Actor, neighbourhood: NeighbourhoodId) -> bool:
    """Whether structural work there is this actor's to decide."""
    manager = actor.role is Role.NEIGHBOURHOOD_MANAGER and actor.covers(neighbourhood)
    return manager or actor.role is Role.ADMINISTRATOR


async def open_structural(context: WebContext, sent: NewStructural, by: Actor, key: str | None = None) -> Opened:
    """The case, kept when this returns; the same key gives the case there is. Raises Problem and Refused."""
    if not manages(by, NeighbourhoodId(sent.neighbourhood)):
        raise forbidden("A structural case is opened by the manager of the neighbourhood.")
    once = None
    if key is not None:
        check_key(key)
        once = Once(f"{by.id}/structural/{key}", hashlib.sha256(sent.model_dump_json().encode()).hexdigest())
    opened = await run_in_threadpool(_keep, context, sent, by, once)
    if opened.fresh:
        try:
            await hand_over(context, opened.case, opened.rules)
        except EngineUnavailable as error:
            log.warning("case %s waits for the intake round: %s", opened.case.number, error)
    return opened


def dismiss_hot_spot(context: WebContext, id: str, why: str, by: Actor) -> HotSpot:
    """Raises Problem, or Refused where something was decided about it before."""
    with writing(context.database) as session:
        found = one_hot_spot(session, id)
        if found is None:
            raise not_found("There is no such hot spot.")
        if not manages(by, found.found.neighbourhood):
            raise forbidden("A hot spot is dismissed by the manager of its neighbourhood.")
        if not dismiss(session, id, by.id, why, context.now()):
            raise _decided()
    return found


def check_bundle(context: WebContext, case_id: CaseId | None, command: Command, by: Actor) -> None:
    """Raises Refused where an issue is unknown to whoever bundles it, or belongs to another structural case."""
    if not isinstance(command, Bundle):
        return
    with reading(context.database) as session:
        known = {one.case_id for one in issues(session, command.cases, sight_of(by)) if one.within}
        elsewhere = bundled_elsewhere(session, command.cases, case_id)
    for one in command.cases:
        if one not in known:
            raise Refused(f'There is no issue "{one}".', "invalid", "cases", "no_such_issue")
        if one in elsewhere:
            values = {"number": elsewhere[one]}
            raise Refused(f"An issue is part of {values['number']}.", "refused", "cases", "bundled_elsewhere", values)


def _keep(context: WebContext, sent: NewStructural, by: Actor, once: Once | None) -> Opened:
    try:
        if once is not None:
            with reading(context.database) as session:
                before = opened_before(session, once)
            if before is not None:
                return before
        wanted = replace(_wanted(context, sent, by), once=once)
        with writing(context.database) as session:
            return open_case(session, context.city, context.rules_for, wanted, context.now())
    except KeyReused:
        raise Problem(409, "conflict", "This Idempotency-Key came with something else before.") from None
    except HotSpotDecided:
        raise _decided() from None


def _wanted(context: WebContext, sent: NewStructural, by: Actor) -> Wanted:
    """Against the city's own services, places and cases."""
    city, mistakes = context.city, list[FieldProblem]()
    service, spot = city.services.get(ServiceCode(sent.service)), None
    if sent.hot_spot is not None:
        with reading(context.database) as session:
            spot = one_hot_spot(session, sent.hot_spot)
        if spot is None or spot.found.neighbourhood != sent.neighbourhood:
            mistakes.append(FieldProblem("hot_spot", "there is no such hot spot in this neighbourhood"))
    if service is None:
        mistakes.append(FieldProblem("service", f'{city.name} has no service "{sent.service}"'))
    if sent.neighbourhood not in city.neighbourhoods:
        mistakes.append(FieldProblem("neighbourhood", f'{city.name} has no neighbourhood "{sent.neighbourhood}"'))
    if sent.theme is not None and sent.theme not in themes(city):
        mistakes.append(FieldProblem("theme", f'{city.name} has no theme "{sent.theme}"'))
    every = _every(sent.review_every, mistakes)
    if mistakes or service is None:
        raise Problem(422, "invalid", "; ".join(f"{m.field}: {m.detail}" for m in mistakes), mistakes)
    own = spot.found.cases if spot is not None and not sent.cases else ()
    bundled = tuple(dict.fromkeys(CaseId(one) for one in (sent.cases or own)))
    check_bundle(context, None, Bundle(bundled), by)
    return Wanted(
        service=service.code,
        neighbourhood=NeighbourhoodId(sent.neighbourhood),
        theme=sent.theme or (spot.found.theme if spot is not None else service.theme),
        description=f"{sent.title}\n\n{sent.description}",
        review_every=every,
        issues=bundled,
        hot_spot=sent.hot_spot,
        by=by,
    )


def themes(city: City) -> tuple[str, ...]:
    """Of the city's services, in the order of their names."""
    return tuple(sorted({service.theme for service in city.services.values()}))


def _every(text: str | None, mistakes: list[FieldProblem]) -> WorkingDays:
    if text is None:
        return USUALLY
    try:
        every = parse(text)
    except ValueError:
        every = None
    if isinstance(every, WorkingDays) and 1 <= every.days <= LONGEST:
        return every
    mistakes.append(FieldProblem("review_every", f'write it like "20 working days", {LONGEST} at most'))
    return USUALLY


def _decided() -> Refused:
    return Refused("Something was decided about this hot spot before.", "refused", "hot_spot", "hot_spot_decided")
