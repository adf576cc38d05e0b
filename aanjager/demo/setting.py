"""What is reported in the demonstration, when and where: seasons, weekdays, hours, neighbourhoods, hot spots."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from zoneinfo import ZoneInfo

from aanjager.demo.texts import Voice, a_reporter, an_address, material
from configuration.places import Places
from domain.city import City, Neighbourhood, Service
from domain.routing import route
from domain.rulebook import Rulebook, rulebook
from domain.words import DepartmentId, NeighbourhoodId, Tier
from readmodel.intake import Reporter

YEAR = timedelta(days=365)
WEEKDAYS = (1.3, 1.1, 1.0, 1.0, 1.0, 0.7, 0.5)
HOURS = (1, 1, 1, 1, 1, 1, 3, 10, 20, 22, 20, 16, 14, 14, 15, 15, 17, 19, 18, 16, 12, 8, 4, 2)
HOT_SPOTS = 3
ABOUT_400_METRES, ABOUT_20_METRES = 0.004, 0.0002
FLARES = 3
"""In as many places something goes wrong of late that never did before."""
OF_LATE = timedelta(days=25)
OF_A_FLARE = 0.5
"""The share of what was reported of late."""
TACKLED_FOR = timedelta(days=170)
"""So long ago the city began to tackle one place, where much was reported for…"""
GOING_ON = timedelta(days=60)
"""…days before that, and for some after; and a little is still."""
AT_WORK = timedelta(days=15)
OF_THAT_PLACE, STILL = 0.15, 0.015


@dataclass(frozen=True, slots=True)
class Setting:
    """A report as it comes in."""

    service: Service
    neighbourhood: Neighbourhood
    departments: tuple[DepartmentId, ...]
    rules: Rulebook
    urgent: bool
    reporter: Reporter
    description: str
    address: str
    point: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where the same goes wrong again and again."""

    service: Service
    neighbourhood: Neighbourhood
    point: tuple[float, float]


