"""Random changes of training images: flips of everything that belongs to one image, another exposure, a drawn defect
carried over to a good image."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

FLIPS: tuple[tuple[int, ...], ...] = ((), (-1,), (-2,), (-2, -1))


def flip(tensors: Sequence[Tensor], axes: tuple[int, ...]) -> list[Tensor]:
    """Every tensor mirrored along the same axes (-1: left-right, -2: top-bottom)."""
    return [torch.flip(tensor, axes) if axes else tensor for tensor in tensors]


def random_flip(tensors: Sequence[Tensor], rng: np.random.Generator) -> list[Tensor]:
    """One of the four mirrorings, each equally likely, applied to image, features, targets and weights alike."""
    return flip(tensors, FLIPS[int(rng.integers(len(FLIPS)))])


def random_exposure(image: Tensor, rng: np.random.Generator, strength: float = 0.25) -> Tensor:
    """Contrast and brightness changed by up to `strength`, as another exposure of the same part would be.

    (c, h, w) in [0, 1] -> the same, clipped.
    """
    gain, shift = 1 + strength * float(rng.uniform(-1, 1)), strength / 2 * float(rng.uniform(-1, 1))
    mean = image.mean()
    return ((image - mean) * gain + mean * (1 + shift)).clamp(0, 1)


def synthetic_anomaly(
    maps: Sequence[Tensor], size: tuple[int, int], rng: np.random.Generator, strength: float = 1.0
) -> tuple[list[Tensor], Tensor]:
    """Encoder maps of a good image, spoilt by noise in an irregular region, and that region (h, w) bool of `size`.

    After SuperSimpleNet (Rolih et al. 2025): noise in feature space stands for defects that nobody has drawn. The noise
    is Gaussian with `strength` times each channel's own deviation; the region covers 0.5 to 5 % of the image.
    """
    coarse = rng.standard_normal((1, 1, max(2, size[0] // 8), max(2, size[1] // 8))).astype(np.float32)
    hills = functional.interpolate(torch.from_numpy(coarse), size, mode="bicubic", align_corners=False)[0, 0]
    region = hills > torch.quantile(
        hills.flatten()[:: max(1, hills.numel() // 100_000)], float(rng.uniform(0.95, 0.995))
    )
    spoilt = []
    for x in maps:
        where = functional.interpolate(region.float()[None, None], x.shape[-2:], mode="area")[0]
        noise = torch.from_numpy(rng.standard_normal(x.shape, dtype=np.float32))
        spoilt.append(x + strength * where * noise * x.std((1, 2), keepdim=True))
    return spoilt, region


def paste_defect(good: Tensor, donor: Tensor, region: Tensor, soft: int = 2) -> Tensor:
    """A good image with the defect of another one in the same place: one more segmented image for every mask drawn.

    good, donor (c, h, w) in [0, 1]; region (h, w) bool -> (c, h, w). What is carried over is the donor's difference
    from the mean of its surroundings, so the defect sits on the brightness of the good image; the seam is `soft` wide.
    """
    mask = region.float()[None, None]
    grown = functional.max_pool2d(mask, 2 * soft + 1, 1, soft)
    ring = (functional.max_pool2d(mask, 8 * soft + 1, 1, 4 * soft) - grown)[0, 0] > 0
    seam = functional.avg_pool2d(grown, 2 * soft + 1, 1, soft, count_include_pad=False)[0]
    if not ring.any():  # the defect fills the image: nothing around it says how bright it should be
        ring = torch.ones_like(ring)
    around, here = donor[:, ring].mean(1)[:, None, None], good[:, ring].mean(1)[:, None, None]
    return (good * (1 - seam) + (donor - around + here) * seam).clamp(0, 1)
