"""Boxes on the grid of a detector: B anchors a cell, each with a box, an objectness and the classes [MENTOR].

The output is H x W x (B*5 + C): per anchor the offsets of the centre within the cell (through a sigmoid), the
logarithms of height and width over the anchor's, and the objectness; per cell one logit a class. Sizes are in cells.
`fit_anchors` chooses the anchors from true boxes, as YOLO does, so that each kind of defect has one like it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from defectstudio.domain.detection import FoundBox, TrueBox
from defectstudio.domain.labels import Box
from defectstudio.learning.boxes import suppressed

NO_CLASS = -1
EDGE = 1e-2
"""A centre this near to a cell's border counts as this far from it: the logit of 0 is not finite."""
Anchors = tuple[tuple[float, float], ...]
"""(height, width) of each anchor, in cells."""


@dataclass(frozen=True, slots=True, eq=False)
class GridTargets:
    """`box` (B, 4, h, w), `objectness` (B, h, w) 0 or 1, `classes` (h, w) places of a class or NO_CLASS."""

    box: Tensor
    objectness: Tensor
    classes: Tensor


def shape_overlap(high: float, wide: float, anchors: Anchors) -> np.ndarray:
    """Intersection over union of a box and each anchor, both centred at one place."""
    sizes = np.asarray(anchors, np.float64)
    both = np.minimum(sizes[:, 0], high) * np.minimum(sizes[:, 1], wide)
    return np.asarray(both / (sizes.prod(1) + high * wide - both))


