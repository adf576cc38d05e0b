"""Fills an empty installation with the demonstration, once, however often and by however many processes it is asked."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from aanjager.demo.acts import reporter_id
from aanjager.demo.gathering import Gathered, gather_team, keep_team
from aanjager.demo.projects import tell_projects
from aanjager.demo.tackling import Tackling, keep_tackling, tackle
from aanjager.demo.year import Told, tell_year
from aanjager.installation import Installation
from activities.hot_spots.reviewing import review_hot_spots
from configuration.secret_key import secret_key
from domain.city import City
from domain.events import CaseOpened, Happened
from readmodel.counters import advance, case_numbers
from readmodel.database import writing
from readmodel.intake import keep_rules
from readmodel.joining import join_followers
from readmodel.letters import FollowerRole, LetterStatus
from readmodel.notes import put_notes
from readmodel.origin import DEMONSTRATION, NewFollower, Origin
from readmodel.recognising import Recogniser
from readmodel.recording import record_many
from readmodel.reporters import note_all_reporters
from readmodel.schema import CASES, LETTERS
from readmodel.settling import settle

BATCH = 200
BEGAN, KEPT, DONE = "demo-began", "demo-kept", "demo-done"
"""The counters: when it began, in seconds since 1970; how many of its cases are kept; 1 once all are."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What the demonstration consists of."""

    cases: int
    open: int


def fill_demo(here: Installation, now: datetime, cases: int = 1500, live: int = 60) -> Filled | None:
    """Fills an installation without cases; None where there are cases, or the demonstration is complete already.

    An interrupted filling is completed by the next. Its letters are kept, never mailed; its live cases await the
    intake round, which starts their workflows.
    """
    began = _claim(here.engine, now)
    if began is None:
        return None
    year = tell_year(here.city, here.places, began, cases, live)
    tackling = tackle(here.city, here.places, year, began)
    gathered = gather_team(here.city, year, began)
    told = sorted(
        [*year, *tell_projects(here.city, here.places, began), *tackling.told],
        key=lambda t: (t.case.opened_at, t.case.case_id),
    )
    while _keep_some(here, told, gathered, tackling):
        pass
    with writing(here.engine) as session:
        note_all_reporters(session, Recogniser(secret_key(here.settings)))
    settle(here.engine)
    review_hot_spots(here.engine, here.city, now)
    return Filled(len(told), sum(not t.case.closed for t in told))


def _claim(engine: Engine, now: datetime) -> datetime | None:
    """When the filling that is to be done began; None where there is nothing to do."""
    with writing(engine) as session:
        connection = session.connection()
        began = advance(connection, BEGAN, 0)
        if began == 0:
            if session.execute(select(CASES.c.case_id).limit(1)).first() is not None:
                return None
            began = advance(connection, BEGAN, int(now.timestamp()))
        done = advance(connection, DONE, 0)
    return None if done else datetime.fromtimestamp(began, UTC)


def _keep_some(here: Installation, told: Sequence[Told], gathered: Gathered | None, tackling: Tackling) -> bool:
    """Keeps the next cases in one transaction; whether there may be more."""
    with writing(here.engine) as session:
        connection = session.connection()
        kept = advance(connection, KEPT, 0)
        some = told[kept : kept + BATCH]
        if not some:
            if advance(connection, DONE, 0) == 0:
                if gathered is not None:
                    keep_team(session, here.city, gathered)
                keep_tackling(session, here.city, tackling)
                advance(connection, DONE, 1)
            return False
        advance(connection, KEPT, len(some))
        for rules in {t.setting.rules.version: t.setting.rules for t in some}.values():
            keep_rules(session, rules)
        refs = range(kept + 1, kept + len(some) + 1)
        stories = list(zip(some, _numbers(session, here.city, some), refs, strict=True))
        record_many(session, here.city, [(_origin(t, ref), _numbered(t, number)) for t, number, ref in stories])
        for t in some:
            put_notes(session, t.story.notes)
            if t.case.merged_into is not None:
                join_followers(session, t.case.case_id, t.case.merged_into)
        session.execute(
            update(LETTERS)
            .where(LETTERS.c.case_id.in_([t.case.case_id for t in some]))
            .values(status=LetterStatus.KEPT.value)
        )
    return True


def _numbers(session: Session, city: City, some: Sequence[Told]) -> Iterator[str]:
    zone = ZoneInfo(city.timezone)
    for year, same in groupby(t.case.opened_at.astimezone(zone).year for t in some):
        yield from case_numbers(session.connection(), year, len(list(same)))


def _numbered(told: Told, number: str) -> Sequence[Happened]:
    first, *others = told.story.events
    assert isinstance(first.event, CaseOpened)
    return [replace(first, event=replace(first.event, number=number)), *others]


def _origin(told: Told, ref: int) -> Origin:
    setting, case = told.setting, told.case
    lat, lon = setting.point or (None, None)
    reporter = NewFollower(
        reporter_id(case.case_id),
        FollowerRole.REPORTER,
        secrets.token_urlsafe(16),
        setting.reporter.name,
        setting.reporter.email,
        setting.reporter.phone,
        setting.reporter.language,
    )
    return Origin(
        setting.description,
        case.opened_at,
        address=setting.address,
        lat=lat,
        lon=lon,
        source=DEMONSTRATION,
        source_ref=f"demo-{ref:05d}",
        followers=(reporter,),
    )
