"""The loss of mixed supervision (Bozic et al. 2021, eqs. 1-3), as pure functions.

Departure from eq. 3: where only part of an image's label map is known, its known pixels count and the rest does not,
so an image that is half drawn helps too. A complete map gives eq. 3 exactly.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def balance(n: int, n_ep: int) -> float:
    """Eq. 2: lambda = 1 - n / n_ep for epoch n = 0..n_ep-1: from segmentation to classification."""
    return 1 - n / n_ep


def segmentation_loss(logits: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """L_seg per image, (B,): weighted binary cross-entropy, averaged over the pixels that are known.

    logits, target in [0, 1] and weight are (B, 1, h, w); weight 0 marks an unknown pixel. An image of which nothing is
    known has loss 0 and gradient 0: gamma = 0 of eq. 3.
    """
    pixel = functional.binary_cross_entropy_with_logits(logits, target, weight=weight, reduction="none")
    known = (weight > 0).sum((1, 2, 3)).clamp(min=1)
    return pixel.sum((1, 2, 3)) / known


NO_CLASS = 255


def class_loss(logits: Tensor, classes: Tensor) -> Tensor:
    """Cross-entropy of which class a defect is, per image, (B,), averaged over its positive pixels.

    logits (B, C, h, w); classes (B, 1, h, w) from 0 to C - 1, NO_CLASS where there is no defect or nobody said which.
    The chance of class c at a pixel is P(defect) P(c | defect): what is healthy is left to the binary map.
    """
    known = classes[:, 0] != NO_CLASS
    index = torch.where(known, classes[:, 0], 0).long()
    pixel = functional.cross_entropy(logits, index, reduction="none") * known
    return pixel.sum((1, 2)) / known.sum((1, 2)).clamp(min=1)


def classification_loss(logits: Tensor, defective: Tensor) -> Tensor:
    """L_cls per image, (B,): binary cross-entropy; `defective` is 0 or 1."""
    return functional.binary_cross_entropy_with_logits(logits, defective, reduction="none")


def mixed_loss(seg: Tensor, cls: Tensor, *, lam: float, gamma: Tensor, delta: float) -> Tensor:
    """Eq. 1: lam * gamma * L_seg + (1 - lam) * delta * L_cls, per image (B,)."""
    return lam * gamma * seg + (1 - lam) * delta * cls
