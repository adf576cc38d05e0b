"""Whether something recurs less than before: reports in a place before and after, beside the city's own course.

Two numbers of reports over equal times are compared by their ratio. Given their sum, the later one is binomial, which
makes the test and the interval exact (J. Przyborowski, H. Wilenski 1940, "Homogeneity of results in testing samples
from Poisson series", Biometrika 31; the interval: C. J. Clopper, E. S. Pearson 1934, carried over to the ratio).

The city's own course is the same comparison elsewhere. The ratio of both ratios is the odds ratio of a table of two by
two; given its margins the later number in the place has the extended hypergeometric distribution, which is again exact
(R. A. Fisher 1935, J. Cornfield 1956).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, inf, lgamma

LEVEL = 0.95
_HALVINGS = 200
_WIDEST = 40.0
"""Logarithm beyond which a ratio is told as none or without end."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """After to before: 1 is no change, 0.5 half as much. The interval covers the true one in 95 of 100 cases."""

    value: float | None
    """None where nothing was there before."""
    low: float
    high: float
    """Without end where nothing was there before."""
    p: float
    """How often chance alone changes at least as much, in either direction, where nothing changes."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Reports in a place over equal times before and after, and in the rest of the city."""

    before: int
    after: int
    elsewhere_before: int
    elsewhere_after: int

    @property
    def here(self) -> Ratio | None:
        """The change in the place itself; None where there was nothing at all."""
        total = self.before + self.after
        if total == 0:
            return None
        weights = [_choose(total, later) for later in range(total + 1)]
        value = self.after / self.before if self.before else None
        return _exact(weights, 0, self.after, value)

    @property
    def beside_the_city(self) -> Ratio | None:
        """The change beside that of the rest of the city; None where there is nothing to compare with."""
        here, elsewhere = self.before + self.after, self.elsewhere_before + self.elsewhere_after
        later = self.after + self.elsewhere_after
        least, most = max(0, here - (here + elsewhere - later)), min(here, later)
        if here == 0 or self.elsewhere_before == 0 or self.elsewhere_after == 0:
            return None
        earlier = here + elsewhere - later
        weights = [_choose(later, n) + _choose(earlier, here - n) for n in range(least, most + 1)]
        value = (self.after / self.elsewhere_after) / (self.before / self.elsewhere_before) if self.before else None
        return _exact(weights, least, self.after, value)


def _exact(weights: Sequence[float], least: int, seen: int, value: float | None) -> Ratio:
    """`weights`: logarithms, of `least` and the numbers after it; `ratio ** number` multiplies them."""
    most, tail = least + len(weights) - 1, (1 - LEVEL) / 2

    def at_least(log_ratio: float) -> float:
        return sum(p for n, p in enumerate(_chances(weights, least, log_ratio), least) if n >= seen)

    def at_most(log_ratio: float) -> float:
        return sum(p for n, p in enumerate(_chances(weights, least, log_ratio), least) if n <= seen)

    low = 0.0 if seen == least else exp(_crossing(lambda ratio: at_least(ratio) - tail))
    high = inf if seen == most else exp(_crossing(lambda ratio: tail - at_most(ratio)))
    p = min(1.0, 2 * min(at_least(0.0), at_most(0.0)))
    return Ratio(value, low, high, p)


def _chances(weights: Sequence[float], least: int, log_ratio: float) -> list[float]:
    logs = [weight + n * log_ratio for n, weight in enumerate(weights, least)]
    highest = max(logs)
    parts = [exp(one - highest) for one in logs]
    total = sum(parts)
    return [part / total for part in parts]


def _crossing(rising: Callable[[float], float]) -> float:
    """Where a rising function passes zero."""
    low, high = -_WIDEST, _WIDEST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if high - low < 1e-9:
            break
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2


def _choose(of: int, some: int) -> float:
    """The logarithm of how many ways there are."""
    return lgamma(of + 1) - lgamma(some + 1) - lgamma(of - some + 1)
