"""Is one way of choosing better than another? Paired tests over repeats, corrected for how many are made.

From six repeats on Wilcoxon's signed-rank test; below, where it cannot reach 5 % whatever the numbers, the paired t
test. Several tests together are corrected after Holm (1979).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

FEWEST_FOR_RANKS = 6


def paired_p(first: ArrayLike, second: ArrayLike) -> float:
    """The two-sided p of the hypothesis that two figures (n,), measured in the same repeats, are equally good.

    1 where they never differ; NaN with fewer than two repeats.
    """
    gap = np.asarray(first, np.float64) - np.asarray(second, np.float64)
    if gap.size < 2:
        return float("nan")
    if not gap.any():
        return 1.0
    if gap.size >= FEWEST_FOR_RANKS:
        return float(stats.wilcoxon(gap).pvalue)
    if np.ptp(gap) == 0:
        return 0.0  # the same difference every time: no spread that could explain it
    return float(stats.ttest_1samp(gap, 0).pvalue)


def name_of_test(repeats: int) -> str:
    """Which test `paired_p` makes with so many repeats."""
    return "Wilcoxon signed-rank" if repeats >= FEWEST_FOR_RANKS else "paired t"


def holm(p: Sequence[float]) -> list[float]:
    """The p values after Holm's correction, in the given order; NaN stays, and counts as no test."""
    values = np.asarray(p, np.float64)
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(values[known], kind="stable")]
    raised = values[order] * (order.size - np.arange(order.size))
    out = values.copy()
    out[order] = np.minimum(np.maximum.accumulate(raised), 1.0) if order.size else raised
    return list(out.tolist())
