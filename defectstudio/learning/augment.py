"""Random changes of training images that keep the label: flips of everything that belongs to one image."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

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
