"""A plain SegDecNet and its training step, written from the paper alone: what our own is timed against.

Bozic, Tabernik, Skocaj: Mixed supervision for surface-defect detection, Computers in Industry 2021: Table 1, eqs. 1-5.
Everything as a reader of the paper would write it in PyTorch: float32, one image at a time, the library's own memory
order, each formula in its own line, no thought of speed. It imports nothing of DefectStudio.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class FeatureNormalisation(nn.Module):
    """Each feature map brought to mean 0 and variance 1 over its own pixels, then scaled and shifted."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1, channels, 1, 1))
        self.shift = nn.Parameter(torch.zeros(1, channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        mean = x.mean((2, 3), keepdim=True)
        variance = ((x - mean) ** 2).mean((2, 3), keepdim=True)
        x = (x - mean) / torch.sqrt(variance + 1e-3)
        return self.scale * x + self.shift


def layer(inputs: int, outputs: int, size: int = 5) -> list[nn.Module]:
    """Convolution, feature normalisation, ReLU."""
    convolution = nn.Conv2d(inputs, outputs, size, padding=size // 2, bias=False)
    return [convolution, FeatureNormalisation(outputs), nn.ReLU()]


class ReferenceSegDecNet(nn.Module):
    """Image (1, channels, h, w) -> segmentation logits (1, 1, h/8, w/8), classification logit (1, 1)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.volume = nn.Sequential(
            *layer(channels, 32),
            *layer(32, 32),
            nn.MaxPool2d(2),
            *layer(32, 64),
            *layer(64, 64),
            *layer(64, 64),
            nn.MaxPool2d(2),
            *layer(64, 64),
            *layer(64, 64),
            *layer(64, 64),
            *layer(64, 64),
            nn.MaxPool2d(2),
            *layer(64, 1024),
        )
        self.segmentation = nn.Conv2d(1024, 1, 1)
        self.extractor = nn.Sequential(
            nn.MaxPool2d(2), *layer(1025, 8), nn.MaxPool2d(2), *layer(8, 16), nn.MaxPool2d(2), *layer(16, 32)
        )
        self.decision = nn.Linear(66, 1)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        volume = self.volume(image)
        segmentation = self.segmentation(volume)
        # Gradient-flow adjustment: the decision learns from the volume and the map without changing them.
        volume, seen = volume.detach(), segmentation.detach()
        features = self.extractor(torch.cat([volume, seen], 1))
        pooled = [features.mean((2, 3)), features.amax((2, 3)), seen.mean((2, 3)), seen.amax((2, 3))]
        return segmentation, self.decision(torch.cat(pooled, 1))


def step(
    net: ReferenceSegDecNet,
    optimiser: torch.optim.Optimizer,
    image: Tensor,
    mask: Tensor,
    weight: Tensor,
    defective: Tensor,
    balance: float,
    delta: float,
) -> float:
    """Eq. 1 for one fully annotated image and one step of the optimiser; the loss before it.

    mask and weight are (1, 1, h/8, w/8), defective is (1, 1); balance is lambda of eq. 2.
    """
    segmentation, decision = net(image)
    map_loss = functional.binary_cross_entropy_with_logits(segmentation, mask, weight=weight)
    image_loss = functional.binary_cross_entropy_with_logits(decision, defective)
    loss = balance * map_loss + (1 - balance) * delta * image_loss
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()
