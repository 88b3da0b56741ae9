"""The networks of similarity refinement: what they see of a patch -> an embedding and a logit for each label [SIM].

`PatchNet` is the paper's residual network of 15 convolutions (Clarkson, Edwards, Xie 2022, after He et al. 2015). It
departs in one point: no layer pads, so a patch is judged by its own pixels alone, and a pass over a whole image gives
what every patch by itself would. `PatchHead` does the same on features of a pretrained encoder.
"""

from __future__ import annotations

from itertools import pairwise
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

STRIDE = 4
"""Pixels from one output of `PatchNet` to the next."""
FIELD = 29
"""Pixels of a side that one cell of its last layer sees."""
WIDTHS = (16, 16, 16, 32, 32, 32, 64, 64)
"""Channels of the stem and of the seven blocks; the first block of each wider kind has stride 2."""
HIDDEN = 128
SCALE = 16.0
"""What embeddings of length 1 are multiplied by before labels are read off them."""


class ValidBlock(nn.Module):
    """Residual block: convolution 3x3 without padding, convolution 1x1, batch norms; its input cropped and added."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.stride = stride
        self.conv = nn.Conv2d(inputs, outputs, 3, stride, bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        self.point = nn.Conv2d(outputs, outputs, 1, bias=False)
        self.point_norm = nn.BatchNorm2d(outputs)
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        inner = functional.relu(self.norm(self.conv(x)), inplace=True)
        centres = self.shortcut(x[:, :, 1 : -1 : self.stride, 1 : -1 : self.stride])
        return functional.relu(self.point_norm(self.point(inner)) + centres)


class Outputs(nn.Module):
    """Hidden units -> an embedding and logits.

    Where labels are wrong, as inside boxes, the hardest positive of most anchors is no positive at all, and the triplet
    loss alone would draw all embeddings into one point. `held` reads the labels off the embedding, in training only, so
    that it has to keep them apart.
    `log_prior` is added to the logits of a network in evaluation: how much likelier each label is on whole images than
    among the patches that it was trained on.
    """

    log_prior: Tensor

    def __init__(self, inputs: int, embedding: int, labels: int, *, unit: bool) -> None:
        super().__init__()
        self.unit = unit
        self.embed = nn.Linear(inputs, embedding)
        self.decide = nn.Linear(inputs, labels)
        self.hold = nn.Linear(embedding, labels)
        self.register_buffer("log_prior", torch.zeros(labels))

    def held(self, embeddings: Tensor) -> Tensor:
        """Logits (n, k) by the embedding alone."""
        return cast(Tensor, self.hold(embeddings * SCALE if self.unit else embeddings))

    def forward(self, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """(n, inputs) -> embeddings (n, d), of length 1 where asked for, and logits (n, k)."""
        embeddings = self.embed(hidden)
        logits = self.decide(hidden)
        return (
            functional.normalize(embeddings) if self.unit else embeddings,
            logits if self.training else logits + self.log_prior,
        )


class PatchNet(nn.Module):
    """Patches (n, c, side, side) in [0, 1] -> embeddings (n, d), logits (n, k). `side` is at least 29 pixels."""

    def __init__(self, channels: int, side: int, embedding: int, labels: int, *, unit: bool = True) -> None:
        super().__init__()
        self.cells = (side - FIELD) // STRIDE + 1
        layers: list[nn.Module] = [
            nn.Conv2d(channels, WIDTHS[0], 3, bias=False),
            nn.BatchNorm2d(WIDTHS[0]),
            nn.ReLU(inplace=True),
        ]
        for before, after in pairwise(WIDTHS):
            layers.append(ValidBlock(before, after, 1 if before == after else 2))
        self.trunk = nn.Sequential(*layers)
        self.outputs = Outputs(WIDTHS[-1], embedding, labels, unit=unit)

    def forward(self, patches: Tensor) -> tuple[Tensor, Tensor]:
        hidden = self.hidden(patches)
        return cast(tuple[Tensor, Tensor], self.outputs(hidden.mean((2, 3))))

    def hidden(self, image: Tensor) -> Tensor:
        """(n, c, h, w) -> the mean over each patch, (n, 64, h', w'): patches start at every fourth row and column."""
        x = self.trunk(image.mul(2).sub(1))
        return functional.avg_pool2d(x, self.cells, 1) if self.cells > 1 else x


class PatchHead(nn.Module):
    """Features of patches (n, f) -> embeddings (n, d), logits (n, k)."""

    def __init__(self, features: int, embedding: int, labels: int, *, unit: bool = True) -> None:
        super().__init__()
        self.trunk = nn.Sequential(
            nn.BatchNorm1d(features),
            nn.Linear(features, HIDDEN, bias=False),
            nn.BatchNorm1d(HIDDEN),
            nn.ReLU(inplace=True),
            nn.Linear(HIDDEN, HIDDEN, bias=False),
            nn.BatchNorm1d(HIDDEN),
            nn.ReLU(inplace=True),
        )
        self.outputs = Outputs(HIDDEN, embedding, labels, unit=unit)

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        return cast(tuple[Tensor, Tensor], self.outputs(self.trunk(features)))


Net = PatchNet | PatchHead


def p_defect(logits: Tensor) -> Tensor:
    """P(some defect) of each patch, (n,): logits (n, k), healthy first."""
    return 1 - logits.softmax(1)[:, 0]
