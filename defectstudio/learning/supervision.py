"""From a label map to what the segmentation output should say: targets and weights at the output stride.

Defects are dilated in source pixels, weighted (eqs. 4-5), then brought to the output cells. A cell is positive when any
of its pixels is, else unknown (weight 0) when any is unknown, else healthy (weight 1): thin cracks survive, and nothing
is learned where nobody said anything. `segdec` in its `release` variant averages a 17-pixel window instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor
from torch.nn import functional

from defectstudio.data.runs import TrainConfig
from defectstudio.data.snapshot import SnapshotImage
from defectstudio.domain.labels import HEALTHY, UNKNOWN, LabelMap
from defectstudio.learning.inputs import input_size, output_size
from defectstudio.learning.losses.distance import distance_weights
from defectstudio.learning.losses.mixed import NO_CLASS


@dataclass(frozen=True, slots=True)
class Supervision:
    """Target in [0, 1] and weight (0: unknown), each (1, h/s, w/s) float32, and whether anything is known (gamma).

    `classes`, where the configuration tells them apart: (1, h/s, w/s) uint8, the place of each positive cell's class in
    `segment_classes`, else NO_CLASS.
    """

    target: Tensor
    weight: Tensor
    gamma: bool
    classes: Tensor | None = None


def supervise(image: SnapshotImage, config: TrainConfig) -> Supervision:
    """What is known of one tagged image, at the output stride of a resolved configuration."""
    size = output_size(config)
    none = torch.full((1, *size), NO_CLASS, dtype=torch.uint8) if config.segment_classes else None
    if image.good:
        return Supervision(torch.zeros(1, *size), torch.ones(1, *size), True, none)
    if not has_drawing(image):
        return Supervision(torch.zeros(1, *size), torch.zeros(1, *size), False, none)
    label_map = image.label_map()
    positive, weight = pixel_weights(label_map, config)
    if config.net == "segdec" and config.variant == "release":
        target, weights = averaged(positive, weight, config)
    else:
        target, weights = pooled(positive, weight, size)
    classes = class_cells(label_map, config.segment_classes, target) if config.segment_classes else None
    return Supervision(target, weights, bool((weights > 0).any()), classes)


def spoilt(good: Supervision, region: Tensor, w_pos: float) -> Supervision:
    """What is known of a good image once `region` (h/s, w/s) of it was spoilt on purpose."""
    positive = region[None]
    weight = torch.where(positive, w_pos, good.weight)
    return Supervision(positive.float(), weight, True, good.classes)


def class_cells(label_map: LabelMap, classes: Sequence[int], target: Tensor) -> Tensor:
    """Which class fills most of each positive cell, (1, h/s, w/s) uint8; where only dilation made it positive, none."""
    size = (int(target.shape[-2]), int(target.shape[-1]))
    planes = torch.from_numpy(np.stack([label_map == number for number in classes]).astype(np.float32))
    share, place = functional.adaptive_avg_pool2d(planes, size).max(0)
    said = (share > 0) & (target[0] > 0)
    return torch.where(said, place, NO_CLASS).to(torch.uint8)[None]


def classes_in_masks(images: Sequence[SnapshotImage]) -> tuple[int, ...]:
    """The classes that masks of defective images show, where there are two or more; else none."""
    found: set[int] = set()
    for image in images:
        if image.defective and image.label_code is not None:
            found.update(np.unique(image.label_map()).tolist())
    found -= {HEALTHY, UNKNOWN}
    return tuple(sorted(found)) if len(found) > 1 else ()


def has_drawing(image: SnapshotImage) -> bool:
    """Whether the map of an image says something usable.

    A defective image that is drawn healthy from edge to edge contradicts itself and teaches nothing.
    """
    if image.label_code is None:
        return False
    known = image.label_map()
    return bool(((known != UNKNOWN) & (known != HEALTHY)).any()) or (
        bool((known == UNKNOWN).any()) and bool((known == HEALTHY).any())
    )


def has_mask(image: SnapshotImage) -> bool:
    """Whether some defect is drawn in a defective image: what makes supervision mixed instead of weak."""
    if image.label_code is None or not image.defective:
        return False
    known = image.label_map()
    return bool(((known != UNKNOWN) & (known != HEALTHY)).any())


def region_at(label_map: LabelMap, size: tuple[int, int]) -> Tensor:
    """Where a defect is drawn, at the size of the network input, (h, w) bool."""
    drawn = torch.from_numpy((label_map != HEALTHY) & (label_map != UNKNOWN)).float()[None, None]
    shrinks = label_map.shape[0] >= size[0]
    whole = functional.adaptive_max_pool2d(drawn, size) if shrinks else functional.interpolate(drawn, size)
    return whole[0, 0] > 0


def pixel_weights(label_map: LabelMap, config: TrainConfig) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    """Positive pixels after dilation and the weight of every pixel (0 unknown, 1 healthy), both at image size."""
    unknown = label_map == UNKNOWN
    positive = (label_map != HEALTHY) & ~unknown
    if config.dilation > 1:
        grown = ndimage.maximum_filter(positive.view(np.uint8), config.dilation).view(bool)
        positive = grown & ~unknown
    p = config.p if config.distance_weights else 0.0
    weight = distance_weights(positive, w_pos=config.w_pos, p=p)
    weight[unknown] = 0
    return positive, weight


def pooled(positive: NDArray[np.bool_], weight: NDArray[np.float32], size: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Targets and weights (1, h/s, w/s): each output cell takes the strongest of the pixels it covers."""
    stack = np.stack([positive, np.where(positive, weight, 0), weight == 0]).astype(np.float32)
    target, strongest, unknown = functional.adaptive_max_pool2d(torch.from_numpy(stack), size)
    return target[None], torch.where(target > 0, strongest, 1 - unknown)[None]


def averaged(positive: NDArray[np.bool_], weight: NDArray[np.float32], config: TrainConfig) -> tuple[Tensor, Tensor]:
    """Targets and weights as the authors' release makes them: mean of a 17-pixel window at stride 8, reflected."""
    stack = torch.from_numpy(np.stack([positive, weight, weight == 0]).astype(np.float32))[None]
    at_input = functional.interpolate(stack, input_size(config), mode="bilinear", align_corners=False, antialias=True)
    padded = functional.pad(at_input, (8, 8, 8, 8), mode="reflect")
    target, weights, unknown = functional.avg_pool2d(padded, 17, 8)[0]
    height, width = output_size(config)
    return target[None, :height, :width], (weights * (unknown == 0))[None, :height, :width]
