"""Small charts side by side on one scale: each month a column, and a line for the same months a year before."""

from collections.abc import Sequence

from web.charts.drawing import Drawing, Mark, Size, line, path, rect, text

SMALL = Size(320, 110, left=26, right=4, top=12, bottom=22)


def against_past(
    title: str,
    labels: Sequence[str],
    now: Sequence[int],
    past: Sequence[int],
    most: int,
    size: Size = SMALL,
    ends: tuple[str, str] = ("", ""),
) -> Drawing:
    """`labels` tell each column in words; `past` may be empty; `ends`: what stands below the first and the last."""
    top = max(most, 1)
    right = size.width - size.right

    def y(value: float) -> float:
        return size.floor - size.inner_height * value / top

    marks: list[Mark] = [
        line(size.left, size.top, right, size.top, "grid"),
        text(22, size.top + 4, f"{top}", "tick", "end"),
    ]
    room = size.inner_width / max(len(now), 1)
    for place, value in enumerate(now):
        height = size.floor - y(value)
        marks.append(rect(size.left + room * (place + 0.14), y(value), room * 0.72, height, "a", labels[place]))
    marks.append(line(size.left, size.floor, right, size.floor, "floor"))
    if len(past) > 1:
        points = [(size.left + room * (place + 0.5), y(value)) for place, value in enumerate(past)]
        marks += [path(points, "line halo"), path(points, "line b")]
    marks.append(text(size.left, size.height - 4, ends[0], "tick", "start"))
    marks.append(text(right, size.height - 4, ends[1], "tick", "end"))
    return Drawing(size.width, size.height, title, "", tuple(marks))
