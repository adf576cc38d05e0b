"""Opening a structural case: kept and begun in one transaction, once, however often it is asked."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.actor import Actor
from domain.case import Case
from domain.city import City
from domain.durations import Duration
from domain.rulebook import Rulebook
from domain.structural.opening import Beginning, open_structural
from domain.words import CaseId, NeighbourhoodId, ServiceCode
from readmodel.codec import case_from_json, rulebook_from_json
from readmodel.counters import advance, case_numbers
from readmodel.intake import KeyReused, Once, RulesFor, keep_rules, new_case_id
from readmodel.origin import Origin
from readmodel.recording import open_record
from readmodel.schema import CASES, IDEMPOTENCY_KEYS, RULEBOOKS
from readmodel.structural.hot_spots import take_up


@dataclass(frozen=True, slots=True)
class Wanted:
    """A structural case as a manager asks for it, checked against the city."""

    service: ServiceCode
    neighbourhood: NeighbourhoodId
    theme: str
    description: str
    review_every: Duration
    issues: tuple[CaseId, ...]
    hot_spot: str | None
    by: Actor
    once: Once | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """The case there is for it; `fresh`: just now, by this very request."""

    case: Case
    rules: Rulebook
    fresh: bool


class HotSpotDecided(Exception):
    """Somebody took that hot spot up, or dismissed it, before."""


def open_case(session: Session, city: City, rules_for: RulesFor, wanted: Wanted, now: datetime) -> Opened:
    """Kept once the caller's transaction is committed. Raises KeyReused and HotSpotDecided."""
    connection = session.connection()
    year = now.astimezone(ZoneInfo(city.timezone)).year
    if wanted.once is not None:
        advance(connection, f"cases-{year}", 0)
        before = opened_before(session, wanted.once)
        if before is not None:
            return before
    rules = rules_for(wanted.service, wanted.neighbourhood)
    keep_rules(session, rules)
    [number] = case_numbers(connection, year, 1)
    beginning = Beginning(
        case_id=new_case_id(now),
        number=number,
        service=wanted.service,
        neighbourhood=wanted.neighbourhood,
        theme=wanted.theme,
        by=wanted.by,
        review_every=wanted.review_every,
        issues=wanted.issues,
        hot_spot=wanted.hot_spot,
    )
    origin = Origin(description=wanted.description, accepted_at=now)
    case = open_record(session, city, origin, open_structural(rules, beginning, now))
    if wanted.hot_spot is not None and not take_up(session, wanted.hot_spot, case.case_id, wanted.by.id, now):
        raise HotSpotDecided(wanted.hot_spot)
    if wanted.once is not None:
        key = {"key": wanted.once.key, "body_hash": wanted.once.body_hash, "case_id": case.case_id, "at": now}
        connection.execute(insert(IDEMPOTENCY_KEYS), key)
    return Opened(case, rules, fresh=True)


def opened_before(session: Session, once: Once) -> Opened | None:
    """What the same key opened, if anything. Raises KeyReused when it came with something else."""
    query = (
        select(CASES.c.state, RULEBOOKS.c.body, IDEMPOTENCY_KEYS.c.body_hash)
        .join(RULEBOOKS, RULEBOOKS.c.version == CASES.c.rules)
        .join(IDEMPOTENCY_KEYS, IDEMPOTENCY_KEYS.c.case_id == CASES.c.case_id)
        .where(IDEMPOTENCY_KEYS.c.key == once.key)
    )
    row = session.connection().execute(query).one_or_none()
    if row is None:
        return None
    if row.body_hash != once.body_hash:
        raise KeyReused("this Idempotency-Key came with something else before")
    return Opened(case_from_json(row.state), rulebook_from_json(row.body), fresh=False)
