"""A head that finds boxes: a grid of cells with B anchors each, on features of either trunk [MENTOR]."""

from __future__ import annotations

from torch import Tensor, nn

from defectstudio.learning.nets.heads import WIDTH, conv3


class DetectorHead(nn.Module):
    """Features (B, channels, h, w) -> (B, anchors*5 + classes, h, w): see `learning.anchors` for what they mean.

    `channels`: 64 behind the joined maps of `fast`, 1024 behind S_f of SegDecNet.
    """

    def __init__(self, channels: int, anchors: int, classes: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(conv3(channels, WIDTH), nn.Conv2d(WIDTH, 5 * anchors + classes, 1))

    def forward(self, features: Tensor) -> Tensor:
        found: Tensor = self.layers(features)
        return found