def fit_anchors(sizes: Sequence[tuple[float, float]], count: int) -> Anchors:
    """At most `count` anchors for boxes of these (height, width) in cells, the smallest first.

    k-means with the overlap as nearness (Redmon and Farhadi 2017), begun with the boxes that are least like those
    chosen before; a cluster's anchor is the geometric mean. Raises ValueError where there is no box.
    """
    known = np.unique(np.asarray(sizes, np.float64).reshape(-1, 2), axis=0)
    if not len(known):
        raise ValueError("anchors need boxes")
    middles = known[len(known) // 2][None]
    while len(middles) < min(count, len(known)):
        middles = np.vstack([middles, known[_likeness(known, middles).max(1).argmin()]])
    for _ in range(100):
        nearest = _likeness(known, middles).argmax(1)
        groups = [known[nearest == number] for number in range(len(middles))]
        moved = np.stack([np.exp(np.log(g).mean(0)) if len(g) else m for g, m in zip(groups, middles, strict=True)])
        if np.allclose(moved, middles):
            break
        middles = moved
    return _as_anchors(middles[np.argsort(middles.prod(1))])


def _likeness(sizes: np.ndarray, anchors: np.ndarray) -> np.ndarray:
    """`shape_overlap` of every box with every anchor, (n, m)."""
    return np.stack([shape_overlap(high, wide, _as_anchors(anchors)) for high, wide in sizes])


def _as_anchors(sizes: np.ndarray) -> Anchors:
    return tuple((float(high), float(wide)) for high, wide in sizes)


def overlapping(
    boxes: Sequence[TrueBox], shape: tuple[int, int], grid: tuple[int, int], anchors: Anchors, least: float = 0.5
) -> Tensor:
    """Which anchors, each in the middle of its cell, overlap a true box by `least` or more: (B, h, w) bool.

    Those that no box was given to are neither right nor wrong, and training leaves them alone.
    """
    sizes = np.asarray(anchors, np.float64)
    rows, columns = np.arange(grid[0]) + 0.5, np.arange(grid[1]) + 0.5
    near = np.zeros((len(anchors), *grid), bool)
    for one in boxes:
        high = _shared(rows, sizes[:, 0], one.box.top * grid[0] / shape[0], one.box.bottom * grid[0] / shape[0])
        wide = _shared(columns, sizes[:, 1], one.box.left * grid[1] / shape[1], one.box.right * grid[1] / shape[1])
        both = high[:, :, None] * wide[:, None, :]
        area = one.box.shape[0] * grid[0] / shape[0] * one.box.shape[1] * grid[1] / shape[1]
        near |= both >= least * (sizes.prod(1)[:, None, None] + area - both)
    return torch.from_numpy(near)


def _shared(middles: np.ndarray, sides: np.ndarray, first: float, last: float) -> np.ndarray:
    """What intervals of each length round each middle have in common with one from `first` to `last`: (B, n)."""
    half = sides[:, None] / 2
    return np.asarray((np.minimum(middles + half, last) - np.maximum(middles - half, first)).clip(0))


def encode(
    boxes: Sequence[TrueBox],
    shape: tuple[int, int],
    grid: tuple[int, int],
    anchors: Anchors,
    classes: Sequence[int],
) -> GridTargets:
    """Targets of the true boxes of an image of `shape` (height, width) on a grid (h, w).

    Each box goes to the cell of its centre and to the anchor there that is most like it and still free; the smallest
    boxes choose first. One for which no anchor of its cell is left is dropped. The cell's class is the first one's.
    """
    target = GridTargets(
        torch.zeros(len(anchors), 4, *grid), torch.zeros(len(anchors), *grid), torch.full(grid, NO_CLASS)
    )
    scale = grid[0] / shape[0], grid[1] / shape[1]
    for one in sorted(boxes, key=lambda b: b.box.shape[0] * b.box.shape[1]):
        high, wide = one.box.shape[0] * scale[0], one.box.shape[1] * scale[1]
        row, column = (one.box.top + one.box.bottom) / 2 * scale[0], (one.box.left + one.box.right) / 2 * scale[1]
        at = (min(int(row), grid[0] - 1), min(int(column), grid[1] - 1))
        free = target.objectness[(slice(None), *at)].numpy() == 0
        if not free.any():
            continue
        anchor = int(np.argmax(np.where(free, shape_overlap(high, wide, anchors), -1)))
        inside = torch.tensor([row - at[0], column - at[1]]).clamp(EDGE, 1 - EDGE)
        size = torch.tensor([high / anchors[anchor][0], wide / anchors[anchor][1]]).log()
        target.box[(anchor, slice(None), *at)] = torch.cat([inside.logit(), size])
        target.objectness[(anchor, *at)] = 1
        if int(target.classes[at]) == NO_CLASS:
            target.classes[at] = classes.index(one.class_index)
    return target


def decode(
    output: Tensor, shape: tuple[int, int], anchors: Anchors, classes: Sequence[int], *, least: float = 0.1
) -> list[FoundBox]:
    """The boxes that an output (B*5 + C, h, w) says, after non-maximum suppression, the surest first.

    A confidence is P(object) P(class | object); boxes below `least` are left out.
    """
    count, grid = len(anchors), (int(output.shape[1]), int(output.shape[2]))
    parts = output[: 5 * count].view(count, 5, *grid)
    chance = output[5 * count :].softmax(0)
    best, which = chance.max(0)
    sure = parts[:, 4].sigmoid() * best
    found = []
    for anchor, row, column in torch.nonzero(sure >= least).tolist():
        place = parts[anchor, :4, row, column]
        middle = place[:2].sigmoid() + torch.tensor([row, column])
        size = place[2:].exp() * torch.tensor(anchors[anchor])
        box = _in_pixels(middle, size, shape, grid)
        found.append(FoundBox(box, classes[int(which[row, column])], float(sure[anchor, row, column])))
    return suppressed(found)


def _in_pixels(middle: Tensor, size: Tensor, shape: tuple[int, int], grid: tuple[int, int]) -> Box:
    scale = torch.tensor([shape[0] / grid[0], shape[1] / grid[1]])
    low, high = ((middle - size / 2) * scale).round(), ((middle + size / 2) * scale).round()
    top, left = (int(v) for v in low.clamp(min=0))
    bottom, right = (min(int(v), side) for v, side in zip(high, shape, strict=True))
    return Box(min(top, shape[0] - 1), min(left, shape[1] - 1), max(bottom, top + 1), max(right, left + 1))
