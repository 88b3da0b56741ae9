"""Calibration, balanced, diverse and once-per-part picks, label errors and the budget curve, on hand-worked numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from defectstudio.acquisition.budget import fit_budget
from defectstudio.acquisition.calibration import calibrate, calibrate_folds
from defectstudio.acquisition.label_errors import contradiction, empty_masks, outvoted, worst_first
from defectstudio.acquisition.pick import balanced, diverse, once_per_group
from defectstudio.acquisition.scores import average_margin
from defectstudio.domain.errors import DefectStudioError


def test_calibration_stretches_both_sides_of_the_threshold() -> None:
    assert calibrate([0, 0.1, 0.2, 0.6, 1], 0.2).tolist() == pytest.approx([0, 0.25, 0.5, 0.75, 1])
    assert calibrate([0.0, 1.0], 0).tolist() == [0.5, 1]
    assert calibrate([0.0, 0.5, 1.0], 1).tolist() == [0, 0.25, 0.5]
    with pytest.raises(DefectStudioError, match="outside"):
        calibrate([0.5], 1.2)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=30), st.floats(0.01, 0.99))
def test_calibration_keeps_the_order_and_the_bounds(p: list[float], threshold: float) -> None:
    out = calibrate(sorted(p), threshold)
    assert (np.diff(out) >= -1e-12).all()
    assert out.min() >= 0
    assert out.max() <= 1


def test_each_fold_is_calibrated_by_itself() -> None:
    p, truth = [0.1, 0.2, 0.8, 0.9, 0.3], [False, True, False, True, True]
    out = calibrate_folds(p, truth, [0, 0, 1, 1, 2])
    assert out[:2].tolist() == pytest.approx([0.1 / 0.3, 0.5 + 0.05 / 1.7])  # its best threshold is 0.15
    assert out[2] < 0.5 <= out[3]
    assert out[4] == 0.3  # a fold of one tag has no threshold


def test_the_balanced_pick_takes_the_first_of_every_class_then_fills_up_by_rank() -> None:
    order = np.array([4, 2, 0, 1, 3])
    classes = ["crack", "fray", "crack", "fray", "crack"]
    assert balanced(order, classes, 1).tolist() == [4, 1, 2, 0, 3]
    assert balanced(order, classes, 2).tolist() == [4, 2, 1, 3, 0]
    assert balanced(order, classes, 0).tolist() == order.tolist()


def test_a_part_photographed_twice_counts_once_until_all_had_their_turn() -> None:
    order = np.array([3, 0, 1, 2])
    assert once_per_group(order, ["a", "b", "a", "a"]).tolist() == [3, 1, 0, 2]
    assert once_per_group(order, ["", "", "", ""]).tolist() == order.tolist()


@given(st.permutations(range(8)), st.lists(st.integers(0, 3), min_size=8, max_size=8), st.integers(0, 4))
def test_picks_only_reorder(order: list[int], classes: list[int], each: int) -> None:
    given_order = np.array(order, np.intp)
    assert sorted(balanced(given_order, classes, each).tolist()) == list(range(8))
    assert sorted(once_per_group(given_order, classes).tolist()) == list(range(8))


def test_the_diverse_pick_weighs_score_against_distance() -> None:
    line = np.array([[0.0], [0.1], [5.0], [9.0]], np.float32)
    # Best score first; then the far one, though its score is the lowest; the near-copy comes last.
    assert diverse([4, 3, 2, 1], line, 4).tolist()[0] == 0
    assert diverse([4, 3, 2, 1], line, 2).tolist() == [0, 2]
    assert diverse([4, 3, 2, 1], line, 4).tolist()[-1] == 1
    assert diverse([4, 3, 2, 1], line, 1, known=line[:1]).tolist() == [2]
    assert diverse([1, 2, 3], np.zeros((3, 2), np.float32), 3).tolist() == [2, 1, 0]


def test_the_average_margin_scales_every_class_before_it_averages() -> None:
    # Class 0 spans 0.2..0.6, class 1 0..1: scaled, image 1 is at 1/2 of both, so its margin is 0 and it is asked first.
    p = [[0.2, 0.0], [0.4, 0.5], [0.6, 1.0]]
    assert average_margin(p).tolist() == pytest.approx([-1, 0, -1])
    assert average_margin([[0.3], [0.3]]).tolist() == [-1, -1]  # no spread, nothing to choose by


def test_a_label_is_contradicted_beyond_what_is_usual_for_its_class() -> None:
    p, truth = [0.9, 0.1, 0.2, 0.8], [True, True, False, False]
    # Mean P(defect) of the defective: 0.5; mean P(good) of the good: 0.5.
    assert contradiction(p, truth).tolist() == pytest.approx([-0.4, 0.4, -0.3, 0.3])
    assert worst_first(contradiction(p, truth), truth, [False] * 4).tolist() == [1, 3]
    assert contradiction([0.3], [True]).tolist() == [-1]


def test_whoever_drew_a_defect_saw_it() -> None:
    against, drawn = [0.1, 0.9, -0.2, 0.4, 0.3], [False, True, False, False, True]
    assert worst_first(against, [True] * 5, drawn).tolist() == [3, 0, 1, 4]


def test_good_and_defective_tags_are_listed_in_turn() -> None:
    against = [0.9, 0.8, 0.7, 0.2, 0.1, -0.3]
    defective = [False, False, False, True, True, True]
    assert worst_first(against, defective, [False] * 6).tolist() == [0, 3, 1, 4, 2]


def test_a_tag_is_outvoted_by_the_other_images_of_its_group() -> None:
    groups = ["a"] * 4 + ["b"] * 3 + ["c"] * 3 + ["d"] * 2 + ["", ""]
    truth = [False, True, True, True] + [True] * 3 + [True] * 3 + [True, False] + [True, False]
    # a: one of four is good, two of three groups with a defect are of one tag; d is too small, "" is no group.
    assert outvoted(truth, groups).tolist() == pytest.approx([1, 1 / 3, 1 / 3, 1 / 3] + [0] * 10)


def test_groups_whose_tags_usually_differ_outvote_nobody() -> None:
    groups = ["a"] * 4 + ["b"] * 4 + ["c"] * 4
    truth = [True, False, False, False] * 2 + [True] * 4
    assert not outvoted(truth, groups).any()


def test_defective_with_a_complete_map_and_no_defect_contradicts_itself() -> None:
    assert empty_masks([True, True, True, False], [0, 0, 5, 0], [0, 9, 0, 0]).tolist() == [True, False, False, False]


def test_the_budget_curve_finds_the_curve_that_made_the_points() -> None:
    n = np.array([0, 8, 16, 32, 64])
    curve = fit_budget(n, 0.95 - 0.3 * np.exp(-n / 20), repeats=20)
    assert curve.parameters[0] == pytest.approx([0.95, 0.3, 20], rel=1e-3)
    gain = curve.gain(32)
    assert gain.expected == pytest.approx(0.3 * (np.exp(-64 / 20) - np.exp(-96 / 20)), rel=1e-2)
    assert gain.enough(0.02)
    assert not gain.enough(0.001)


def test_noise_widens_the_interval_and_the_future_is_not_told_too_far() -> None:
    rng = np.random.default_rng(0)
    n = np.repeat([0, 8, 16, 32, 64], 3)
    y = 0.9 - 0.3 * np.exp(-n / 20)
    quiet, noisy = (fit_budget(n, y + rng.normal(0, s, n.size), repeats=60) for s in (0.002, 0.03))
    width = [float(np.subtract(*reversed(c.band([80])))[0]) for c in (quiet, noisy)]
    assert width[1] > 3 * width[0] > 0
    assert quiet.gain(16).low <= quiet.gain(16).expected <= quiet.gain(16).high
    with pytest.raises(DefectStudioError, match="too far"):
        quiet.gain(65)
    with pytest.raises(DefectStudioError, match="three"):
        fit_budget([0, 8], [0.5, 0.6])
