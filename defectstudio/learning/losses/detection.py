"""The loss of a detector on a grid, for originals and for mentored images (Cordier, Das, Gutierrez 2021)."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

OBJECTNESS = 100.0
"""Its weight against box and class, which count in a few areas, while it is a mean over thousands."""


def detector_loss(
    output: Tensor, box: Tensor, objectness: Tensor, classes: Tensor, known: Tensor, *, boxes_known: bool
) -> Tensor:
    """Objectness over the areas in M, plus box and class where there is an object. A scalar, of one image.

    output (B*5 + C, h, w); box (B, 4, h, w), objectness (B, h, w), classes (h, w) with -1 for none; known (B, h, w) is
    above 0 in M: 1, or more where there is an object, of which there are few. On mentored images (`boxes_known` False)
    nobody drew a box: its regression has no part in the loss.
    """
    count = objectness.shape[0]
    parts = output[: 5 * count].view(count, 5, *output.shape[1:])
    said = functional.binary_cross_entropy_with_logits(parts[:, 4], objectness, weight=known, reduction="none")
    loss = OBJECTNESS * said.sum() / (known > 0).sum().clamp(min=1)
    there = (objectness > 0) & (known > 0)
    if bool(there.any()) and boxes_known:
        at = there[:, None].expand(-1, 4, -1, -1)
        loss = loss + functional.smooth_l1_loss(parts[:, :4][at], box[at])
    named = there.any(0) & (classes >= 0)
    if bool(named.any()):
        logits = output[5 * count :, named].T
        loss = loss + functional.cross_entropy(logits, classes[named].long())
    return torch.as_tensor(loss)
