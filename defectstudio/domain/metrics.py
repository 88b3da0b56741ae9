"""Figures of merit, image by image and pixel by pixel. Scores in, numbers out; 1.0 is best unless it counts errors.

AP is the area under the precision-recall curve as a step sum, sum_k (R_k - R_{k-1}) P_k, ties taken together.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from defectstudio.domain.errors import DefectStudioError

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Curve:
    """Precision and recall at each distinct threshold, highest threshold first."""

    precision: FloatArray
    recall: FloatArray
    threshold: FloatArray


@dataclass(frozen=True, slots=True)
class ImageFigures:
    """Figures over images. `ca` accuracy, `macc` (TPR + TNR) / 2, `fp` and `fn` counts at `threshold`.

    `ap` and `auc` are NaN when only one of good and defective occurs.
    """

    images: int
    defective: int
    ap: float
    auc: float
    best_f1: float
    best_f1_threshold: float
    threshold: float
    f1: float
    ca: float
    macc: float
    fp: int
    fn: int

    def as_dict(self) -> dict[str, float | int]:
        return asdict(self)


def _checked(truth: ArrayLike, score: ArrayLike) -> tuple[BoolArray, FloatArray]:
    truths, scores = np.asarray(truth, bool).ravel(), np.asarray(score, np.float64).ravel()
    if truths.size != scores.size or truths.size == 0:
        raise DefectStudioError("Figures need as many scores as labels, and at least one.")
    if not np.isfinite(scores).all():
        raise DefectStudioError("A score is not a number.", hint="Train again with a lower learning rate.")
    return truths, scores


def _counts(truths: BoolArray, scores: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Thresholds (falling), and how many true and false positives score at least each of them."""
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    last_of_tie = np.append(ranked[1:] != ranked[:-1], True)
    hits = np.cumsum(truths[order], dtype=np.float64)[last_of_tie]
    shown = np.arange(1, truths.size + 1, dtype=np.float64)[last_of_tie]
    return ranked[last_of_tie], hits, shown - hits


def precision_recall(truth: ArrayLike, score: ArrayLike) -> Curve:
    """The precision-recall curve of `score` (any shape) for the boolean `truth` of the same size."""
    truths, scores = _checked(truth, score)
    threshold, hits, alarms = _counts(truths, scores)
    positives = max(float(truths.sum()), 1.0)
    return Curve(hits / (hits + alarms), hits / positives, threshold)


def average_precision(truth: ArrayLike, score: ArrayLike) -> float:
    """AP in 0..1; NaN when no truth is positive."""
    truths, scores = _checked(truth, score)
    if not truths.any():
        return float("nan")
    curve = precision_recall(truths, scores)
    return float(np.sum(np.diff(curve.recall, prepend=0.0) * curve.precision))


def roc_auc(truth: ArrayLike, score: ArrayLike) -> float:
    """Area under the ROC curve: how often a positive outscores a negative, ties half. NaN with one class only."""
    truths, scores = _checked(truth, score)
    positives, negatives = int(truths.sum()), int((~truths).sum())
    if positives == 0 or negatives == 0:
        return float("nan")
    _, hits, alarms = _counts(truths, scores)
    tpr = np.append(0.0, hits / positives)
    fpr = np.append(0.0, alarms / negatives)
    return float(np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2))


def best_f1(truth: ArrayLike, score: ArrayLike) -> tuple[float, float]:
    """The best F1 over all thresholds, and a threshold that gives it.

    The threshold lies half-way to the next lower score, so that a score equal to no sample's is cut fairly.
    """
    truths, scores = _checked(truth, score)
    threshold, hits, alarms = _counts(truths, scores)
    f1 = 2 * hits / np.maximum(hits + alarms + truths.sum(), 1)
    best = int(np.argmax(f1))
    below = threshold[best + 1] if best + 1 < threshold.size else threshold[best]
    return float(f1[best]), float((threshold[best] + below) / 2)


def image_figures(truth: ArrayLike, score: ArrayLike, threshold: float | None = None) -> ImageFigures:
    """All figures over images; counts at `threshold` (an image at or above it is called defective), or at best F1."""
    truths, scores = _checked(truth, score)
    top, at = best_f1(truths, scores)
    cut = at if threshold is None else threshold
    called = scores >= cut
    tp, fp = int((called & truths).sum()), int((called & ~truths).sum())
    fn, tn = int((~called & truths).sum()), int((~called & ~truths).sum())
    one_class = tp + fn == 0 or fp + tn == 0
    nan = float("nan")
    return ImageFigures(
        images=truths.size,
        defective=tp + fn,
        ap=nan if one_class else average_precision(truths, scores),
        auc=roc_auc(truths, scores),
        best_f1=top,
        best_f1_threshold=at,
        threshold=cut,
        f1=2 * tp / max(2 * tp + fp + fn, 1),
        ca=(tp + tn) / truths.size,
        macc=nan if one_class else (tp / (tp + fn) + tn / (fp + tn)) / 2,
        fp=fp,
        fn=fn,
    )


@dataclass(slots=True)
class PixelTally:
    """Pixel figures summed image by image: a histogram of scores for healthy and for defect pixels.

    With 4096 bins, AP differs from the exact value by less than 0.001 on maps in 0..1.
    """

    bins: int = 4096
    healthy: FloatArray | None = None
    defect: FloatArray | None = None

    def add(self, defect: BoolArray, score: ArrayLike, known: BoolArray | None = None) -> None:
        """Count one image: `defect` and `score` (0..1) of one shape, only where `known` (default everywhere)."""
        keep = np.ones(defect.shape, bool) if known is None else known
        binned = np.clip((np.asarray(score, np.float64) * self.bins).astype(np.int64), 0, self.bins - 1)
        if self.healthy is None or self.defect is None:
            self.healthy, self.defect = np.zeros(self.bins), np.zeros(self.bins)
        self.healthy += np.bincount(binned[keep & ~defect], minlength=self.bins)
        self.defect += np.bincount(binned[keep & defect], minlength=self.bins)

    def ap(self) -> float:
        """Pixel AP in 0..1; NaN when no defect pixel was counted."""
        if self.healthy is None or self.defect is None or self.defect.sum() == 0:
            return float("nan")
        hits, alarms = np.cumsum(self.defect[::-1]), np.cumsum(self.healthy[::-1])
        precision = hits / np.maximum(hits + alarms, 1)
        recall = hits / hits[-1]
        return float(np.sum(np.diff(recall, prepend=0.0) * precision))

    def iou(self, threshold: float) -> float:
        """Intersection over union of defect pixels with scores of at least `threshold`; NaN without defects."""
        if self.healthy is None or self.defect is None or self.defect.sum() == 0:
            return float("nan")
        first = int(np.clip(np.ceil(threshold * self.bins), 0, self.bins))
        hit, alarm = self.defect[first:].sum(), self.healthy[first:].sum()
        return float(hit / (self.defect.sum() + alarm))

    def best_iou_threshold(self) -> float:
        """The threshold with the highest IoU; 0.5 when no defect pixel was counted."""
        if self.healthy is None or self.defect is None or self.defect.sum() == 0:
            return 0.5
        hits, alarms = np.cumsum(self.defect[::-1]), np.cumsum(self.healthy[::-1])
        best = int(np.argmax(hits / (self.defect.sum() + alarms)))
        return (self.bins - 1 - best) / self.bins
