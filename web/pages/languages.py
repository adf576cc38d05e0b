"""The words of the pages in each language, and how a reader's language is found."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal

from domain.city import LocalText

TEXTS = Path(__file__).parent / "texts"
FALLBACK = "en"
_LOCALES = {"nl": "nl_BE", "en": "en_GB", "fr": "fr_BE"}


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its code, and its texts by section and key."""

    code: str
    texts: Mapping[str, Mapping[str, str]]

    def say(self, key: str, section: str = "words", **values: str | int) -> str:
        """The text, with the values filled in. Raises KeyError for a text that was never written."""
        return self.texts[section][key].format(**values)

    def named(self, key: str, section: str) -> str:
        """The text of one of the city's own words; the word itself where the section does not know it."""
        return self.texts[section].get(key) or key.replace("-", " ").replace("_", " ")

    def of(self, text: LocalText) -> str:
        """A text of the city's files."""
        return text.get(self.code) or next(iter(text.values()))

    @property
    def locale(self) -> str:
        """For babel: how dates and numbers are written where this language is spoken in Belgium, or in Britain."""
        return _LOCALES.get(self.code, self.code)

    def when(self, at: datetime) -> str:
        """A local time as people write it."""
        return format_datetime(at, "EEEE d MMMM y, H:mm", locale=self.locale)

    def shortly(self, at: datetime) -> str:
        """A local time where there is little room."""
        return format_datetime(at, "EEE d MMM, H:mm", locale=self.locale)

    def day(self, day: date) -> str:
        """A day where there is little room; the year is said by what stands around it."""
        return format_date(day, "EEE d MMM", locale=self.locale)

    def euro(self, cents: int) -> str:
        """An amount; cents are left out where there are none."""
        pattern = Locale.parse(self.locale).currency_formats["standard"].pattern
        if cents % 100 == 0:
            pattern = pattern.replace("0.00", "0")
        return format_currency(Decimal(cents) / 100, "EUR", pattern, self.locale, currency_digits=False)

    def whole_day(self, day: date) -> str:
        """A day with its year, for what may lie far ahead or back."""
        return format_date(day, "EEE d MMM y", locale=self.locale)

    def long_day(self, day: date) -> str:
        """A day as people write it in full."""
        return format_date(day, "EEEE d MMMM y", locale=self.locale)

    def number(self, value: float, digits: int = 0) -> str:
        """A number with at most so many decimals."""
        return format_decimal(round(value, digits), locale=self.locale)


@cache
def language(code: str) -> Language:
    """The pages in this language; in English where they were never translated."""
    known = code.isalpha() and (TEXTS / code).is_dir()
    return Language(code if known else FALLBACK, _texts(code if known else FALLBACK))


def _texts(code: str) -> Mapping[str, Mapping[str, str]]:
    sections: dict[str, Mapping[str, str]] = {}
    for path in sorted((TEXTS / code).glob("*.toml")):
        for section, texts in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if section in sections:
                raise ValueError(f"{path}: the section {section} is in another file already")
            sections[section] = texts
    return sections


def choose(asked: Sequence[str | None], accept_language: str, offered: Sequence[str]) -> Language:
    """The first of those asked for that is offered, else the reader's first preference, else the first offered."""
    for code in asked:
        if code in offered:
            return language(code)
    ranked: list[tuple[float, str]] = []
    for part in accept_language[:500].split(","):
        name, _, quality = part.strip().partition(";q=")
        try:
            ranked.append((-float(quality or 1), name.partition("-")[0].lower()))
        except ValueError:
            continue
    ranked.sort(key=lambda preference: preference[0])
    return language(next((name for _, name in ranked if name in offered), offered[0]))
