"""How numbers are drawn: stated percentiles hold, bounds are never left, growths stay above 1 and shares below it."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from threegates.engine import distributions
from threegates.engine.distributions import Range
from threegates.inputs.ranges import PERCENTILES

ROWS = (np.arange(20_000) + 0.5) / 20_000
INVERSE = NormalDist().inv_cdf
EVERYTHING = (0.0, 1e30)


def test_the_normal_quantiles_are_those_of_python_in_the_middle_and_far_out() -> None:
    uniform = np.concatenate([ROWS, 10.0 ** -np.arange(1, 16), 1 - 10.0 ** -np.arange(1, 13), [0.075, 0.925, 0.5]])
    theirs = [INVERSE(each) for each in uniform]
    np.testing.assert_allclose(distributions.normal_quantile(uniform), theirs, rtol=0, atol=1e-13)


def test_a_uniform_draw_of_nothing_or_all_is_far_out_and_finite() -> None:
    found = distributions.normal_quantile(np.array([0.0, 1.0]))
    assert found[0] == INVERSE(2.0**-54) < -8
    assert found[1] > 8


ends = st.tuples(*[st.floats(1e-3, 1e3)] * 3).map(sorted)
shares = st.tuples(*[st.floats(0.001, 0.999)] * 3).map(sorted)
growths = st.tuples(*[st.floats(1.001, 50)] * 3).map(sorted)


@pytest.mark.parametrize("kind", PERCENTILES)
@given(numbers=ends, of_a_share=shares, of_a_growth=growths)
@example(numbers=[2.0, 2.0, 3.0], of_a_share=[0.1, 0.1, 0.2], of_a_growth=[1.5, 2.0, 2.0])
def test_the_stated_percentiles_and_the_median_are_those_that_are_drawn(
    kind: str, numbers: list[float], of_a_share: list[float], of_a_growth: list[float]
) -> None:
    at = np.array([PERCENTILES[kind], 0.5, 1 - PERCENTILES[kind]])
    for shape, three in (("number", numbers), ("share", of_a_share), ("rate", of_a_growth)):
        of = Range(kind, shape, *three, *EVERYTHING)
        np.testing.assert_allclose(distributions.drawn(at, of), three, rtol=1e-9)
        everything = distributions.drawn(ROWS, of)
        assert (np.diff(everything) >= 0).all()
        assert everything.min() > 0


@given(shares)
def test_a_share_stays_between_nothing_and_all(three: list[float]) -> None:
    values = distributions.drawn(ROWS, Range("p10_p90", "share", *three, 0, 1))
    assert values.min() > 0
    assert values.max() <= 1


@given(growths)
def test_a_growth_whose_range_lies_above_1_never_falls_to_1(three: list[float]) -> None:
    values = distributions.drawn(ROWS, Range("p5_p95", "rate", *three, *EVERYTHING))
    assert values.min() >= 1


@given(low=st.floats(0.5, 0.99), base=st.floats(1, 2), high=st.floats(2, 4))
def test_a_growth_whose_range_reaches_below_1_shrinks_in_as_many_draws_as_its_low_says(
    low: float, base: float, high: float
) -> None:
    values = distributions.drawn(ROWS, Range("p10_p90", "rate", low, base, high, *EVERYTHING))
    assert np.mean(values <= low) == pytest.approx(0.1, abs=1e-3)


@given(three=ends, least=st.floats(1e-3, 1), most=st.floats(1, 1e3))
def test_what_a_field_does_not_allow_is_not_drawn_and_the_percentiles_hold_all_the_same(
    three: list[float], least: float, most: float
) -> None:
    assume(least <= three[0] <= three[2] <= most)
    of = Range("p10_p90", "number", *three, least, most)
    values = distributions.drawn(ROWS, of)
    assert least <= values.min()
    assert values.max() <= most
    np.testing.assert_allclose(distributions.drawn(np.array([0.1, 0.5, 0.9]), of), three, rtol=1e-9)


@given(low=st.floats(0.1, 10), rise=st.floats(0, 1), width=st.floats(0.1, 10))
def test_bounds_are_never_left_and_the_mean_is_that_of_a_pert(low: float, rise: float, width: float) -> None:
    base, high = low + rise * width, low + width
    values = distributions.drawn(ROWS, Range("bounds", "number", low, base, high, *EVERYTHING))
    assert low <= values.min()
    assert values.max() <= high
    assert values.mean() == pytest.approx((low + 4 * base + high) / 6, rel=1e-4)
    assert values.var() == pytest.approx((values.mean() - low) * (high - values.mean()) / 7, rel=1e-3)
    assert (np.diff(values) >= 0).all()


def test_a_range_without_width_is_its_base() -> None:
    for kind in (*PERCENTILES, "bounds"):
        np.testing.assert_allclose(distributions.drawn(ROWS, Range(kind, "number", 3, 3, 3, *EVERYTHING)), 3.0)
