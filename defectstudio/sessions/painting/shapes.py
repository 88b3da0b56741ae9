"""Patches of strokes and outlines. Points are (x, y): the pixel of column c, row r covers the square from (c, r).

A pixel belongs to a shape when its centre lies inside; a stroke or a box covers the pixels under its points in any
case, so that a click is never lost.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from defectstudio.domain.geometry import clipped
from defectstudio.domain.labels import Box
from defectstudio.sessions.painting.patch import Mask, Patch

Point: TypeAlias = tuple[float, float]
Shape: TypeAlias = tuple[int, int]

_THIN = 0.75  # below half a pixel's diagonal a disc can miss every centre, so the line of pixels is drawn as well


def segment(start: Point, end: Point, radius: float, shape: Shape) -> Patch | None:
    """What a round brush of `radius` image pixels covers on its way from one point to another.

    A radius of 0.5 draws a line one pixel wide. None when it stays outside the image of `shape` (height, width).
    """
    (x0, y0), (x1, y1) = start, end
    reach = max(radius, 1.0)
    around = Box(
        math.floor(min(y0, y1) - reach),
        math.floor(min(x0, x1) - reach),
        math.ceil(max(y0, y1) + reach) + 1,
        math.ceil(max(x0, x1) + reach) + 1,
    )
    box = clipped(around, shape)
    if box is None:
        return None
    mask = _capsule(start, end, radius, box) if radius > 0.5 else np.zeros(box.shape, bool)
    if radius < _THIN:
        _draw_line(mask, start, end, box)
    return Patch.of(mask, (box.top, box.left))


def _capsule(start: Point, end: Point, radius: float, box: Box) -> Mask:
    """Pixels of `box` whose centres lie within `radius` of the segment."""
    x = np.arange(box.left, box.right, dtype=np.float32) + np.float32(0.5 - start[0])
    y = (np.arange(box.top, box.bottom, dtype=np.float32) + np.float32(0.5 - start[1]))[:, None]
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    if length < 1e-12:
        return np.asarray(x * x + y * y <= radius * radius)
    along = np.clip(x * np.float32(dx / length) + y * np.float32(dy / length), 0, 1)
    across_x, across_y = x - along * np.float32(dx), y - along * np.float32(dy)
    return np.asarray(across_x * across_x + across_y * across_y <= radius * radius)


def _draw_line(mask: Mask, start: Point, end: Point, box: Box) -> None:
    """Set the 8-connected line of pixels from point to point in the mask of `box`."""
    c0, r0, c1, r1 = (math.floor(value) for value in (*start, *end))
    steps = max(abs(c1 - c0), abs(r1 - r0)) + 1
    rows = np.rint(np.linspace(r0, r1, steps)).astype(np.int64) - box.top
    columns = np.rint(np.linspace(c0, c1, steps)).astype(np.int64) - box.left
    inside = (rows >= 0) & (rows < mask.shape[0]) & (columns >= 0) & (columns < mask.shape[1])
    mask[rows[inside], columns[inside]] = True


def stroke(points: Sequence[Point], radius: float, shape: Shape) -> Patch | None:
    """What a round brush covers along a line of points; None when that is nothing."""
    ends = points[1:] or points
    parts = [segment(p, q, radius, shape) for p, q in zip(points, ends, strict=False)]
    return union([part for part in parts if part is not None])


def union(patches: Sequence[Patch]) -> Patch | None:
    """All pixels of several patches; None when there are no patches."""
    if not patches:
        return None
    top, left = min(p.box.top for p in patches), min(p.box.left for p in patches)
    bottom, right = max(p.box.bottom for p in patches), max(p.box.right for p in patches)
    mask = np.zeros((bottom - top, right - left), bool)
    for patch in patches:
        box = patch.box
        mask[box.top - top : box.bottom - top, box.left - left : box.right - left] |= patch.mask
    return Patch(Box(top, left, bottom, right), mask)


def polygon(points: Sequence[Point], shape: Shape) -> Patch | None:
    """The inside of a closed outline by the even-odd rule; None when it holds no pixel centre of the image."""
    if len(points) < 3:
        return None
    corners = np.asarray(points, np.float64)
    low, high = corners.min(axis=0), corners.max(axis=0)
    box = clipped(Box(*(math.floor(v) for v in low[::-1]), *(math.ceil(v) for v in high[::-1])), shape)
    if box is None:
        return None
    crossings = np.zeros((box.shape[0], box.shape[1] + 1), np.uint8)
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        _add_crossings(crossings, start, end, box)
    inside = np.bitwise_xor.accumulate(crossings, axis=1)[:, :-1].astype(bool)
    return Patch.of(inside, (box.top, box.left))


def _add_crossings(
    crossings: NDArray[np.uint8], start: NDArray[np.float64], end: NDArray[np.float64], box: Box
) -> None:
    """Flip, in each row whose centre line an edge crosses, the first pixel centre right of the crossing."""
    (x0, y0), (x1, y1) = sorted((tuple(start), tuple(end)), key=lambda p: p[1])
    first = max(math.ceil(y0 - 0.5), box.top)
    last = min(math.ceil(y1 - 0.5), box.bottom)  # half-open, so that a corner on a centre line counts once
    if first >= last:
        return
    rows = np.arange(first, last)
    x = x0 + (rows + 0.5 - y0) * ((x1 - x0) / (y1 - y0))
    columns = np.clip(np.ceil(x - 0.5).astype(np.int64) - box.left, 0, box.shape[1])
    crossings[rows - box.top, columns] ^= 1


def _span(a: float, b: float) -> tuple[int, int]:
    """The half-open range of pixels from one coordinate to another, at least the one under the first."""
    low, high = min(a, b), max(a, b)
    return math.floor(low), max(math.floor(low) + 1, math.ceil(high))


def rectangle(start: Point, end: Point, shape: Shape) -> Patch | None:
    """Every pixel that the box between two corners touches; None outside the image."""
    (left, right), (top, bottom) = _span(start[0], end[0]), _span(start[1], end[1])
    box = clipped(Box(top, left, bottom, right), shape)
    return None if box is None else Patch(box, np.ones(box.shape, bool))


def ellipse(start: Point, end: Point, shape: Shape) -> Patch | None:
    """The ellipse that touches the four sides of the box between two corners; None outside the image."""
    (left, right), (top, bottom) = _span(start[0], end[0]), _span(start[1], end[1])
    box = clipped(Box(top, left, bottom, right), shape)
    if box is None:
        return None
    x = (np.arange(box.left, box.right) + 0.5 - (left + right) / 2) / ((right - left) / 2)
    y = (np.arange(box.top, box.bottom) + 0.5 - (top + bottom) / 2) / ((bottom - top) / 2)
    return Patch.of(x[None, :] ** 2 + y[:, None] ** 2 <= 1.0, (box.top, box.left))
