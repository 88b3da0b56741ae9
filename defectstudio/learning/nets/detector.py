"""A detector of boxes: a grid of cells with B anchors each, on features of either trunk [MENTOR]."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import Tensor, nn

from defectstudio.learning.nets.heads import WIDTH, Lateral, conv3

RARE = 0.01
"""What the objectness starts with: with one half, thousands of empty cells would drown the first steps."""


class DetectorHead(nn.Module):
    """Features (B, channels, h, w) -> (B, anchors*5 + classes, h, w): see `learning.anchors` for what they mean.

    `channels`: 64, behind the joined maps of either trunk.
    """

    def __init__(self, channels: int, anchors: int, classes: int) -> None:
        super().__init__()
        last = nn.Conv2d(WIDTH, 5 * anchors + classes, 1)
        assert last.bias is not None
        nn.init.constant_(last.bias[4 : 5 * anchors : 5], math.log(RARE / (1 - RARE)))
        self.layers = nn.Sequential(conv3(channels, WIDTH), last)

    def forward(self, features: Tensor) -> Tensor:
        found: Tensor = self.layers(features)
        return found


class BoxNet(nn.Module):
    """Encoder maps, finest first -> features (B, 64, h, w) on the grid, and what the head says of them."""

    def __init__(self, channels: Sequence[int], anchors: int, classes: int) -> None:
        super().__init__()
        self.joined = Lateral(channels, WIDTH)
        self.mixed = conv3(WIDTH, WIDTH)
        self.head = DetectorHead(WIDTH, anchors, classes)

    def forward(self, maps: Sequence[Tensor], grid: tuple[int, int]) -> tuple[Tensor, Tensor]:
        features: Tensor = self.mixed(self.joined(maps, grid))
        return features, self.head(features)
