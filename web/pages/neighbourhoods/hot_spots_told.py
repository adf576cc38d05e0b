"""The hot spots of a profile, in words."""

from babel.dates import format_date

from readmodel.structural.hot_spots import HotSpot, HotSpotState
from web.pages.languages import Language
from web.pages.neighbourhoods.sentences import AREA
from web.profiles import ProfileRead


def hot_spots_told(reader: Language, read: ProfileRead) -> list[str]:
    return [hot_spot_told(reader, one) for one in read.hot_spots]


def hot_spot_told(reader: Language, one: HotSpot) -> str:
    """What was reported there, how often, and since when; and whether it is worked on."""
    found = one.found
    key = "hot_spot_taken_up" if one.state is HotSpotState.TAKEN_UP else "hot_spot"
    return reader.say(
        key,
        AREA,
        theme=reader.named(found.theme, "themes"),
        number=len(found.cases),
        metres=round(found.radius),
        since=str(format_date(found.first_day, "d MMMM", locale=reader.locale)),
    )
