"""Boxes from label maps and from the segmentation output, and which pixels a detection stands for.

A true box is a connected defect of one class; parts closer than `GAP` pixels are one defect. A region of a heat map is
cut at `cut`, a weaker one at half its peak, so that faint detections have boxes of their own size. Where to cut differs
by class (`fitted_cuts`): targets are the strongest of a cell's pixels, so a low cut makes boxes of small defects wide.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from defectstudio.data.predictions import Scored, enlarged, nearest
from defectstudio.data.snapshot import SnapshotImage
from defectstudio.domain.detection import FoundBox, ImageBoxes, TrueBox, detection_figures, overlap_of
from defectstudio.domain.labels import UNKNOWN, Box, LabelMap, is_class

Mask = NDArray[np.bool_]
EIGHT = np.ones((3, 3), bool)
GAP = 8
FLOOR = 0.1
LEAST_PIXELS = 4
LEVELS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Where a heat map may be cut."""
MIDDLE = 0.5
Cut = float | Mapping[int, float]
"""Where a heat map is cut: everywhere alike, or by class (missing: `MIDDLE`)."""


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """One detection of the segmentation: its box in pixels, class, confidence, and its cells (h/s, w/s) bool."""

    found: FoundBox
    cells: Mask


def boxes_of(label_map: LabelMap, *, gap: int = GAP) -> list[TrueBox]:
    """The true boxes of a label map (height, width), class by class."""
    boxes = []
    for index in np.unique(label_map).tolist():
        if is_class(index):
            boxes += [TrueBox(box, index) for box in _parts(label_map == index, gap)]
    return boxes


def _parts(mask: Mask, gap: int) -> list[Box]:
    """The boxes round the parts of a mask, of which those closer than `gap` pixels count as one."""
    return [_box(place) for place, _ in _joined_parts(mask, gap)]


def _joined_parts(mask: Mask, gap: int) -> Iterator[tuple[tuple[slice, slice], Mask]]:
    """The place of each part of a mask and its pixels there; parts closer than `gap` pixels count as one."""
    whole = ndimage.find_objects(mask.astype(np.uint8))
    if not whole:
        return
    # Only what lies round the parts is looked at: a small defect in a large image takes no time.
    reach = gap // 2 if gap > 1 else 0
    top, left = (max(0, side.start - reach) for side in whole[0])
    around = mask[top : whole[0][0].stop + reach, left : whole[0][1].stop + reach]
    near = ndimage.binary_dilation(around, EIGHT, iterations=reach) if reach else around
    numbers = np.where(around, ndimage.label(near, EIGHT)[0], 0)
    for number, place in enumerate(ndimage.find_objects(numbers), start=1):
        if place is not None:
            rows, columns = place
            there = slice(rows.start + top, rows.stop + top), slice(columns.start + left, columns.stop + left)
            yield there, numbers[place] == number


def _box(place: tuple[slice, slice]) -> Box:
    return Box(place[0].start, place[1].start, place[0].stop, place[1].stop)


def regions_of(scored: Scored, shape: tuple[int, int], *, cut: Cut = MIDDLE, floor: float = FLOOR) -> list[Region]:
    """The detections in the heat map of one image of `shape` (height, width), most confident first."""
    if float(scored.heat.max(initial=0)) < floor:
        return []
    heat, cuts = enlarged(scored.heat, shape), _cuts(scored.classes, scored.heat.shape, cut)
    regions: list[Region] = []
    strong = heat >= (cuts if isinstance(cuts, float) else nearest(cuts, shape))
    regions += _regions(scored, heat, strong, cuts)
    # What stays below the cut: each region by itself at half its peak.
    numbers, count = ndimage.label(heat >= floor, EIGHT)
    faint = np.ones(count + 1, bool)
    faint[numbers[strong]] = False
    faint[0] = False
    if faint.any():
        warm = numbers > 0
        peaks = np.zeros(count + 1, np.float32)
        np.maximum.at(peaks, numbers[warm], heat[warm])
        weak = faint[numbers] & (heat >= np.maximum(peaks[numbers] / 2, floor))
        regions += _regions(scored, heat, weak, floor)
    return sorted(regions, key=lambda region: -region.found.confidence)


def _cuts(classes: NDArray[np.uint8] | None, shape: tuple[int, ...], cut: Cut) -> float | NDArray[np.float32]:
    """Where each cell is cut: one number, or (h/s, w/s) by the class that it is likeliest of."""
    if not isinstance(cut, Mapping):
        return float(cut)
    if classes is None:
        return float(cut.get(1, MIDDLE))
    table = np.full(256, MIDDLE, np.float32)
    for index, value in cut.items():
        table[index] = value
    return np.asarray(table[classes].reshape(shape), np.float32)


def _regions(scored: Scored, heat: NDArray[np.float32], mask: Mask, level: float | NDArray[np.float32]) -> list[Region]:
    regions = []
    for place, inside in _joined_parts(mask, GAP):
        if int(inside.sum()) >= LEAST_PIXELS:
            regions.append(_region(scored, heat, place, inside, level))
    return regions


