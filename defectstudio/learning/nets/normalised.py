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
STRIP = 32768
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
        inner = torch.ops.aten.threshold_backward(grad.contiguous(memory_format=torch.channels_last), out, 0)
        sums = [_sums(*each) for each in zip(*map(_images, (inner, x, mean)), strict=True)]
        total, product = (torch.stack(row)[..., None, None] for row in zip(*sums, strict=True))
        inverse = spread_inverse(variance, ctx.release)
        factor = scale * inverse
        # Each pixel acts through the mean, of which it is 1 / n, and the variance, whose gradient is 2 (x - mean) / n.
        pull = 2 * scale * product * _slope(variance, inverse, ctx.release) / (x.shape[2] * x.shape[3])
        shift = -factor * total / (x.shape[2] * x.shape[3]) - pull * mean
        by_x = _joined([_scaled(*each) for each in zip(*map(_images, (x, pull, shift)), strict=True)])
        by_scale, by_bias = (product * inverse).sum(0, keepdim=True), total.sum(0, keepdim=True)
        if by_x.dtype == factor.dtype:
            by_x.addcmul_(inner, factor)
        else:
            # Of two kinds of number the sum would be taken value by value, through copies: a third of a whole step.
            none = torch.zeros_like(factor)
            by_x.add_(_joined([_scaled(*each) for each in zip(*map(_images, (inner, factor, none)), strict=True)]))
        return by_x, by_scale, by_bias, None


def _slope(variance: Tensor, inverse: Tensor, release: bool) -> Tensor:
    """The derivative of `spread_inverse` by the variance."""
    slope = -(inverse**3) / 2
    return slope / (2 * (variance + LEAST_VARIANCE).sqrt()) if release else slope


def _sums(grad: Tensor, image: Tensor, mean: Tensor) -> tuple[Tensor, Tensor]:
    """Over the pixels of an image (1, C, H, W): the sums of g and of g (x - mean), (C,) each; strip by strip."""
    one = torch.ones_like(mean).flatten()
    parts = [
        torch.ops.aten.native_batch_norm_backward(
            g, strip, one, None, None, mean.flatten(), one, True, EPS, (False, True, True)
        )
        for g, strip in zip(_strips(grad), _strips(image), strict=True)
    ]
    return torch.stack([part[2] for part in parts]).sum(0), torch.stack([part[1] for part in parts]).sum(0)


def mean_and_variance(image: Tensor) -> tuple[Tensor, Tensor]:
    """Of each map of an image (1, C, H, W), channels last: (C,) each, the variance without correction.

    Taken strip by strip and combined: a sum over a whole large image would lose the last digits of float32.
    """
    strips = _strips(image)
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
    weight, bias = factor.flatten(), shift.flatten()
    none = torch.zeros_like(weight)
    found: Tensor = torch.native_batch_norm(image, weight, bias, none, none + 1, False, 0.0, 0.0)[0]
    return found


def _strips(image: Tensor) -> tuple[Tensor, ...]:
    """An image as strips of whole rows."""
    return torch.split(image, max(1, STRIP // image.shape[3]), 2)


def _images(batch: Tensor) -> tuple[Tensor, ...]:
    """The images (1, C, H, W) of a batch."""
    return torch.split(batch, 1)


def _joined(images: list[Tensor]) -> Tensor:
    """Images (1, C, H, W) as one batch; a single one as it is."""
    return images[0] if len(images) == 1 else torch.cat(images)
