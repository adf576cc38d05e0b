"""The texts of letters by language, and how they write dates, lists and quotations."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache, partial

from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_currency
from jinja2 import Environment, PackageLoader, StrictUndefined

LOCALES = {"nl": "nl_BE", "en": "en_GB", "fr": "fr_BE"}
LANGUAGES = tuple(LOCALES)
FALLBACK = "en"
_DAY = "EEEE d MMMM y"
_AT = {"nl": "'om'", "en": "'at'", "fr": "'à'"}
_UNSEEN = re.compile(r"[^\S\n ]|[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def readable(language: str) -> str:
    """The language itself where there are texts in it, else English."""
    return language if language in LOCALES else FALLBACK


def words(language: str, voice: str, name: str) -> Callable[..., str]:
    """One text: `voice` is the file (`residents`, `staff`, `frame`), `name` the macro in it."""
    macro: Callable[..., str] = getattr(_texts(language).get_template(f"{language}/{voice}.txt").module, name)
    return macro


def on_one_line(text: str) -> str:
    return " ".join(_UNSEEN.sub(" ", text).split())


def _quoted(text: str) -> str:
    """As people wrote it, with a mark before each line, so that nobody takes it for the city's own words."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
    return "\n".join(f"> {_UNSEEN.sub(' ', line).rstrip()}".rstrip() for line in lines)


@cache
def _texts(language: str) -> Environment:
    # Plain text for mail: there is nothing to escape for.
    environment = Environment(
        loader=PackageLoader("readmodel.correspondence", "texts"),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    day = partial(_day, language)
    moment = partial(_moment, language)
    environment.filters.update(
        day=day,
        moment=moment,
        term=lambda at, urgent: moment(at) if urgent else day(at),
        listed=partial(_listed, language),
        quoted=_quoted,
        euro=partial(_euro, language),
    )
    return environment


def _day(language: str, at: datetime) -> str:
    return format_date(at.date(), _DAY, locale=LOCALES[language])


def _moment(language: str, at: datetime) -> str:
    """To the minute, rounded down: a term is never told later than it is."""
    return format_datetime(at.replace(tzinfo=None), f"{_DAY} {_AT[language]} HH:mm", locale=LOCALES[language])


def _euro(language: str, cents: int) -> str:
    return format_currency(Decimal(cents) / 100, "EUR", locale=LOCALES[language])


def _listed(language: str, names: Sequence[str]) -> str:
    return format_list(list(names), locale=LOCALES[language])
