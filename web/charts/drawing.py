"""What a chart consists of: marks with classes, never with colours of their own, in a box that scales."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

PATTERNS: Mapping[str, str] = {
    "b": "hatch-b",
    "c": "cross-c",
    "none": "dots",
    "class1": "hatch-1",
    "class3": "hatch-3",
}
"""Looks that are told apart by a pattern as well, by the id of the pattern; the rest is plain."""

Kind = Literal["rect", "path", "line", "circle", "text"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One shape or text; `look` is its class in charts.css."""

    kind: Kind
    look: str
    at: Mapping[str, float | str]
    """The attributes that place it, as SVG names them."""
    text: str = ""
    """Of a text."""
    says: str = ""
    """What it shows, in words."""
    href: str | None = None
    """The cases behind it."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Marks in a box of this size; `says` tells in words what the whole shows."""

    width: float
    height: float
    title: str
    says: str
    marks: tuple[Mark, ...]
    legend: tuple[tuple[str, str], ...] = ()
    """Keys to what the looks mean: (look, text)."""

    @property
    def linked(self) -> bool:
        return any(mark.href for mark in self.marks)


@dataclass(frozen=True, slots=True)
class Size:
    """The box, and the room that labels take in it."""

    width: float
    height: float
    left: float = 44
    right: float = 12
    top: float = 14
    bottom: float = 30
    letter: float = 7.4
    """The width of a letter, about."""

    @property
    def inner_width(self) -> float:
        return self.width - self.left - self.right

    @property
    def inner_height(self) -> float:
        return self.height - self.top - self.bottom

    @property
    def floor(self) -> float:
        return self.height - self.bottom


WIDE = Size(680, 270)
NARROW = Size(300, 230, left=36, right=8)
"""At 320 pixels its text is as large as the text around it is small: 12 pixels."""


@dataclass(frozen=True, slots=True)
class Series:
    """Values with a name, one for each place on the axis; None where there is nothing to show."""

    name: str
    values: Sequence[float | None]
    look: str
    shown: Sequence[str] = ()
    """Each value in words, as a reader's language writes it."""
    hrefs: Sequence[str | None] = field(default=())

    def href(self, place: int) -> str | None:
        return self.hrefs[place] if place < len(self.hrefs) else None

    def word(self, place: int) -> str:
        value = self.values[place]
        return self.shown[place] if place < len(self.shown) else "" if value is None else f"{value:g}"


def n(value: float) -> float:
    """As precise as a screen can show."""
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded


def text(x: float, y: float, words: str, look: str = "tick", anchor: str = "middle") -> Mark:
    return Mark("text", look, {"x": n(x), "y": n(y), "text-anchor": anchor}, words)


def line(x1: float, y1: float, x2: float, y2: float, look: str) -> Mark:
    return Mark("line", look, {"x1": n(x1), "y1": n(y1), "x2": n(x2), "y2": n(y2)})


def rect(x: float, y: float, width: float, height: float, look: str, says: str = "", href: str | None = None) -> Mark:
    place = {"x": n(x), "y": n(y), "width": n(max(width, 0)), "height": n(max(height, 0))}
    return Mark("rect", look, place, says=says, href=href)


def dot(x: float, y: float, look: str, says: str = "", href: str | None = None) -> Mark:
    return Mark("circle", look, {"cx": n(x), "cy": n(y), "r": 4}, says=says, href=href)


def path(points: Sequence[tuple[float, float]], look: str, *, closed: bool = False) -> Mark:
    drawn = "L".join(f"{n(x):g} {n(y):g}" for x, y in points)
    return Mark("path", look, {"d": f"M{drawn}{'Z' if closed else ''}"})
