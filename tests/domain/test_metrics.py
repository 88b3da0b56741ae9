import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as reference

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.metrics import (
    PixelTally,
    average_precision,
    best_f1,
    image_figures,
    precision_recall,
    roc_auc,
)

samples = st.lists(st.tuples(st.booleans(), st.integers(0, 8)), min_size=2, max_size=40).filter(
    lambda rows: len({truth for truth, _ in rows}) == 2
)


def test_average_precision_of_a_hand_worked_ranking() -> None:
    # ranked: + - + -  ->  P at the hits 1 and 2/3, each worth 1/2 of the recall
    assert average_precision([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1]) == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)


def test_ties_are_taken_together_so_that_order_does_not_matter() -> None:
    assert average_precision([1, 0], [0.5, 0.5]) == average_precision([0, 1], [0.5, 0.5]) == 0.5


@given(samples)
def test_average_precision_and_auc_agree_with_scikit_learn(rows: list[tuple[bool, int]]) -> None:
    truth, score = map(np.array, zip(*rows, strict=True))
    assert average_precision(truth, score) == pytest.approx(reference.average_precision_score(truth, score))
    assert roc_auc(truth, score) == pytest.approx(reference.roc_auc_score(truth, score))


@given(samples)
def test_no_threshold_has_a_better_f1_than_the_best_one(rows: list[tuple[bool, int]]) -> None:
    truth, score = map(np.array, zip(*rows, strict=True))
    top, threshold = best_f1(truth, score)
    assert reference.f1_score(truth, score >= threshold) == pytest.approx(top)
    assert all(reference.f1_score(truth, score >= cut, zero_division=0) <= top + 1e-12 for cut in range(9))


def test_figures_at_a_threshold_count_by_hand() -> None:
    figures = image_figures([1, 1, 0, 0, 0], [0.9, 0.2, 0.6, 0.1, 0.0], threshold=0.5)
    assert (figures.fp, figures.fn, figures.defective, figures.images) == (1, 1, 2, 5)
    assert figures.ca == pytest.approx(3 / 5)
    assert figures.macc == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert figures.f1 == pytest.approx(0.5)


def test_with_good_images_only_ap_is_not_a_number_and_false_alarms_still_count() -> None:
    figures = image_figures([0, 0], [0.9, 0.1], threshold=0.5)
    assert math.isnan(figures.ap)
    assert figures.fp == 1


def test_a_score_that_is_not_a_number_is_an_error_with_a_way_out() -> None:
    with pytest.raises(DefectStudioError, match="learning rate"):
        precision_recall([1, 0], [float("nan"), 0.0])


def test_pixel_figures_agree_with_the_exact_ones() -> None:
    rng = np.random.default_rng(0)
    defect = rng.random((60, 50)) < 0.1
    score = np.clip(rng.normal(0.3 + 0.3 * defect, 0.15), 0, 1)
    tally = PixelTally()
    tally.add(defect[:30], score[:30])
    tally.add(defect[30:], score[30:])
    assert tally.ap() == pytest.approx(reference.average_precision_score(defect.ravel(), score.ravel()), abs=1e-3)
    called = score >= 0.5
    assert tally.iou(0.5) == pytest.approx((called & defect).sum() / (called | defect).sum(), abs=1e-3)
    best = tally.best_iou_threshold()
    assert all(tally.iou(cut) <= tally.iou(best) + 1e-9 for cut in np.linspace(0, 1, 21))


def test_unknown_pixels_count_for_nothing() -> None:
    defect = np.array([[True, False]])
    tally = PixelTally()
    tally.add(defect, np.array([[0.9, 0.95]]), known=np.array([[True, False]]))
    assert tally.ap() == 1.0
