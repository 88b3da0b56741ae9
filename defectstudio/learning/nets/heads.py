"""The two heads that `fast` puts on an encoder: the same joints and gradient stops as SegDecNet, far fewer weights."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from defectstudio.learning.nets.gradients import stop_gradient
from defectstudio.learning.nets.segdec import mean_and_max

WIDTH = 64


def to_stride(x: Tensor, size: tuple[int, int]) -> Tensor:
    """A map (B, C, h, w) at another resolution: max-pooled down (small defects survive), bilinear up."""
    if x.shape[-2:] == size:
        return x
    if x.shape[-2] > size[0]:
        return functional.adaptive_max_pool2d(x, size)
    return functional.interpolate(x, size, mode="bilinear", align_corners=False)


class Lateral(nn.Module):
    """Each encoder map through its own 1x1 convolution, brought to one size and added.

    The same as one 1x1 convolution over the concatenated maps, but the coarse ones are enlarged after it, not before.
    """

    def __init__(self, channels: Sequence[int], width: int) -> None:
        super().__init__()
        self.norms = nn.ModuleList(nn.BatchNorm2d(c) for c in channels)
        self.convs = nn.ModuleList(nn.Conv2d(c, width, 1, bias=False) for c in channels)
        self.norm = nn.BatchNorm2d(width)

    def forward(self, maps: Sequence[Tensor], size: tuple[int, int]) -> Tensor:
        added: Tensor | None = None
        for norm, conv, x in zip(self.norms, self.convs, maps, strict=True):
            # Down before the convolution, up after it: the cheaper order either way.
            small = to_stride(x, size) if x.shape[-2] > size[0] else x
            part = to_stride(conv(norm(small)), size)
            added = part if added is None else added + part
        assert added is not None
        return functional.relu(self.norm(added))


def conv3(inputs: int, outputs: int) -> nn.Sequential:
    """Convolution 3x3, batch norm, ReLU."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


class Heads(nn.Module):
    """Encoder maps, finest first -> segmentation logits (B, 1, h/s, w/s), classification logits (B,).

    With `classes`, a third output: logits (B, classes, h/s, w/s) of which defect it is, where there is one.
    `channels` are those of the maps; `size` in `forward` is that of the segmentation output.
    """

    def __init__(self, channels: Sequence[int], *, gradient_stop: bool = True, classes: int = 0) -> None:
        super().__init__()
        self.gradient_stop = gradient_stop
        self.segmentation = Lateral(channels, WIDTH)
        self.segmentation_map = nn.Sequential(conv3(WIDTH, WIDTH), nn.Conv2d(WIDTH, 1, 1))
        self.classification = Lateral(channels, WIDTH)
        self.joined = conv3(WIDTH + WIDTH + 1, WIDTH)
        self.decision = nn.Linear(2 * WIDTH + 2, 1)
        # Made last, so that the other weights start the same with and without it.
        self.class_map = nn.Conv2d(WIDTH, classes, 1) if classes else None

    def forward(self, maps: Sequence[Tensor], size: tuple[int, int]) -> tuple[Tensor, ...]:
        s_f = self.segmentation(maps, size)
        s_h = self.segmentation_map(s_f)
        seen_f, seen_h = stop_gradient(s_f, self.gradient_stop), stop_gradient(s_h, self.gradient_stop)
        half = (max(1, size[0] // 2), max(1, size[1] // 2))
        own = self.classification(maps, half)
        joint = torch.cat([own, to_stride(seen_f, half), to_stride(seen_h, half)], 1)
        c_p = self.decision(torch.cat([mean_and_max(self.joined(joint)), mean_and_max(seen_h)], 1))
        found = (s_h, c_p.squeeze(1))
        return found if self.class_map is None else (*found, self.class_map(s_f))

    def segmentation_part(self) -> list[nn.Parameter]:
        """The parameters that only the segmentation loss may change."""
        parts = [self.segmentation, self.segmentation_map, *([self.class_map] if self.class_map is not None else [])]
        return [parameter for part in parts for parameter in part.parameters()]
