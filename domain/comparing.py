"""How far two figures lie apart, in standard deviations of what chance alone would do: below 2 or so it may be chance.

More than 2.58, either way, comes about by chance less than once in a hundred times. Positive: the first is the greater.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    good: int
    of: int

    @property
    def value(self) -> float | None:
        return self.good / self.of if self.of else None

    def without(self, other: "Share") -> "Share":
        return Share(self.good - other.good, self.of - other.of)


@dataclass(frozen=True, slots=True)
class Ratings:
    """How often each rating was given."""

    numbers: Mapping[int, int]

    @property
    def count(self) -> int:
        return sum(self.numbers.values())

    @property
    def mean(self) -> float | None:
        total = sum(rating * number for rating, number in self.numbers.items())
        return total / self.count if self.count else None

    @property
    def variance(self) -> float:
        """Of the sample; 0 where there are fewer than two."""
        mean, count = self.mean, self.count
        if mean is None or count < 2:
            return 0.0
        return sum(number * (rating - mean) ** 2 for rating, number in self.numbers.items()) / (count - 1)


def between_counts(now: int, before: int, growth: float = 1.0) -> float:
    """Of two Poisson counts, where `growth` times the earlier is expected: roots make their variance the same.

    Anscombe (1948): the variance of a root is a quarter, whatever the count.
    """
    return 2 * (sqrt(now) - sqrt(before * growth)) / sqrt(1 + growth)


def between_shares(here: Share, there: Share) -> float:
    """The z of two proportions, with the variance of both together; 0 where nothing is known or nothing varies."""
    if not here.of or not there.of:
        return 0.0
    together = (here.good + there.good) / (here.of + there.of)
    variance = together * (1 - together) * (1 / here.of + 1 / there.of)
    return (here.good / here.of - there.good / there.of) / sqrt(variance) if variance else 0.0


def between_ratings(here: Ratings, there: Ratings) -> float:
    """Welch's t; 0 where nothing is known or nothing varies."""
    if here.mean is None or there.mean is None:
        return 0.0
    variance = here.variance / here.count + there.variance / there.count
    return (here.mean - there.mean) / sqrt(variance) if variance else 0.0
