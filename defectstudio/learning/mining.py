"""Which triplets of a batch to learn from: online mining [SIM, section 3.2].

Clarkson, Edwards, Xie 2022, after Schroff, Kalenichenko, Philbin 2015. Each patch of the batch
is an anchor in its turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

Negatives = Literal["semi-hard", "hardest"]


@dataclass(frozen=True, slots=True)
class Triplets:
    """Positions in the batch, (t,) int64 each."""

    anchors: Tensor
    positives: Tensor
    negatives: Tensor

    def __len__(self) -> int:
        return self.anchors.numel()


def squared_distances(embeddings: Tensor) -> Tensor:
    """||f_i - f_j||^2, (n, n), from (n, d). By differences: equal rows are at a distance of exactly 0."""
    gaps: Tensor = torch.cdist(embeddings, embeddings, compute_mode="donot_use_mm_for_euclid_dist")
    return gaps.square()


@torch.no_grad()
def mine(embeddings: Tensor, labels: Tensor, margin: float, negatives: Negatives = "semi-hard") -> Triplets:
    """One triplet an anchor, where it has one that teaches something. embeddings (n, d), labels (n,).

    Positive: the farthest of the anchor's label. Negative: the nearest that is semi-hard, d(a, p)^2 < d(a, n)^2 <
    d(a, p)^2 + margin; where there is none, or with "hardest", the nearest of another label. Easy triplets, whose
    negative lies beyond d(a, p)^2 + margin, are skipped, and so are anchors without a positive or a negative.
    """
    gaps = squared_distances(embeddings.float())
    same = labels[:, None] == labels[None, :]
    others = ~same
    alike = same & ~torch.eye(len(labels), dtype=torch.bool, device=labels.device)
    furthest, positive = gaps.masked_fill(~alike, -torch.inf).max(1)
    nearest, negative = gaps.masked_fill(same, torch.inf).min(1)
    if negatives == "semi-hard":
        between = others & (gaps > furthest[:, None]) & (gaps < furthest[:, None] + margin)
        gap, semi_hard = gaps.masked_fill(~between, torch.inf).min(1)
        found = between.any(1)
        nearest, negative = torch.where(found, gap, nearest), torch.where(found, semi_hard, negative)
    kept = alike.any(1) & others.any(1) & (nearest < furthest + margin)
    anchors = torch.arange(len(labels), device=labels.device)
    return Triplets(anchors[kept], positive[kept], negative[kept])
