"""What people in the demonstration write and are called, in the languages of the city."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any
from unicodedata import normalize

from domain.city import City, Service
from readmodel.intake import Reporter

MARK = "[demo]"
SPARE = "en"
"""The language of the texts where there are none in the one that is asked for."""
PEOPLE = 700


@cache
def material() -> Mapping[str, Any]:
    return tomllib.loads((files("aanjager.demo") / "texts.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Voice:
    """Whoever writes, in a language."""

    language: str

    def note(self, rng: Random, about: str) -> str:
        """A text about what the writer does, such as `accept` or `resolve`."""
        return str(rng.choice(self._texts["note"][about]))

    def description(self, rng: Random, service: Service) -> str:
        """What a resident reports, marked at its beginning and its end as invented."""
        texts = self._texts
        sentences = texts["report"].get(service.group, texts["report"]["other"])
        name = service.name.get(self.language) or next(iter(service.name.values()))
        return f"{MARK} {name}: {rng.choice(sentences)} ({texts['mark']})"

    @property
    def _texts(self) -> Mapping[str, Any]:
        found = material()
        return found[self.language if self.language in found else SPARE]  # type: ignore[no-any-return]


def a_reporter(rng: Random, city: City) -> Reporter:
    """Someone of a fixed company, so that some return; a few leave no address."""
    someone = Random(f"{city.id}/{int(PEOPLE * rng.random() ** 1.5)}")
    people = material()["people"]
    first, last = someone.choice(people["first"]), someone.choice(people["last"])
    language = someone.choices(city.languages, [8.0, *([1.5] * (len(city.languages) - 1))])[0]
    if rng.random() < 0.12:
        return Reporter(language=language)
    mailbox = normalize("NFKD", f"{first}.{last}{someone.randrange(1, 99)}".replace(" ", ""))
    email = f"{mailbox.replace('ı', 'i').encode('ascii', 'ignore').decode().lower()}@voorbeeld.example"
    phone = f"+32 470 00 {someone.randrange(100):02d} {someone.randrange(100):02d}" if someone.random() < 0.3 else None
    return Reporter(f"{first} {last}", email, phone, language)


def an_address(rng: Random, neighbourhood: str) -> str:
    return f"{rng.choice(material()['people']['streets'])} {rng.randrange(1, 120)}, {neighbourhood}"
