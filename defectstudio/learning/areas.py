"""M of [MENTOR]: which areas of a mentored image training may learn from. An area is a cell of the segmentation output.

What operators said comes first and is never changed. Healthy knowledge adds all of an image that was called good;
OMNIA-like adds what nobody judged and the deployed model is almost sure of. Both live in these arrays alone: no label
map is written.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from defectstudio.data.mentoring import MentorSettings
from defectstudio.data.runs import TrainConfig
from defectstudio.data.snapshot import SnapshotImage
from defectstudio.domain.labels import UNKNOWN, LabelMap, decode_runs, unknown_map
from defectstudio.learning.inputs import output_size
from defectstudio.learning.supervision import Supervision, class_cells, pixel_weights, pooled


@dataclass(frozen=True, slots=True)
class Areas:
    """What training may know of one mentored image, each (1, h/s, w/s).

    `known`: targets, and weights above 0 in M; `said`: what the deployed model says; `distilled`: 1 where that is to be
    kept to, which never is in M.
    """

    known: Supervision
    said: Tensor
    distilled: Tensor


def drawn_map(image: SnapshotImage) -> LabelMap:
    """What somebody said of the pixels of an image, (height, width) uint8, whatever its tag."""
    if image.label_code is None:
        return unknown_map(image.height, image.width)
    return decode_runs(image.label_code)


def judged_areas(image: SnapshotImage, config: TrainConfig) -> Supervision:
    """The areas of which an operator said something: defects, and what was rejected."""
    label_map = drawn_map(image)
    positive, weight = pixel_weights(label_map, config)
    target, weights = pooled(positive, weight, output_size(config))
    classes = class_cells(label_map, config.segment_classes, target) if config.segment_classes else None
    return Supervision(target, weights, bool((weights > 0).any()), classes)


def with_healthy(known: Supervision) -> Supervision:
    """Healthy knowledge: every area that nobody judged of a good image joins M as healthy."""
    return Supervision(known.target, torch.where(known.weight > 0, known.weight, 1.0), True, known.classes)


def with_omnia(known: Supervision, said: Tensor, epsilon: float) -> Supervision:
    """OMNIA-like: areas outside M in which the deployed model sees a defect with less than epsilon join as healthy."""
    joins = (known.weight == 0) & (said < epsilon)
    return Supervision(
        known.target, torch.where(joins, 1.0, known.weight), known.gamma or bool(joins.any()), known.classes
    )


def areas(
    image: SnapshotImage, config: TrainConfig, settings: MentorSettings, said: NDArray[np.float16] | None
) -> Areas:
    """What training may know of a mentored image; `said`: the deployed model's heat map (h/s, w/s), None: not asked."""
    known = judged_areas(image, config)
    heat = torch.zeros_like(known.target) if said is None else torch.from_numpy(said.astype(np.float32))[None]
    if image.good and settings.healthy:
        known = with_healthy(known)
    if settings.omnia and said is not None:
        known = with_omnia(known, heat, settings.epsilon)
    share = (known.weight == 0).float() if settings.distill and said is not None else torch.zeros_like(heat)
    return Areas(known, heat, share)


def says_something(image: SnapshotImage) -> bool:
    """Whether an operator said anything of an image: of the whole, or of a part."""
    if image.good or image.defective:
        return True
    return image.label_code is not None and bool((drawn_map(image) != UNKNOWN).any())
