"""Recurrence before and after, against published and hand-made figures."""

from itertools import product
from math import comb, inf, isclose

import pytest

from domain.recurrence import Ratio, Recurrence


def near(ratio: Ratio | None, value: float, low: float, high: float) -> bool:
    assert ratio is not None and ratio.value is not None
    return (
        isclose(ratio.value, value, rel_tol=2e-3)
        and isclose(ratio.low, low, rel_tol=2e-3)
        and isclose(ratio.high, high, rel_tol=2e-3)
    )


def test_the_interval_in_the_place_is_that_of_clopper_and_pearson() -> None:
    # 4 of 20: the exact 95% interval of a proportion is 0.05733 to 0.43661, as tables give it
    assert near(Recurrence(16, 4, 0, 0).here, 4 / 16, 0.05733 / 0.94267, 0.43661 / 0.56339)


def test_the_p_value_is_twice_the_tail_of_the_binomial() -> None:
    here = Recurrence(16, 4, 0, 0).here
    assert here is not None
    assert here.p == pytest.approx(2 * sum(comb(20, n) for n in range(5)) / 2**20)


def test_beside_the_city_it_is_fishers_tea() -> None:
    # 3 of 4 against 1 of 4. The lower bound is that of R's fisher.test; the upper one, found with less precision there,
    # solves 0.975 (1 + 16/r + 36/r^2 + 16/r^3 + 1/r^4) = 1.
    tea = Recurrence(before=1, after=3, elsewhere_before=3, elsewhere_after=1).beside_the_city
    assert near(tea, 9.0, 0.2117329, 626.2434)
    assert tea is not None and tea.p == pytest.approx(2 * 17 / 70)


def test_a_fall_that_the_whole_city_saw_is_none_of_ours() -> None:
    alone = Recurrence(40, 20, 400, 400).beside_the_city
    together = Recurrence(40, 20, 400, 200).beside_the_city
    assert alone is not None and together is not None
    assert alone.p < 0.02 < 0.9 < together.p
    assert together.value == pytest.approx(1.0)
    assert alone.high < 1 < together.high


def test_what_there_is_too_little_of_is_said_to_be_open() -> None:
    assert Recurrence(0, 0, 5, 5).here is None
    assert Recurrence(0, 0, 5, 5).beside_the_city is None
    assert Recurrence(3, 1, 0, 5).beside_the_city is None
    gone = Recurrence(8, 0, 0, 0).here
    assert gone is not None and (gone.value, gone.low) == (0.0, 0.0) and 0 < gone.high < 1
    new = Recurrence(0, 8, 0, 0).here
    assert new is not None and new.value is None and new.high == inf and new.low > 1


def test_the_interval_holds_the_ratio_and_agrees_with_the_p_value() -> None:
    for before, after in product(range(12), range(12)):
        here = Recurrence(before, after, 50, 60).here
        if here is None:
            continue
        assert here.low <= (here.value if here.value is not None else inf) <= here.high
        assert (here.p <= 0.05) == (here.high < 1 or here.low > 1), (before, after)
        assert 0 < here.p <= 1
