"""Boxes and regions of label maps: what the window would otherwise compute for itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from defectstudio.domain.labels import Box, LabelMap


def bounding_box(mask: NDArray[np.bool_]) -> Box | None:
    """The smallest box round the true pixels of a (height, width) mask, None when there are none."""
    rows = np.flatnonzero(mask.any(axis=1))
    if rows.size == 0:
        return None
    columns = np.flatnonzero(mask.any(axis=0))
    return Box(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)


def changed_box(before: LabelMap, after: LabelMap) -> Box | None:
    """The smallest box in which two label maps of one shape differ, None when they are equal."""
    return bounding_box(before != after)


def union(one: Box, other: Box) -> Box:
    """The smallest box round two boxes."""
    return Box(
        min(one.top, other.top),
        min(one.left, other.left),
        max(one.bottom, other.bottom),
        max(one.right, other.right),
    )


def clipped(box: Box, shape: tuple[int, int]) -> Box | None:
    """The part of a box inside an image of `shape` (height, width), None when they do not meet."""
    top, left = max(box.top, 0), max(box.left, 0)
    bottom, right = min(box.bottom, shape[0]), min(box.right, shape[1])
    return Box(top, left, bottom, right) if top < bottom and left < right else None


def square_round(box: Box, shape: tuple[int, int], *, around: float, least: int) -> Box:
    """A square round a box, moved into the image of `shape`; smaller only where the image is.

    `around`: ground on each side in parts of the longer side of the box; `least`: its side in pixels at least.
    """
    side = max(round(max(box.shape) * (1 + 2 * around)), least)
    high, wide = min(side, shape[0]), min(side, shape[1])
    top = min(max((box.top + box.bottom - high) // 2, 0), shape[0] - high)
    left = min(max((box.left + box.right - wide) // 2, 0), shape[1] - wide)
    return Box(top, left, top + high, left + wide)


def fit_within(height: int, width: int, most: int) -> tuple[int, int]:
    """Height and width scaled down, aspect kept, so that the longer side is at most `most`."""
    scale = min(1.0, most / max(height, width))
    return max(1, round(height * scale)), max(1, round(width * scale))
