"""Which domain does a cell come from? The classifier that mentoring plays its features against [MENTOR].

Gradient reversal, 1x1 convolution to 64, ReLU, batch norm, 1x1 convolution to 1, a logit for every output cell.
"""

from __future__ import annotations

import math

from torch import Tensor, nn

from defectstudio.learning.nets.gradients import reverse_gradient

WIDTH = 64
STEEPNESS = 10.0


class DomainClassifier(nn.Module):
    """Features (B, C, h, w) -> logits (B, 1, h, w) that a cell belongs to the new domain.

    `strength` is lambda of the reversal: 0 leaves the features alone.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(channels, WIDTH, 1), nn.ReLU(inplace=True), nn.BatchNorm2d(WIDTH), nn.Conv2d(WIDTH, 1, 1)
        )

    def forward(self, features: Tensor, strength: float) -> Tensor:
        found: Tensor = self.layers(reverse_gradient(features, strength))
        return found


def reversal_strength(progress: float, most: float) -> float:
    """lambda = most (2 / (1 + exp(-10 p)) - 1) for progress p in [0, 1] (Ganin and Lempitsky 2015): from 0 to `most`.

    Early on the classifier knows nothing of domains, and its gradient is noise.
    """
    return most * (2 / (1 + math.exp(-STEEPNESS * progress)) - 1)
