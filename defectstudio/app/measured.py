"""The figures of compared runs, each with its interval: measured once, then on draws of groups that all runs share."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from defectstudio.app.compared import ComparedRun, Difference, Estimate, estimate
from defectstudio.app.evaluation import tally_pixels
from defectstudio.app.workflows import DEFAULT_PIXEL_THRESHOLD
from defectstudio.data.predictions import Predictions
from defectstudio.data.runs import CURVE, RunRecord
from defectstudio.data.snapshot import SnapshotImage
from defectstudio.domain.bootstrap import draw_groups, histogram_ap, interval, weighted_ap
from defectstudio.domain.metrics import BoolArray, FloatArray, PixelTally, image_figures, precision_recall
from defectstudio.domain.progress import CancelToken, Job, Progress

AT_ONCE = 2_000_000
"""Numbers in memory for one part of the draws."""
BINS = 1024
"""Of the pixel histograms of each group, from which intervals come; the figures themselves are finer."""
CURVE_POINTS = 200


@dataclass(frozen=True, slots=True)
class Side:
    """One of the runs that are compared."""

    record: RunRecord
    name: str
    predictions: Predictions
    folder: Path
    labels_at: int
    """The newest event about an image that the run saw."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The n tagged images that count: whether each is defective (n,), and the number of its group (n,)."""

    images: list[SnapshotImage]
    truth: BoolArray
    group: NDArray[np.intp]

    @property
    def groups(self) -> int:
        return int(self.group.max()) + 1


@dataclass(slots=True)
class Measured:
    """One run on a sample: scores (n,), pixels as a whole and by group (groups, `BINS`), and figures by draw."""

    side: Side
    score: FloatArray
    tally: PixelTally
    healthy: FloatArray
    defect: FloatArray
    drawn: dict[str, list[FloatArray]] = field(default_factory=dict)

    def of(self, figure: str) -> FloatArray:
        """A figure in each draw, (draws,)."""
        return np.concatenate(self.drawn[figure])

    def estimate(self, figure: str, value: float) -> Estimate:
        """The measured value with the interval of its draws."""
        return estimate(value, *interval(self.of(figure)))


def measure(side: Side, sample: Sample, title: str, token: CancelToken) -> Job[Measured]:
    """Look at every pixel whose truth is known."""
    score = np.array([side.predictions.scores[image.id] for image in sample.images], np.float64)
    whole = PixelTally()
    healthy, defect = (np.zeros((sample.groups, BINS)) for _ in range(2))
    for done, (image, group) in enumerate(zip(sample.images, sample.group, strict=True)):
        token.check()
        if image.segmented:
            one = PixelTally(whole.bins)
            tally_pixels(one, image, side.predictions.heat_map)
            _add(whole, one)
            healthy[group] += _coarse(one.healthy)
            defect[group] += _coarse(one.defect)
        if done % 20 == 0:
            yield Progress(done, len(sample.images), f"Comparing pixels, run {title}")
    return Measured(side, score, whole, healthy, defect)


def _add(whole: PixelTally, one: PixelTally) -> None:
    if whole.healthy is None or whole.defect is None:
        whole.healthy, whole.defect = np.zeros(whole.bins), np.zeros(whole.bins)
    whole.healthy += 0 if one.healthy is None else one.healthy
    whole.defect += 0 if one.defect is None else one.defect


def _coarse(histogram: FloatArray | None) -> FloatArray:
    return np.zeros(BINS) if histogram is None else histogram.reshape(BINS, -1).sum(axis=1)


def draw(measured: Sequence[Measured], sample: Sample, draws: int, seed: int, token: CancelToken) -> Job[None]:
    """Compute the figures of all runs on the same draws."""
    rng = np.random.default_rng(seed)
    part = max(1, min(draws, AT_ONCE // max(len(sample.images), BINS, sample.groups)))
    for done in range(0, draws, part):
        by_group = draw_groups(sample.groups, min(part, draws - done), rng)
        for one in measured:
            token.check()
            for name, values in _figures(one, sample, by_group).items():
                one.drawn.setdefault(name, []).append(values)
        yield Progress(done, draws, "Drawing images again and again")


def _figures(one: Measured, sample: Sample, by_group: FloatArray) -> dict[str, FloatArray]:
    weights = by_group[:, sample.group]
    called = one.score >= one.side.record.threshold
    hits, alarms = weights @ (called & sample.truth), weights @ (called & ~sample.truth)
    missed, total = weights @ (~called & sample.truth), weights.sum(axis=1)
    return {
        "ap": weighted_ap(sample.truth, one.score, weights),
        "f1": 2 * hits / np.maximum(2 * hits + alarms + missed, 1),
        "ca": (total - alarms - missed) / total,
        "pixel_ap": histogram_ap(by_group @ one.healthy, by_group @ one.defect),
    }


def compared(one: Measured, sample: Sample) -> ComparedRun:
    """All figures of one run."""
    record = one.side.record
    figures = image_figures(sample.truth, one.score, record.threshold)
    iou = one.tally.iou(float(record.metrics.get("pixel_threshold", DEFAULT_PIXEL_THRESHOLD)))
    recall, precision = _curve(sample.truth, one.score)
    return ComparedRun(
        run=record.id,
        name=one.side.name,
        threshold=record.threshold,
        threshold_from=record.threshold_from,
        ap=one.estimate("ap", figures.ap),
        f1=one.estimate("f1", figures.f1),
        ca=one.estimate("ca", figures.ca),
        pixel_ap=one.estimate("pixel_ap", one.tally.ap()),
        auc=estimate(figures.auc).value,
        iou=estimate(iou).value,
        fp=figures.fp,
        fn=figures.fn,
        recall=recall,
        precision=precision,
        training=training_curve(one.side.folder),
    )


def difference(first: Measured, second: Measured, runs: dict[str, ComparedRun]) -> Difference:
    """How much better the second run is than the first, draw by draw."""

    def of(figure: str) -> Estimate:
        pair: list[Estimate] = [getattr(runs[one.side.record.id], figure) for one in (first, second)]
        values = [math.nan if known.value is None else known.value for known in pair]
        return estimate(values[1] - values[0], *interval(second.of(figure) - first.of(figure)))

    return Difference(first=first.side.record.id, second=second.side.record.id, ap=of("ap"), pixel_ap=of("pixel_ap"))


def _curve(truth: BoolArray, score: FloatArray) -> tuple[list[float], list[float]]:
    """Recall and precision from left to right, thinned to what a screen can show; empty without defective images."""
    if not truth.any():
        return [], []
    curve = precision_recall(truth, score)
    recall, precision = np.append(0.0, curve.recall), np.append(curve.precision[0], curve.precision)
    kept = np.unique(np.linspace(0, recall.size - 1, min(recall.size, CURVE_POINTS)).round().astype(np.intp))
    return recall[kept].tolist(), precision[kept].tolist()


def training_curve(folder: Path) -> list[dict[str, float]]:
    """What a run wrote of itself, epoch by epoch; what cannot be read of it is left out."""
    path = folder / CURVE
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
    points = []
    for line in lines:
        try:
            point = json.loads(line)
        except ValueError:
            continue  # the last line of a run that was killed may be half written
        if isinstance(point, dict):
            points.append({str(k): float(v) for k, v in point.items() if isinstance(v, int | float)})
    return points
