"""The words of the pages in each language, and how a reader's language is found."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from babel.dates import format_datetime

from domain.city import LocalText

TEXTS = Path(__file__).parent / "texts"
FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its code, and its texts by section and key."""

    code: str
    texts: Mapping[str, Mapping[str, str]]

    def say(self, key: str, section: str = "words", **values: str | int) -> str:
        """The text, with the values filled in; the key itself where the section does not know it."""
        text = self.texts[section].get(key)
        return key.replace("-", " ").replace("_", " ") if text is None else text.format(**values)

    def knows(self, key: str, section: str) -> bool:
        return key in self.texts[section]

    def of(self, text: LocalText) -> str:
        """A text of the city's files."""
        return text.get(self.code) or next(iter(text.values()))

    def when(self, at: datetime) -> str:
        """A local time as people write it."""
        return format_datetime(at, "EEEE d MMMM y, H:mm", locale=self.code)


@cache
def language(code: str) -> Language:
    """The pages in this language; in English where they were never translated."""
    path = TEXTS / f"{code}.toml"
    known = code.isalpha() and path.is_file()
    if not known:
        path = TEXTS / f"{FALLBACK}.toml"
    return Language(code if known else FALLBACK, tomllib.loads(path.read_text(encoding="utf-8")))


def choose(asked: str | None, accept_language: str, offered: Sequence[str]) -> Language:
    """The one asked for, else the reader's first preference among those offered, else the first of these."""
    if asked in offered:
        return language(asked)
    ranked: list[tuple[float, str]] = []
    for part in accept_language[:500].split(","):
        name, _, quality = part.strip().partition(";q=")
        try:
            ranked.append((-float(quality or 1), name.partition("-")[0].lower()))
        except ValueError:
            continue
    ranked.sort(key=lambda preference: preference[0])
    return language(next((name for _, name in ranked if name in offered), offered[0]))
