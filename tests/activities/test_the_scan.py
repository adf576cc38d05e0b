"""Hot spots are found where they are, and not where chance, habit or a season of the whole city explains them."""

import csv
from datetime import date
from math import cos, log, radians

import numpy as np
import pytest

from activities.hot_spots.scan import CELL, LEAST, RADII, WINDOWS, Cluster, Floats, Whole, find_clusters
from tests.boston import CITY_HALL, REQUESTS, needs_boston

DAYS = 92
Reports = tuple[Floats, Floats, Whole]


@pytest.fixture(scope="module")
def reports() -> Reports:
    """Where and how long ago Boston's buildings were complained about, in one quarter."""
    with REQUESTS.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["reason"] == "Building"]
    scale = 111_320 * cos(radians(CITY_HALL[0]))
    x = np.array([float(row["longitude"]) * scale for row in rows])
    y = np.array([float(row["latitude"]) * 111_320 for row in rows])
    age = np.array([(date(2011, 9, 30) - date.fromisoformat(row["open_dt"][:10])).days for row in rows])
    return x, y, age


def noise(reports: Reports, seed: int) -> Reports:
    """The same places and the same days, dealt anew: whatever was related is not any more."""
    x, y, age = reports
    return x, y, np.random.default_rng(seed).permutation(age)


def with_more(reports: Reports, x: list[float], y: list[float], age: list[int]) -> Reports:
    return np.append(reports[0], x), np.append(reports[1], y), np.append(reports[2], age)


def near(cluster: Cluster, x: float, y: float) -> bool:
    return bool(np.hypot(cluster.x - x, cluster.y - y) <= cluster.radius + 100)


@needs_boston
def test_chance_alone_shows_a_hot_spot_no_more_often_than_the_level_says(reports: Reports) -> None:
    alarms = sum(bool(find_clusters(*noise(reports, run), DAYS, run, level=0.05, simulations=199)) for run in range(40))
    assert alarms <= 5  # 2 are expected; more than 5 of 40 have a chance of 1 in 70


@needs_boston
def test_what_is_hidden_in_noise_is_found_in_its_place_and_its_time(reports: Reports) -> None:
    x, y = float(reports[0][100]) + 30, float(reports[1][100])
    hidden = with_more(noise(reports, 1), [x, x + 40, x, x - 40, x, x + 20, x - 20], [y] * 7, [0, 1, 2, 3, 4, 5, 6])
    [cluster] = find_clusters(*hidden, DAYS, 1)
    assert near(cluster, x, y)
    assert (cluster.window, cluster.radius <= 100) == (7, True)
    assert len(set(cluster.members) & set(range(len(hidden[0]) - 7, len(hidden[0])))) >= 5
    assert cluster.observed == len(cluster.members) > 5 * cluster.expected


@needs_boston
def test_a_place_that_is_always_busy_is_none(reports: Reports) -> None:
    x, y = float(reports[0][100]), float(reports[1][100])
    steady = with_more(noise(reports, 2), [x] * DAYS, [y] * DAYS, list(range(DAYS)))
    assert not [cluster for cluster in find_clusters(*steady, DAYS, 2) if near(cluster, x, y)]


@needs_boston
def test_a_week_in_which_the_whole_city_reports_more_is_none(reports: Reports) -> None:
    x, y, age = noise(reports, 3)
    again = np.random.default_rng(3).choice(len(x), len(x) // 2, replace=False)
    surge = np.append(x, x[again]), np.append(y, y[again]), np.append(age, np.arange(len(again)) % 7)
    assert (surge[2] < 7).sum() > 4 * (age < 7).sum()
    assert find_clusters(*surge, DAYS, 3) == ()


def test_the_likeliest_is_the_one_that_every_circle_and_window_tried_by_hand_gives() -> None:
    rng = np.random.default_rng(4)
    squares = rng.choice(24 * 24, 60, replace=False)
    x, y = ((CELL * way + 12).astype(np.float64) for way in (squares % 24, squares // 24))
    age = rng.integers(0, 30, 60)
    best, described = 0.0, (0, 0.0)
    for place in range(60):
        inside = {radius: np.hypot(x - x[place], y - y[place]) <= radius for radius in RADII}
        for radius in RADII:
            for window in (w for w in WINDOWS if 2 * w <= 30):
                observed = int((inside[radius] & (age < window)).sum())
                expected = float(inside[radius].sum() * (age < window).sum() / 60)
                if observed >= LEAST and observed > expected:
                    outside = (60 - observed) * log((60 - observed) / (60 - expected)) if observed < 60 else 0.0
                    ratio = observed * log(observed / expected) + outside
                    if ratio > best + 1e-9:
                        best, described = ratio, (observed, expected)
    first = find_clusters(x, y, age, 30, 4, level=1.0, simulations=9)[0]
    assert (first.observed, first.expected) == pytest.approx(described)


def test_the_same_reports_give_the_same_answer_and_too_few_give_none() -> None:
    x, y, age = [0.0, 10.0] * 20, [0.0, 1000.0] * 20, [0, 1] * 2 + list(range(3, 39))
    assert find_clusters(x, y, age, 90, 7, level=1.0) == find_clusters(x, y, age, 90, 7, level=1.0) != ()
    assert find_clusters(x[:3], y[:3], age[:3], 90, 7, level=1.0) == ()
    assert find_clusters(x, y, age, 13, 7, level=1.0) == (), "no window leaves as many days before it"
