"""The pretrained encoder is the published one; the heads keep the two losses apart."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from skimage import data
from torch.nn import functional

from defectstudio.learning.nets.encoder import Encoder, imagenet_weights, pretrained_encoder
from defectstudio.learning.nets.fast import FastNet
from defectstudio.learning.nets.fused import fused
from defectstudio.learning.nets.heads import to_stride

CATS = {281, 282, 285}  # tabby, tiger cat, Egyptian cat
ESPRESSO = 967


def imagenet_class(picture: np.ndarray) -> int:
    """The class that the published network, our trunk with its last layers, gives a square picture."""
    side = min(picture.shape[:2])
    top, left = ((n - side) // 2 for n in picture.shape[:2])
    square = np.ascontiguousarray(picture[top : top + side, left : left + side], np.float32) / 255
    image = torch.from_numpy(square).permute(2, 0, 1)[None]
    weights = imagenet_weights()
    with torch.no_grad():
        image = functional.interpolate(image, (224, 224), mode="bilinear", antialias=True)
        x = functional.conv2d(pretrained_encoder((32,))(image)[0], weights["_conv_head.weight"])
        norm = [weights[f"_bn1.{name}"] for name in ("running_mean", "running_var", "weight", "bias")]
        x = functional.relu6(functional.batch_norm(x, *norm, eps=1e-3)).mean((2, 3))
        return int(functional.linear(x, weights["_fc.weight"], weights["_fc.bias"]).argmax())


def test_every_published_weight_of_the_trunk_is_used() -> None:
    published = {name for name in imagenet_weights() if not name.startswith(("_conv_head", "_bn1", "_fc"))}
    assert set(Encoder((32,)).state_dict()) == published


def test_the_network_sees_a_cat_and_a_cup_of_espresso() -> None:
    assert imagenet_class(data.chelsea()) in CATS
    assert imagenet_class(data.coffee()) == ESPRESSO


def test_maps_come_at_their_strides_with_the_channels_of_the_paper() -> None:
    with torch.no_grad():
        maps = pretrained_encoder((4, 8, 16, 32))(torch.rand(1, 3, 64, 96))
    assert [tuple(m.shape[1:]) for m in maps] == [(24, 16, 24), (40, 8, 12), (112, 4, 6), (320, 2, 3)]


def test_folding_the_batch_norms_keeps_the_maps() -> None:
    encoder = pretrained_encoder((4, 16))
    image = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        pairs = list(zip(encoder(image), fused(encoder)(image), strict=True))
    assert all(torch.allclose(a, b, atol=1e-3) for a, b in pairs)


def test_classification_changes_nothing_in_the_segmentation_head() -> None:
    net = FastNet((4, 8, 16), 8)
    _, cls = net(torch.rand(2, 3, 64, 64))
    cls.sum().backward()
    assert all(p.grad is None or not p.grad.any() for p in net.segmentation_part())
    assert net.heads.decision.weight.grad is not None


def test_without_the_stop_tags_teach_the_segmentation_head() -> None:
    net = FastNet((4, 8, 16), 8, gradient_stop=False)
    _, cls = net(torch.rand(2, 3, 64, 64))
    cls.sum().backward()
    assert any(p.grad is not None and bool(p.grad.any()) for p in net.segmentation_part())


@pytest.mark.parametrize("stride", [4, 8])
def test_the_map_comes_out_at_the_chosen_stride(stride: int) -> None:
    net = FastNet((4, 8, 16), stride).eval()
    with torch.no_grad():
        seg, cls = net(torch.rand(1, 3, 64, 96))
    assert seg.shape == (1, 1, 64 // stride, 96 // stride)
    assert cls.shape == (1,)


def test_a_single_bright_cell_survives_the_way_to_a_coarser_map() -> None:
    fine = torch.zeros(1, 1, 8, 8)
    fine[0, 0, 3, 5] = 7
    assert to_stride(fine, (4, 4)).max() == 7
