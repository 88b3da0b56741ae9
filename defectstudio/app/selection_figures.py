"""The figure of each run on one sample of images, and on draws of its groups that all runs share.

What pixels say is counted once per run and set of labels, and kept in `cache/selection/`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from defectstudio.app.measured import BINS, Sample, Side, measure
from defectstudio.app.selection_models import Figure
from defectstudio.app.study import digest
from defectstudio.app.workflows import DEFAULT_PIXEL_THRESHOLD
from defectstudio.data.arrays import read_arrays, write_arrays
from defectstudio.data.embeddings import FOLDER
from defectstudio.data.runs import PREDICTIONS
from defectstudio.domain.bootstrap import draw_groups, histogram_ap, weighted_ap
from defectstudio.domain.progress import CancelToken, Job, Progress

FloatArray = NDArray[np.float64]
DRAWS = 400


def drawn_figures(
    sides: Sequence[Side], sample: Sample, figure: Figure, labels: int, cache: Path, token: CancelToken
) -> Job[tuple[FloatArray, FloatArray]]:
    """The figure of each run (n,), NaN where it is not defined, and on draws of the sample (DRAWS, n).

    `labels`: the newest event about an image, for the truth that is counted against.
    """
    by_group = np.vstack([np.ones((1, sample.groups)), draw_groups(sample.groups, DRAWS, np.random.default_rng(0))])
    columns = []
    for number, side in enumerate(sides):
        token.check()
        yield Progress(number, len(sides), "Measuring runs")
        if figure == "ap":
            score = np.array([side.predictions.scores[image.id] for image in sample.images], np.float64)
            columns.append(weighted_ap(sample.truth, score, by_group[:, sample.group]))
            continue
        healthy, defect = yield from _histograms(side, sample, labels, cache, token)
        columns.append(_pixel_figure(figure, side, by_group @ healthy, by_group @ defect))
    whole = np.stack(columns, 1)
    return whole[0], whole[1:]


def _pixel_figure(figure: Figure, side: Side, healthy: FloatArray, defect: FloatArray) -> FloatArray:
    """Pixel AP, or IoU at the run's own pixel threshold, of histograms (draws, BINS); NaN without a defect pixel."""
    if figure == "pixel_ap":
        return histogram_ap(healthy, defect)
    threshold = float(side.record.metrics.get("pixel_threshold", DEFAULT_PIXEL_THRESHOLD))
    first = int(np.clip(np.ceil(threshold * BINS), 0, BINS))
    drawn = defect.sum(1)
    found = defect[:, first:].sum(1) / np.maximum(drawn + healthy[:, first:].sum(1), 1)
    return np.where(drawn > 0, found, np.nan)


def _histograms(
    side: Side, sample: Sample, labels: int, cache: Path, token: CancelToken
) -> Job[tuple[FloatArray, FloatArray]]:
    """Healthy and defect pixels of each group by score, (groups, BINS) each."""
    path = _path(side, sample, labels, cache)
    before = read_arrays(path)
    if before is not None and {"healthy", "defect"} <= before.keys():
        return before["healthy"], before["defect"]
    found = yield from measure(side, sample, side.name, token)
    write_arrays(path, {"healthy": found.healthy, "defect": found.defect}, compressed=True)
    return found.healthy, found.defect


def _path(side: Side, sample: Sample, labels: int, cache: Path) -> Path:
    written = (side.folder / PREDICTIONS).stat().st_mtime_ns
    ids = [image.id for image in sample.images]
    whole = digest(side.record.id, written, labels, ids, sample.group.tolist())
    return cache / FOLDER / f"pixels-{whole}.npz"
