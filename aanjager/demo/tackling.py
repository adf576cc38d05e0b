"""Structural work for the demonstration: what is being tackled, and a place where it comes back less since."""

import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, partial
from importlib.resources import files
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from aanjager.demo.projects import of_department
from aanjager.demo.setting import GOING_ON, OF_LATE, TACKLED_FOR, Setting, Surroundings
from aanjager.demo.story import Story, case_id_at
from aanjager.demo.texts import MARK, SPARE
from aanjager.demo.year import Told
from activities.hot_spots.reviewing import find_in
from configuration.places import Places
from domain import commands as do
from domain.actor import Actor
from domain.city import City, Neighbourhood, Service
from domain.durations import WorkingHours
from domain.events import DepartmentAssigned, Happened
from domain.structural.commands import PlanAction, RecordReview
from domain.structural.events import ReviewDue, StructuralWorkBegun
from domain.structural.opening import Beginning, open_structural
from domain.words import CaseId, DepartmentId, NeighbourhoodId, Outcome, Role, Tier
from domain.working_time import end_of
from readmodel.intake import Reporter
from readmodel.structural.hot_spots import (
    SAID_ELSEWHERE,
    Found,
    Reported,
    id_of,
    keep_found,
    metres_between,
    take_up,
)

TAKEN_UP = timedelta(days=9)
"""So long ago a hot spot was taken up."""
NEAR = 100.0
"""Metres around the place that is tackled, within which reports are bundled."""
MOST = 12


@dataclass(frozen=True, slots=True)
class Tackling:
    """The structural cases, and what the review of that morning had found where the first was taken up from it."""

    told: tuple[Told, ...]
    found: tuple[Found, ...]
    reports: int
    at: datetime
    taken_up: tuple[str, CaseId] | None


def tackle(city: City, places: Places, year: Sequence[Told], now: datetime) -> Tackling:
    """One case under way, about a hot spot if there was one then, and one that ended; as far as there are reports."""
    around = Surroundings(city, places, now)
    at = _morning(around, now - TAKEN_UP)
    today = _day(city, at)
    reports = [one for told in year if (one := _reported(told)) is not None and one.opened_at < at]
    found = tuple(find_in(city, reports, today))
    spot = min(found, key=lambda one: (not _attention(city, one), one.p, -len(one.cases)), default=None)
    told: list[Told] = []
    taken_up = None
    if spot is not None:
        hot_spot = id_of(spot, today)
        told.append(_tell(around, "running", spot.neighbourhood, spot.theme, spot.cases[-MOST:], at, hot_spot))
        taken_up = (hot_spot, told[0].case.case_id)
    elif of_late := [one for one in reports if at - one.opened_at < OF_LATE]:
        most = Counter((one.neighbourhood, one.theme) for one in of_late)
        there, theme = min(most, key=lambda one: (-most[one], one))
        issues = tuple(one.case_id for one in of_late if (one.neighbourhood, one.theme) == (there, theme))
        told.append(_tell(around, "running", there, theme, issues[-MOST:], at, None))
    if (ended := _ended(around, reports)) is not None:
        told.append(ended)
    return Tackling(tuple(told), found, len(reports), at, taken_up)


def keep_tackling(session: Session, city: City, tackling: Tackling) -> None:
    """The hot spots as they were found, and the one that was taken up."""
    if tackling.taken_up is None:
        return
    keep_found(session, tackling.found, tackling.reports, _day(city, tackling.at), tackling.at)
    id, case_id = tackling.taken_up
    place = next(told.case.neighbourhood for told in tackling.told if told.case.case_id == case_id)
    take_up(session, id, case_id, _manager(place).id, tackling.at)


def _ended(around: Surroundings, reports: Sequence[Reported]) -> Told | None:
    place = around.tackled
    began = _morning(around, around.now - TACKLED_FOR)
    lat, lon = place.point
    those = [
        one.case_id
        for one in reports
        if one.theme == place.service.theme
        and timedelta() < began - one.opened_at < GOING_ON
        and metres_between(one.lat, one.lon, lat, lon) < NEAR
    ]
    if not those:
        return None
    return _tell(around, "ended", place.neighbourhood.id, place.service.theme, tuple(those[-MOST:]), began, None)


