"""Charts of how something is spread: over classes, or over a few answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from web.charts.axes import Upright, ticks, under
from web.charts.drawing import Drawing, Mark, Series, Size, line, rect

SHARE_WIDTH, SHARE_HEIGHT = 1000.0, 34.0


def histogram(
    title: str,
    says: str,
    labels: Sequence[str],
    now: Series,
    before: Series | None,
    size: Size,
    shown: Callable[[float], str],
) -> Drawing:
    """A column for each class with its value above; a bar across it marks the value of the period before."""
    series = [now] if before is None else [now, before]
    values = [value for one in series for value in one.values if value is not None]
    upright = Upright(size, ticks(max(values, default=0) * 1.06))
    marks = list(upright.marks(shown))
    room = size.inner_width / max(len(labels), 1)
    width = room * 0.74
    for place, label in enumerate(labels):
        x = size.left + room * place + (room - width) / 2
        value = now.values[place] or 0
        top = upright.y(value)
        told = f"{label}: {now.word(place)}"
        if before is not None:
            told = f"{told}; {before.name}: {before.word(place)}"
        marks.append(rect(x, top, width, size.floor - top, now.look, told, now.href(place)))
        if before is not None:
            y = upright.y(before.values[place] or 0)
            marks += [line(x - 3, y, x + width + 3, y, "halo"), line(x - 3, y, x + width + 3, y, before.look)]
    marks += under(size, labels, lambda place: size.left + room * (place + 0.5))
    legend = ((now.look, now.name),) if before is None else ((now.look, now.name), (before.look, before.name))
    return Drawing(size.width, size.height, title, says, tuple(marks), legend)


@dataclass(frozen=True, slots=True)
class Share:
    """One answer among several."""

    name: str
    number: int
    look: str
    told: str
    """The share in words."""
    href: str | None = None


def share_bar(title: str, says: str, shares: Sequence[Share]) -> Drawing:
    """One bar, parted: each part as wide as its share, with a gap between them; its names stand in the legend."""
    total = sum(share.number for share in shares)
    marks: list[Mark] = []
    x, gap = 0.0, 5.0
    for share in shares:
        if share.number:
            width = SHARE_WIDTH * share.number / total
            says_it = f"{share.name}: {share.told}"
            marks.append(rect(x, 0, max(width - gap, 2), SHARE_HEIGHT, share.look, says_it, share.href))
            x += width
    if not total:
        marks.append(rect(0, 0, SHARE_WIDTH, SHARE_HEIGHT, "none"))
    return Drawing(SHARE_WIDTH, SHARE_HEIGHT, title, says, tuple(marks), tuple((s.look, s.name) for s in shares))


def bar(value: float, most: float) -> Drawing:
    """The bar of one row of a ranked table; the row itself says what it is."""
    width = 100 * value / most if most > 0 else 0
    return Drawing(100, 10, "", "", (rect(0, 0, width, 10, "a"),))
