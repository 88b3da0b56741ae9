"""Boxes on a grid come back as they went in; on mentored images nothing pulls at boxes."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from defectstudio.domain.detection import TrueBox, overlap_of
from defectstudio.domain.labels import Box
from defectstudio.learning.anchors import NO_CLASS, GridTargets, decode, encode
from defectstudio.learning.losses.detection import detector_loss
from defectstudio.learning.nets.detector import DetectorHead

ANCHORS = ((1.5, 1.5), (4.0, 1.5), (1.5, 4.0))
CLASSES = (2, 5)
SHAPE, GRID = (128, 96), (16, 12)


def output_of(target: GridTargets) -> torch.Tensor:
    """What a network that is sure of these targets says."""
    count, (high, wide) = len(ANCHORS), GRID
    parts = torch.cat([target.box, (target.objectness[:, None] * 2 - 1) * 20], 1).view(5 * count, high, wide)
    known = torch.where(target.classes == NO_CLASS, 0, target.classes)
    chance = torch.nn.functional.one_hot(known, len(CLASSES)).permute(2, 0, 1) * 20.0
    return torch.cat([parts, chance])


boxes = st.builds(
    lambda top, left, high, wide, index: TrueBox(
        Box(top, left, min(top + high, SHAPE[0]), min(left + wide, SHAPE[1])), index
    ),
    st.integers(0, 120),
    st.integers(0, 88),
    st.integers(2, 60),
    st.integers(2, 60),
    st.sampled_from(CLASSES),
)


@settings(max_examples=60, deadline=None)
@given(boxes)
def test_a_box_comes_back_as_it_went_in(box: TrueBox) -> None:
    (found,) = decode(output_of(encode([box], SHAPE, GRID, ANCHORS, CLASSES)), SHAPE, ANCHORS, CLASSES)
    assert found.class_index == box.class_index
    assert found.confidence > 0.99
    assert max(abs(getattr(found.box, s) - getattr(box.box, s)) for s in ("top", "left", "bottom", "right")) <= 1


def test_boxes_of_one_cell_share_its_anchors_and_one_too_many_is_dropped() -> None:
    middle = [TrueBox(Box(36 - n, 36 - n, 44 + n, 44 + n), 2) for n in range(4)]
    target = encode(middle, SHAPE, GRID, ANCHORS, CLASSES)
    assert target.objectness.sum() == len(ANCHORS)
    assert (target.classes != NO_CLASS).sum() == 1


def test_an_overlapping_box_of_the_same_class_is_suppressed() -> None:
    one, near = TrueBox(Box(20, 20, 40, 40), 2), TrueBox(Box(21, 25, 41, 45), 2)
    assert overlap_of([one.box], [near.box])[0, 0] > 0.5
    both = encode([one, near], SHAPE, GRID, ANCHORS, CLASSES)
    assert both.objectness.sum() == 2
    assert len(decode(output_of(both), SHAPE, ANCHORS, CLASSES)) == 1


def test_the_boxes_of_mentored_images_and_unknown_areas_get_no_gradient() -> None:
    target = encode([TrueBox(Box(20, 20, 40, 40), 5)], SHAPE, GRID, ANCHORS, CLASSES)
    known = torch.zeros_like(target.objectness)
    known[:, :8] = 1
    for boxes_known in (True, False):
        output = torch.randn(5 * len(ANCHORS) + len(CLASSES), *GRID, requires_grad=True)
        loss = detector_loss(output, target.box, target.objectness, target.classes, known, boxes_known=boxes_known)
        loss.backward()
        assert output.grad is not None
        parts = output.grad[: 5 * len(ANCHORS)].view(len(ANCHORS), 5, *GRID)
        assert (parts[:, :, 8:] == 0).all()
        assert bool((parts[:, :4] != 0).any()) is boxes_known
        assert (parts[:, 4, :8] != 0).all()


def test_the_head_says_anchors_and_classes_on_features_of_either_trunk() -> None:
    for channels in (64, 1024):
        head = DetectorHead(channels, len(ANCHORS), len(CLASSES)).eval()
        assert head(torch.randn(1, channels, *GRID)).shape == (1, 5 * len(ANCHORS) + len(CLASSES), *GRID)
