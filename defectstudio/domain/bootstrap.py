"""How sure is a figure? The images are drawn again and again with replacement, and the figure computed each time.

Percentile intervals of the bootstrap (Efron, Tibshirani 1993). Whole groups are drawn, not single images (cluster
bootstrap): shots of one part are no independent evidence. Two runs are given the same draws, so the interval of their
difference is a paired one, narrower than the two intervals suggest.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from defectstudio.domain.metrics import BoolArray, FloatArray

LEVEL = 0.95
FEWEST = 0.5
"""A figure that is undefined in more than this part of the draws gets no interval."""


def numbered(groups: Sequence[Hashable]) -> NDArray[np.intp]:
    """The same groups as numbers 0, 1, ... in the order in which they first occur, (n,)."""
    number: dict[Hashable, int] = {}
    return np.array([number.setdefault(group, len(number)) for group in groups], np.intp)


def draw_groups(groups: int, draws: int, rng: np.random.Generator) -> FloatArray:
    """How often each group occurs in each draw, (draws, groups); every row sums to `groups`."""
    chosen = rng.integers(0, groups, (draws, groups), dtype=np.int64)
    flat = (chosen + groups * np.arange(draws)[:, None]).ravel()
    return np.bincount(flat, minlength=draws * groups).reshape(draws, groups).astype(np.float64)


def weighted_ap(truth: BoolArray, score: FloatArray, weights: FloatArray) -> FloatArray:
    """AP of images (n,) that each count `weights` (draws, n) times; (draws,).

    NaN in a draw with defective images alone or none: it has no AP. With all weights 1 it is `average_precision`.
    """
    order = np.argsort(-score, kind="stable")
    ranked, drawn = score[order], weights[:, order]
    ends = np.append(ranked[1:] != ranked[:-1], True)
    hits = np.cumsum(drawn * truth[order], axis=1)[:, ends]
    shown = np.cumsum(drawn, axis=1)[:, ends]
    return _area(hits, shown)


def histogram_ap(healthy: FloatArray, defect: FloatArray) -> FloatArray:
    """Pixel AP of each row from how many healthy and defect pixels have each score, (draws, bins), lowest bin first."""
    hits, alarms = (np.cumsum(part[:, ::-1], axis=1) for part in (defect, healthy))
    return _area(hits, hits + alarms)


def _area(hits: FloatArray, shown: FloatArray) -> FloatArray:
    """sum_k (R_k - R_{k-1}) P_k along the last axis; NaN where only one of the two kinds was drawn."""
    positives, total = hits[:, -1], shown[:, -1]
    one_kind = (positives <= 0) | (positives >= total)
    precision = hits / np.maximum(shown, 1e-12)
    area = np.sum(np.diff(hits, axis=1, prepend=0.0) * precision, axis=1) / np.where(one_kind, 1.0, positives)
    return np.where(one_kind, np.nan, area)


def interval(values: ArrayLike, level: float = LEVEL) -> tuple[float, float]:
    """The middle `level` of the values, NaNs left out; (NaN, NaN) where too few draws have a value."""
    drawn = np.asarray(values, np.float64)
    defined = drawn[~np.isnan(drawn)]
    if defined.size == 0 or defined.size < FEWEST * drawn.size:
        return float("nan"), float("nan")
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
