"""A period told: everything that its page needs, read at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from domain.buckets import Bucket
from domain.city import City
from domain.words import DepartmentId, NeighbourhoodId, ServiceCode
from readmodel.leadership import Course, Part, course, side_by_side, whole
from readmodel.returning import Reporters, reporters_between
from readmodel.tallies import GroupBy
from web.pages.languages import Language
from web.pages.leadership.asking import Asked
from web.pages.leadership.measured import full_label, label
from web.times import start_of_day

LONG = 62
"""Days."""


@dataclass(frozen=True)
class Told:
    """The figures that were asked for, and who reads them."""

    city: City
    reader: Language
    asked: Asked
    today: date
    now: Course
    before: Part
    bucket: Bucket
    places: GroupBy | None
    """Where it may stall: by what the groups below are formed."""
    groups: Mapping[str, Part]

    @property
    def comparable(self) -> bool:
        """Whether anything happened in the period before."""
        return bool(self.before.figures.opened or self.before.figures.closed)

    @property
    def labels(self) -> list[str]:
        """Short ones, for an axis."""
        return [label(self.reader, self.bucket, first, place) for place, (first, _) in enumerate(self.now.buckets)]

    @property
    def full_labels(self) -> list[str]:
        return [full_label(self.reader, self.bucket, first) for first, _ in self.now.buckets]

    def last_of(self, first: date) -> date:
        """The last day that a bucket has in the period."""
        return min(self.bucket.last(first), self.asked.period.end)

    def say(self, key: str, **values: str | int) -> str:
        return self.reader.say(key, "leadership", **values)


def tell(session: Session, city: City, reader: Language, asked: Asked, today: date) -> Told:
    period, places, bucket = asked.period, _where(asked), _bucket(asked)
    now, before = (
        course(session, asked.view, period.start, period.end, bucket),
        whole(session, asked.view, *period.before),
    )
    now.whole.reporters = _reporters(session, city, asked, period.start, period.end)
    before.reporters = _reporters(session, city, asked, *period.before)
    return Told(
        city,
        reader,
        asked,
        today,
        now,
        before,
        bucket,
        places,
        side_by_side(session, asked.grouped(places), period.start, period.end) if places is not None else {},
    )


def name_of(city: City, reader: Language, group_by: GroupBy, id: str) -> str:
    """As the city's files name it; its id where they do not know it any more."""
    match group_by:
        case GroupBy.DEPARTMENT:
            department = city.departments.get(DepartmentId(id))
            return reader.of(department.name) if department is not None else id
        case GroupBy.NEIGHBOURHOOD:
            neighbourhood = city.neighbourhoods.get(NeighbourhoodId(id))
            return neighbourhood.name if neighbourhood is not None else id
        case GroupBy.SERVICE:
            service = city.services.get(ServiceCode(id))
            return reader.of(service.name) if service is not None else id
        case GroupBy.THEME:
            return reader.named(id, "themes")


def _reporters(session: Session, city: City, asked: Asked, start: date, end: date) -> Reporters:
    """Of all that was chosen together."""
    zone = ZoneInfo(city.timezone)
    work = next(((g, asked.chosen[g]) for g in (GroupBy.SERVICE, GroupBy.THEME) if g in asked.chosen), None)
    return reporters_between(
        session, start_of_day(start, zone), start_of_day(end + timedelta(days=1), zone), asked.scope, work
    )


def _bucket(asked: Asked) -> Bucket:
    """Where two choices meet only whole months are summed up; what takes longer is shown by them."""
    period, view = asked.period, asked.view
    long = (period.end - period.start).days > LONG
    return Bucket.MONTH if long and not view.scope.summarised(view.group_by) else period.bucket


def _where(asked: Asked) -> GroupBy | None:
    """Departments, unless there is only one of them."""
    if asked.by_work:
        return None
    if asked.one_department is None:
        return GroupBy.DEPARTMENT
    return GroupBy.NEIGHBOURHOOD if GroupBy.NEIGHBOURHOOD not in asked.chosen else GroupBy.SERVICE
