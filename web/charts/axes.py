"""Round ticks for numbers, and as many labels for the days below as there is room for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from web.charts.drawing import Mark, Size, line, text

_STEPS = (1, 2, 2.5, 5, 10)


def ticks(most: float, about: int = 4, *, whole: bool = False) -> tuple[float, ...]:
    """From 0 to the first round number at or above `most`, in round steps; `whole`: no fractions between."""
    if not most > 1e-9:
        return (0, 1)
    rough = most / about
    size = 10 ** floor(log10(rough))
    step = next(s * size for s in _STEPS if s * size >= rough * 0.999)
    if whole:
        step = max(1, ceil(step))
    return tuple(round(step * place, 10) for place in range(ceil(most / step - 1e-9) + 1))


@dataclass(frozen=True, slots=True)
class Upright:
    """The axis of the values: 0 on the floor."""

    size: Size
    ticks: tuple[float, ...]

    def y(self, value: float) -> float:
        return self.size.floor - self.size.inner_height * value / self.ticks[-1]

    def marks(self, shown: Callable[[float], str]) -> Iterator[Mark]:
        size = self.size
        for tick in self.ticks:
            y = self.y(tick)
            yield line(size.left, y, size.width - size.right, y, "floor" if tick == 0 else "grid")
            yield text(size.left - 7, y + 4, shown(tick), anchor="end")


def under(size: Size, labels: Sequence[str], x: Callable[[int], float]) -> Iterator[Mark]:
    """The labels below; where they would touch, only every second, third, … of them."""
    if not labels:
        return
    room = size.inner_width / max(len(labels), 1)
    every = max(1, ceil((max(map(len, labels)) * size.letter + 6) / room))
    for place in range(0, len(labels), every):
        middle = x(place)
        half = len(labels[place]) * size.letter / 2
        yield text(min(max(middle, half), size.width - half), size.floor + 18, labels[place])
