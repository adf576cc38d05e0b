"""The days on which a city's hours do not hold: its country's public holidays and its own closing days."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import holidays

from configuration.reading import read_toml

YEARS_BACK = 1
YEARS_AHEAD = 4


def closed_days(country: str, own: Iterable[date], today: date) -> tuple[date, ...]:
    """Ascending; public holidays from the year before today's up to and including four years after it."""
    years = range(today.year - YEARS_BACK, today.year + YEARS_AHEAD + 1)
    language = holidays.country_holidays(country).default_language
    public = holidays.country_holidays(country, years=years, language=language)
    return tuple(sorted({*public, *own}))


def names_of_days(directory: Path, year: int, language: str) -> Mapping[date, str]:
    """The public holidays of a city's country by name, in the language if it is spoken there; none without its file."""
    document = read_toml(directory / "city.toml")
    country = document.get("holidays", {}).get("country") if isinstance(document, dict) else None
    if country is None:
        return {}
    spoken = holidays.country_holidays(country).supported_languages
    chosen = next((name for name in spoken if name.partition("_")[0] == language), None)
    return dict(holidays.country_holidays(country, years=year, language=chosen))
