"""Intervals from draws of groups: equal to a plain loop, paired, and silent where there is nothing to say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from defectstudio.domain.bootstrap import draw_groups, histogram_ap, interval, numbered, weighted_ap
from defectstudio.domain.metrics import PixelTally, average_precision

SCORES = st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=2, max_size=30)


@given(SCORES, st.integers(0, 1000))
def test_a_draw_counts_as_if_its_images_stood_there_so_often(images: list[tuple[bool, int]], seed: int) -> None:
    truth = np.array([defective for defective, _ in images])
    score = np.array([value / 6 for _, value in images])
    weights = draw_groups(len(images), 3, np.random.default_rng(seed))
    assert (weights.sum(axis=1) == len(images)).all()
    for found, row in zip(weighted_ap(truth, score, weights), weights.astype(int), strict=True):
        copies, scores = np.repeat(truth, row), np.repeat(score, row)
        if copies.all() or not copies.any():
            assert np.isnan(found)
        else:
            assert found == pytest.approx(average_precision(copies, scores))


def test_pixel_ap_of_histograms_is_that_of_a_tally() -> None:
    rng = np.random.default_rng(0)
    tally = PixelTally(bins=64)
    tally.add(rng.random((40, 40)) < 0.1, rng.random((40, 40)))
    assert tally.healthy is not None
    assert tally.defect is not None
    assert histogram_ap(tally.healthy[None], tally.defect[None])[0] == pytest.approx(tally.ap())


def test_images_of_one_group_are_drawn_together_and_widen_the_interval() -> None:
    rng = np.random.default_rng(1)
    groups = numbered([f"part {k // 10}" for k in range(100)])
    assert groups.tolist() == [k // 10 for k in range(100)]
    truth = np.repeat(rng.random(10) < 0.5, 10)
    score = np.repeat(rng.random(10), 10) + truth * 0.4
    wide = weighted_ap(truth, score, draw_groups(10, 500, rng)[:, groups])
    narrow = weighted_ap(truth, score, draw_groups(100, 500, rng))
    assert np.diff(interval(wide)) > 1.5 * np.diff(interval(narrow))


def test_the_interval_of_a_known_spread_is_its_middle_95_percent() -> None:
    low, high = interval(np.random.default_rng(2).normal(5.0, 1.0, 20_000))
    assert (low, high) == pytest.approx((5 - 1.96, 5 + 1.96), abs=0.06)


def test_a_figure_that_most_draws_do_not_have_gets_no_interval() -> None:
    assert np.isnan(interval([np.nan, np.nan, 1.0])).all()
    assert np.isnan(interval([])).all()
    assert interval([np.nan, 1.0, 1.0]) == (1.0, 1.0)
