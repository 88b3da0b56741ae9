"""What boxes keep of a heat map: worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from defectstudio.app.refinement_boxes import kept_in_regions, margin_said, spanning, widened
from defectstudio.domain.refinement import MapsStarted


def crack(faint: float) -> np.ndarray:
    """P(defect) of 12 x 40 pixels: a line along row 5 that is clear on its left half and faint on its right."""
    p = np.full((12, 40), 0.02, np.float32)
    p[5, 4:20], p[5, 20:36] = 0.9, faint
    return p


BOX = np.zeros((12, 40), np.uint8)
BOX[2:9, 4:36] = 1


def test_a_faint_end_of_a_crack_is_kept_where_a_box_says_how_long_it_is() -> None:
    p = crack(0.2)
    kept = kept_in_regions(p, BOX, 0.5, margin=0, grow=0)
    assert (kept == (p >= 0.2)).all()
    assert (kept_in_regions(p, BOX, 0.1, margin=0, grow=0) == (p >= 0.1)).all()  # a lower threshold stays as it is


def test_the_margin_of_a_box_does_not_have_to_be_covered() -> None:
    p = crack(0.2)
    clear = p >= 0.5
    assert (kept_in_regions(p, BOX, 0.5, margin=6, grow=0) == clear).all()  # 16 of 20 columns are four fifths
    assert kept_in_regions(p, BOX, 0.5, margin=5, grow=0).sum() > clear.sum()


def test_a_box_in_which_nothing_spans_is_not_filled() -> None:
    kept = kept_in_regions(crack(0.02), BOX, 0.5, margin=0, grow=0)
    assert kept.sum() == 16
    assert spanning(np.array([[0.9, 0.01, 0.01, 0.01]], np.float32), 0) == pytest.approx(0.09)


def test_the_threshold_that_spans_follows_the_longer_side() -> None:
    rising = np.linspace(0.1, 1, 10, dtype=np.float32)
    assert spanning(np.stack([rising, rising / 2]), 0) == pytest.approx(0.3)  # the eighth largest of ten
    assert spanning(np.stack([rising, rising / 2]).T, 0) == pytest.approx(0.3)
    assert spanning(np.stack([rising, rising / 2]), 4) == pytest.approx(0.9)  # 2 of 10 columns are no margin: 1.6 -> 2
    assert spanning(np.stack([rising, rising / 2]), 50) == pytest.approx(1.0)  # margins that leave nothing: one column


def test_what_is_kept_grows_as_far_as_its_box() -> None:
    kept = kept_in_regions(crack(0.9), BOX, 0.5, margin=0, grow=2)
    assert not kept[BOX == 0].any()
    assert (kept.any(1) == [3 <= row <= 7 for row in range(12)]).all()
    assert (widened(np.eye(5, dtype=np.bool_), 0) == np.eye(5)).all()


def test_a_region_that_is_no_box_keeps_its_likeliest_pixels_alone() -> None:
    outlined = BOX.copy()
    outlined[2:6, 4:20] = 0  # a corner is missing
    p = crack(0.2)
    kept = kept_in_regions(p, outlined, 0.5, margin=0, grow=3)
    assert (kept == ((p >= 0.18) & (outlined > 0))).all()
    whole = kept_in_regions(p, BOX, 0.95, margin=None, grow=3)
    assert (whole == (p > 0.8)).all()


def test_boxes_of_two_classes_do_not_write_into_each_other() -> None:
    both = BOX.copy()
    both[2:9, 20:36] = 2
    kept = kept_in_regions(crack(0.2), both, 0.5, margin=0, grow=0)
    assert (kept == (crack(0.2) >= 0.2)).all()
    assert not kept_in_regions(crack(0.2), both, 0.5, margin=0, grow=4)[BOX == 0].any()


def test_the_margin_is_read_from_the_words_of_a_start() -> None:
    assert margin_said(MapsStarted("a", "roi", "24 boxes, margin 8 px, 20% left out")) == 8
    assert margin_said(MapsStarted("a", "noise", "noise 3")) is None
    assert margin_said(None) is None
