"""Boxes from label maps and heat maps, and what pixels a detection's cells stand for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from defectstudio.data.predictions import Scored
from defectstudio.data.runs import default_config
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.detection import FoundBox, overlap_of
from defectstudio.domain.labels import DEFECTIVE, HEALTHY, UNKNOWN, Box
from defectstudio.learning.boxes import area_pixels, boxes_of, confidence, fitted_cuts, regions_of, suppressed
from defectstudio.learning.supervision import pixel_weights, pooled


def test_parts_that_nearly_touch_are_one_defect_and_classes_are_apart() -> None:
    drawn = np.zeros((60, 60), np.uint8)
    drawn[5:10, 5:10] = 1
    drawn[5:10, 14:20] = 1
    drawn[40:50, 40:44] = 1
    drawn[12:20, 5:10] = 2
    found = {(box.box, box.class_index) for box in boxes_of(drawn)}
    assert found == {(Box(5, 5, 10, 20), 1), (Box(40, 40, 50, 44), 1), (Box(12, 5, 20, 10), 2)}
    assert boxes_of(np.full((4, 4), UNKNOWN, np.uint8)) == []


def heat_of(*spots: tuple[int, int, float], size: int = 12) -> np.ndarray:
    heat = np.full((size, size), 0.01, np.float16)
    for row, column, value in spots:
        heat[row : row + 2, column : column + 2] = value
    return heat


def test_each_hot_region_is_a_detection_and_a_faint_one_has_its_own_size() -> None:
    scored = Scored(1, 1.0, heat_of((1, 1, 0.9), (8, 8, 0.3)))
    strong, weak = regions_of(scored, (96, 96))
    assert strong.found.confidence == pytest.approx(np.sqrt(0.9), abs=0.01)
    assert weak.found.confidence == pytest.approx(np.sqrt(0.3), abs=0.01)
    for region, at in ((strong, 1), (weak, 8)):
        box = region.found.box
        assert abs(box.top - 8 * at) <= 4
        assert abs(box.bottom - 8 * (at + 2)) <= 4
        assert region.cells[at : at + 2, at : at + 2].all()
        assert region.cells.sum() == 4
    assert regions_of(Scored(1, 1.0, heat_of()), (96, 96)) == []


def test_the_class_is_the_one_that_most_of_the_heat_speaks_for() -> None:
    classes = np.full((12, 12), 2, np.uint8)
    classes[1, 1] = 3
    (region,) = regions_of(Scored(1, 1.0, heat_of((1, 1, 0.8)), classes=classes), (96, 96))
    assert region.found.class_index == 2
    assert region.found.confidence == pytest.approx(np.sqrt(0.8 * 0.75), abs=0.01)


def test_an_image_that_looks_good_makes_its_detections_doubtful() -> None:
    assert confidence(0.01, 0.9) < 0.1
    assert confidence(1, 0.9) > 0.9


@given(st.integers(30, 90), st.integers(30, 90), st.integers(0, 2**16))
def test_the_pixels_of_cells_make_just_these_cells_known(height: int, width: int, seed: int) -> None:
    config = default_config(height=64, width=64)
    cells = np.random.default_rng(seed).random((8, 8)) < 0.2
    cells[2, 3] = True
    for defect in (True, False):
        drawn = np.full((height, width), UNKNOWN, np.uint8)
        box, mask = area_pixels(cells, (height, width), defect=defect)
        drawn[box.slices][mask] = 1 if defect else HEALTHY
        target, weight = pooled(*pixel_weights(drawn, config), (8, 8))
        np.testing.assert_array_equal(target[0].numpy() > 0, cells if defect else np.zeros_like(cells))
        # Cells whose pixels all lie in neighbours' ragged edges may become known as well, never fewer.
        known = weight[0].numpy() > 0
        assert (known | ~cells).all()


def test_of_boxes_of_one_class_that_overlap_the_surest_stays() -> None:
    one, near, far = Box(0, 0, 10, 10), Box(1, 1, 11, 11), Box(30, 30, 40, 40)
    found = [FoundBox(near, 1, 0.6), FoundBox(one, 1, 0.9), FoundBox(far, 1, 0.2), FoundBox(near, 2, 0.5)]
    assert suppressed(found) == [found[1], found[3], found[2]]


def blurred(top: int, left: int, side: int, index: int, reach: float) -> tuple[np.ndarray, Scored]:
    """A label map with one square, and a map of 4-pixel cells that rises towards it from `reach` cells away."""
    drawn = np.zeros((96, 96), np.uint8)
    drawn[top : top + side, left : left + side] = index
    rows, columns = np.mgrid[:24, :24] * 4 + 1.5
    low, high = np.array([top, left]), np.array([top, left]) + side - 1
    far = np.hypot(
        np.maximum(np.maximum(low[0] - rows, rows - high[0]), 0),
        np.maximum(np.maximum(low[1] - columns, columns - high[1]), 0),
    )
    heat = np.clip(1 - far / (4 * reach), 0, 0.98).astype(np.float16)
    return drawn, Scored(1, 1.0, heat, classes=np.full((24, 24), index, np.uint8))


def test_each_class_is_cut_where_its_boxes_fit_best() -> None:
    pictures = [blurred(20 + n, 30 + 2 * n, 12, 1, 4.0) for n in range(4)] + [
        blurred(20 + n, 20 + n, 40, 2, 0.5) for n in range(4)
    ]
    tags = [DEFECTIVE] * len(pictures)
    snapshot = Snapshot.from_arrays([drawn for drawn, _ in pictures], [drawn for drawn, _ in pictures], tags)
    scored = [row for _, row in pictures]
    cuts = fitted_cuts(snapshot.images, scored)
    assert cuts[1] >= 0.7
    assert cuts[2] == 0.5
    for drawn, row in pictures:
        (region,) = regions_of(row, (96, 96), cut=cuts)
        (truth,) = boxes_of(drawn)
        assert overlap_of([region.found.box], [truth.box])[0, 0] >= 0.5
    wide, narrow = (regions_of(scored[0], (96, 96), cut=cut)[0].found.box for cut in (0.5, cuts))
    assert narrow.shape[0] < wide.shape[0]
