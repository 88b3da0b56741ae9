"""The network as it is deployed: images in, probabilities out, mirrored views averaged where the run asks for it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from defectstudio.learning.augment import FLIPS
from defectstudio.learning.model import TrainedModel


class Detector(nn.Module):
    """Images (B, C, H, W) in [0, 1] -> heat maps (B, 1, h, w) and scores (B,), both probabilities.

    All mirrored views of a batch go through the network as one larger batch, so that the graph holds it once.
    """

    def __init__(self, model: TrainedModel) -> None:
        super().__init__()
        self.net = model.net.eval()
        self.flips = FLIPS if model.config.test_flips else FLIPS[:1]

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        views = [torch.flip(image, axes) if axes else image for axes in self.flips]
        # Where classes are told apart a third output says which; engines say where and whether.
        seg, cls = self.net(torch.cat(views) if len(views) > 1 else image)[:2]
        heat, score = seg.float().sigmoid(), cls.float().sigmoid()
        if len(views) == 1:
            return heat, score
        # Not `chunk`, which would fix the batch size of an exported graph.
        heats = heat.unflatten(0, (len(views), -1)).unbind()
        turned = [torch.flip(part, axes) if axes else part for part, axes in zip(heats, self.flips, strict=True)]
        return torch.stack(turned).mean(0), score.unflatten(0, (len(views), -1)).mean(0)
