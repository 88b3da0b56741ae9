"""Equations 1-5 by numbers worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from defectstudio.learning.losses.distance import distance_weights
from defectstudio.learning.losses.mixed import balance, classification_loss, mixed_loss, segmentation_loss

LOG2 = math.log(2)  # binary cross-entropy of logit 0, whatever the truth


def test_equation_2_falls_from_one_towards_zero() -> None:
    assert [balance(n, 4) for n in range(4)] == [1.0, 0.75, 0.5, 0.25]


def test_equation_1_by_hand() -> None:
    seg, cls = torch.tensor([2.0, 2.0]), torch.tensor([3.0, 3.0])
    loss = mixed_loss(seg, cls, lam=0.75, gamma=torch.tensor([1.0, 0.0]), delta=0.5)
    assert loss.tolist() == [0.75 * 2 + 0.25 * 0.5 * 3, 0.25 * 0.5 * 3]


def test_equations_4_and_5_by_hand() -> None:
    # Rows of a bar three high and five wide: distance 1 on the rim, 2 in the middle (columns 2..4 of row 2).
    mask = np.zeros((5, 7), bool)
    mask[1:4, 1:6] = True
    weights = distance_weights(mask, w_pos=3, p=2)
    assert weights[2].tolist() == [1, 0.75, 3, 3, 3, 0.75, 1]
    assert weights[1].tolist() == [1, 0.75, 0.75, 0.75, 0.75, 0.75, 1]


def test_the_deepest_pixel_of_every_region_weighs_w_pos() -> None:
    mask = np.zeros((7, 12), bool)
    mask[1:6, 1:6] = True  # distance up to 3
    mask[3, 9] = True  # a single pixel, distance 1
    weights = distance_weights(mask, w_pos=2, p=1)
    assert weights[3, 3] == 2
    assert weights[3, 9] == 2
    assert weights[1, 1] == pytest.approx(2 / 3)
    assert weights[0, 0] == 1


def test_a_mask_without_healthy_pixels_weighs_w_pos_everywhere() -> None:
    assert (distance_weights(np.ones((3, 3), bool), w_pos=4, p=2) == 4).all()


@given(arrays(bool, (9, 9)), st.floats(0.5, 20), st.floats(0.5, 3))
def test_positive_weights_lie_above_zero_and_reach_w_pos(mask: np.ndarray, w_pos: float, p: float) -> None:
    weights = distance_weights(mask, w_pos=w_pos, p=p)
    assert (weights[~mask] == 1).all()
    assert (weights[mask] > 0).all()
    assert not mask.any() or weights[mask].max() == pytest.approx(w_pos, rel=1e-5)


def test_the_segmentation_loss_averages_over_known_pixels() -> None:
    logits, target = torch.zeros(2, 1, 2, 2), torch.zeros(2, 1, 2, 2)
    weight = torch.tensor([[[[1.0, 1.0], [1.0, 1.0]]], [[[3.0, 0.0], [0.0, 1.0]]]])
    assert segmentation_loss(logits, target, weight).tolist() == pytest.approx([LOG2, 2 * LOG2])


def test_unknown_pixels_get_exactly_no_gradient() -> None:
    logits = torch.randn(1, 1, 4, 4, requires_grad=True)
    weight = torch.ones(1, 1, 4, 4)
    weight[0, 0, :2] = 0
    segmentation_loss(logits, torch.ones(1, 1, 4, 4), weight).sum().backward()
    assert logits.grad is not None
    assert not logits.grad[0, 0, :2].any()
    assert logits.grad[0, 0, 2:].all()


def test_gamma_zero_leaves_exactly_no_segmentation_gradient() -> None:
    seg_logits, cls_logits = torch.randn(1, 1, 4, 4, requires_grad=True), torch.randn(1, requires_grad=True)
    seg = segmentation_loss(seg_logits, torch.ones(1, 1, 4, 4), torch.ones(1, 1, 4, 4))
    cls = classification_loss(cls_logits, torch.ones(1))
    mixed_loss(seg, cls, lam=0.5, gamma=torch.zeros(1), delta=1).sum().backward()
    assert seg_logits.grad is not None
    assert cls_logits.grad is not None
    assert not seg_logits.grad.any()
    assert cls_logits.grad.all()


def test_an_image_of_which_nothing_is_known_has_loss_zero() -> None:
    assert segmentation_loss(torch.zeros(1, 1, 2, 2), torch.ones(1, 1, 2, 2), torch.zeros(1, 1, 2, 2)).item() == 0
