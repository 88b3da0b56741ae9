import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, label

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import Box
from defectstudio.sessions.painting.patch import Patch
from defectstudio.sessions.painting.select import Scissors, flood, superpixels, tighten, wand


def scene(size: int = 120, depth: float = 30, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A noisy surface under slanting light with one dark ellipse, and where that is."""
    y, x = np.mgrid[:size, :size]
    noise = gaussian_filter(np.random.default_rng(seed).normal(size=(size, size)), 1) * 8
    inside = ((x - size / 2) / (size / 6)) ** 2 + ((y - size / 2) / (size / 12)) ** 2 <= 1
    pixels = 120 + 0.2 * x + noise - depth * gaussian_filter(inside.astype(float), 1)
    return np.clip(pixels, 0, 255).astype(np.uint8), inside


def overlap(patch: Patch | None, truth: np.ndarray) -> float:
    """Intersection over union."""
    assert patch is not None
    mask = np.zeros(truth.shape, bool)
    mask[patch.box.slices] = patch.mask
    return float((mask & truth).sum() / (mask | truth).sum())


@pytest.mark.parametrize("size", [60, 120, 400])
def test_a_coarse_box_is_tightened_to_the_defect_in_it(size: int) -> None:
    pixels, truth = scene(size)
    box = Box(size // 3, size // 4, 2 * size // 3, 3 * size // 4)
    assert overlap(tighten(pixels, box), truth) > 0.85
    colour = np.repeat(pixels[:, :, None], 3, axis=2)
    deep = pixels.astype(np.uint16) * 257
    assert overlap(tighten(colour, box), truth) > 0.85
    assert overlap(tighten(deep, box), truth) > 0.85


def test_tightening_is_deterministic_and_finds_nothing_where_nothing_stands_out() -> None:
    pixels, _ = scene()
    box = Box(40, 30, 80, 90)
    one, other = tighten(pixels, box), tighten(pixels, box)
    assert one is not None and other is not None
    assert one.box == other.box and np.array_equal(one.mask, other.mask)
    assert tighten(scene(depth=0)[0], box) is None
    assert tighten(np.full((50, 50), 9, np.uint8), Box(10, 10, 40, 40)) is None
    assert tighten(pixels, Box(500, 500, 600, 600)) is None


def test_a_box_as_large_as_the_crop_is_tightened_too() -> None:
    pixels, truth = scene()
    assert overlap(tighten(pixels, Box(0, 0, 120, 120)), truth) > 0.8


def test_the_wand_takes_what_is_alike_connected_or_everywhere() -> None:
    pixels = np.full((20, 30), 100, np.uint8)
    pixels[2:6, 2:6] = 200
    pixels[12:16, 20:26] = 205
    near = wand(pixels, 3, 3, 0.05, contiguous=True)
    assert near.box == Box(2, 2, 6, 6)
    assert near.area == 16
    assert wand(pixels, 3, 3, 0.05, contiguous=False).area == 16 + 24
    assert wand(pixels, 3, 3, 0.0, contiguous=False).area == 16
    assert wand(pixels, 3, 3, 1.0, contiguous=True).area == 600
    with pytest.raises(DefectStudioError):
        wand(pixels, 20, 3, 0.1)


def test_tolerance_is_a_share_of_the_depth_and_of_every_channel() -> None:
    deep = np.full((8, 8), 30000, np.uint16)
    deep[:, 4:] = 36000
    assert wand(deep, 0, 0, 0.05).area == 32
    assert wand(deep, 0, 0, 0.1).area == 64
    colour = np.full((8, 8, 3), 100, np.uint8)
    colour[:, 4:, 2] = 150
    assert wand(colour, 0, 0, 0.1).area == 32


def test_a_selection_in_a_crop_is_placed_in_the_whole_image() -> None:
    labels = np.zeros((10, 10), np.uint8)
    labels[4:, 4:] = 255
    assert flood(labels, 9, 9, at=(100, 200), shape=(108, 300)).box == Box(104, 204, 108, 210)
    assert flood(labels, 0, 0).area == 100 - 36
    pixels, truth = scene()
    whole = np.zeros((200, 300), bool)
    whole[50:170, 60:180] = truth
    assert overlap(tighten(pixels, Box(40, 30, 80, 90), at=(50, 60), shape=(200, 300)), whole) > 0.85


def test_superpixels_are_connected_of_about_the_size_asked_and_keep_to_edges() -> None:
    pixels, truth = scene(depth=80)
    groups = superpixels(pixels, 10)
    assert groups.shape == pixels.shape and groups.dtype == np.int32
    numbers, areas = np.unique(groups, return_counts=True)
    assert 60 < numbers.size < 250
    assert 30 < np.median(areas) < 300
    for number in numbers:
        assert label(groups == number)[1] == 1
    share = np.array([truth[groups == number].mean() for number in numbers])
    best = np.isin(groups, numbers[share > 0.5])
    assert (best & truth).sum() / (best | truth).sum() > 0.8
    assert (superpixels(pixels[:4, :4], 50) == 1).all()


@pytest.mark.parametrize("size", [100, 500])
def test_scissors_follow_a_round_edge_between_two_points(size: int) -> None:
    y, x = np.mgrid[:size, :size]
    middle, radius = size / 2, size / 3
    pixels = np.where(np.hypot(x + 0.5 - middle, y + 0.5 - middle) < radius, 60, 180).astype(np.uint8)
    path = Scissors(pixels, at=(1000, 2000)).path(
        (2000 + middle - radius, 1000 + middle), (2000 + middle, 1000 + middle - radius)
    )
    away = [abs(math.hypot(px - 2000 - middle, py - 1000 - middle) - radius) for px, py in path]
    assert max(away) < 2.5
    steps = [math.dist(p, q) for p, q in pairwise(path[1:-1])]
    assert max(steps) < 1.5
    assert path[0] == (2000 + middle - radius, 1000 + middle)


def test_scissors_take_points_outside_the_crop_and_one_point_twice() -> None:
    scissors = Scissors(scene()[0])
    assert scissors.path((5.0, 5.0), (5.0, 5.0)) == [(5.0, 5.0), (5.0, 5.0)]
    assert scissors.path((-50.0, 5.0), (400.0, 90.0))[-1] == (400.0, 90.0)
    with pytest.raises(DefectStudioError):
        Scissors(np.zeros((1, 5), np.uint8))
