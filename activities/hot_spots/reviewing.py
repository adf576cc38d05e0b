"""The review of hot spots: every theme is looked at over the whole city, and what is found is kept by neighbourhood."""

import asyncio
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from math import cos, radians
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Engine
from temporalio import activity

from activities.hot_spots.scan import find_clusters
from domain.city import City
from readmodel.database import reading, writing
from readmodel.structural.hot_spots import METRES_A_DEGREE, Found, Reported, keep_found, reported_since
from workflows.ports import FIND_HOT_SPOTS

LOOKS_BACK = 364
"""Days over which a place is compared with its own past: whole weeks, all seasons."""
HEARTBEAT_SECONDS = 1.0


class HotSpotReviews:
    """Reviewing one city's hot spots."""

    def __init__(self, database: Engine, city: City) -> None:
        self._database = database
        self._city = city

    @activity.defn(name=FIND_HOT_SPOTS)
    async def find(self) -> int:
        """How many there are. Reviewing twice on a day finds the same."""
        found = asyncio.create_task(asyncio.to_thread(review_hot_spots, self._database, self._city, datetime.now(UTC)))
        while not found.done():
            activity.heartbeat()
            await asyncio.wait([found], timeout=HEARTBEAT_SECONDS)
        return await found


def review_hot_spots(database: Engine, city: City, now: datetime) -> int:
    """Looks over all themes as they stand now, and keeps what it finds; how many hot spots it found."""
    zone = ZoneInfo(city.timezone)
    today = now.astimezone(zone).date()
    since = datetime.combine(today - timedelta(days=LOOKS_BACK - 1), time(), zone)
    with reading(database) as session:
        reports = [one for one in reported_since(session, since.astimezone(UTC)) if one.opened_at <= now]
    found = list(find_in(city, reports, today))
    with writing(database) as session:
        keep_found(session, found, len(reports), today, now)
    return len(found)


def find_in(city: City, reports: Sequence[Reported], today: date) -> Iterator[Found]:
    """The hot spots of each theme in these reports, as of that day."""
    zone = ZoneInfo(city.timezone)
    by_theme: dict[str, list[Reported]] = defaultdict(list)
    for one in reports:
        by_theme[one.theme].append(one)
    oldest = max((_age(one, today, zone) for one in reports), default=0)
    for theme, same in sorted(by_theme.items()):
        lat = np.array([one.lat for one in same])
        lon = np.array([one.lon for one in same])
        east = METRES_A_DEGREE * cos(radians(float(lat.mean())))
        ages = np.array([_age(one, today, zone) for one in same])
        clusters = find_clusters(lon * east, lat * METRES_A_DEGREE, ages, oldest + 1, _seed(city, theme, today))
        for cluster in clusters:
            members = [same[place] for place in cluster.members]
            most = Counter(one.neighbourhood for one in members).most_common()
            yield Found(
                theme=theme,
                neighbourhood=min(name for name, count in most if count == most[0][1]),
                lat=round(cluster.y / METRES_A_DEGREE, 6),
                lon=round(cluster.x / east, 6),
                radius=cluster.radius,
                first_day=today - timedelta(days=cluster.window - 1),
                last_day=today,
                expected=cluster.expected,
                p=cluster.p,
                cases=tuple(one.case_id for one in members),
            )


def _age(one: Reported, today: date, zone: ZoneInfo) -> int:
    return max((today - one.opened_at.astimezone(zone).date()).days, 0)


def _seed(city: City, theme: str, today: date) -> int:
    """The same on the same day, so that a review can be repeated and checked."""
    return int.from_bytes(hashlib.sha256(f"{city.id}/{theme}/{today}".encode()).digest()[:8])
