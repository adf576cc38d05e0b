"""Opening hours and days off, as the engine counts with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

from babel.dates import format_date
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from configuration.closed_days import names_of_days
from domain.city import City, Department
from domain.working_time import Calendar, always, is_open, opening
from web.context import Context, WebContext
from web.pages.admin.frame import Administrator, admin_page
from web.pages.frame import speaking

MONDAY = date(2024, 1, 1)

router = APIRouter(include_in_schema=False, prefix="/admin/calendar")


@dataclass(frozen=True, slots=True)
class Hours:
    """Those who keep the same hours, and how it stands with them now."""

    calendar: Calendar
    departments: Sequence[Department]
    of_city: bool
    around_the_clock: bool
    open: bool
    opens: datetime | None


@dataclass(frozen=True, slots=True)
class DayOff:
    day: date
    name: str
    """Of the public holiday; empty for the city's own closing days, or where the names are not known."""


@router.get("")
def calendar(
    request: Request,
    context: Context,
    viewer: Administrator,
    year: Annotated[int | None, Query(ge=1, le=9999)] = None,
) -> Response:
    now, reader = context.now(), speaking(request, context, viewer)
    years = sorted({day.year for day in context.city.hours.closed} | {context.local(now).year})
    shown = year if year in years else context.local(now).year
    names = _names(context, shown, reader.code)
    return admin_page(
        request,
        context,
        "admin/calendar.html",
        viewer,
        hours=_hours(context.city, now),
        years=years,
        year=shown,
        days=[DayOff(day, names.get(day, "")) for day in context.city.hours.closed if day.year == shown],
        named=bool(names),
        today=context.local(now).date(),
        week=[format_date(MONDAY + timedelta(index), "EEEE", locale=reader.locale) for index in range(7)],
        clock=clock,
        now=now,
    )


def clock(seconds: int) -> str:
    """Of a local day, as it stands in the city's files."""
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"


def _hours(city: City, now: datetime) -> list[Hours]:
    """The city's own first; around the clock last."""
    by_calendar: dict[Calendar, list[Department]] = {city.hours: []}
    for department in city.departments.values():
        by_calendar.setdefault(department.hours, []).append(department)
    day_and_night = always(city.timezone)
    found = []
    for kept, departments in by_calendar.items():
        open_now = is_open(kept, now)
        opens = None if open_now else opening(kept, now)
        found.append(Hours(kept, departments, kept == city.hours, kept == day_and_night, open_now, opens))
    return sorted(found, key=lambda hours: (not hours.of_city, hours.around_the_clock))


def _names(context: WebContext, year: int, code: str) -> Mapping[date, str]:
    directory = context.settings.city
    return names_of_days(directory, year, code) if directory is not None else {}
