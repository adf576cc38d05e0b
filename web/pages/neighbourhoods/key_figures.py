"""How a neighbourhood is doing: its figures beside those of the year before and of its peers."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.measures import Measure
from domain.profile import LEAST, Against, Finding, Sort, of_ratings, of_shares
from readmodel.leadership import Part
from readmodel.profile import first_answers, ratings, solved_first_time, solved_in_time
from web.pages.languages import Language
from web.pages.leadership.measured import BY_KEY, Shown, written
from web.pages.neighbourhoods.sentences import AREA
from web.profiles import ProfileRead

KEYS = (
    "median_hours_to_respond",
    "responded_in_time",
    "median_days_to_close",
    "resolved_in_time",
    "solved_first_time",
    "satisfaction",
    "response_rate",
)
_SHARES = {
    "responded_in_time": (Sort.ANSWERED, first_answers),
    "resolved_in_time": (Sort.RESOLVED, solved_in_time),
    "solved_first_time": (Sort.FIRST_TIME, solved_first_time),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure, and what the same was elsewhere or before."""

    key: str
    name: str
    means: str
    here: str
    number: str
    """From how many facts, in words; blank where that is not told."""
    few: bool
    """Too few facts to say anything."""
    before: str | None
    """None where there is no year before."""
    before_mood: str
    """`good` or `bad` where the difference is more than chance, else blank."""
    peers: str
    peers_mood: str


def compared(reader: Language, read: ProfileRead) -> Sequence[Compared]:
    figures = read.figures
    return [
        _row(reader, BY_KEY[key], figures.now, figures.before if figures.past_known else None, figures.peers)
        for key in KEYS
    ]


def _row(reader: Language, shown: Shown, here: Part, before: Part | None, peers: Part) -> Compared:
    number = _facts(shown.key, here)
    return Compared(
        shown.key,
        reader.say(shown.key, "leadership_names"),
        reader.say(shown.key, "leadership_means"),
        written(reader, shown.unit, shown.of(here)),
        reader.say("of_one" if number == 1 else "of_so_many", AREA, number=reader.number(number)) if number else "",
        0 < number < LEAST,
        written(reader, shown.unit, shown.of(before)) if before is not None else None,
        _mood(_found(shown.key, here, before, Against.PAST)) if before is not None else "",
        written(reader, shown.unit, shown.of(peers)),
        _mood(_found(shown.key, here, peers, Against.PEERS)),
    )


def _facts(key: str, part: Part) -> int:
    """How many the figure is made of."""
    match key:
        case "median_hours_to_respond":
            return len(part.hours_to_respond)
        case "median_days_to_close":
            return len(part.days_to_close)
        case "satisfaction":
            return ratings(part).count
        case "response_rate":
            return part.count(Measure.ASKED).judged
    return _SHARES[key][1](part).of


def _found(key: str, here: Part, there: Part, against: Against) -> Finding | None:
    if key == "satisfaction":
        return of_ratings(against, ratings(here), ratings(there))
    if key not in _SHARES:
        return None
    sort, share = _SHARES[key]
    return of_shares(sort, against, share(here), share(there))


def _mood(found: Finding | None) -> str:
    return found.mood.value if found is not None else ""
