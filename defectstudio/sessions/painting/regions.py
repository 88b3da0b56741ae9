"""Regions of a label map: connected pixels of one value, found for the region list and under the cursor.

Works on runs of equal pixels instead of pixels: the runs of neighbouring rows that touch make a graph, and its
components are the regions. A map of 12 million pixels with a few defects has a few thousand runs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import MAX_CLASSES, UNKNOWN, Box, LabelMap, Origin, find_runs
from defectstudio.sessions.painting.patch import Mask, Patch

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Region:
    """8-connected pixels of one class: class `index`, `box`, `area` in pixels, its first pixel `seed` (row, column).

    `origin` says where it came from, None where that is not known.
    """

    index: int
    box: Box
    area: int
    seed: tuple[int, int]
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Runs:
    """Runs within rows, top to bottom and left to right: columns `start` to `end` - 1 of `row` have `value`."""

    row: Numbers
    start: Numbers
    end: Numbers
    value: NDArray[np.uint8]

    @classmethod
    def of(cls, label_map: LabelMap, wanted: NDArray[np.bool_]) -> _Runs:
        """The runs of a (height, width) map whose values are `wanted` (256,)."""
        width = label_map.shape[1]
        lengths, values = find_runs(label_map)
        ends = np.cumsum(lengths)
        kept = wanted[values]
        begin, end, value = (ends - lengths)[kept], ends[kept], values[kept]
        # A run that goes on into the next rows is cut at each row's end.
        pieces = (end - 1) // width - begin // width + 1
        which = np.repeat(np.arange(pieces.size), pieces)
        row = begin[which] // width + _count_up(pieces)
        start = np.maximum(begin[which] - row * width, 0)
        return cls(row, start, np.minimum(end[which] - row * width, width), value[which])

    def components(self, width: int, *, eight: bool) -> Numbers:
        """The number of each run's region, 8-connected or 4-connected."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        corner, key = int(not eight), width + 2
        below = (self.row + 1) * key
        first = np.searchsorted(self.row * key + self.end, below + self.start + corner, "left")
        last = np.searchsorted(self.row * key + self.start, below + self.end - corner, "right")
        touching = np.maximum(last - first, 0)
        upper = np.repeat(np.arange(self.row.size), touching)
        lower = np.repeat(first, touching) + _count_up(touching)
        same = self.value[upper] == self.value[lower]
        upper, lower = upper[same], lower[same]
        graph = coo_array((np.ones(upper.size, bool), (upper, lower)), shape=(self.row.size, self.row.size))
        numbers: Numbers = connected_components(graph, directed=False)[1].astype(np.int64)
        return numbers

    def patch(self, chosen: NDArray[np.bool_]) -> Patch:
        """The pixels of the chosen runs, at least one."""
        row, start, end = self.row[chosen], self.start[chosen], self.end[chosen]
        box = Box(int(row[0]), int(start.min()), int(row[-1]) + 1, int(end.max()))
        flips = np.zeros((box.shape[0], box.shape[1] + 1), np.uint8)
        flips[row - box.top, start - box.left] = 1
        flips[row - box.top, end - box.left] ^= 1
        return Patch(box, np.bitwise_xor.accumulate(flips, axis=1)[:, :-1].astype(bool))


def _count_up(lengths: Numbers) -> Numbers:
    """0, 1, ... anew for each length: [2, 3] gives [0, 1, 0, 1, 2]."""
    return np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)


def find_regions(label_map: LabelMap, *, most: int = 1000) -> list[Region]:
    """The 8-connected regions of all classes of a (height, width) map, largest first, at most `most` of them."""
    wanted = np.zeros(256, bool)
    wanted[1 : MAX_CLASSES + 1] = True
    runs = _Runs.of(label_map, wanted)
    if runs.row.size == 0:
        return []
    number = runs.components(label_map.shape[1], eight=True)
    order = np.argsort(number, kind="stable")  # the runs of a region side by side, its first run first
    heads = np.flatnonzero(np.diff(number[order], prepend=-1))
    first, last = order[heads], order[np.append(heads[1:], order.size) - 1]
    area = np.bincount(number, weights=runs.end - runs.start).astype(np.int64)
    left, right = np.minimum.reduceat(runs.start[order], heads), np.maximum.reduceat(runs.end[order], heads)
    largest = np.lexsort((runs.start[first], runs.row[first], -area))[:most]
    return [
        Region(
            index=int(runs.value[first[i]]),
            box=Box(int(runs.row[first[i]]), int(left[i]), int(runs.row[last[i]]) + 1, int(right[i])),
            area=int(area[i]),
            seed=(int(runs.row[first[i]]), int(runs.start[first[i]])),
        )
        for i in largest
    ]


def region_at(label_map: LabelMap, row: int, column: int) -> Patch | None:
    """The 8-connected region of a pixel's value, be it a class, healthy or unknown; None outside the map."""
    if not (0 <= row < label_map.shape[0] and 0 <= column < label_map.shape[1]):
        return None
    return _part(label_map, row, column, eight=True)


def connected(mask: Mask, row: int, column: int) -> Patch:
    """The 4-connected part of a (height, width) mask that holds the pixel (row, column).

    Raises DefectStudioError when that pixel lies outside the mask or is not set.
    """
    if not (0 <= row < mask.shape[0] and 0 <= column < mask.shape[1]) or not mask[row, column]:
        raise DefectStudioError("There is nothing under this pixel.", hint="Click inside the image.")
    return _part(mask.view(np.uint8), row, column, eight=False)


def equal_area(label_map: LabelMap, row: int, column: int) -> Patch:
    """The 4-connected area of equal values that holds the pixel (row, column). Raises as `connected` does."""
    if not (0 <= row < label_map.shape[0] and 0 <= column < label_map.shape[1]):
        raise DefectStudioError("There is nothing under this pixel.", hint="Click inside the image.")
    return _part(label_map, row, column, eight=False)


def _part(label_map: LabelMap, row: int, column: int, *, eight: bool) -> Patch:
    wanted = np.zeros(UNKNOWN + 1, bool)
    wanted[label_map[row, column]] = True
    runs = _Runs.of(label_map, wanted)
    number = runs.components(label_map.shape[1], eight=eight)
    here = np.flatnonzero((runs.row == row) & (runs.start <= column) & (column < runs.end))[0]
    return runs.patch(number == number[here])
