"""The inverted residual block as one operation: equal to the same block written as layers."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.autograd import gradcheck
from torch.nn import functional

from defectstudio.learning.nets import encoder
from defectstudio.learning.nets.depthwise import kernel_gradient
from defectstudio.learning.nets.encoder import Block, pretrained_encoder
from defectstudio.learning.nets.fused import fused
from defectstudio.learning.nets.residual import InvertedResidual

# (inputs, outputs, expansion, stride, kernel): each kind of block that the encoder has.
KINDS = [(8, 8, 1, 1, 3), (4, 6, 6, 2, 3), (4, 6, 6, 2, 5), (4, 4, 6, 1, 3), (4, 4, 6, 1, 5), (4, 6, 6, 1, 5)]


def folded(inputs: int, outputs: int, expansion: int, stride: int, kernel: int) -> Block:
    """A block with random weights whose batch norms are folded, as `fused` leaves it."""
    torch.manual_seed(0)
    block = Block(inputs, outputs, expansion, stride, kernel)
    for norm in ("_bn0", "_bn1", "_bn2"):
        if hasattr(block, norm):
            setattr(block, norm, nn.Identity())
    for conv in (module for module in block.modules() if isinstance(module, nn.Conv2d)):
        conv.bias = nn.Parameter(torch.randn(conv.out_channels))
        nn.init.normal_(conv.weight, std=0.5)
    return block


def channels_last(*size: int, dtype: torch.dtype = torch.float32) -> Tensor:
    return torch.randn(*size, dtype=dtype).to(memory_format=torch.channels_last)


def values_and_gradients(block: Block, x: Tensor) -> list[Tensor]:
    block.zero_grad()
    x = x.clone().requires_grad_()
    out = block(x)
    (out * torch.linspace(-1, 1, out.numel()).view_as(out)).sum().backward()
    return [out.detach(), x.grad, *(parameter.grad for parameter in block.parameters())]


@pytest.mark.parametrize("kind", KINDS)
def test_a_block_as_one_operation_has_the_values_and_gradients_of_its_layers(kind, monkeypatch):
    block, x = folded(*kind), channels_last(2, kind[0], 12, 16)
    found = values_and_gradients(block, x)
    monkeypatch.setattr(encoder, "direct", lambda x: False)
    for got, wanted in zip(found, values_and_gradients(block, x), strict=True):
        torch.testing.assert_close(got, wanted, rtol=1e-4, atol=1e-4 * float(wanted.abs().max()))


@pytest.mark.parametrize("kind", KINDS)
def test_the_gradient_of_a_block_is_that_of_its_function(kind):
    block, x = folded(*kind).double(), channels_last(1, kind[0], 4, 6, dtype=torch.float64).requires_grad_()
    expand = (block._expand_conv.weight, block._expand_conv.bias) if block.expands else (None, None)
    inner, last = block._depthwise_conv, block._project_conv
    with torch.no_grad():
        # Away from the corners of ReLU6, where a finite difference means nothing, the block is smooth.
        for conv in (module for module in block.modules() if isinstance(module, nn.Conv2d)):
            conv.weight.mul_(0.1)
            conv.bias.fill_(3)
    inputs = (x, *expand, inner.weight, inner.bias, last.weight, last.bias, kind[3], block.residual)
    assert gradcheck(InvertedResidual.apply, inputs, fast_mode=True)


@pytest.mark.parametrize(("kernel", "stride"), [(3, 1), (5, 1), (3, 2), (5, 2)])
def test_the_gradient_of_a_depthwise_kernel_is_the_librarys(kernel, stride):
    x = channels_last(3, 16, 10, 14, dtype=torch.float64)
    weight = torch.randn(16, 1, kernel, kernel, dtype=torch.float64, requires_grad=True)
    before = (kernel - 2) // 2 if stride == 2 else kernel // 2
    out = functional.conv2d(functional.pad(x, [before, (kernel - 1) // 2] * 2), weight, None, stride, 0, 1, 16)
    grad = torch.randn_like(out).contiguous(memory_format=torch.channels_last)
    out.backward(grad)
    torch.testing.assert_close(kernel_gradient(x, grad, kernel, stride), weight.grad)


def test_only_what_learns_gets_a_gradient():
    block, x = folded(4, 4, 6, 1, 5), channels_last(1, 4, 8, 8)
    block(x).sum().backward()
    assert x.grad is None
    assert all(parameter.grad is not None for parameter in block.parameters())


def test_the_encoder_gives_the_same_maps_either_way(monkeypatch):
    torch.manual_seed(0)
    net, image = fused(pretrained_encoder((4, 8, 16))), torch.rand(1, 3, 64, 96)
    found = net(image)
    monkeypatch.setattr(encoder, "direct", lambda x: False)
    for got, wanted in zip(found, net(image), strict=True):
        torch.testing.assert_close(got, wanted, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_under_autocast_a_block_is_as_exact_as_its_layers_are(kind, monkeypatch):
    block, x = folded(*kind), channels_last(2, kind[0], 12, 16)
    with torch.autocast("cpu", torch.bfloat16):
        found = values_and_gradients(block, x)
        monkeypatch.setattr(encoder, "direct", lambda x: False)
        layers = values_and_gradients(block, x)
    assert found[0].dtype == torch.bfloat16
    assert all(gradient.dtype == torch.float32 for gradient in found[1:])
    for got, other, exact in zip(found, layers, values_and_gradients(block, x), strict=True):
        wrong, usual = (float((value.float() - exact).norm() / exact.norm()) for value in (got, other))
        assert wrong < 1.2 * usual + 0.002


@pytest.mark.parametrize("size", [(11, 13), (12, 13)])
def test_a_block_of_stride_1_is_one_operation_at_odd_sizes_too(size, monkeypatch):
    block, x = folded(4, 4, 6, 1, 5), channels_last(2, 4, *size)
    found = values_and_gradients(block, x)
    monkeypatch.setattr(Block, "_direct", lambda self, x: pytest.fail("one operation"))
    with pytest.raises(pytest.fail.Exception, match="one operation"):
        block(x)
    monkeypatch.setattr(encoder, "direct", lambda x: False)
    for got, wanted in zip(found, values_and_gradients(block, x), strict=True):
        torch.testing.assert_close(got, wanted, rtol=1e-4, atol=1e-4 * float(wanted.abs().max()))


def test_odd_sizes_are_served_too(monkeypatch):
    block, x = folded(4, 6, 6, 2, 5), channels_last(1, 4, 11, 13)
    assert block(x).shape == (1, 6, 5, 6)


def test_an_exported_encoder_holds_only_operations_that_every_engine_knows():
    program = torch.export.export(fused(pretrained_encoder((4,))), (torch.rand(1, 3, 32, 32),))
    called = {str(node.target) for node in program.graph.nodes if node.op == "call_function"}
    assert "aten.conv2d.default" in called
    assert not [name for name in called if not name.startswith("aten.")]
