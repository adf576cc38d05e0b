"""Projects for the demonstration: one that was answered, one that residents can react to, one where advice is late."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from importlib.resources import files
from random import Random
from typing import Any
from uuid import NAMESPACE_OID, uuid5
from zoneinfo import ZoneInfo

from aanjager.demo.setting import Setting, Surroundings
from aanjager.demo.story import Story, case_id_at
from aanjager.demo.texts import MARK, SPARE
from aanjager.demo.year import Told
from configuration.places import Places
from domain import commands as do
from domain.actor import RESIDENT, Actor
from domain.city import City, Service
from domain.commands import Command
from domain.durations import WorkingHours
from domain.events import DepartmentAssigned, Happened
from domain.opening import Opening
from domain.projects import commands as ask
from domain.projects.events import (
    AdviceAsked,
    ParticipationClosed,
    ParticipationOpened,
    PointAnswered,
    ReactionReceived,
)
from domain.projects.state import Project
from domain.refusal import Refused
from domain.rulebook import Rulebook
from domain.words import DepartmentId, Kind, NeighbourhoodId, NoteId, Role, Tier, Verdict
from domain.working_time import end_of
from readmodel.intake import Reporter
from readmodel.new_projects import NewProject, referral, texts_of
from readmodel.notes import Note
from web.times import end_of_day

TOUCHED, ASKED = 2, 3
"""How many neighbourhoods and departments a project concerns, where the city has so many."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A project in days: since when it runs, how long until the decision, how long residents may react."""

    key: str
    began: int
    decided_after: int
    round: int | None = None
    silent: bool = False
    """The last of those who are asked say nothing."""
    departments: tuple[str, ...] = ()
    """The one that refers it and those that are asked, as far as the city has them."""


PLOTS = (
    Plot("square", 75, 45, round=16, departments=("planning", "mobility", "green", "social")),
    Plot("homes", 34, 39, silent=True, departments=("housing", "youth", "mobility", "planning")),
    Plot("cycling", 9, 50, round=24, departments=("mobility", "roads", "police", "planning")),
)


def tell_projects(city: City, places: Places, now: datetime) -> list[Told]:
    """In the order in which they began; none whose terms the city's policies leave no room for."""
    around = Surroundings(city, places, now)
    told = (_tell(around, plot) for plot in PLOTS)
    return [one for one in told if one is not None]


def _tell(around: Surroundings, plot: Plot) -> Told | None:
    city, rng = around.city, Random(f"{around.city.id}/project/{plot.key}")
    texts = _texts(city.languages[0])[plot.key]
    places, asked = _places(rng, city), _departments(rng, city, plot.departments)
    setting = _setting(around, rng, places[0], f"{MARK} {texts['description']}")
    some_day = (around.now - timedelta(days=plot.began)).replace(second=0, microsecond=0)
    began = _at_work(setting.rules, rng, some_day)
    case_id = case_id_at(rng, began)
    by = of_department(city, asked[0])
    last_day = (began + timedelta(days=plot.round)).date() if plot.round is not None else None
    project = NewProject(
        referred_by=asked[0],
        neighbourhoods=places,
        title=texts["title"],
        question=texts["question"],
        decided_on=(began + timedelta(days=plot.decided_after)).date(),
        departments=tuple(asked[1:]),
        participation=(texts["residents"], end_of_day(last_day, ZoneInfo(city.timezone))) if last_day else None,
    )
    opening = Opening(
        case_id, "", Kind.PROJECT, setting.service.code, places[0], False, (), by=by, project=referral(case_id, project)
    )
    try:
        story = Story.begin(setting.rules, opening, began, Meeting(city, rng, plot, texts))
    except Refused:
        return None
    story.notes.extend(texts_of(case_id, project, by, began))
    story.play(around.now)
    return Told(setting, story)


