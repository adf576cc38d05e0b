"""The map of a profile: the open cases that the reader may see, each theme with a mark of its own."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from domain.actor import Actor
from readmodel.neighbourhoods import OpenCase
from web.charts.close_up import SHAPES, SYMBOLS, Circle, Spot, close_up, close_up_of
from web.charts.drawing import Drawing
from web.context import WebContext
from web.pages.languages import Language
from web.pages.neighbourhoods.frame import HOME
from web.pages.neighbourhoods.hot_spots_told import hot_spot_told
from web.pages.neighbourhoods.sentences import AREA
from web.profiles import ProfileRead, on_the_map


@dataclass(frozen=True, slots=True)
class Key:
    """What a mark stands for."""

    look: str
    d: str
    text: str


@dataclass(frozen=True, slots=True)
class MarkedMap:
    drawing: Drawing
    keys: tuple[Key, ...]
    beside: tuple[str, ...]
    """What it does not show, in sentences."""


def marked_map(context: WebContext, reader: Language, actor: Actor, read: ProfileRead) -> MarkedMap | None:
    """None for a neighbourhood without an area."""
    map = close_up_of(context.places, read.here.id)
    if map is None:
        return None
    placed = on_the_map(context, actor, read.open_cases)
    shapes = _shapes(placed)
    spots = [_spot(context, reader, one, shapes) for one in placed]
    title = reader.say("map_title", AREA, name=read.here.name)
    href = f"{HOME}/{read.here.id}/hot-spots"
    circles = [
        Circle(one.found.lat, one.found.lon, one.found.radius, hot_spot_told(reader, one), href)
        for one in read.hot_spots
    ]
    drawing = close_up(map, title, reader.say("map_says", AREA, number=len(placed)), spots, circles)
    keys = [*_keys(reader, placed, shapes), *([_hot(reader)] if circles else [])]
    return MarkedMap(drawing, tuple(keys), tuple(_beside(reader, read, len(placed))))


def _shapes(placed: Sequence[OpenCase]) -> dict[str, int]:
    """A shape for each theme, the most frequent first; the last shape is for all others, where they are too many."""
    numbers = Counter(one.theme for one in placed)
    ranked = sorted(numbers, key=lambda theme: (-numbers[theme], theme))
    return {theme: shape for shape, theme in enumerate(ranked if len(ranked) <= SHAPES else ranked[: SHAPES - 1])}


def _spot(context: WebContext, reader: Language, one: OpenCase, shapes: dict[str, int]) -> Spot:
    service = context.city.services.get(one.service)
    says = f"{reader.of(service.name) if service is not None else one.service}, {one.number}"
    for state in ("escalated", "overdue"):
        if getattr(one, state):
            says = f"{says}, {reader.say(f'is_{state}', AREA)}"
    lat, lon = one.lat or 0.0, one.lon or 0.0
    return Spot(lat, lon, shapes.get(one.theme, SHAPES - 1), one.escalated, says, f"/cases/{one.case_id}")


def _keys(reader: Language, placed: tuple[OpenCase, ...], shapes: dict[str, int]) -> list[Key]:
    keys = [
        Key(f"spot s{shape}", SYMBOLS[shape](11, 8), reader.named(theme, "themes")) for theme, shape in shapes.items()
    ]
    if any(one.theme not in shapes for one in placed):
        keys.append(Key(f"spot s{SHAPES - 1}", SYMBOLS[SHAPES - 1](11, 8), reader.say("other_themes", AREA)))
    if any(one.escalated for one in placed):
        keys.append(Key("ring", SYMBOLS[0](11, 8), reader.say("is_escalated", AREA)))
    return keys


def _hot(reader: Language) -> Key:
    return Key("hot", SYMBOLS[0](11, 8), reader.say("is_hot_spot", AREA))


def _beside(reader: Language, read: ProfileRead, placed: int) -> list[str]:
    told, shown = [], len(read.open_cases)
    if read.stands.open > shown:
        told.append(reader.say("map_longest", AREA, shown=shown, number=read.stands.open))
    if shown > placed:
        told.append(reader.say("map_without" if shown - placed > 1 else "map_without_one", AREA, number=shown - placed))
    return told
