"""The triplet loss with a margin [SIM, eq. 1]."""

from __future__ import annotations

from torch import Tensor

TINY = 1e-12
"""Added under the root: its gradient at 0, two patches alike to the last bit, is not a number."""


def distance(one: Tensor, other: Tensor) -> Tensor:
    """Euclidean distance of each pair, (t,) from (t, d) twice."""
    return ((one - other).square().sum(1) + TINY).sqrt()


def triplet_loss(anchor: Tensor, positive: Tensor, negative: Tensor, margin: float) -> Tensor:
    """Eq. 1: max(0, d(a, p) - d(a, n) + alpha), (t,) embeddings (t, d) -> scalar.

    Departures: the mean over the triplets, not their sum, so that its weight does not depend on how many were mined;
    never below 0, as easy triplets are to teach nothing. 0 where there are no triplets.
    """
    if not len(anchor):
        return anchor.sum()
    return (distance(anchor, positive) - distance(anchor, negative) + margin).clamp_min(0).mean()
