import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import label

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import Box
from defectstudio.sessions.painting.edit import after
from defectstudio.sessions.painting.patch import Patch
from defectstudio.sessions.painting.shapes import ellipse, polygon, rectangle, segment, stroke

SHAPE = (40, 50)
coordinates = st.floats(-20, 70, allow_nan=False)
points = st.tuples(coordinates, coordinates)


def full(patch: Patch | None, shape: tuple[int, int] = SHAPE) -> np.ndarray:
    mask = np.zeros(shape, bool)
    if patch is not None:
        mask[patch.box.slices] = patch.mask
    return mask


def centres() -> tuple[np.ndarray, np.ndarray]:
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    return x + 0.5, y + 0.5


@settings(deadline=None)
@given(points, points, st.floats(0.8, 15))
def test_a_segment_covers_the_pixels_whose_centres_lie_within_its_radius(
    start: tuple[float, float], end: tuple[float, float], radius: float
) -> None:
    x, y = centres()
    p, d = np.array(start), np.array(end) - np.array(start)
    along = ((x - p[0]) * d[0] + (y - p[1]) * d[1]) / max(float(d @ d), 1e-30)
    along = np.clip(along, 0, 1) if d @ d > 1e-9 else np.zeros_like(x)
    distance = np.hypot(x - p[0] - along * d[0], y - p[1] - along * d[1])
    drawn = full(segment(start, end, radius, SHAPE))
    clear = np.abs(distance - radius) > 1e-3
    assert np.array_equal(drawn[clear], (distance <= radius)[clear])


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 49.9), st.floats(0, 39.9)), min_size=1, max_size=6))
def test_the_thinnest_brush_draws_one_pixel_for_a_click_and_no_gaps(path: list[tuple[float, float]]) -> None:
    patch = stroke(path, 0.5, SHAPE)
    mask = full(patch)
    for x, y in path:
        assert mask[int(y), int(x)]
    if len(path) == 1:
        assert mask.sum() == 1
    assert label(mask, np.ones((3, 3)))[1] == 1


def test_a_stroke_outside_the_image_is_nothing_and_one_across_the_edge_is_cropped() -> None:
    assert stroke([(-30.0, -30.0), (-25.0, -10.0)], 5, SHAPE) is None
    patch = stroke([(-3.0, 5.0), (3.0, 5.0)], 2, SHAPE)
    assert patch is not None
    assert patch.box.left == 0


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-10, 60), st.integers(-10, 50)), min_size=3, max_size=8))
def test_a_polygon_holds_the_pixel_centres_inside_it_by_the_even_odd_rule(corners: list[tuple[int, int]]) -> None:
    x, y = centres()
    inside = np.zeros(SHAPE, bool)
    near = np.zeros(SHAPE, bool)
    for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
        if y0 == y1:
            continue
        at = x0 + (y - y0) * (x1 - x0) / (y1 - y0)
        spans = (np.minimum(y0, y1) <= y) & (y < np.maximum(y0, y1))
        inside ^= spans & (x >= at)
        near |= spans & (np.abs(x - at) < 1e-9)
    assert np.array_equal(full(polygon([(float(a), float(b)) for a, b in corners], SHAPE))[~near], inside[~near])


def test_a_box_covers_every_pixel_it_touches_and_a_click_one() -> None:
    patch = rectangle((10.0, 5.0), (20.0, 8.5), SHAPE)
    assert patch is not None
    assert patch.box == Box(5, 10, 9, 20)
    assert patch.mask.all()
    click = rectangle((7.3, 3.9), (7.3, 3.9), SHAPE)
    assert click is not None
    assert click.box == Box(3, 7, 4, 8)


def test_an_ellipse_touches_its_four_sides_and_is_round() -> None:
    patch = ellipse((10.0, 5.0), (40.0, 35.0), SHAPE)
    assert patch is not None
    assert patch.box == Box(5, 10, 35, 40)
    assert patch.area == pytest.approx(np.pi * 15 * 15, rel=0.02)
    assert np.array_equal(patch.mask, patch.mask[::-1]) and np.array_equal(patch.mask, patch.mask.T)


@settings(deadline=None)
@given(points, points, st.sampled_from([rectangle, ellipse]))
def test_shapes_stay_inside_the_image_and_are_never_empty(
    start: tuple[float, float], end: tuple[float, float], shape: object
) -> None:
    patch = shape(start, end, SHAPE)  # type: ignore[operator]
    if patch is not None:
        assert patch.mask.any()
        assert full(patch).sum() == patch.area


def test_a_patch_moved_out_of_the_image_is_none_and_part_of_it_is_cropped() -> None:
    patch = rectangle((0.0, 0.0), (4.0, 4.0), SHAPE)
    assert patch is not None
    moved = patch.shifted(-2, 48, SHAPE)
    assert moved is not None
    assert moved.box == Box(0, 48, 2, 50)
    assert patch.shifted(0, 60, SHAPE) is None
    assert patch.shifted(-4, 0, SHAPE) is None


def test_a_patch_is_never_empty() -> None:
    with pytest.raises(DefectStudioError):
        Patch(Box(0, 0, 2, 2), np.zeros((2, 2), bool))
    assert Patch.of(np.zeros((4, 4), bool)) is None


def test_protecting_other_classes_paints_around_them() -> None:
    before = np.array([[0, 1, 2, 255]], np.uint8)
    mask = np.ones((1, 4), bool)
    assert after(before, mask, 1, protect=True).tolist() == [[1, 1, 2, 1]]
    assert after(before, mask, 1, protect=False).tolist() == [[1, 1, 1, 1]]
    assert before.tolist() == [[0, 1, 2, 255]]