class Meeting:
    """All who are asked about one project, and residents who react: on hearing what happened they plan what to say."""

    def __init__(self, city: City, rng: Random, plot: Plot, texts: Mapping[str, Any]) -> None:
        self._city = city
        self._rng = rng
        self._plot = plot
        self._texts = texts

    def react(self, story: Story, happened: Happened) -> None:
        match happened.event:
            case AdviceAsked() as asked:
                speaks = not self._plot.silent or asked.request in ("v1", "v3")
                share = self._rng.uniform(0.15, 0.7)
                if speaks:
                    self._plan(story, (asked.advise_by - story.now) * share, lambda: self._advise(story, asked))
            case ParticipationOpened(until=until):
                for n, text in enumerate(self._texts["reactions"], 1):
                    at = story.now + (until - story.now) * n * 0.5 / len(self._texts["reactions"])
                    story.plan(at, partial(_say, story, RESIDENT, [text], lambda ids: ask.React(ids[0])))
            case ReactionReceived(reaction=id):
                shown = ask.Moderate(id, shown=True)
                self._plan(story, timedelta(days=2), lambda: story.submit(self._manager(story), shown))
            case ParticipationClosed():
                self._plan(story, timedelta(days=1), lambda: self._sum_up(story))
            case DepartmentAssigned(assignment=task):
                by = of_department(self._city, happened.event.department)
                wait = max(_project(story).decided_at - story.now, timedelta()) + timedelta(hours=3)
                self._plan(story, wait, lambda: story.submit(by, do.Accept(task)))
                self._plan(story, wait + timedelta(days=2), lambda: self._answer(story, by))
            case PointAnswered():
                by = of_department(self._city, _project(story).referred_by)
                self._plan(story, timedelta(), lambda: self._answer(story, by))
            case _:
                pass

    def _plan(self, story: Story, wait: timedelta, act: Callable[[], object]) -> None:
        """To be done so much later, at an hour when people work."""
        story.plan(_at_work(story.rules, self._rng, story.now + wait), act)

    def _advise(self, story: Story, asked: AdviceAsked) -> None:
        by = self._manager(story, asked.neighbourhood)
        if asked.department is not None:
            by = of_department(self._city, asked.department)
        advice = [point["say"] for point in self._texts["advice"]]
        of_them = {"v1": advice[:1], "v3": advice[1:]}.get(asked.request, ())
        if of_them:
            _say(story, by, of_them, lambda ids: ask.Advise(asked.request, tuple(ids)))
        else:
            _say(story, by, [self._texts["nothing"]], lambda ids: ask.Advise(asked.request, (), ids[0]))

    def _sum_up(self, story: Story) -> None:
        texts = [self._texts["summary"], *(point["say"] for point in self._texts["wishes"])]
        _say(story, self._manager(story), texts, lambda ids: ask.Summarise(ids[0], tuple(ids[1:])))

    def _answer(self, story: Story, by: Actor) -> None:
        """The next point that waits for one; once none does, the task is done."""
        project, task = _project(story), _project(story).answer
        assert task is not None
        point = next((point for point in project.points if point.verdict is None), None)
        if point is None:
            _say(story, by, [self._texts["done"]], lambda ids: do.Resolve(task, ids[0]))
            return
        said = next(note.text for note in story.notes if note.note_id == point.note)
        its = next(one for one in (*self._texts["advice"], *self._texts["wishes"]) if one["say"] == said)
        id, verdict = point.id, Verdict(its["verdict"])
        _say(story, by, [its["reply"]], lambda ids: ask.AnswerPoint(id, verdict, ids[0]))

    def _manager(self, story: Story, place: NeighbourhoodId | None = None) -> Actor:
        there = place or story.case.neighbourhood
        return Actor(Role.NEIGHBOURHOOD_MANAGER, f"demo:manager:{there}", None, (there,))


def _say(story: Story, by: Actor, texts: Sequence[str], command: Callable[[Sequence[NoteId]], Command]) -> None:
    """A command with its texts, open to residents. Who is refused leaves it at that."""
    case = story.case
    ids = [NoteId(str(uuid5(NAMESPACE_OID, f"{case.case_id}/{case.version}/{n}"))) for n in range(len(texts))]
    if story.submit(by, command(ids)):
        kept = zip(ids, texts, strict=True)
        story.notes.extend(Note(id, case.case_id, text, True, by.role, by.id, story.now) for id, text in kept)


def of_department(city: City, id: DepartmentId) -> Actor:
    """Someone who works there."""
    partner = city.departments[id].partner
    return Actor(Role.PARTNER if partner else Role.DEPARTMENT, f"demo:{id}", id)


def _project(story: Story) -> Project:
    assert story.case.project is not None
    return story.case.project


def _at_work(rules: Rulebook, rng: Random, at: datetime) -> datetime:
    """At that moment or soon after it, within the city's hours."""
    return end_of(rules.calendar(None), at, WorkingHours(rng.randrange(300, 7200)))


def _departments(rng: Random, city: City, wanted: Sequence[str]) -> list[DepartmentId]:
    """Those that are wanted first, as far as the city has them; a partner refers nothing."""
    known = [DepartmentId(d) for d in wanted if d in city.departments]
    others = [d for d in sorted(city.departments) if d not in known]
    chosen = [*known, *rng.sample(others, len(others))]
    first = next((d for d in chosen if not city.departments[d].partner), chosen[0])
    return [first, *[d for d in chosen if d != first][:ASKED]]


def _places(rng: Random, city: City) -> tuple[NeighbourhoodId, ...]:
    """An attention neighbourhood first, where there is one: that is where most is planned."""
    attention = sorted(n.id for n in city.neighbourhoods.values() if n.tier is Tier.ATTENTION)
    first = rng.choice(attention or sorted(city.neighbourhoods))
    others = [n for n in sorted(city.neighbourhoods) if n != first]
    return (first, *rng.sample(others, min(TOUCHED - 1, len(others))))


def _setting(around: Surroundings, rng: Random, place: NeighbourhoodId, description: str) -> Setting:
    neighbourhood, service = around.city.neighbourhoods[place], _service(around.city)
    drawn = around.setting(rng, service, neighbourhood)
    reporter = Reporter(language=around.city.languages[0])
    return Setting(
        service, neighbourhood, (), drawn.rules, False, reporter, description, neighbourhood.name, drawn.point
    )


def _service(city: City) -> Service:
    """The one about taking part that no department has of itself, as far as the city has such a one."""
    return min(city.services.values(), key=lambda s: (s.group != "participation", bool(s.departments), s.code))


@cache
def _material() -> Mapping[str, Any]:
    return tomllib.loads((files("aanjager.demo") / "projects.toml").read_text("utf-8"))


def _texts(language: str) -> Mapping[str, Mapping[str, Any]]:
    found = _material()
    return {one["key"]: one for one in found[language if language in found else SPARE]}
