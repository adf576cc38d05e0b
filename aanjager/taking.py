"""Referrals from another system into the read model, a batch at a time: each batch is one transaction.

Every referral is known by its source reference, so that an import can be interrupted and repeated.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from aanjager.mapping import ImportMapping
from aanjager.referrals import Referral
from domain.city import City
from domain.events import Happened
from domain.history import Past, story, taken_over
from domain.opening import Opening
from domain.rulebook import Rulebook, rulebook
from domain.words import NoteId, Role, Tier
from readmodel.counters import case_numbers
from readmodel.database import writing
from readmodel.intake import keep_rules, new_case_id, taken_refs
from readmodel.letters import FollowerRole
from readmodel.notes import Note, put_notes
from readmodel.origin import NewFollower, Origin
from readmodel.recording import record_many

_ATTEMPTS = 5


@dataclass(slots=True)
class Imported:
    """How many rows of the file were there, and what became of them."""

    rows: int = 0
    live: int = 0
    finished: int = 0
    present: int = 0
    """Taken before: left as they are, whatever the file says of them now."""
    skipped: int = 0
    """Closed, and only open ones were asked for."""
    rejected: int = 0
    rejected_file: Path | None = None


class Take:
    """Takes batches in for one import, and counts in `done` what became of them."""

    def __init__(self, engine: Engine, city: City, mapping: ImportMapping, now: datetime, done: Imported) -> None:
        self._engine = engine
        self._city = city
        self._mapping = mapping
        self._now = now
        self._done = done
        self._books: dict[tuple[str, str, Tier], Rulebook] = {}

    def batch(self, referrals: list[Referral]) -> None:
        """One transaction; tried again when someone else took one of the referrals at the same moment."""
        for attempt in count(1):
            try:
                with writing(self._engine) as session:
                    new = self._record(session, referrals)
            except IntegrityError:
                if attempt == _ATTEMPTS:
                    raise
            else:
                live = sum(referral.closed_at is None for referral in new)
                self._done.live += live
                self._done.finished += len(new) - live
                self._done.present += len(referrals) - len(new)
                return

    def _record(self, session: Session, referrals: list[Referral]) -> list[Referral]:
        """Those that were not there yet."""
        there = taken_refs(session, self._mapping.source, [referral.source_ref for referral in referrals])
        new = [referral for referral in referrals if referral.source_ref not in there]
        if not new:
            return []
        zone = ZoneInfo(self._city.timezone)
        years = [referral.opened_at.astimezone(zone).year for referral in new]
        numbers = {y: iter(case_numbers(session.connection(), y, years.count(y))) for y in sorted(set(years))}
        for rules in {self._rules(referral).version: self._rules(referral) for referral in new}.values():
            keep_rules(session, rules)
        told = [self._case(referral, next(numbers[year])) for referral, year in zip(new, years, strict=True)]
        record_many(session, self._city, [(origin, events) for origin, events, _ in told])
        put_notes(session, [note for _, _, note in told if note is not None])
        return new

    def _rules(self, referral: Referral) -> Rulebook:
        service = self._city.services[referral.service]
        neighbourhood = self._city.neighbourhoods[referral.neighbourhood]
        key = (service.policy, service.urgent_policy, neighbourhood.tier)
        if key not in self._books:
            self._books[key] = rulebook(self._city, service, neighbourhood)
        return self._books[key]

    def _case(self, referral: Referral, number: str) -> tuple[Origin, tuple[Happened, ...], Note | None]:
        case_id, kind, rules = new_case_id(self._now), self._mapping.kind, self._rules(referral)
        if referral.closed_at is None:
            opening = Opening(
                case_id, number, kind, referral.service, referral.neighbourhood, False, referral.departments
            )
            terms_from = self._now if self._mapping.terms == "from_import" else referral.opened_at
            reporter = NewFollower(new_case_id(self._now), FollowerRole.REPORTER, secrets.token_urlsafe(16))
            events = taken_over(rules, opening, referral.opened_at, terms_from)
            return self._origin(referral, (reporter,)), events, None
        past = Past(
            case_id=case_id,
            number=number,
            kind=kind,
            service=referral.service,
            neighbourhood=referral.neighbourhood,
            departments=referral.departments,
            opened_at=referral.opened_at,
            due_at=referral.due_at,
            closed_at=referral.closed_at,
        )
        if referral.resolution is None or not referral.departments:
            return self._origin(referral), story(past, rules.version), None
        id = NoteId(str(uuid5(NAMESPACE_URL, f"{case_id}/resolution")))
        note = Note(
            note_id=id,
            case_id=case_id,
            text=referral.resolution,
            public=True,
            author_role=Role.DEPARTMENT,
            author_id=self._mapping.source,
            at=referral.closed_at,
        )
        return self._origin(referral), story(past, rules.version, id), note

    def _origin(self, referral: Referral, followers: tuple[NewFollower, ...] = ()) -> Origin:
        lat, lon = referral.point or (None, None)
        return Origin(
            description=referral.description,
            accepted_at=self._now,
            address=referral.address,
            lat=lat,
            lon=lon,
            source=self._mapping.source,
            source_ref=referral.source_ref,
            followers=followers,
            imported=True,
        )
