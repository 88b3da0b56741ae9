"""A trained detector in memory: its network, the configuration that made it, and what its training said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import torch
from torch import Tensor

from defectstudio.data.runs import TrainConfig
from defectstudio.learning.inputs import encoder_strides, output_size
from defectstudio.learning.nets.fast import FastNet, Net
from defectstudio.learning.nets.segdec import SegDecNet


@dataclass(slots=True)
class TrainedModel:
    """`config` is resolved (input size and channels set); `seconds` is training, `features_seconds` the encoder."""

    config: TrainConfig
    net: Net
    images: tuple[int, ...] = ()
    segmented: tuple[int, ...] = ()
    threshold: float = 0.5
    threshold_from: Literal["validation", "folds", "training", "none"] = "none"
    seconds: float = 0.0
    features_seconds: float = 0.0
    device: str = "cpu"
    precision: str = "32"
    curve: list[dict[str, float]] = field(default_factory=list)
    metrics: dict[str, float] = field(default_factory=dict)

    @property
    def frozen(self) -> bool:
        """Whether the encoder is as published, so that cached features serve."""
        return self.config.net == "fast" and not self.config.finetune_epochs


def build(config: TrainConfig, *, gradient_stop: bool = True) -> Net:
    """A fresh network for a resolved configuration; the same seed gives the same weights."""
    classes = len(config.segment_classes or ())
    with torch.random.fork_rng():
        torch.manual_seed(config.seed)
        if config.net == "fast":
            stride = config.stride or 8
            return FastNet(encoder_strides(config), stride, gradient_stop=gradient_stop, classes=classes)
        return SegDecNet(config.channels or 3, config.variant, gradient_stop=gradient_stop, classes=classes)


def on_device(net: Net, device: torch.device) -> Net:
    """The network on its device, channels last: convolutions on a CPU take a third less time."""
    return net.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def batch_on_device(batch: Tensor, device: torch.device) -> Tensor:
    """A batch (B, C, h, w) on its device, in the same memory order as the network; float16 becomes float32."""
    dtype = torch.float32 if batch.dtype == torch.float16 else batch.dtype
    return batch.to(device, dtype, memory_format=torch.channels_last)


def logits(net: Net, inputs: Sequence[Tensor], config: TrainConfig, *, features: bool) -> tuple[Tensor, ...]:
    """Segmentation (B, 1, h/s, w/s) and classification (B,) logits of a batch of images or of encoder maps.

    Where the configuration tells classes apart, also those of the classes, (B, C, h/s, w/s).
    """
    if features and isinstance(net, FastNet):
        found: tuple[Tensor, ...] = net.heads(inputs, output_size(config))
    else:
        found = net(inputs[0])
    return found
