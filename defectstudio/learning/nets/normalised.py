"""Per-image feature normalisation and ReLU as one operation with a gradient of its own.

The same values as written out, y = relu(scale (x - mean) / spread + bias), in a tenth of the time on a CPU: statistics
come from the kernels of batch normalisation (an image by itself is a batch), scale and shift are applied at once, and
only x and y are kept.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from defectstudio.learning.nets.residual import recorded

EPS = 1e-3
# The square root of a variance of exactly 0 (a blank image) has no finite gradient.
LEAST_VARIANCE = 1e-12
STRIP = 4096
"""Pixels over which statistics are taken at a time."""


def spread_inverse(variance: Tensor, release: bool) -> Tensor:
    """1 / sqrt(var + eps), or, as in the authors' release, 1 / sqrt(std + eps)."""
    return ((variance + LEAST_VARIANCE).sqrt() + EPS if release else variance + EPS).rsqrt()


def served(x: Tensor) -> bool:
    """Whether the operation of this module serves x: float32 or bfloat16 on a CPU, outside an export."""
    return x.device.type == "cpu" and x.dtype in {torch.float32, torch.bfloat16} and not recorded()


class NormalisedReLU(torch.autograd.Function):
    """relu(scale (x - mean) spread_inverse + bias) for x (B, C, H, W), mean and variance over each image's own pixels.

    scale and bias are (1, C, 1, 1). x may be bfloat16 where they are float32, as statistics and sums then are, too.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, scale: Tensor, bias: Tensor, release: bool) -> Tensor:
        x = x.contiguous(memory_format=torch.channels_last)
        statistics = [mean_and_variance(image) for image in _images(x)]
        mean, variance = (torch.stack(row)[..., None, None] for row in zip(*statistics, strict=True))
        factor = scale * spread_inverse(variance, release)
        out = _joined([_scaled(*each) for each in zip(*map(_images, (x, factor, bias - mean * factor)), strict=True)])
        out.relu_()
        ctx.release = release
        ctx.save_for_backward(x, out, scale, mean, variance)
        return out

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        x, out, scale, mean, variance = ctx.saved_tensors
        inner = torch.ops.aten.threshold_backward(grad, out, 0)
        inverse = spread_inverse(variance, ctx.release)
        virtual = _virtual_inverse(variance, inverse) if ctx.release else inverse
        # The kernel gives w t (g - mean(g) - t^2 (x - mean) mean(g (x - mean))) for weight w and inverse spread t.
        weight = scale * inverse / virtual
        parts = [
            torch.ops.aten.native_batch_norm_backward(
                g, image, w.flatten(), None, None, m.flatten(), t.flatten(), True, EPS, (True, True, True)
            )
            for g, image, w, m, t in zip(*(_images(row) for row in (inner, x, weight, mean, virtual)), strict=True)
        ]
        by_x, by_weight, by_bias = zip(*parts, strict=True)
        by_scale = (torch.stack(by_weight)[..., None, None] * inverse / virtual).sum(0, keepdim=True)
        return _joined(list(by_x)), by_scale, torch.stack(by_bias).sum(0).view_as(scale), None


def mean_and_variance(image: Tensor) -> tuple[Tensor, Tensor]:
    """Of each map of an image (1, C, H, W), channels last: (C,) each, the variance without correction.

    Taken strip by strip and combined: a sum over a whole large image would lose the last four digits of float32, and a
    strip stays in the processor's cache between the two passes over it.
    """
    strips = torch.split(image, max(1, STRIP // image.shape[3]), 2)
    # Told of float32 statistics to follow, at momentum 0, the kernel keeps its own in float32 for any kind of image.
    followed = image.new_zeros(image.shape[1], dtype=torch.promote_types(image.dtype, torch.float32))
    each_of = (torch.batch_norm_update_stats(strip, followed, followed.clone(), 0.0) for strip in strips)
    means, variances = zip(*each_of, strict=True)
    share = means[0].new_tensor([strip.shape[2] / image.shape[2] for strip in strips])[:, None]
    each = torch.stack(means)
    mean = (share * each).sum(0)
    return mean, (share * (torch.stack(variances) + (each - mean) ** 2)).sum(0)


def _scaled(image: Tensor, factor: Tensor, shift: Tensor) -> Tensor:
    """factor image + shift, in one pass that reads and writes the image's own kind of number."""
    none = torch.zeros_like(factor).flatten()
    found: Tensor = torch.native_batch_norm(image, factor.flatten(), shift.flatten(), none, none + 1, False, 0.0, 0.0)[
        0
    ]
    return found


def _images(batch: Tensor) -> tuple[Tensor, ...]:
    """The images (1, C, H, W) of a batch."""
    return torch.split(batch, 1)


def _virtual_inverse(variance: Tensor, inverse: Tensor) -> Tensor:
    """The t with which batch normalisation's gradient is that of the release's: t^2 = 1 / (2 s (s + eps)), s the std.

    d spread_inverse / d var = -1/2 (s + eps)^-3/2 / (2 s), where that of batch normalisation is -1/2 t^3.
    """
    return inverse * (2 * (variance + LEAST_VARIANCE).sqrt()).rsqrt()


def _joined(images: list[Tensor]) -> Tensor:
    """Images (1, C, H, W) as one batch; a single one as it is."""
    return images[0] if len(images) == 1 else torch.cat(images)