@dataclass
class Surroundings:
    """The city in which the demonstration plays; what is drawn from chance differs, the odds do not."""

    city: City
    places: Places
    now: datetime
    _rules: dict[tuple[str, str, Tier], Rulebook] = field(default_factory=dict)
    _centres: dict[NeighbourhoodId, tuple[float, float]] = field(default_factory=dict)

    def moment(self, rng: Random) -> datetime:
        """A moment of the past year when someone might report."""
        while True:
            day = self.now - rng.random() * YEAR
            if rng.random() * max(WEEKDAYS) < WEEKDAYS[day.astimezone(self._zone).weekday()]:
                at = self.at_some_hour(rng, day)
                if at < self.now:
                    return at

    def at_some_hour(self, rng: Random, day: datetime) -> datetime:
        """The same local day, at an hour when someone might report."""
        hour = rng.choices(range(24), HOURS)[0]
        local = day.astimezone(self._zone)
        at = local.replace(hour=hour, minute=rng.randrange(60), second=rng.randrange(60), microsecond=0, fold=0)
        return at.astimezone(self.now.tzinfo)

    def service(self, rng: Random, at: datetime) -> Service:
        """Something that is reported in that season."""
        season = at.astimezone(self._zone).month % 12 // 3
        weights = [weight * seasons[season] for weight, seasons in self._service_weights]
        return rng.choices(self._services, weights)[0]

    def neighbourhood(self, rng: Random) -> Neighbourhood:
        return rng.choices(list(self.city.neighbourhoods.values()), self._neighbourhood_weights)[0]

    def setting(self, rng: Random, service: Service, neighbourhood: Neighbourhood) -> Setting:
        reporter = a_reporter(rng, self.city)
        voice = Voice(reporter.language or self.city.languages[0])
        return Setting(
            service,
            neighbourhood,
            route(service, neighbourhood.id),
            self.rules(service, neighbourhood),
            service.urgent_policy != service.policy and rng.random() < 0.04,
            reporter,
            voice.description(rng, service),
            an_address(rng, neighbourhood.name),
            self._point(rng, neighbourhood.id),
        )

    def flare(self, rng: Random, at: datetime) -> Setting | None:
        """Something that goes wrong in one place again and again; None where it is not about that."""
        if Random(f"{self.city.id}/tackled/{at}").random() < self._share_tackled(at):
            return self._at(rng, self.tackled)
        if self.now - at > OF_LATE or rng.random() > OF_A_FLARE:
            return None
        return self._at(rng, rng.choice(self._flares))

    def rules(self, service: Service, neighbourhood: Neighbourhood) -> Rulebook:
        key = (service.policy, service.urgent_policy, neighbourhood.tier)
        if key not in self._rules:
            self._rules[key] = rulebook(self.city, service, neighbourhood)
        return self._rules[key]

    def _point(self, rng: Random, neighbourhood: NeighbourhoodId) -> tuple[float, float] | None:
        """(lat, lon) within the neighbourhood, often near one of a few spots where it goes wrong again and again."""
        centre = self._centres.get(neighbourhood) or self.places.centre(neighbourhood)
        self._centres[neighbourhood] = centre
        spot = Random(f"{neighbourhood}/{rng.randrange(HOT_SPOTS)}") if rng.random() < 0.3 else None
        for _ in range(6):
            lat, lon = _near(spot or rng, centre, ABOUT_400_METRES)
            if spot is not None:
                lat, lon = _near(rng, (lat, lon), ABOUT_20_METRES)
            if self.places.neighbourhood_at(lat, lon) == neighbourhood:
                return lat, lon
        return centre if self.places.neighbourhood_at(*centre) == neighbourhood else None

    @cached_property
    def tackled(self) -> Place:
        """The one of which the city took away the cause; in an attention neighbourhood, where there is one."""
        rng, there = Random(f"{self.city.id}/tackled"), list(self.city.neighbourhoods.values())
        attention = [one for one in there if one.tier is Tier.ATTENTION]
        return self._place(rng, rng.choice(self._visible), rng.choice(attention or there))

    @cached_property
    def _flares(self) -> list[Place]:
        rng = Random(f"{self.city.id}/flares")
        found = [(rng.choice(self._visible), self.neighbourhood(rng)) for _ in range(FLARES)]
        return [self._place(rng, service, there) for service, there in found]

    def _place(self, rng: Random, service: Service, there: Neighbourhood) -> Place:
        return Place(service, there, self._point(rng, there.id) or self.places.centre(there.id))

    def _at(self, rng: Random, place: Place) -> Setting:
        drawn = self.setting(rng, place.service, place.neighbourhood)
        return replace(drawn, point=_near(rng, place.point, ABOUT_20_METRES))

    def _share_tackled(self, at: datetime) -> float:
        """Of what is reported at that moment: how much is about the place that is tackled."""
        age = self.now - at
        if TACKLED_FOR - AT_WORK < age < TACKLED_FOR + GOING_ON:
            return OF_THAT_PLACE
        return STILL if age < TACKLED_FOR else 0.0

    @cached_property
    def _visible(self) -> list[Service]:
        """What departments solve in the open."""
        return [s for s in self._services if s.departments and not s.private] or self._services

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.city.timezone)

    @cached_property
    def _services(self) -> list[Service]:
        return list(self.city.services.values())

    @cached_property
    def _service_weights(self) -> list[tuple[float, list[float]]]:
        odds, seasons = material()["weights"], material()["seasons"]
        flat = [1.0, 1.0, 1.0, 1.0]
        return [
            (
                odds.get(service.group, 2) * Random(service.code).uniform(0.4, 2),
                seasons.get(service.code) or seasons.get(service.group, flat),
            )
            for service in self._services
        ]

    @cached_property
    def _neighbourhood_weights(self) -> list[float]:
        return [
            Random(n.id).paretovariate(2.5) * (1.6 if n.tier is Tier.ATTENTION else 1.0)
            for n in self.city.neighbourhoods.values()
        ]


def _near(rng: Random, point: tuple[float, float], spread: float) -> tuple[float, float]:
    lat, lon = point
    return round(rng.gauss(lat, spread), 6), round(rng.gauss(lon, spread * 1.5), 6)
