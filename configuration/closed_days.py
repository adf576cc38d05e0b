"""The days on which a city's hours do not hold: its country's public holidays and its own closing days."""

from collections.abc import Iterable
from datetime import date

import holidays

YEARS_BACK = 1
YEARS_AHEAD = 4


def closed_days(country: str, own: Iterable[date], today: date) -> tuple[date, ...]:
    """Ascending; public holidays from the year before today's up to and including four years after it."""
    years = range(today.year - YEARS_BACK, today.year + YEARS_AHEAD + 1)
    language = holidays.country_holidays(country).default_language
    public = holidays.country_holidays(country, years=years, language=language)
    return tuple(sorted({*public, *own}))
