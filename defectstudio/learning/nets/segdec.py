"""SegDecNet for mixed supervision (Bozic, Tabernik, Skocaj 2021, Table 1), as printed and as released.

`paper` is Table 1. `release` follows what is known of the authors' own program: one conv in the first stage, a 15x15
kernel for S_f, a feature normalisation that divides by sqrt(std + eps), and a normalised segmentation output.
The paper does not say how S_h is normalised; as it is a map of logits, `paper` leaves it a plain convolution.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from defectstudio.learning.nets.gradients import stop_gradient
from defectstudio.learning.nets.normalised import NormalisedReLU, served, spread_inverse

Variant = Literal["paper", "release"]
PLAIN = 64
"""Maps before S_f."""


class FeatureNorm(nn.Module):
    """Normalises each feature map of each image over its own pixels, then scales and shifts by learned values.

    (B, C, H, W) -> the same. Divides by sqrt(var + eps), or, as in the authors' release, by sqrt(std + eps).
    """

    def __init__(self, channels: int, variant: Variant, *, bias: bool = True) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1, channels, 1, 1))
        self.bias = nn.Parameter(torch.zeros(1, channels, 1, 1)) if bias else None
        self.release = variant == "release"

    def forward(self, x: Tensor) -> Tensor:
        var, mean = torch.var_mean(x, dim=(2, 3), keepdim=True, correction=0)
        x = self.scale * (x - mean) * spread_inverse(var, self.release)
        return x if self.bias is None else x + self.bias


class FeatureNormReLU(FeatureNorm):
    """The same, then ReLU."""

    def __init__(self, channels: int, variant: Variant) -> None:
        super().__init__(channels, variant)

    def forward(self, x: Tensor) -> Tensor:
        if served(x):
            out: Tensor = NormalisedReLU.apply(x, self.scale, self.bias, self.release)  # type: ignore[no-untyped-call]
            return out
        return functional.relu(super().forward(x), inplace=True)


def conv_block(inputs: int, outputs: int, kernel: int, variant: Variant) -> nn.Sequential:
    """Convolution (same size), per-image feature normalisation, ReLU."""
    conv = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False)
    return nn.Sequential(conv, FeatureNormReLU(outputs, variant))


def segmentation_features(channels: int, variant: Variant) -> nn.Sequential:
    """Image (B, channels, h, w) -> S_f (B, 1024, h/8, w/8)."""
    first = [conv_block(channels, 32, 5, variant)]
    if variant == "paper":
        first.append(conv_block(32, 32, 5, variant))
    second = [conv_block(32 if n == 0 else 64, 64, 5, variant) for n in range(3)]
    third = [conv_block(64, 64, 5, variant) for _ in range(4)]
    last = conv_block(64, 1024, 5 if variant == "paper" else 15, variant)
    return nn.Sequential(*first, nn.MaxPool2d(2), *second, nn.MaxPool2d(2), *third, nn.MaxPool2d(2), last)


def classification_features(variant: Variant) -> nn.Sequential:
    """[S_f, S_h] (B, 1025, h/8, w/8) -> C_f (B, 32, h/64, w/64)."""
    layers: list[nn.Module] = []
    for inputs, outputs in ((1025, 8), (8, 16), (16, 32)):
        layers += [nn.MaxPool2d(2), conv_block(inputs, outputs, 5, variant)]
    return nn.Sequential(*layers)


def mean_and_max(x: Tensor) -> Tensor:
    """(B, C, H, W) -> (B, 2 C): the average, then the maximum, over each feature map."""
    return torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)


class SegDecNet(nn.Module):
    """Image (B, channels, h, w) in [0, 1] -> segmentation logits S_h (B, 1, h/8, w/8), classification logits C_p (B,).

    h and w are multiples of 8, at least 64. With `gradient_stop` the classification loss changes the classification
    part only: neither S_f nor S_h, at both joints, passes its gradient on. With `classes` (a departure: the paper's map
    is binary) a third output, (B, classes, h/8, w/8): logits of which defect it is, where there is one.
    """

    stride = 8

    def __init__(
        self, channels: int, variant: Variant = "paper", *, gradient_stop: bool = True, classes: int = 0
    ) -> None:
        super().__init__()
        self.gradient_stop = gradient_stop
        self.segmentation = segmentation_features(channels, variant)
        self.segmentation_map = nn.Sequential(nn.Conv2d(1024, 1, 1, bias=variant == "paper"))
        if variant == "release":
            self.segmentation_map.append(FeatureNorm(1, variant, bias=False))
        self.classification = classification_features(variant)
        self.decision = nn.Linear(66, 1)
        self.apply(_xavier)
        # Made last, so that the other weights start the same with and without it.
        self.class_map = nn.Conv2d(1024, classes, 1).apply(_xavier) if classes else None

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        s_f = self.segmentation(image)
        s_h = self.segmentation_map(s_f)
        # Early on the map means nothing yet; what is built on it must not pull it along.
        seen_f, seen_h = stop_gradient(s_f, self.gradient_stop), stop_gradient(s_h, self.gradient_stop)
        c_f = self.classification(torch.cat([seen_f, seen_h], 1))
        c_p = self.decision(torch.cat([mean_and_max(c_f), mean_and_max(seen_h)], 1))
        found = (s_h, c_p.squeeze(1))
        return found if self.class_map is None else (*found, self.class_map(s_f))

    def segmentation_part(self) -> list[nn.Parameter]:
        """The parameters that only the segmentation loss may change."""
        parts = [self.segmentation, self.segmentation_map, *([self.class_map] if self.class_map is not None else [])]
        return [parameter for part in parts for parameter in part.parameters()]


class SegDecTrunk(nn.Module):
    """Image (B, channels, h, w) -> what a further head can stand on, both at stride 8: the 64 maps before S_f; S_h and
    the logits of the classes (B, 1 + classes, h/8, w/8). It shares the weights of the network that it is made from."""

    def __init__(self, net: SegDecNet) -> None:
        super().__init__()
        self.segmentation, self.segmentation_map, self.class_map = net.segmentation, net.segmentation_map, net.class_map

    def forward(self, image: Tensor) -> list[Tensor]:
        plain: Tensor = self.segmentation[:-1](image)
        s_f = self.segmentation[-1](plain)
        said = [self.segmentation_map(s_f), *([self.class_map(s_f)] if self.class_map is not None else [])]
        return [plain, torch.cat(said, 1)]


def _xavier(module: nn.Module) -> None:
    if isinstance(module, nn.Conv2d):
        nn.init.xavier_normal_(module.weight)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.Linear):
        nn.init.xavier_normal_(module.weight)
        nn.init.constant_(module.bias, 0.01)
