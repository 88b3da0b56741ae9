"""Feature normalisation and ReLU as one operation: equal to the two written out."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.autograd import gradcheck

from defectstudio.learning.nets import segdec
from defectstudio.learning.nets.normalised import NormalisedReLU, mean_and_variance
from defectstudio.learning.nets.segdec import FeatureNormReLU, SegDecNet

VARIANTS = ("paper", "release")


def norm(channels: int, variant: segdec.Variant) -> FeatureNormReLU:
    layer = FeatureNormReLU(channels, variant)
    torch.nn.init.uniform_(layer.scale, -2, 2)
    torch.nn.init.normal_(layer.bias)
    return layer


def values_and_gradients(layer: torch.nn.Module, x: Tensor) -> list[Tensor]:
    layer.zero_grad()
    x = x.clone().requires_grad_()
    out = layer(x)
    (out * torch.linspace(-1, 1, out.numel()).view_as(out)).sum().backward()
    return [out.detach(), x.grad, *(parameter.grad for parameter in layer.parameters())]


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("order", [torch.channels_last, torch.contiguous_format])
@pytest.mark.parametrize("images", [1, 3])
def test_one_operation_has_the_values_and_gradients_of_the_formula(variant, order, images, monkeypatch):
    torch.manual_seed(0)
    layer, x = norm(8, variant), (3 * torch.randn(images, 8, 10, 14) + 5).to(memory_format=order)
    found = values_and_gradients(layer, x)
    monkeypatch.setattr(segdec, "served", lambda x: False)
    for got, wanted in zip(found, values_and_gradients(layer, x), strict=True):
        torch.testing.assert_close(got, wanted, rtol=1e-4, atol=1e-4 * float(wanted.abs().max()))


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_gradient_is_that_of_the_function(variant):
    torch.manual_seed(0)
    x = torch.randn(2, 3, 4, 5, dtype=torch.float64, requires_grad=True)
    scale = torch.rand(1, 3, 1, 1, dtype=torch.float64, requires_grad=True)
    bias = torch.randn(1, 3, 1, 1, dtype=torch.float64, requires_grad=True)
    assert gradcheck(NormalisedReLU.apply, (x, scale, bias, variant == "release"))


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_blank_image_has_finite_gradients(variant):
    found = values_and_gradients(norm(4, variant), torch.full((1, 4, 8, 8), 0.3))
    assert all(bool(torch.isfinite(tensor).all()) for tensor in found)


def test_a_batch_is_normalised_image_by_image():
    torch.manual_seed(0)
    layer, x = norm(4, "paper"), torch.randn(2, 4, 8, 8) * torch.tensor([1.0, 9.0]).view(2, 1, 1, 1)
    torch.testing.assert_close(layer(x), torch.cat([layer(x[:1]), layer(x[1:])]))


def test_an_exported_network_holds_only_operations_that_every_engine_knows():
    program = torch.export.export(SegDecNet(1).eval(), (torch.rand(1, 1, 64, 64),))
    called = {str(node.target) for node in program.graph.nodes if node.op == "call_function"}
    assert "aten.var_mean.correction" in called
    assert not [name for name in called if "batch_norm" in name or "NormalisedReLU" in name]


def test_statistics_of_a_large_image_keep_their_digits():
    torch.manual_seed(0)
    image = (torch.randn(1, 4, 600, 500) + 3).to(memory_format=torch.channels_last)
    mean, variance = mean_and_variance(image)
    wanted_variance, wanted_mean = torch.var_mean(image.double(), (0, 2, 3), correction=0)
    torch.testing.assert_close(mean.double(), wanted_mean, rtol=4e-6, atol=0)
    torch.testing.assert_close(variance.double(), wanted_variance, rtol=8e-6, atol=0)


@pytest.mark.parametrize("variant", VARIANTS)
def test_half_precision_is_as_exact_as_its_digits_allow(variant):
    torch.manual_seed(0)
    layer, x = norm(8, variant), torch.randn(2, 8, 10, 14) + 5
    half = x.bfloat16().to(memory_format=torch.channels_last)
    for got, wanted in zip(values_and_gradients(layer, half), values_and_gradients(layer, half.float()), strict=True):
        torch.testing.assert_close(got.float(), wanted, rtol=0.02, atol=0.02 * float(wanted.abs().max()))
