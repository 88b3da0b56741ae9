"""From label maps to targets and weights at the output stride, and how epochs are drawn."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from defectstudio.data.runs import TrainConfig, default_config
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.labels import DEFECTIVE, GOOD, UNKNOWN, LabelMap
from defectstudio.learning.batches import balanced_epochs, batches
from defectstudio.learning.inputs import resolve
from defectstudio.learning.supervision import has_mask, supervise


def configured(**changes: object) -> TrainConfig:
    return resolve(default_config("segdec", height=64, width=64, **changes), [tagged(None)])


def tagged(label_map: LabelMap | None, *, good: bool = False) -> SnapshotImage:
    pixels = np.zeros((64, 64), np.uint8)
    return Snapshot.from_arrays([pixels], [label_map], [GOOD if good else DEFECTIVE]).images[0]


def test_a_good_image_is_healthy_everywhere_without_being_drawn() -> None:
    known = supervise(tagged(None, good=True), configured())
    assert known.gamma
    assert not known.target.any()
    assert bool((known.weight == 1).all())


def test_a_defective_image_without_a_drawing_says_nothing_about_pixels() -> None:
    known = supervise(tagged(None), configured())
    assert not known.gamma
    assert not known.weight.any()


def test_a_defective_image_drawn_healthy_everywhere_contradicts_itself_and_teaches_nothing() -> None:
    image = tagged(np.zeros((64, 64), np.uint8))
    assert not supervise(image, configured()).gamma
    assert not has_mask(image)


def test_one_pixel_makes_its_cell_positive() -> None:
    drawn = np.zeros((64, 64), np.uint8)
    drawn[17, 42] = 1
    known = supervise(tagged(drawn), configured(dilation=1, w_pos=3))
    assert known.target.nonzero().tolist() == [[0, 2, 5]]
    assert known.weight[0, 2, 5] == 3
    assert known.weight.sum() == 3 + 63


def test_dilation_comes_first_and_reaches_the_neighbouring_cell() -> None:
    drawn = np.zeros((64, 64), np.uint8)
    drawn[20, 39] = 1  # the last column of cell 4
    known = supervise(tagged(drawn), configured(dilation=3))
    assert known.target.nonzero()[:, 2].tolist() == [4, 5]


def test_unknown_pixels_weigh_nothing_and_are_not_dilated_into() -> None:
    drawn = np.full((64, 64), UNKNOWN, np.uint8)
    drawn[:, :32] = 0
    drawn[30, 31] = 1
    known = supervise(tagged(drawn), configured(dilation=9))
    assert known.gamma
    assert not known.weight[..., 4:].any()
    assert not known.target[..., 4:].any()
    assert bool((known.weight[..., :4] > 0).all())


def test_the_release_averages_a_window_of_17_pixels() -> None:
    drawn = np.zeros((64, 64), np.uint8)
    drawn[32, 32] = 1
    known = supervise(tagged(drawn), configured(variant="release", dilation=1))
    assert known.target.shape == (1, 8, 8)
    assert known.target[0, 4, 4] == pytest.approx(1 / 289)


def test_a_finer_map_is_brought_to_the_network_input_whatever_the_image_size() -> None:
    pixels = np.zeros((300, 200), np.uint8)
    drawn = np.zeros((300, 200), np.uint8)
    drawn[299, 199] = 1
    image = Snapshot.from_arrays([pixels], [drawn], [DEFECTIVE]).images[0]
    known = supervise(image, configured(dilation=1))
    assert known.target.nonzero().tolist() == [[0, 7, 7]]


@given(st.integers(1, 9), st.integers(1, 30), st.integers(1, 12), st.integers(0, 99))
def test_all_negatives_are_used_equally_often(positives: int, negatives: int, epochs: int, seed: int) -> None:
    defective = np.arange(positives + negatives) < positives
    used = np.zeros(defective.size, int)
    for epoch in balanced_epochs(defective, epochs, np.random.default_rng(seed)):
        assert defective[epoch].sum() == (~defective[epoch]).sum() == positives
        np.add.at(used, epoch, 1)
    assert (used[defective] == epochs).all()
    assert np.ptp(used[~defective]) <= 1


@given(st.integers(2, 50), st.integers(1, 9))
def test_batches_hold_every_image_and_never_one_alone(count: int, size: int) -> None:
    parts = batches(np.arange(count), size)
    assert np.concatenate(parts).tolist() == list(range(count))
    assert size == 1 or min(part.size for part in parts) > 1


def test_flips_move_targets_with_the_image() -> None:
    from defectstudio.learning.augment import FLIPS, flip

    image = torch.rand(3, 16, 16)
    for axes in FLIPS:
        turned, target = flip([image, image[:1]], axes)
        assert torch.equal(turned[:1], target)
        assert torch.equal(flip([turned], axes)[0], image)
