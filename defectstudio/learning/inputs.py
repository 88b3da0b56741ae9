"""How pixels reach a network: at their own depth, resized with antialiasing, and at which size when nobody said.

The rule for the size: the median height and width of the training images, scaled by one factor so that the area lies
between `LEAST_PIXELS` (small images are enlarged, or defects of a few pixels vanish at the output stride) and
`MOST_PIXELS` (what two cores can train on in minutes), each side then rounded to a multiple of the coarsest stride.
Where masks show that thin defects (the thinnest quarter of the drawn regions) would not fill one output cell, `fast`
enlarges further, until they do or `MOST_PIXELS` is reached.

The rule for fine-tuning, where it is left open: images below `LEAST_PIXELS` are fine-tuned for `TUNED_EPOCHS` epochs.
What the encoder saw on ImageNet fits enlarged images least, and small inputs are the ones that two cores can tune.

The rule for the encoder's maps: strides 4, 8 and 16, and 32 as well where the encoder is fine-tuned. Frozen, the
coarsest map tells more of the objects of ImageNet than of surfaces: on KolektorSDD with tags alone it cost 3 AP.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
import torch
from scipy import ndimage
from torch import Tensor
from torch.nn import functional

from defectstudio.data.runs import TrainConfig
from defectstudio.data.snapshot import Pixels, Snapshot, SnapshotImage
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import HEALTHY, UNKNOWN

LEAST_PIXELS = 384 * 384
MOST_PIXELS = 512 * 1408
CELL = 8
"""Pixels of a side of one output cell."""
MOST_REGIONS = 1000
TUNED_EPOCHS = 5
FROZEN_STRIDES: tuple[Literal[4, 8, 16, 32], ...] = (4, 8, 16)
TUNED_STRIDES: tuple[Literal[4, 8, 16, 32], ...] = (4, 8, 16, 32)


def resolve(config: TrainConfig, images: Sequence[SnapshotImage]) -> TrainConfig:
    """The configuration with input size, channels and output stride filled in from the training images."""
    tuning = chosen_tuning(config, images)
    strides = config.strides or (TUNED_STRIDES if tuning else FROZEN_STRIDES)
    step = max(strides) if config.net == "fast" else 8
    sized = config.height is not None and config.width is not None
    height, width = input_size(config) if sized else chosen_size(config, images, step)
    colour = any(image.channels == 3 for image in images)
    channels = 3 if config.net == "fast" else config.channels or (3 if colour else 1)
    stride = config.stride or 8
    if height % step or width % step:
        hint = f"Choose multiples of {step}."
        raise DefectStudioError(f"The input size {height} x {width} does not fit the network.", hint=hint)
    changes = {"height": height, "width": width, "channels": channels, "stride": stride}
    return config.model_copy(update={**changes, "strides": strides, "finetune_epochs": tuning})


def chosen_tuning(config: TrainConfig, images: Sequence[SnapshotImage]) -> int:
    """Epochs of fine-tuning by the rule above."""
    if config.net != "fast":
        return 0
    if config.finetune_epochs is not None:
        return config.finetune_epochs
    small = float(np.median([image.height * image.width for image in images])) < LEAST_PIXELS
    return TUNED_EPOCHS if small else 0


def chosen_size(config: TrainConfig, images: Sequence[SnapshotImage], step: int) -> tuple[int, int]:
    """(height, width) of the network input by the rule above, multiples of `step`."""
    height = float(np.median([image.height for image in images]))
    width = float(np.median([image.width for image in images]))
    least = LEAST_PIXELS if config.net == "fast" else 0
    if config.net == "fast":
        thick = thin_defects(images)
        least = max(least, round(height * width * (CELL / thick) ** 2) if thick else 0)
    scale = math.sqrt(min(max(height * width, least), MOST_PIXELS) / (height * width))
    rounded = (max(64, step * round(side * scale / step)) for side in (height, width))
    return next(rounded), next(rounded)


def thin_defects(images: Sequence[SnapshotImage]) -> float | None:
    """How thick thin defects are, in pixels: the lower quartile over drawn regions of their widest place.

    None where nothing is drawn. The first `MOST_REGIONS` regions are enough for a quartile.
    """
    thick: list[float] = []
    for image in images:
        if not image.defective or image.label_code is None or len(thick) >= MOST_REGIONS:
            continue
        label_map = image.label_map()
        regions, _ = ndimage.label((label_map != HEALTHY) & (label_map != UNKNOWN))
        for number, box in enumerate(ndimage.find_objects(regions), start=1):
            inside = np.pad(regions[box] == number, 1)
            thick.append(2 * float(ndimage.distance_transform_edt(inside).max()))
    return float(np.percentile(thick, 25)) if thick else None


def encoder_strides(config: TrainConfig) -> tuple[int, ...]:
    """Strides of the encoder maps of a resolved configuration."""
    return config.strides or FROZEN_STRIDES


def input_size(config: TrainConfig) -> tuple[int, int]:
    """(height, width) of a resolved configuration."""
    if config.height is None or config.width is None:
        raise DefectStudioError("The configuration names no input size.", hint="Train the detector again.")
    return config.height, config.width


def output_size(config: TrainConfig) -> tuple[int, int]:
    """(height, width) of the segmentation output of a resolved configuration."""
    height, width = input_size(config)
    stride = (config.stride or 8) if config.net == "fast" else 8
    return height // stride, width // stride


def to_input(pixels: Pixels, config: TrainConfig) -> Tensor:
    """Pixels (h, w[, 3]) uint8 or uint16 -> (channels, height, width) float32 in [0, 1], resized with antialiasing."""
    depth = 65535 if pixels.dtype == np.uint16 else 255
    values = torch.from_numpy(np.ascontiguousarray(pixels, np.float32) / depth)
    image = values[None, None] if values.ndim == 2 else values.permute(2, 0, 1)[None]
    size = input_size(config)
    if image.shape[-2:] != size:
        image = functional.interpolate(image, size, mode="bilinear", align_corners=False, antialias=True)
    return with_channels(image[0], config.channels or 3)


def with_channels(image: Tensor, channels: int) -> Tensor:
    """(c, h, w) with 1 or 3 channels: grey is repeated, colour is averaged."""
    if image.shape[0] == channels:
        return image
    return image.expand(3, -1, -1) if channels == 3 else image.mean(0, keepdim=True)


def read_input(snapshot: Snapshot, image: SnapshotImage, config: TrainConfig) -> Tensor:
    """One image of the snapshot as the network wants it, (channels, height, width)."""
    return to_input(snapshot.read(image), config)
