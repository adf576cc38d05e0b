"""Finding a service by everyday words, in any language, without accents, half typed or slightly misspelt."""

import re
import unicodedata
from collections.abc import Iterable

from domain.city import Service

_SMALL_WORDS = """
de het een in op aan van is er en of bij met te voor niet mijn onze
the a an and or on at of to my our not with for
le la les l un une des du d et ou dans sur est au aux mon ma notre pas avec pour
"""
SMALL_WORDS = frozenset(_SMALL_WORDS.split())
"""Words that say nothing about a service, in the languages that people of these cities search in."""
SHORTEST = 2
"""Letters of a word that is looked for."""
KEYWORD, NAME = 1.0, 0.9
WHOLE, BEGINNING, INFLECTED, WITHIN, MISSPELT = 1.0, 0.9, 0.8, 0.6, 0.5
FAR_BEHIND = 0.55
"""Of the best score: what scores less is left out."""


def matching(services: Iterable[Service], asked: str) -> list[Service]:
    """The services that these words may mean, the likeliest first; none where nothing was asked.

    Each word counts as one, shared out among the services that it fits: what fits many says less about each.
    """
    wanted = [word for word in words(asked) if len(word) >= SHORTEST]
    services = list(services)
    points = dict.fromkeys((service.code for service in services), 0.0)
    for word in wanted:
        fits = {service.code: fit for service in services if (fit := fitting(service, word))}
        for code, fit in fits.items():
            points[code] += fit / sum(fits.values())
    best = max(points.values(), default=0.0)
    found = [service for service in services if best and points[service.code] >= best * FAR_BEHIND]
    return sorted(found, key=lambda service: (-points[service.code], service.code))


def fitting(service: Service, word: str) -> float:
    """How well the service fits one word, 0 to 1."""
    keywords, names = searched(service)
    of_keywords = max((likeness(word, known) for known in keywords), default=0.0)
    return max(KEYWORD * of_keywords, NAME * max((likeness(word, known) for known in names), default=0.0))


def likeness(asked: str, known: str) -> float:
    """How surely the word asked for means the known one, 0 to 1; both as `words` gives them."""
    short, long = sorted((asked, known), key=len)
    if asked == known:
        return WHOLE
    if known.startswith(asked):
        return BEGINNING
    if len(known) >= 3 and asked.startswith(known) and len(asked) - len(known) <= 3:
        return INFLECTED
    if len(short) >= 3 and (long.endswith(short) or (len(short) >= 4 and short in long)):
        return WITHIN * len(short) / len(long)
    if len(asked) >= 4 and abs(len(asked) - len(known)) <= 2:
        return MISSPELT if differences(asked, known) <= (2 if len(asked) >= 8 else 1) else 0.0
    return 0.0


def words(text: str) -> list[str]:
    """The words that matter, in small letters and without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    found = re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c)))
    return [word for word in found if word not in SMALL_WORDS]


def differences(one: str, other: str) -> int:
    """Letters to add, leave out, change, or swap with their neighbour, to make one of the other."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one):
        row = [i + 1]
        for j, its in enumerate(other):
            cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (letter != its))
            if i and j and letter == other[j - 1] and one[i - 1] == its:
                cost = min(cost, before[j - 1] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]


def searched(service: Service) -> tuple[list[str], list[str]]:
    """The words of its keywords, and those of its names in all languages; each once."""
    keywords = (word for text in service.keywords for word in words(text))
    names = (word for text in service.name.values() for word in words(text))
    return list(dict.fromkeys(keywords)), list(dict.fromkeys(names))
