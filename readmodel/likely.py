"""The open cases that may be about the same as a given one, with what speaks for it, for those who may know of them."""

from collections.abc import Collection
from dataclasses import dataclass

from rapidfuzz import fuzz
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.likeness import PERHAPS, PROBABLY, Kin, Pair, likeness
from domain.words import ServiceCode
from readmodel.cases import CaseItem
from readmodel.nearby import Nearby, around, within
from readmodel.schema import CASES, REPORTS
from readmodel.sight import Sight, reached
from readmodel.words import words_of

MOST, LOOKED_AT = 5, 40
_TELLING = 4
"""Letters of a word that says something."""
_COMMON = frozenset(
    """
    aussi avec bien cette dans deze daar does dont door elke encore goed have heel hier hierbij iets ligt links maar
    mais meer moet naar niet nous onze over pour quelque rechts sont sous staat there this that very voor waar wanneer
    were when with wordt worden zijn zeer
    """.split()  # noqa: SIM905 - a list of words reads better as one
)
"""Words that say nothing about what is reported."""


@dataclass(frozen=True, slots=True)
class Likely:
    """A case, and why it may be the same."""

    case: Nearby
    likeness: float
    days: float
    """How much later it was reported than the other; negative where it came first."""
    same_service: bool
    words: tuple[str, ...]
    """Telling words that both texts have, as they are looked for: without capitals and accents."""
    description: str | None

    @property
    def probably(self) -> bool:
        return self.likeness >= PROBABLY


def likely(
    session: Session, item: CaseItem, kindred: Collection[ServiceCode], sight: Sight, *, texts: bool
) -> list[Likely]:
    """The likeliest first. Without `texts` these are neither compared nor told."""
    seen = reached(session, sight, CASES)
    if item.lat is None or item.lon is None:
        near = within(session, item.neighbourhood, item.service, seen, LOOKED_AT)
    else:
        near = around(session, item.lat, item.lon, item.service, kindred, seen, LOOKED_AT)
    others = {one.case_id: one for one in near if one.case_id != item.case_id}
    rows = session.execute(select(REPORTS).where(REPORTS.c.case_id.in_(others))) if texts else ()
    told = {row.case_id: row.description for row in rows}
    found = [_compared(item, one, told.get(one.case_id), texts) for one in others.values()]
    worth = (one for one in found if one.likeness >= PERHAPS)
    return sorted(worth, key=lambda one: (-one.likeness, one.case.case_id))[:MOST]


def text_likeness(one: str, other: str) -> float:
    """How alike two texts are, 0 to 1: by their words, in whatever order, and how these are written."""
    return fuzz.token_set_ratio(" ".join(words_of(one)), " ".join(words_of(other))) / 100


def _compared(item: CaseItem, other: Nearby, description: str | None, texts: bool) -> Likely:
    same = other.service == item.service
    days = (other.opened_at - item.opened_at).total_seconds() / 86400
    text = text_likeness(item.description, description) if texts and description and item.description else None
    pair = Pair(Kin.SAME if same else Kin.KINDRED, other.metres, days, text)
    telling = {w for w in words_of(description if texts else None) if len(w) >= _TELLING and w not in _COMMON}
    words = tuple(word for word in words_of(item.description) if word in telling)
    return Likely(other, likeness(pair), days, same, words, description)
