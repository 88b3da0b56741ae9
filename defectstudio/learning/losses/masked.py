"""The losses of mentored images (Cordier, Das, Gutierrez 2021): only what somebody said anything of counts."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional


def masked_loss(logits: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Eq. 4: binary cross-entropy summed over the areas in M, divided by |M|. A scalar.

    logits, target in [0, 1] and weight are (B, 1, h, w); M are the areas of weight above 0, which is 1 in the paper
    and may be larger for defects. Outside M the gradient is exactly zero; where M is empty so is the loss.
    """
    area = functional.binary_cross_entropy_with_logits(logits, target, weight=weight, reduction="none")
    return area.sum() / (weight > 0).sum().clamp(min=1)


def distillation_loss(logits: Tensor, said: Tensor, share: Tensor) -> Tensor:
    """Cross-entropy with the probabilities that the deployed model gave, averaged over the cells of `share` 1.

    A scalar. All are (B, 1, h, w); the paper names this as future work. It is least, not 0, where both agree.
    """
    area = functional.binary_cross_entropy_with_logits(logits, said, weight=share, reduction="none")
    return area.sum() / share.sum().clamp(min=1)


def domain_loss(logits: Tensor, new: Tensor) -> Tensor:
    """Cross-entropy of the domain of every cell, averaged over cells. A scalar.

    logits (B, 1, h, w); `new` (B,) is 1 for images of the new domain.
    """
    return functional.binary_cross_entropy_with_logits(logits, new[:, None, None, None].expand_as(logits))
