"""Charts of what happens in the course of time: columns, lines, and the cumulative flow."""

from collections.abc import Callable, Sequence
from itertools import groupby

from web.charts.axes import Upright, ticks, under
from web.charts.drawing import Drawing, Mark, Series, Size, dot, path, rect

Shown = Callable[[float], str]


def columns(
    title: str, says: str, labels: Sequence[str], series: Sequence[Series], size: Size, shown: Shown
) -> Drawing:
    """Columns side by side, one for each series, over each label."""
    upright = Upright(size, ticks(max(_all(series), default=0), whole=True))
    marks = list(upright.marks(shown))
    room = size.inner_width / max(len(labels), 1)
    gap = 2.0 if room > 12 else 1.0
    width = min((room * 0.76 - gap * (len(series) - 1)) / max(len(series), 1), 34)
    group = width * len(series) + gap * (len(series) - 1)
    for place, label in enumerate(labels):
        x = size.left + room * (place + 0.5) - group / 2
        for one in series:
            value = one.values[place] or 0
            top = upright.y(value)
            told = f"{label}, {one.name}: {one.word(place)}"
            marks.append(rect(x, top, width, size.floor - top, one.look, told, one.href(place)))
            x += width + gap
    marks += under(size, labels, lambda place: size.left + room * (place + 0.5))
    return Drawing(size.width, size.height, title, says, tuple(marks), tuple((s.look, s.name) for s in series))


def stacks(title: str, says: str, labels: Sequence[str], series: Sequence[Series], size: Size, shown: Shown) -> Drawing:
    """One column over each label, parted: the first series on the floor, each further one on those before it."""
    totals = [sum(one.values[place] or 0 for one in series) for place in range(len(labels))]
    upright = Upright(size, ticks(max(totals, default=0)))
    marks = list(upright.marks(shown))
    room = size.inner_width / max(len(labels), 1)
    width = min(room * 0.76, 48)
    for place, label in enumerate(labels):
        x, below = size.left + room * (place + 0.5) - width / 2, 0.0
        for one in series:
            value = one.values[place] or 0
            if value:
                top, floor = upright.y(below + value), upright.y(below)
                told = f"{label}, {one.name}: {one.word(place)}"
                gap = 1 if floor - top > 2 else 0
                marks.append(rect(x, top, width, floor - top - gap, one.look, told, one.href(place)))
            below += value
    marks += under(size, labels, lambda place: size.left + room * (place + 0.5))
    return Drawing(size.width, size.height, title, says, tuple(marks), tuple((s.look, s.name) for s in series))


def lines(
    title: str,
    says: str,
    labels: Sequence[str],
    series: Sequence[Series],
    size: Size,
    shown: Shown,
    most: float | None = None,
) -> Drawing:
    """A line with dots for each series, broken where there is no value; `most`: the top of the axis."""
    upright = Upright(size, ticks(most or max(_all(series), default=0)))
    marks = list(upright.marks(shown))
    room = size.inner_width / max(len(labels), 1)

    def x(place: int) -> float:
        return size.left + room * (place + 0.5)

    for one in series:
        dots: list[Mark] = []
        known = ((p, value) for p, value in enumerate(one.values))
        for there, run in groupby(known, lambda pair: pair[1] is not None):
            points = [(x(p), upright.y(value)) for p, value in run if value is not None] if there else []
            if len(points) > 1:
                marks.append(path(points, f"line {one.look}"))
        for place, value in enumerate(one.values):
            if value is not None:
                told = f"{labels[place]}, {one.name}: {one.word(place)}"
                dots.append(dot(x(place), upright.y(value), f"dot {one.look}", told, one.href(place)))
        marks += dots
    marks += under(size, labels, x)
    return Drawing(
        size.width, size.height, title, says, tuple(marks), tuple((f"line {s.look}", s.name) for s in series)
    )


def flow(
    title: str,
    says: str,
    labels: Sequence[str],
    closed: Series,
    between: Series,
    size: Size,
    shown: Shown,
) -> Drawing:
    """The cumulative flow: what was closed so far, and on top of it what is open. One value more than labels.

    The first values are those at the beginning, each further one those at the end of a label's time.
    """
    low = [value or 0 for value in closed.values]
    high = [under_it + (value or 0) for under_it, value in zip(low, between.values, strict=True)]
    upright = Upright(size, ticks(max(high, default=0), whole=True))
    marks = list(upright.marks(shown))
    step = size.inner_width / max(len(labels), 1)
    xs = [size.left + step * place for place in range(len(low))]
    floor = [(xs[-1], size.floor), (xs[0], size.floor)] if xs else []
    lower = [(x, upright.y(value)) for x, value in zip(xs, low, strict=True)]
    upper = [(x, upright.y(value)) for x, value in zip(xs, high, strict=True)]
    marks.append(path([*lower, *floor], f"area {closed.look}", closed=True))
    marks.append(path([*upper, *reversed(lower)], f"area {between.look}", closed=True))
    marks += [path(lower, "edge"), path(upper, "edge")]
    marks += under(size, labels, lambda place: size.left + step * (place + 0.5))
    marks += _hover(xs, step, size, labels, closed, between)
    return Drawing(
        size.width,
        size.height,
        title,
        says,
        tuple(marks),
        ((f"area {between.look}", between.name), (f"area {closed.look}", closed.name)),
    )


def spark(title: str, labels: Sequence[str], values: Sequence[float | None], most: float, size: Size) -> Drawing:
    """A small line without axes, one of several that share the same scale: small multiples."""
    room = size.inner_width / max(len(labels) - 1, 1)
    points = [
        (size.left + room * place, size.floor - size.inner_height * value / (most or 1))
        for place, value in enumerate(values)
        if value is not None
    ]
    marks: list[Mark] = [rect(0, size.floor, size.width, 1, "spark-floor")]
    if len(points) > 1:
        marks.append(path(points, "line a"))
    if points:
        marks.append(Mark("circle", "dot a", {"cx": round(points[-1][0], 1), "cy": round(points[-1][1], 1), "r": 3}))
    return Drawing(size.width, size.height, title, "", tuple(marks))


def _hover(
    xs: Sequence[float], step: float, size: Size, labels: Sequence[str], closed: Series, between: Series
) -> list[Mark]:
    """Unseen strips that tell a pointer what stands there."""
    return [
        rect(
            xs[place],
            size.top,
            step,
            size.inner_height,
            "unseen-mark",
            f"{label}: {between.name} {between.word(place + 1)}, {closed.name} {closed.word(place + 1)}",
        )
        for place, label in enumerate(labels)
    ]


def _all(series: Sequence[Series]) -> list[float]:
    return [value for one in series for value in one.values if value is not None]
