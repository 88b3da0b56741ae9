"""SegDecNet against Table 1 of the paper, and where gradients may flow."""

from __future__ import annotations

import pytest
import torch

from defectstudio.learning.nets.segdec import FeatureNorm, SegDecNet

# Table 1 of Bozic et al. 2021, by hand: outputs, inputs, kernel of every convolution in order; then the linear layer.
PAPER = [
    (32, 3, 5, 5),
    (32, 32, 5, 5),
    (64, 32, 5, 5),
    (64, 64, 5, 5),
    (64, 64, 5, 5),
    (64, 64, 5, 5),
    (64, 64, 5, 5),
    (64, 64, 5, 5),
    (64, 64, 5, 5),
    (1024, 64, 5, 5),
    (1, 1024, 1, 1),
    (8, 1025, 5, 5),
    (16, 8, 5, 5),
    (32, 16, 5, 5),
    (1, 66),
]
RELEASE = [shape for n, shape in enumerate(PAPER) if n != 1]
RELEASE[8] = (1024, 64, 15, 15)


def weight_shapes(net: SegDecNet) -> list[tuple[int, ...]]:
    return [tuple(value.shape) for name, value in net.named_parameters() if name.endswith("weight")]


def test_the_paper_variant_has_the_parameters_of_table_1() -> None:
    assert weight_shapes(SegDecNet(3, "paper")) == PAPER


def test_the_release_variant_has_one_first_convolution_and_a_15_pixel_kernel() -> None:
    assert weight_shapes(SegDecNet(3, "release")) == RELEASE


def test_grey_images_change_only_the_first_convolution() -> None:
    assert weight_shapes(SegDecNet(1)) == [(32, 1, 5, 5), *PAPER[1:]]


@pytest.mark.parametrize("variant", ["paper", "release"])
def test_the_map_comes_out_at_an_eighth_of_the_size_with_one_logit_an_image(variant: str) -> None:
    net = SegDecNet(1, variant)  # type: ignore[arg-type]
    with torch.no_grad():
        seg, cls = net(torch.rand(2, 1, 64, 72))
    assert seg.shape == (2, 1, 8, 9)
    assert cls.shape == (2,)


def test_classification_changes_nothing_in_the_segmentation_part() -> None:
    net = SegDecNet(1)
    _, cls = net(torch.rand(1, 1, 64, 64))
    cls.sum().backward()
    assert all(p.grad is None or not p.grad.any() for p in net.segmentation_part())
    assert net.decision.weight.grad is not None
    assert net.decision.weight.grad.any()


def test_without_the_stop_classification_reaches_the_first_convolution() -> None:
    net = SegDecNet(1, gradient_stop=False)
    _, cls = net(torch.rand(1, 1, 64, 64))
    cls.sum().backward()
    first = next(iter(net.segmentation_part()))
    assert first.grad is not None
    assert first.grad.any()


def test_features_are_normalised_per_image_and_channel() -> None:
    values = torch.tensor([[[[1.0, 3.0]], [[10.0, 10.0]]]])  # variances 1 and 0
    paper = FeatureNorm(2, "paper")(values)
    assert torch.allclose(paper[0, 0], torch.tensor([[-1.0, 1.0]]) / 1.001**0.5)
    assert torch.equal(paper[0, 1], torch.zeros(1, 2))


def test_the_release_divides_by_the_root_of_the_standard_deviation() -> None:
    values = torch.tensor([[[[0.0, 8.0]]]])  # deviation 4
    assert torch.allclose(FeatureNorm(1, "release")(values), torch.tensor([[[[-4.0, 4.0]]]]) / 4.001**0.5)


def test_a_blank_image_has_finite_gradients() -> None:
    net = SegDecNet(1, "release")
    seg, cls = net(torch.zeros(1, 1, 64, 64))
    (seg.sum() + cls.sum()).backward()
    assert all(p.grad is None or bool(torch.isfinite(p.grad).all()) for p in net.parameters())
