"""A year of the demonstration: cases that ended, and live ones in every scene; the same for a city and a moment."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from aanjager.demo.acts import BY_HAND, policy_of
from aanjager.demo.cast import Cast
from aanjager.demo.habits import ORDINARY, Habits
from aanjager.demo.scenes import SCENES, Scene
from aanjager.demo.setting import YEAR, Setting, Surroundings
from aanjager.demo.story import Story, case_id_at
from aanjager.demo.texts import Voice
from configuration.places import Places
from domain.case import Case
from domain.city import City, Service
from domain.opening import Opening
from domain.routing import route
from domain.words import CaseId, DepartmentId, Kind, Stage

TRIES = 40
SERVICES_PER_SCENE = 6
STRETCHES = (1.0, 1.05, 0.9, 1.15, 1.3, 0.75, 1.6, 2.0)
DUPLICATES = 0.5
LONG = 60
"""A story with more events than this does not come to its scene any more."""
OVERLAP = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Told:
    """A case to be kept, its number still to be given."""

    setting: Setting
    story: Story

    @property
    def case(self) -> Case:
        return self.story.case


def tell_year(city: City, places: Places, now: datetime, cases: int, live: int) -> list[Told]:
    """Cases in the order in which they were opened; fewer where the city's terms leave no room for a scene."""
    around = Surroundings(city, places, now)
    told = [*_finished(around, cases), *_live(around, live)]
    return sorted(told, key=lambda t: (t.case.opened_at, t.case.case_id))


def _finished(around: Surroundings, cases: int) -> list[Told]:
    rngs = [Random(f"{around.city.id}/past/{i}") for i in range(cases)]
    moments = sorted(((around.moment(rng), i) for i, rng in enumerate(rngs)))
    latest: dict[tuple[str, str], Case] = {}
    found: list[Told] = []
    for at, i in moments:
        told = _one_finished(around, rngs[i], at, latest)
        if told is not None:
            found.append(told)
            latest[told.case.service, told.case.neighbourhood] = told.case
    return found


def _one_finished(around: Surroundings, rng: Random, at: datetime, latest: dict[tuple[str, str], Case]) -> Told | None:
    """The city gets a little faster over the year; what is not closed by now is tried at another moment."""
    for _ in range(TRIES):
        flare = around.flare(rng, at)
        setting = flare or around.setting(rng, around.service(rng, at), around.neighbourhood(rng))
        same = latest.get((setting.service.code, setting.neighbourhood.id))
        duplicate = same is not None and _overlaps(same, at) and rng.random() < DUPLICATES
        habits = replace(ORDINARY, slowness=0.85 + 0.35 * ((around.now - at) / YEAR))
        into = same.case_id if same is not None and duplicate else None
        told = Told(setting, _begin(around, setting, habits, rng, at, into))
        told.story.play(around.now)
        if told.case.closed:
            return told
        at = around.moment(rng)
    return None


def _overlaps(same: Case, at: datetime) -> bool:
    return same.opened_at < at and same.closed_at is not None and same.closed_at > at + OVERLAP


def _live(around: Surroundings, live: int) -> list[Told]:
    covered: Counter[tuple[Stage, DepartmentId]] = Counter()
    found: list[Told] = []
    for i in range(live):
        told = next((t for scene in _rota(i) if (t := _stage_scene(around, scene, i, covered)) is not None), None)
        if told is not None:
            found.append(told)
            covered.update((told.case.stage, a.department) for a in told.case.assignments)
    return found


def _rota(i: int) -> list[Scene]:
    first = i % len(SCENES)
    return [*SCENES[first:], *SCENES[:first]]


def _stage_scene(
    around: Surroundings, scene: Scene, i: int, covered: Counter[tuple[Stage, DepartmentId]]
) -> Told | None:
    """The scene where it is needed most: with departments that were not met in this stage yet."""
    rng = Random(f"{around.city.id}/live/{i}")
    neighbourhood = around.neighbourhood(rng)

    def seen(service: Service) -> tuple[int, int]:
        met = [covered[scene.stage, d] for d in route(service, neighbourhood.id)]
        return -met.count(0), sum(met)

    services = [s for s in around.city.services.values() if scene.with_residents is None or s.theme in BY_HAND]
    rng.shuffle(services)
    for service in sorted(services, key=seen)[:SERVICES_PER_SCENE]:
        setting = replace(around.setting(rng, service, neighbourhood), urgent=False)
        story = _mid_life(around, setting, scene, rng.getrandbits(64))
        if story is not None:
            return Told(setting, story)
    return None


def _mid_life(around: Surroundings, setting: Setting, scene: Scene, seed: int) -> Story | None:
    """The story opened so long ago that it has come to its scene by now; a rehearsal tells how long that is."""

    def begin(at: datetime) -> Story:
        return _begin(around, setting, scene.habits, Random(seed), at)

    rehearsal = begin(around.now)
    fits = _fitting(scene, rehearsal)
    rehearsal.play(around.now + 4 * YEAR, lambda case: case.version > LONG or fits(case))
    if not fits(rehearsal.case):
        return None
    reached = rehearsal.now
    change = min(rehearsal.upcoming() or reached + OVERLAP, reached + OVERLAP)
    length = reached - around.now + (change - reached) * Random(seed).uniform(0.1, 0.7)
    for stretch in STRETCHES:
        at = (around.now - length * stretch).replace(microsecond=0)
        if length > timedelta(days=2):
            at = around.at_some_hour(Random(seed), at)
        story = begin(at)
        story.play(around.now)
        if _fitting(scene, story)(story.case):
            return story
    return None


def _fitting(scene: Scene, story: Story) -> Callable[[Case], bool]:
    return lambda case: scene.fits(case, policy_of(story))


def _begin(
    around: Surroundings, setting: Setting, habits: Habits, rng: Random, at: datetime, into: CaseId | None = None
) -> Story:
    opening = Opening(
        case_id_at(rng, at),
        "",
        Kind.ISSUE,
        setting.service.code,
        setting.neighbourhood.id,
        setting.urgent,
        setting.departments,
    )
    voice = Voice(setting.reporter.language or around.city.languages[0])
    return Story.begin(setting.rules, opening, at, Cast(around.city, habits, rng, voice, into))
