import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.ndimage import find_objects, label

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import Box
from defectstudio.sessions.painting import morphology
from defectstudio.sessions.painting.patch import Patch
from defectstudio.sessions.painting.regions import connected, equal_area, find_regions, region_at
from defectstudio.sessions.painting.shapes import ellipse

maps = arrays(
    np.uint8, st.tuples(st.integers(1, 14), st.integers(1, 14)), elements=st.sampled_from([0, 1, 2, 254, 255])
)
EIGHT = np.ones((3, 3))


def full(patch: Patch, shape: tuple[int, ...]) -> np.ndarray:
    mask = np.zeros(shape, bool)
    mask[patch.box.slices] = patch.mask
    return mask


@settings(deadline=None)
@given(maps)
def test_regions_are_those_that_labelling_each_class_finds(label_map: np.ndarray) -> None:
    expected = set()
    for index in (1, 2, 254):
        numbered, _ = label(label_map == index, EIGHT)
        for number, (rows, columns) in enumerate(find_objects(numbered), start=1):
            seed = tuple(int(n) for n in np.argwhere(numbered == number)[0])
            box = Box(rows.start, columns.start, rows.stop, columns.stop)
            expected.add((index, box, int((numbered == number).sum()), seed))
    found = find_regions(label_map)
    assert {(r.index, r.box, r.area, r.seed) for r in found} == expected
    assert [r.area for r in found] == sorted((r.area for r in found), reverse=True)
    assert find_regions(label_map, most=2) == found[:2]


@settings(deadline=None)
@given(maps, st.data())
def test_the_region_under_a_pixel_is_what_labelling_its_value_finds(label_map: np.ndarray, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, label_map.shape[0] - 1))
    column = data.draw(st.integers(0, label_map.shape[1] - 1))
    same = label_map == label_map[row, column]
    eight, four = label(same, EIGHT)[0], label(same)[0]
    patch = region_at(label_map, row, column)
    assert patch is not None
    assert np.array_equal(full(patch, same.shape), eight == eight[row, column])
    assert np.array_equal(full(equal_area(label_map, row, column), same.shape), four == four[row, column])
    assert np.array_equal(full(connected(same, row, column), same.shape), four == four[row, column])


def test_outside_the_map_there_is_no_region() -> None:
    assert region_at(np.zeros((4, 4), np.uint8), 4, 0) is None
    with pytest.raises(DefectStudioError):
        connected(np.zeros((4, 4), bool), 1, 1)
    with pytest.raises(DefectStudioError):
        equal_area(np.zeros((4, 4), np.uint8), -1, 0)


SHAPE = (60, 80)


def disc(radius: float) -> Patch:
    patch = ellipse((40 - radius, 30 - radius), (40 + radius, 30 + radius), SHAPE)
    assert patch is not None
    return patch


def test_growing_and_shrinking_a_disc_change_its_radius() -> None:
    grown, shrunk = morphology.grow(disc(10), 4, SHAPE), morphology.shrink(disc(14), 4)
    assert grown is not None and shrunk is not None
    assert grown.area == pytest.approx(np.pi * 14**2, rel=0.04)
    assert shrunk.area == pytest.approx(np.pi * 10**2, rel=0.06)
    assert morphology.shrink(disc(3), 4) is None


def test_growing_stops_at_the_border_of_the_image() -> None:
    patch = Patch(Box(0, 0, 2, 2), np.ones((2, 2), bool))
    grown = morphology.grow(patch, 100, SHAPE)
    assert grown is not None
    assert grown.box.top == grown.box.left == 0
    assert grown.mask[0, 0]
    whole = morphology.grow(patch, 1000, SHAPE)
    assert whole is not None
    assert whole.area == 60 * 80


def test_smoothing_takes_off_a_hair_and_fills_a_notch_but_keeps_the_disc() -> None:
    rough = full(disc(15), SHAPE)
    rough[30, 55:75] = True
    rough[10:22, 40] = False
    patch = Patch.of(rough)
    assert patch is not None
    smooth = morphology.smooth(patch, 3, SHAPE)
    assert smooth is not None
    result = full(smooth, SHAPE)
    assert not result[30, 62:].any()
    assert result[20, 40]
    assert smooth.area == pytest.approx(disc(15).area, rel=0.03)


def test_holes_are_filled_and_nothing_else() -> None:
    ring = full(disc(15), SHAPE) & ~full(disc(5), SHAPE)
    patch = Patch.of(ring)
    assert patch is not None
    filled = morphology.without_holes(patch)
    assert filled is not None
    assert np.array_equal(full(filled, SHAPE), full(disc(15), SHAPE))
