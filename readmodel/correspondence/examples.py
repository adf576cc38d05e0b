"""Every kind of letter with made-up content, so that a city can read its texts before anybody gets them."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.city import City, LocalText
from readmodel.correspondence.project_examples import OF_RESIDENTS, OF_STAFF, WORDS, example_project
from readmodel.correspondence.told import Told
from readmodel.correspondence.wording import readable
from readmodel.letters import LetterKind
from readmodel.links import HIDDEN, Links

_MONDAY = datetime(2026, 3, 2, 9, 30)  # noqa: DTZ001 - the city's zone is added below
_DAY = timedelta(days=1)
_WORDS: dict[str, LocalText] = {
    "description": {
        "nl": "De straatlamp voor nummer 7 brandt al een week niet meer.",
        "en": "The street lamp in front of number 7 has been dark for a week.",
        "fr": "Le lampadaire devant le numéro 7 ne fonctionne plus depuis une semaine.",
    },
    "question": {
        "nl": "Gaat het om de lamp links of rechts van de poort?",
        "en": "Is it the lamp to the left or to the right of the gate?",
        "fr": "S'agit-il du lampadaire à gauche ou à droite du portail ?",
    },
    "reply": {"nl": "De lamp links.", "en": "The lamp to the left.", "fr": "Celui de gauche."},
    "done": {
        "nl": "We hebben de lamp vervangen.",
        "en": "We replaced the lamp.",
        "fr": "La lampe est remplacée.",
    },
    "news": {
        "nl": "Het onderdeel is besteld en komt volgende week.",
        "en": "The part is ordered and arrives next week.",
        "fr": "La pièce est commandée et arrive la semaine prochaine.",
    },
    "cannot": {"nl": "Deze paal is niet van ons.", "en": "This pole is not ours.", "fr": "Ce poteau n'est pas à nous."},
    "offer": {
        "nl": "Een bloembak op het pleintje, met planten van de groendienst.",
        "en": "A flower box on the square, with plants from the green department.",
        "fr": "Un bac à fleurs sur la place, avec des plantes du service des espaces verts.",
    },
    "planted": {
        "nl": "We hebben de bak met zes buren gevuld en beplant.",
        "en": "Six of us neighbours filled and planted the box.",
        "fr": "Nous avons rempli et planté le bac à six voisins.",
    },
    **WORDS,
    "still": {"nl": "Het is nog altijd donker.", "en": "It is still dark.", "fr": "Il fait toujours noir."},
}


class Cents(int):
    """An amount, where plain numbers are days."""


_OFFER: dict[str, Any] = {"amount": Cents(15_000), "note": "offer"}
_RESIDENT: dict[str, dict[str, Any]] = {
    "receipt": {},
    "asked": {"note": "question", "until": 14},
    "resolved": {"note": "done", "until": 14},
    "extended": {"note": "news", "until": 30, "promise_before": 15},
    "reopened_resident": {},
    "news": {"note": "news"},
    "merged": {"into": "2026-000041"},
    "split": {"into": "2026-000041"},
    "closed": {"outcome": "solved"},
    "adopted_resident": {**_OFFER, "until": 15},
    "account_resident": {**_OFFER, "until": 15},
    "returned_resident": {**_OFFER, "until": 15, "note": None, "ending": "not_accounted"},
    **OF_RESIDENTS,
}
_STAFF: dict[str, dict[str, Any]] = {
    "assigned": {"respond_by": 2, "resolve_by": 15},
    "assigned_partner": {"respond_by": 2, "resolve_by": 15},
    "reopened": {"respond_by": 2, "resolve_by": 15, "feedback": "still"},
    "place": {"place_by": 1, "cause": "not_ours", "handover": "cannot"},
    "reminder": {"term": "respond", "due": 2},
    "review": {"review_by": 5},
    "escalation": {"reason": "no_response", "respond_by": 2, "resolve_by": 15, "climbs_at": 4},
    "contradicted": {"note": "still", "until": 14},
    "answered": {"note": "reply", "resolve_by": 15},
    "adopted": {**_OFFER, "until": 15},
    "accounted": {"amount": Cents(15_000), "spent": Cents(12_050), "note": "planted"},
    "returned": {**_OFFER, "note": None, "ending": "not_adopted", "resolve_by": 30},
    "short": {**_OFFER, "until": 30},
    "continued": {"answer": "accept", "planned": 5, "resolve_by": 15},
    **OF_STAFF,
}
_BY_LINK = ("assigned_partner", "continued")
RESIDENTS = tuple(_RESIDENT)
"""Those that residents read."""
EXAMPLES = (*_RESIDENT, *_STAFF)
"""Their names: those of the kinds, told apart where a kind is written to several sorts of readers."""


def example(city: City, language: str, name: str) -> Told:
    """Raises KeyError where there is no such example."""
    to_resident = name in _RESIDENT
    facts = (_RESIDENT if to_resident else _STAFF)[name]
    language = readable(language)
    at = _MONDAY.replace(tzinfo=ZoneInfo(city.timezone))
    links = Links("https://wijken.example")
    service, department = next(iter(city.services.values())), next(iter(city.departments.values()))
    neighbourhood = next(iter(city.neighbourhoods.values()))
    told = Told(
        letter=0,
        kind=LetterKind(name.partition("_")[0]),
        language=language,
        to_resident=to_resident,
        city=city.name,
        number="2026-000042",
        service=_named(service.name, language),
        neighbourhood=neighbourhood.name,
        urgent=False,
        under_way=True,
        opened=at,
        link=links.follow(HIDDEN) if to_resident else links.case(HIDDEN),
        silence=links.silence(HIDDEN) if to_resident else None,
        name="An Peeters" if to_resident else None,
        departments=(_named(department.name, language),),
        department=_named(department.name, language),
        promise=at + 15 * _DAY,
        project=example_project(name, language, at, _named(department.name, language), neighbourhood.name),
    )
    if not to_resident and name not in ("reminder", "review", "answered", "continued"):
        told = replace(told, description=_WORDS["description"][language], address="Voorbeeldstraat 7")
    if not to_resident and told.project is not None:
        told = replace(told, description=_WORDS["project"][language], address=None)
    if name in _BY_LINK:
        told = replace(told, task=links.task(HIDDEN), task_until=at + 30 * _DAY)
    return replace(told, **{key: _filled(value, language, at) for key, value in facts.items()})


def _filled(value: Any, language: str, at: datetime) -> Any:
    """Days from that Monday become moments, names of texts the texts."""
    if isinstance(value, Cents):
        return int(value)
    if isinstance(value, int):
        return at + value * _DAY
    return _WORDS[value][language] if value in _WORDS else value


def _named(text: LocalText, language: str) -> str:
    return text.get(language) or next(iter(text.values()))
