"""Every kind of letter about a meeting with made-up content, as `examples` has those about cases."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.city import City, LocalText
from readmodel.correspondence.meetings import ToldItem, ToldMeeting, ToldWhy
from readmodel.correspondence.wording import readable
from readmodel.letters import LetterKind
from readmodel.links import HIDDEN, Links

MEETING_EXAMPLES = tuple(
    kind.value
    for kind in (
        LetterKind.AGENDA,
        LetterKind.MEETING_MOVED,
        LetterKind.MEETING_CANCELLED,
        LetterKind.MINUTES_DUE,
        LetterKind.MINUTES,
    )
)
_THURSDAY = datetime(2026, 3, 5, 13, 30)  # noqa: DTZ001 - the city's zone is added below
_DAY = timedelta(days=1)
_PLACE: LocalText = {"nl": "Buurthuis", "en": "Community centre", "fr": "Maison de quartier"}
_WHY: LocalText = {
    "nl": "Te veel mensen zijn er niet.",
    "en": "Too many of us cannot come.",
    "fr": "Trop d'entre nous sont absents.",
}
_TITLE: LocalText = {
    "nl": "De buurtfeesten van juni",
    "en": "The street parties in June",
    "fr": "Les fêtes de quartier de juin",
}
_DECISION: LocalText = {
    "nl": "Wegen vervangt de paal voor 20 maart.",
    "en": "Roads replaces the pole before 20 March.",
    "fr": "La voirie remplace le poteau avant le 20 mars.",
}


def meeting_example(city: City, language: str, name: str) -> ToldMeeting:
    """Raises ValueError where there is no such example."""
    kind, language = LetterKind(name), readable(language)
    starts = _THURSDAY.replace(tzinfo=ZoneInfo(city.timezone))
    neighbourhood = next(iter(city.neighbourhoods.values()))
    return ToldMeeting(
        letter=0,
        kind=kind,
        language=language,
        city=city.name,
        neighbourhood=neighbourhood.name,
        link=Links("https://wijken.example").meeting(neighbourhood.id, HIDDEN),
        starts=starts,
        place=_PLACE[language],
        before=starts - 2 * _DAY if kind is LetterKind.MEETING_MOVED else None,
        note=_WHY[language] if kind is LetterKind.MEETING_CANCELLED else None,
        items=_items(city, language, kind, starts),
        more=3 if kind is LetterKind.AGENDA else 0,
    )


def _items(city: City, language: str, kind: LetterKind, starts: datetime) -> tuple[ToldItem, ...]:
    service = next(iter(city.services.values())).name
    named = service.get(language) or next(iter(service.values()))
    if kind is LetterKind.MINUTES:
        return (
            ToldItem("2026-000042", named, decisions=(_DECISION[language],)),
            ToldItem(None, _TITLE[language]),
        )
    if kind is not LetterKind.AGENDA:
        return ()
    escalated = ToldWhy("escalated", starts - 6 * _DAY, "neighbourhood_manager", "no_response")
    late = ToldWhy("almost_late", starts + 4 * _DAY)
    return (
        ToldItem("2026-000042", named, (escalated, late)),
        ToldItem("2026-000038", named, (ToldWhy("bouncing", times=2),)),
        ToldItem(None, _TITLE[language], (ToldWhy("added"),)),
    )
