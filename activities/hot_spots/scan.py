"""The space-time permutation scan statistic, looking back from today over what was reported where and when.

Source: M. Kulldorff, R. Heffernan, J. Hartman, R. Assunção, F. Mostashari (2005), "A space-time permutation scan
statistic for disease outbreak detection", PLoS Medicine 2(3): e59. It needs no population: how much a circle may have
in a window follows from how much it always has and how much the whole city has in that window, so that a place that is
always busy explains itself, and so does a season in which everyone reports more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RADII = (50.0, 100.0, 150.0, 200.0, 300.0, 400.0, 500.0)
"""Metres around a place at which something was reported."""
WINDOWS = (7, 14, 28, 56)
"""Days that end today; only those that leave at least as many days before them are looked at."""
LEAST = 4
"""Reports that a hot spot has at least."""
LEVEL = 0.01
"""How often chance alone may show a hot spot of one theme anywhere in the city: once in a hundred reviews."""
SIMULATIONS = 999
CELL = 25.0
"""Reports within the same square of so many metres are of one place."""
AT_ONCE = 1_000_000
"""Distances that are held at a time, which bounds the memory."""
TIES = 1e-9
"""Ratios that differ by less are equal."""

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cluster:
    """A circle and a window with more reports than chance explains."""

    x: float
    y: float
    radius: float
    window: int
    """Days, today included."""
    observed: int
    expected: float
    p: float
    """How often chance alone shows something as unlikely anywhere in the city, with all circles and windows tried."""
    members: tuple[int, ...]
    """The places of its reports in what was looked at."""


def find_clusters(
    x: Sequence[float] | Floats,
    y: Sequence[float] | Floats,
    age: Sequence[int] | Whole,
    days: int,
    seed: int,
    *,
    level: float = LEVEL,
    simulations: int = SIMULATIONS,
) -> tuple[Cluster, ...]:
    """The clusters that chance alone would show with a probability of `level` at most, the least likely first.

    `x`, `y`: metres. `age`: 0 today, less than `days`, over which is looked back. The same seed gives the same answer.
    No two of the clusters overlap.
    """
    ages = np.asarray(age, dtype=np.int64)
    windows = [w for w in WINDOWS if 2 * w <= days]
    if len(ages) < LEAST or not windows:
        return ()
    places = _Places.of(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))
    recent = [int((ages < window).sum()) for window in windows]
    scan = _Scan(places, len(ages), recent)
    by_age = np.argsort(ages, kind="stable")
    circles, seen = scan.ratios(by_age)
    highest = float(seen.max(initial=0.0))
    if highest <= 0:
        return ()
    chance = np.sort(list(_by_chance(scan, len(ages), highest, seed, level, simulations)))
    if len(chance) < simulations:
        return ()
    ranks = (1 + simulations - np.searchsorted(chance, seen - TIES)) / (1 + simulations)
    order = np.lexsort((circles, -seen))
    likely = [(float(ranks[one]), int(circles[one])) for one in order if ranks[one] <= level]
    return tuple(_apart(places, scan, likely, ages, windows))


def _by_chance(
    scan: "_Scan", reports: int, highest: float, seed: int, level: float, simulations: int
) -> Iterator[float]:
    """The highest ratio of each simulation, in which the days are dealt anew among the reports.

    Ends early as soon as so many of them reach `highest` that it cannot be within the level any more: what is left
    undecided is not worth its time (J. Besag, P. Clifford 1991, "Sequential Monte Carlo p-values").
    """
    rng = np.random.default_rng(seed)
    allowed, reached, done = level * (simulations + 1) - 1, 0, 0
    while done < simulations and reached <= allowed:
        most = float(scan.ratios(rng.permutation(reports))[1].max(initial=0.0))
        reached += most >= highest - TIES
        done += 1
        yield most


def _apart(
    places: "_Places", scan: "_Scan", likely: list[tuple[float, int]], ages: Whole, windows: list[int]
) -> Iterator[Cluster]:
    """The clusters from the least likely on, those left out that overlap with one before them."""
    taken: list[tuple[float, float, float]] = []
    for p, at in likely:
        window, ring, place = (int(n) for n in np.unravel_index(at, scan.shape))
        x, y, radius = float(places.x[place]), float(places.y[place]), RADII[ring]
        if any(np.hypot(x - x2, y - y2) <= radius + r2 for x2, y2, r2 in taken):
            continue
        taken.append((x, y, radius))
        inside = places.within(place, ring)
        members = np.flatnonzero(np.isin(places.of_report, inside) & (ages < windows[window]))
        expected = float(scan.expected[at])
        yield Cluster(x, y, radius, windows[window], len(members), expected, p, tuple(int(m) for m in members))


@dataclass(frozen=True, slots=True)
class _Places:
    """Where reports are: squares, each at the middle of its reports, with those around it by distance."""

    x: Floats
    y: Floats
    of_report: Whole
    near: Whole
    """The places around each place, itself among them, the nearest ring first; one place after another."""
    circles: Whole
    """For each of them the circle that it begins to reach: its place in the order of rings by places."""
    ends: Whole
    """Where in `near` each ring of each place ends: places by rings."""

    @classmethod
    def of(cls, x: Floats, y: Floats) -> "_Places":
        squares = np.stack([np.floor(x / CELL), np.floor(y / CELL)], axis=1)
        _, of_report = np.unique(squares, axis=0, return_inverse=True)
        of_report = of_report.reshape(-1).astype(np.int64)
        sizes = np.bincount(of_report)
        middle_x = np.bincount(of_report, weights=x) / sizes
        middle_y = np.bincount(of_report, weights=y) / sizes
        near, ring, ends = _around(middle_x, middle_y)
        return cls(middle_x, middle_y, of_report, near, ring * len(middle_x) + near, ends)

    def within(self, place: int, ring: int) -> Whole:
        start = self.ends[place - 1, -1] if place else 0
        return self.near[start : self.ends[place, ring]]


def _around(x: Floats, y: Floats) -> tuple[Whole, Whole, Whole]:
    near: list[Whole] = []
    rings: list[Whole] = []
    ends: list[Whole] = []
    rows = max(1, AT_ONCE // len(x))
    for start in range(0, len(x), rows):
        some = slice(start, start + rows)
        distance = np.hypot(x[some, None] - x, y[some, None] - y)
        of_place, other = np.nonzero(distance <= RADII[-1])
        ring = np.searchsorted(RADII, distance[of_place, other])
        order = np.lexsort((ring, of_place))
        near.append(other[order].astype(np.int64))
        rings.append(ring[order].astype(np.int64))
        sizes = np.zeros((distance.shape[0], len(RADII)), dtype=np.int64)
        np.add.at(sizes, (of_place, ring), 1)
        ends.append(sizes)
    last = np.cumsum(np.concatenate(ends).reshape(-1)).reshape(len(x), len(RADII))
    return np.concatenate(near), np.concatenate(rings), last


class _Scan:
    """Counts and likelihood ratios of every circle in every window, for what was seen and for what chance deals."""

    def __init__(self, places: _Places, reports: int, recent: list[int]) -> None:
        self._places = places
        self._recent = recent
        self.shape = (len(recent), len(RADII), len(places.x))
        always = self._around(places.of_report, np.zeros(reports, dtype=np.int64))[: places.ends.size]
        self.expected = np.outer(np.array(recent) / reports, always).reshape(-1)
        self._log_expected = np.log(np.maximum(self.expected, 1e-12))
        self._log_outside = np.log(np.maximum(reports - self.expected, 1e-12))
        self._reports = reports
        numbers = np.arange(reports + 1)
        logs = numbers * np.log(np.maximum(numbers, 1))
        self._own = logs + logs[::-1]
        self._window = np.repeat(np.arange(len(recent)), np.diff(recent, prepend=0))

    def ratios(self, dealt: Whole) -> tuple[Whole, Floats]:
        """The circles with enough reports, in the order of windows by rings by places, and for each the logarithm of
        Poisson's generalised likelihood ratio; below 0 where there is no excess.

        `dealt`: the reports in the order of their age, the youngest first.
        """
        counts = self._around(self._places.of_report[dealt[: self._recent[-1]]], self._window)
        circle = np.flatnonzero(counts >= LEAST)
        c, expected = counts[circle], self.expected[circle]
        ratio = self._own[c] - c * self._log_expected[circle] - (self._reports - c) * self._log_outside[circle]
        return circle, np.where(c > expected, ratio, -1.0)

    def _around(self, places: Whole, window: Whole) -> Whole:
        """How many of the reports at these places, each of a window, every circle has in every window.

        Distance is the same both ways: a report counts for the places around its own.
        """
        circles = self._places.ends.size
        starts = np.concatenate([[0], self._places.ends[:, -1]])
        sizes = np.diff(starts)[places]
        skipped = np.repeat(starts[places] - np.cumsum(sizes) + sizes, sizes)
        reached = self._places.circles[skipped + np.arange(len(skipped))] + np.repeat(window * circles, sizes)
        rings = np.bincount(reached, minlength=self.shape[0] * circles).reshape(self.shape)
        for older in range(1, self.shape[0]):
            rings[older] += rings[older - 1]
        for wider in range(1, self.shape[1]):
            rings[:, wider] += rings[:, wider - 1]
        return rings.reshape(-1)
