"""How good are boxes? Average precision at an overlap, precision, recall and false alarms, from plain arrays.

The rules are COCO's: detections of an image and class are matched by falling confidence, each with the best true box
that is still free and overlaps at least `overlap` (intersection over union); AP is the mean of the precision at 101
recalls, the precision at a recall being the best at that recall or a higher one. The result equals that of pycocotools,
to which a test holds it; it is not needed to run.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from defectstudio.domain.labels import Box

Floats = NDArray[np.float64]
OVERLAP = 0.5
RECALLS = np.linspace(0, 1, 101)


@dataclass(frozen=True, slots=True)
class FoundBox:
    """A box that a model found: its class and confidence 0..1."""

    box: Box
    class_index: int
    confidence: float


@dataclass(frozen=True, slots=True)
class TrueBox:
    """A box that is there."""

    box: Box
    class_index: int


@dataclass(frozen=True, slots=True)
class ImageBoxes:
    """The boxes of one image. `good`: whether somebody said that it shows no defect."""

    truth: tuple[TrueBox, ...]
    found: tuple[FoundBox, ...]
    good: bool


@dataclass(frozen=True, slots=True)
class DetectionFigures:
    """Figures over images. All lie in 0..1 but `fp_per_100_good`; NaN where not defined.

    `map` is the mean of the `ap` of classes that occur. Precision, recall and false alarms count detections from the
    class's threshold on.
    """

    map: float
    precision: float
    recall: float
    fp_per_100_good: float
    ap: Mapping[int, float] = field(default_factory=dict)


def overlap_of(one: Sequence[Box], other: Sequence[Box]) -> Floats:
    """Intersection over union of every box with every other, (n, m)."""
    a, b = _corners(one), _corners(other)
    rows = np.minimum(a[:, None, 2], b[None, :, 2]) - np.maximum(a[:, None, 0], b[None, :, 0])
    columns = np.minimum(a[:, None, 3], b[None, :, 3]) - np.maximum(a[:, None, 1], b[None, :, 1])
    both = rows.clip(0) * columns.clip(0)
    either = _area(a)[:, None] + _area(b)[None] - both
    return np.asarray(np.divide(both, either, out=np.zeros_like(both), where=either > 0), np.float64)


def _corners(boxes: Sequence[Box]) -> Floats:
    return np.array([(b.top, b.left, b.bottom, b.right) for b in boxes], np.float64).reshape(-1, 4)


def _area(corners: Floats) -> Floats:
    return (corners[:, 2] - corners[:, 0]) * (corners[:, 3] - corners[:, 1])


def matched(found: Sequence[FoundBox], truth: Sequence[TrueBox], overlap: float = OVERLAP) -> list[bool]:
    """Whether each box found (by falling confidence, all of one class) is the first on a true box of that class."""
    overlaps = overlap_of([f.box for f in found], [t.box for t in truth])
    free = np.ones(len(truth), bool)
    hits = []
    for row in overlaps:
        best = int(np.argmax(np.where(free, row, -1.0))) if free.any() else -1
        hit = best >= 0 and bool(free[best]) and float(row[best]) >= overlap
        if hit:
            free[best] = False
        hits.append(hit)
    return hits


def average_precision_of(confidences: Sequence[float], hits: Sequence[bool], count: int) -> float:
    """AP of one class with `count` true boxes, 0..1; NaN where there is none."""
    if count == 0:
        return math.nan
    order = np.argsort(-np.asarray(confidences, np.float64), kind="stable")
    good = np.asarray(hits, bool)[order]
    caught = np.cumsum(good)
    precision = caught / np.arange(1, good.size + 1)
    best = np.maximum.accumulate(precision[::-1])[::-1] if good.size else precision
    at = np.searchsorted(caught / count, RECALLS, "left")
    return float(np.append(best, 0.0)[np.minimum(at, good.size)].mean())


def detection_figures(
    images: Sequence[ImageBoxes],
    thresholds: Mapping[int, float] | float = 0.5,
    *,
    overlap: float = OVERLAP,
) -> DetectionFigures:
    """Figures over images; `thresholds`: from which confidence on a detection counts, by class (missing: 0.5)."""
    classes = sorted({t.class_index for image in images for t in image.truth})
    seen = sorted({f.class_index for image in images for f in image.found} | set(classes))
    ap: dict[int, float] = {}
    right = wrong = there = 0
    for index in seen:
        threshold = thresholds if isinstance(thresholds, float | int) else thresholds.get(index, 0.5)
        confidences, hits, count = _of_class(images, index, overlap)
        if index in classes:
            ap[index] = average_precision_of(confidences, hits, count)
        counted = [hit for confidence, hit in zip(confidences, hits, strict=True) if confidence >= threshold]
        right, wrong, there = right + sum(counted), wrong + len(counted) - sum(counted), there + count
    return DetectionFigures(
        map=float(np.mean(list(ap.values()))) if ap else math.nan,
        precision=right / (right + wrong) if right + wrong else math.nan,
        recall=right / there if there else math.nan,
        fp_per_100_good=false_alarms(images, thresholds),
        ap=ap,
    )


def fitted_thresholds(images: Sequence[ImageBoxes], *, least: int = 1, overlap: float = OVERLAP) -> dict[int, float]:
    """For each class with `least` true boxes, of which one was found: from which confidence on F1 is best.

    The images must not have trained what found the boxes. Half-way to the next weaker detection (to 0 where none is
    weaker), so that one as sure as the weakest that counts is cut fairly.
    """
    fitted = {}
    for index in sorted({t.class_index for image in images for t in image.truth}):
        confidences, hits, count = _of_class(images, index, overlap)
        if count >= least and any(hits):
            fitted[index] = _best_threshold(np.asarray(confidences, np.float64), np.asarray(hits, bool), count)
    return fitted


def _best_threshold(confidences: Floats, hits: NDArray[np.bool_], count: int) -> float:
    """F1 = 2 TP / (TP + FP + count) at every confidence that occurs, of which the highest with the best F1 is taken."""
    levels = np.unique(confidences)[::-1]
    counted = confidences[None] >= levels[:, None]
    best = int(np.argmax(2 * (counted & hits).sum(1) / (counted.sum(1) + count)))
    below = levels[best + 1] if best + 1 < levels.size else 0.0
    return float(levels[best] + below) / 2


def _of_class(images: Sequence[ImageBoxes], index: int, overlap: float) -> tuple[list[float], list[bool], int]:
    confidences: list[float] = []
    hits: list[bool] = []
    count = 0
    for image in images:
        truth = [t for t in image.truth if t.class_index == index]
        found = sorted((f for f in image.found if f.class_index == index), key=lambda f: -f.confidence)
        confidences += [f.confidence for f in found]
        hits += matched(found, truth, overlap)
        count += len(truth)
    return confidences, hits, count


def false_alarms(images: Sequence[ImageBoxes], thresholds: Mapping[int, float] | float = 0.5) -> float:
    """Detections per 100 good images; NaN where there is none."""
    good = [image for image in images if image.good]
    if not good:
        return math.nan
    alarms = sum(
        f.confidence >= (thresholds if isinstance(thresholds, float | int) else thresholds.get(f.class_index, 0.5))
        for image in good
        for f in image.found
    )
    return 100 * alarms / len(good)
