"""The classes in which times to close are shown: people think in days, weeks and months."""

from bisect import bisect_left
from collections.abc import Sequence

CLASSES: tuple[tuple[int, int | None], ...] = (
    (0, 1),
    (1, 2),
    (2, 4),
    (4, 8),
    (8, 15),
    (15, 31),
    (31, 61),
    (61, 91),
    (91, None),
)
"""Elapsed days, from the first (inclusive) until the second (exclusive): "2 to 3 days" is less than 4 whole days."""


def distribution(ascending: Sequence[float]) -> tuple[int, ...]:
    """How many of the days to close fall in each of the `CLASSES`."""
    ends = [len(ascending) if end is None else bisect_left(ascending, end) for _, end in CLASSES]
    return tuple(end - start for start, end in zip([0, *ends], ends, strict=False))