def _region(
    scored: Scored,
    heat: NDArray[np.float32],
    place: tuple[slice, slice],
    inside: Mask,
    level: float | NDArray[np.float32],
) -> Region:
    cells = np.zeros(scored.heat.shape, bool)
    rows, columns = np.nonzero(inside)
    (height, width), (h, w) = heat.shape, scored.heat.shape
    cells[(rows + place[0].start) * h // height, (columns + place[1].start) * w // width] = True
    peak = float(heat[place][inside].max())
    sure = cells & (scored.heat >= level)
    cells = sure if bool(sure.any()) else cells
    index, share = _class_of(scored, cells)
    return Region(FoundBox(_box(place), index, confidence(scored.score, min(1.0, peak * share))), cells)


def fitted_cuts(images: Sequence[SnapshotImage], scored: Sequence[Scored], *, least: int = 1) -> dict[int, float]:
    """For each class the cut at which the AP of its boxes is best, on images with whole label maps and their scores.

    Of equally good cuts the one nearest to the middle; a class of fewer than `least` true boxes is left out. Images
    that did not train the network tell more; those that did tell at least how far its maps reach beyond the defects.
    """
    known = [(i, row) for i, row in zip(images, scored, strict=True) if i.defective and i.segmented]
    truth = [tuple(boxes_of(image.label_map())) for image, _ in known]
    shown = [box.class_index for boxes in truth for box in boxes]
    best: dict[int, tuple[float, float]] = {}
    for level in sorted(LEVELS, key=lambda value: abs(value - MIDDLE)):
        found = [[r.found for r in regions_of(row, (i.height, i.width), cut=level)] for i, row in known]
        boxes = [ImageBoxes(there, tuple(here), good=False) for there, here in zip(truth, found, strict=True)]
        for index, ap in detection_figures(boxes).ap.items():
            if shown.count(index) >= least and (index not in best or ap > best[index][0]):
                best[index] = (ap, level)
    return {index: level for index, (_, level) in best.items()}


def confidence(image: float, region: float) -> float:
    """How sure a detection is: the geometric mean of P(defect) of the whole image and of the region's own.

    The classification head has seen the whole image and is by far the better judge of whether there is anything; it
    cannot tell where.
    """
    return math.sqrt(image * region)


def _class_of(scored: Scored, cells: Mask) -> tuple[int, float]:
    """The class that most of the heat of a region speaks for, and its share; class 1 where none are told apart."""
    if scored.classes is None:
        return 1, 1.0
    votes = np.bincount(scored.classes[cells], weights=scored.heat[cells].astype(np.float64))
    total = float(votes.sum())
    index = int(votes.argmax())
    return index, float(votes[index]) / total if total else 1.0


def area_pixels(cells: Mask, shape: tuple[int, int], *, defect: bool) -> tuple[Box, Mask]:
    """The pixels of some cells of an image of `shape`: a box, and a mask of it.

    A cell's share of an image whose size is no multiple of the grid has ragged edges. As a defect only whole pixels of
    the cells count, so that no neighbour becomes one; as healthy also the cut ones, so that the cells are known whole.
    """
    spans = []
    for marked, size in zip((cells.any(1), cells.any(0)), shape, strict=True):
        count = marked.size
        index = np.flatnonzero(marked)
        spans.append((int(index[0]), int(index[-1]) + 1, count, size))
    edges = [_edges(first, last, count, size, defect) for first, last, count, size in spans]
    box = Box(edges[0][0][0], edges[1][0][0], edges[0][-1][1], edges[1][-1][1])
    mask = np.zeros(box.shape, bool)
    part = cells[spans[0][0] : spans[0][1], spans[1][0] : spans[1][1]]
    for row, column in zip(*np.nonzero(part), strict=True):
        (top, bottom), (left, right) = edges[0][row], edges[1][column]
        mask[top - box.top : bottom - box.top, left - box.left : right - box.left] = True
    return box, mask


def _edges(first: int, last: int, count: int, size: int, inner: bool) -> list[tuple[int, int]]:
    """First and last pixel, half-open, of each cell; `inner`: only pixels that lie in it wholly, at least one."""
    edges = []
    for cell in range(first, last):
        low, high = cell * size / count, (cell + 1) * size / count
        start, stop = (int(np.ceil(low)), int(np.floor(high))) if inner else (int(np.floor(low)), int(np.ceil(high)))
        edges.append((start, stop) if stop > start else (int(low), int(low) + 1))
    return edges


def suppressed(found: list[FoundBox], overlap: float = 0.5) -> list[FoundBox]:
    """Non-maximum suppression: of boxes of one class that overlap more than `overlap`, the most confident one."""
    kept: list[FoundBox] = []
    for candidate in sorted(found, key=lambda f: -f.confidence):
        same = [other.box for other in kept if other.class_index == candidate.class_index]
        if not same or float(overlap_of([candidate.box], same).max()) <= overlap:
            kept.append(candidate)
    return kept


def is_known(label_map: LabelMap) -> bool:
    """Whether every pixel of a label map is known, so that its boxes are all there are."""
    return not bool((label_map == UNKNOWN).any())
