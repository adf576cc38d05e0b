"""What may be the same as a case, with why, in the reader's words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from readmodel.likely import Likely
from web.context import WebContext
from web.pages.languages import Language

HERE = 15.0
"""Metres within which it is the same spot to whoever looks for it."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A case that may be the same; `opened` is local."""

    likely: Likely
    service: str
    why: str
    opened: datetime


def suggestions(context: WebContext, reader: Language, found: Sequence[Likely]) -> list[Suggestion]:
    return [
        Suggestion(
            one, _service(context, reader, one), " · ".join(_why(reader, one)), context.local(one.case.opened_at)
        )
        for one in found
    ]


def _why(reader: Language, one: Likely) -> Iterator[str]:
    metres, bearing = one.case.metres, one.case.bearing
    if metres is None or bearing is None:
        yield reader.say("likely_somewhere", "case")
    elif metres < HERE:
        yield reader.say("likely_here", "case")
    else:
        way = reader.say(bearing, "bearings")
        yield reader.say("likely_far", "case", metres=reader.number(round(metres, -1)), way=way)
    days = round(one.days)
    if days == 0:
        yield reader.say("likely_same_day", "case")
    else:
        when = "later" if days > 0 else "earlier"
        yield reader.say(f"likely_day_{when}" if abs(days) == 1 else f"likely_{when}", "case", days=abs(days))
    yield reader.say("likely_service" if one.same_service else "likely_kindred", "case")
    if one.words:
        yield reader.say("likely_words", "case", words=", ".join(one.words))


def _service(context: WebContext, reader: Language, one: Likely) -> str:
    found = context.city.services.get(one.case.service)
    return reader.of(found.name) if found is not None else one.case.service
