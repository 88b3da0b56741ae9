"""An inverted residual block with its batch norms folded, as one operation with a gradient of its own.

The same sums as the block written as separate layers, in about half the time on a CPU: bias and ReLU6 are applied while
the convolution writes its result, nothing is padded into new memory, ReLU6 remembers its output alone (the library's
copies its input first), and the gradient of a wide depthwise kernel is taken apart (`depthwise`).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional

from defectstudio.learning.nets.depthwise import kernel_gradient

_FUSED = getattr(torch.ops.mkldnn, "_convolution_pointwise", None)


def recorded() -> bool:
    """Whether the network is being exported: then it has to consist of operations that every engine knows."""
    return bool(torch._C._get_tracing_state()) or torch.compiler.is_compiling()


def direct(x: Tensor) -> bool:
    """Whether the operations of this module serve x: on a CPU, outside an export, in float32 or, under autocast,
    bfloat16."""
    if x.device.type != "cpu" or recorded() or _FUSED is None or not torch._C._get_mkldnn_enabled():
        return False
    if _kind(x) == torch.bfloat16:
        return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    return _kind(x) == x.dtype == torch.float32


def _kind(x: Tensor) -> torch.dtype:
    """What kind of number is computed with: autocast's, where it is on."""
    return torch.get_autocast_dtype("cpu") if torch.is_autocast_enabled("cpu") else x.dtype


def convolved(x: Tensor, weight: Tensor, bias: Tensor, stride: int, groups: int) -> Tensor:
    """ReLU6 of a convolution of odd size: padded kernel // 2 at stride 1, as TensorFlow does at stride 2 (even sizes).

    No gradient flows through this function. All three are of one kind, which is that of the result.
    """
    kernel = weight.shape[-1]
    padding = [kernel // 2] * 2
    if stride == 2:
        # A row and a column of zeros before the kernel make the padding even: no padded copy of the image is needed.
        weight, padding = functional.pad(weight, (1, 0, 1, 0)), [(kernel - 2) // 2 + 1] * 2
    if _FUSED is None or x.dtype not in {torch.float32, torch.bfloat16}:
        return functional.conv2d(x, weight, bias, stride, padding, 1, groups).clamp_(0, 6)
    out: Tensor = _FUSED(x, weight, bias, padding, [stride] * 2, [1, 1], groups, "hardtanh", [0.0, 6.0], "")
    return out


def _rows(x: Tensor) -> Tensor:
    """(B, C, h, w), channels last -> (B h w, C), the same memory."""
    return x.permute(0, 2, 3, 1).reshape(-1, x.shape[1])


def _maps(rows: Tensor, like: Tensor) -> Tensor:
    """(B h w, C) -> (B, C, h, w) channels last, sizes as in `like`."""
    return rows.view(like.shape[0], like.shape[2], like.shape[3], -1).permute(0, 3, 1, 2)


def _multiplied(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """A 1x1 convolution."""
    return _maps(torch.addmm(bias, _rows(x), weight.flatten(1).t()), x)


def _depthwise_input_gradient(grad: Tensor, x: Tensor, weight: Tensor, stride: int) -> Tensor:
    """Gradient of a depthwise convolution, padded as in `convolved`, by its input."""
    kernel, kind = weight.shape[-1], grad.dtype
    padding = kernel // 2
    if stride == 2:
        weight, padding = functional.pad(weight, (1, 0, 1, 0)), (kernel - 2) // 2 + 1
    if stride == 2 and kind == torch.bfloat16:
        # oneDNN has no quick kernel for that. Of x it is the shape that counts.
        grad, x, weight = grad.float(), torch.empty_like(x, dtype=torch.float32), weight.float()
    found: Tensor = torch.ops.aten.convolution_backward(
        grad, x, weight, None, [stride] * 2, [padding] * 2, [1, 1], False, [0, 0], x.shape[1], (True, False, False)
    )[0]
    return found.to(kind)


def _through_relu6(grad: Tensor, out: Tensor) -> Tensor:
    """The gradient before ReLU6, written over the one behind it."""
    written: Tensor = torch.ops.aten.hardtanh_backward.grad_input(grad, out, 0, 6, grad_input=grad)
    return written


class InvertedResidual(torch.autograd.Function):
    """relu6(depthwise(relu6(expand(x)))) projected by a 1x1 convolution, plus x where `residual`.

    x is (B, C, h, w), channels last; `expand` may be None (the block does not expand), with its bias. Under autocast
    everything is computed, kept and given back in bfloat16, and gradients become float32 where the weights are.
    """

    @staticmethod
    def forward(
        ctx: Any,
        x: Tensor,
        expand: Tensor | None,
        expand_bias: Tensor | None,
        depthwise: Tensor,
        depthwise_bias: Tensor,
        project: Tensor,
        project_bias: Tensor,
        stride: int,
        residual: bool,
    ) -> Tensor:
        kind = _kind(x)
        with torch.autocast("cpu", enabled=False):
            x, depthwise, project = x.to(kind), depthwise.to(kind), project.to(kind)
            wide = x
            if expand is not None and expand_bias is not None:
                expand = expand.to(kind)
                wide = convolved(x, expand, expand_bias.to(kind), 1, 1)
            seen = convolved(wide, depthwise, depthwise_bias.to(kind), stride, depthwise.shape[0])
            out = _multiplied(seen, project, project_bias.to(kind))
            ctx.stride, ctx.residual = stride, residual
            ctx.save_for_backward(x, expand, depthwise, project, wide, seen)
            return out.add_(x) if residual else out

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        x, expand, depthwise, project, wide, seen = ctx.saved_tensors
        grad = grad.contiguous(memory_format=torch.channels_last)
        rows = _rows(grad)
        by_project, by_project_bias = (rows.t() @ _rows(seen)).view_as(project), rows.sum(0)
        inner = _through_relu6(_maps(rows @ project.flatten(1), grad), seen)
        by_depthwise = kernel_gradient(wide, inner, depthwise.shape[-1], ctx.stride)
        by_depthwise_bias = inner.sum((0, 2, 3))
        learned = (by_depthwise, by_depthwise_bias, by_project, by_project_bias, None, None)
        if expand is None:
            first = _depthwise_input_gradient(inner, wide, depthwise, ctx.stride) if ctx.needs_input_grad[0] else None
            return (_added(first, grad, ctx.residual), None, None, *learned)
        inner = _through_relu6(_depthwise_input_gradient(inner, wide, depthwise, ctx.stride), wide)
        rows = _rows(inner)
        by_expand, by_expand_bias = (rows.t() @ _rows(x)).view_as(expand), rows.sum(0)
        first = _maps(rows @ expand.flatten(1), x) if ctx.needs_input_grad[0] else None
        return (_added(first, grad, ctx.residual), by_expand, by_expand_bias, *learned)


def _added(first: Tensor | None, grad: Tensor, residual: bool) -> Tensor | None:
    """What reaches the block's input: through its layers and, where it is added to its output, past them."""
    return first if first is None or not residual else first.add_(grad)
