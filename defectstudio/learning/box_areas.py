"""What training may know of an image on the grid of a detector: targets of its boxes, and M [MENTOR]. An area is an
anchor of a cell.

Of an image with a whole label map every area is known. Of a mentored one, a confirmed box is one object, a cell of
which at least half was called healthy is known to hold none, and all else is unknown; healthy knowledge and OMNIA-like
fill it as they do for segmentation cells (`learning.areas`), in these arrays alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from defectstudio.data.mentoring import MentorSettings
from defectstudio.data.snapshot import SnapshotImage
from defectstudio.domain.labels import HEALTHY
from defectstudio.learning.anchors import Anchors, encode, overlapping
from defectstudio.learning.areas import drawn_map
from defectstudio.learning.boxes import boxes_of

HALF = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class BoxAreas:
    """`box` (B, 4, h, w), `objectness`, `known`, `said`, `distilled` (B, h, w) and `classes` (h, w), as `anchors` and
    `detector_loss` have them; `said` is the deployed objectness, which is kept to where `distilled` is 1."""

    box: Tensor
    objectness: Tensor
    classes: Tensor
    known: Tensor
    said: Tensor
    distilled: Tensor

    def flipped(self, axes: tuple[int, ...]) -> BoxAreas:
        """Mirrored along -2 (top to bottom) and -1: a centre's logit changes its sign, sigmoid(-x) = 1 - sigmoid(x)."""
        if not axes:
            return self
        box = torch.flip(self.box, axes)
        for axis in axes:
            box[:, 2 + axis] *= -1
        rest = (self.objectness, self.classes, self.known, self.said, self.distilled)
        return BoxAreas(box, *(torch.flip(part, axes) for part in rest))


def weight_of_objects(known: Tensor, there: Tensor, most: float) -> float:
    """How much an area with an object counts: as much as there are others in M for each, 1 to `most`.

    In a whole map objects are one in thousands. Verdicts make an M of a few areas, half of them objects: counted as
    much there, they would teach the detector to see objects everywhere.
    """
    count = int(there.sum())
    others = int((known > 0).sum()) - count
    return min(most, max(1.0, others / count)) if count else 1.0


def box_areas(
    image: SnapshotImage,
    grid: tuple[int, int],
    anchors: Anchors,
    classes: Sequence[int],
    w_object: float,
    *,
    mentored: bool = False,
    settings: MentorSettings | None = None,
    said: Tensor | None = None,
) -> BoxAreas:
    """The areas of one image. `said` (B, h, w): the objectness that the deployed detector gives, None: not asked."""
    settings = settings or MentorSettings.model_validate({})
    shape = (image.height, image.width)
    label_map = drawn_map(image)
    boxes = [] if image.good else [box for box in boxes_of(label_map) if box.class_index in classes]
    target = encode(boxes, shape, grid, anchors, classes)
    known = torch.ones_like(target.objectness)
    if mentored and not (image.good and settings.healthy):
        healthy = torch.from_numpy((label_map == HEALTHY).astype(np.float32))[None]
        known *= (functional.adaptive_avg_pool2d(healthy, grid) >= HALF).float()
    there = target.objectness > 0
    known[overlapping(boxes, shape, grid, anchors)] = 0
    known[there] = 1
    heard = torch.zeros_like(known) if said is None else said
    share = torch.zeros_like(known)
    if mentored and said is not None:
        if settings.omnia:
            known = torch.where((known == 0) & (said < settings.epsilon), 1.0, known)
        if settings.distill:
            share = (known == 0).float()
    known[there] = weight_of_objects(known, there, w_object)
    return BoxAreas(target.box, target.objectness, target.classes, known, heard, share)
