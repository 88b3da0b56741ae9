"""How pixels reach a network, and at which size."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from defectstudio.data.runs import TrainConfig, default_config
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import GOOD, ImageTag, Verdict, encode_runs
from defectstudio.learning.inputs import (
    LEAST_PIXELS,
    MOST_PIXELS,
    encoder_strides,
    input_size,
    resolve,
    thin_defects,
    to_input,
)


def image(height: int, width: int, channels: int = 1) -> SnapshotImage:
    return SnapshotImage(1, "a", "0", height, width, channels, 8, "", "", GOOD)


def fixed(net: str = "segdec", **changes: object) -> TrainConfig:
    return resolve(default_config(net, height=64, width=64, **changes), [image(64, 64)])


def test_sixteen_bits_keep_their_depth() -> None:
    pixels = np.full((64, 64), 30001, np.uint16)
    assert float(to_input(pixels, fixed())[0, 0, 0]) == pytest.approx(30001 / 65535, abs=1e-7)


def test_eight_bits_are_scaled_by_255() -> None:
    assert float(to_input(np.full((64, 64), 51, np.uint8), fixed())[0, 0, 0]) == pytest.approx(0.2)


def test_grey_is_repeated_for_fast_and_colour_averaged_for_one_channel() -> None:
    grey = to_input(np.full((64, 64), 51, np.uint8), fixed("fast"))
    assert grey.shape == (3, 64, 64)
    assert bool((grey == grey[:1]).all())
    colour = np.dstack([np.full((64, 64), v, np.uint8) for v in (0, 51, 102)])
    assert float(to_input(colour, fixed(channels=1)).mean()) == pytest.approx(0.2)


def test_shrinking_averages_so_that_a_fine_checkerboard_turns_grey() -> None:
    board = ((np.indices((256, 256)).sum(0) % 2) * 255).astype(np.uint8)
    small = to_input(board, fixed())
    assert torch.allclose(small[:, 8:-8, 8:-8], torch.tensor(0.5), atol=0.02)


@given(st.integers(40, 6000), st.integers(40, 6000))
def test_the_chosen_size_keeps_the_shape_within_bounds(height: int, width: int) -> None:
    config = resolve(default_config("fast"), [image(height, width)])
    h, w = input_size(config)
    assert h % max(encoder_strides(config)) == w % max(encoder_strides(config)) == 0
    if max(height, width) < 3 * min(height, width):
        assert 0.75 * LEAST_PIXELS < h * w < 1.25 * MOST_PIXELS
        assert h / w == pytest.approx(height / width, rel=0.2)


@pytest.mark.parametrize(("side", "epochs"), [(300, 5), (500, 0)])
def test_only_images_that_are_enlarged_are_fine_tuned_when_that_is_left_open(side: int, epochs: int) -> None:
    assert resolve(default_config("fast", finetune_epochs=None), [image(side, side)]).finetune_epochs == epochs
    assert resolve(default_config("fast", finetune_epochs=2), [image(side, side)]).finetune_epochs == 2


def test_segdec_sees_images_at_their_own_size_where_that_is_affordable() -> None:
    assert input_size(resolve(default_config("segdec"), [image(640, 232)])) == (640, 232)


def test_colour_images_give_segdec_three_channels() -> None:
    assert resolve(default_config("segdec"), [image(64, 64), image(64, 64, 3)]).channels == 3


def test_a_size_that_does_not_fit_the_network_is_refused_with_the_way_out() -> None:
    with pytest.raises(DefectStudioError, match="multiples of 8"):
        resolve(default_config("segdec", height=100, width=64), [image(64, 64)])


def test_predicting_an_array_needs_no_project() -> None:
    snapshot = Snapshot.from_arrays([np.zeros((70, 90), np.uint8)], [None], [GOOD])
    assert to_input(snapshot.read(snapshot.images[0]), fixed("fast")).shape == (3, 64, 64)


def drawn(side: int, thick: int) -> SnapshotImage:
    """A defective image with one bar of the given thickness across it."""
    label_map = np.zeros((side, side), np.uint8)
    label_map[20 : 20 + thick, 5 : side - 5] = 1
    tag = ImageTag(Verdict.DEFECTIVE)
    return SnapshotImage(1, "a", "0", side, side, 1, 8, "", "", tag, encode_runs(label_map), True)


@pytest.mark.parametrize(("thick", "side"), [(16, 400), (6, 528), (2, 848)])
def test_thin_defects_enlarge_the_input_until_they_fill_a_cell(thick: int, side: int) -> None:
    config = resolve(default_config("fast"), [drawn(400, thick), image(400, 400)])
    assert input_size(config) == (side, side)
    assert thin_defects([drawn(400, thick)]) == thick
    assert input_size(resolve(default_config("segdec"), [drawn(400, thick)])) == (400, 400)


def test_where_nothing_is_drawn_nobody_knows_how_thin_defects_are() -> None:
    assert thin_defects([image(64, 64), drawn(64, 8).without_map()]) is None