def _tell(
    around: Surroundings,
    key: str,
    place: NeighbourhoodId,
    theme: str,
    issues: tuple[CaseId, ...],
    at: datetime,
    hot_spot: str | None,
) -> Told:
    city, rng = around.city, Random(f"{around.city.id}/structural/{key}")
    texts = _texts(city.languages[0])[key]
    neighbourhood, service = city.neighbourhoods[place], _service(city)
    rules = around.rules(service, neighbourhood)
    by = _manager(place)
    beginning = Beginning(case_id_at(rng, at), "", service.code, place, theme, by, issues=issues, hot_spot=hot_spot)
    description = f"{texts['title']}\n\n{MARK} {texts['description']}"
    setting = Setting(
        service,
        neighbourhood,
        (),
        rules,
        False,
        Reporter(language=city.languages[0]),
        description,
        neighbourhood.name,
        None,
    )
    players = Tacklers(city, by, rng, texts, _departments(rng, city, theme))
    story = Story.begun(rules, open_structural(rules, beginning, at), at, players)
    story.play(around.now)
    return Told(setting, story)


class Tacklers:
    """The manager and the departments of one plan: on hearing what happened they plan what to do."""

    def __init__(
        self, city: City, by: Actor, rng: Random, texts: Mapping[str, Any], departments: Sequence[DepartmentId]
    ):
        self._city = city
        self._by = by
        self._rng = rng
        self._texts = texts
        self._departments = departments

    def react(self, story: Story, happened: Happened) -> None:
        match happened.event:
            case StructuralWorkBegun():
                self._plan(story, 0, partial(self._assign, story))
                for review in self._texts["reviews"]:
                    self._plan(story, review["after"], partial(story.say, self._by, RecordReview, review["say"]))
            case DepartmentAssigned(assignment=id, department=department):
                by = of_department(self._city, department)
                self._plan(story, 1, partial(story.submit, by, do.Accept(id)))
                action = self._texts["actions"][len(story.case.assignments) - 1]
                if "done" in action:
                    resolve = partial(do.Resolve, id)
                    self._plan(story, action["after"], partial(story.say, by, resolve, action["done"]))
            case ReviewDue():
                if "closing" in self._texts:
                    close = partial(do.Close, Outcome.SOLVED)
                    self._plan(story, 1, partial(story.say, self._by, close, self._texts["closing"]))
            case _:
                pass

    def _assign(self, story: Story) -> None:
        """In the order of the texts, by which the departments know what is theirs."""
        for department, action in zip(self._departments, self._texts["actions"], strict=False):
            story.say(self._by, partial(PlanAction, department), action["say"])

    def _plan(self, story: Story, days: float, act: Callable[[], object]) -> None:
        """To be done so many days later, at an hour when people work."""
        at = story.now + timedelta(days=days)
        story.plan(end_of(story.rules.calendar(None), at, WorkingHours(self._rng.randrange(300, 7200))), act)


def _reported(told: Told) -> Reported | None:
    """As the review of hot spots sees it."""
    case, point = told.case, told.setting.point
    if point is None or (case.outcome is not None and case.outcome.value in SAID_ELSEWHERE):
        return None
    return Reported(case.case_id, told.setting.service.theme, case.neighbourhood, *point, case.opened_at)


def _departments(rng: Random, city: City, theme: str) -> list[DepartmentId]:
    """Those that follow up most of the theme first."""
    busy = Counter(d for service in city.services.values() if service.theme == theme for d in service.departments)
    others = [d for d in sorted(city.departments) if d not in busy]
    return [*(d for d, _ in sorted(busy.items(), key=lambda one: (-one[1], one[0]))), *rng.sample(others, len(others))]


def _attention(city: City, found: Found) -> bool:
    return city.neighbourhoods[found.neighbourhood].tier is Tier.ATTENTION


def _day(city: City, at: datetime) -> date:
    return at.astimezone(ZoneInfo(city.timezone)).date()


def _manager(place: NeighbourhoodId) -> Actor:
    return Actor(Role.NEIGHBOURHOOD_MANAGER, f"demo:manager:{place}", None, (place,))


def _morning(around: Surroundings, at: datetime) -> datetime:
    """The first hour at which the city works, from then on."""
    return end_of(around.rules(*_anything(around.city)).calendar(None), at, WorkingHours(1800)).replace(microsecond=0)


def _anything(city: City) -> tuple[Service, Neighbourhood]:
    return _service(city), min(city.neighbourhoods.values(), key=lambda one: one.id)


def _service(city: City) -> Service:
    """The one for what keeps recurring, as far as the city has a policy of its own for that."""
    return min(city.services.values(), key=lambda s: (s.policy != "structural", bool(s.departments), s.code))


@cache
def _material() -> Mapping[str, Any]:
    return tomllib.loads((files("aanjager.demo") / "tackling.toml").read_text("utf-8"))


def _texts(language: str) -> Mapping[str, Mapping[str, Any]]:
    found = _material()
    return {one["key"]: one for one in found[language if language in found else SPARE]}
