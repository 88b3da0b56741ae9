"""Brings the probabilities of differently trained fold models to one scale before images are compared [AL, section 2].

Every fold model has its own idea of where "defective" begins. The threshold with the best F1 on its fold, from tags
alone, becomes 1/2; below and above it the scale is stretched linearly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.metrics import best_f1

FloatArray = NDArray[np.float64]


def calibrate(p_defect: ArrayLike, threshold: float) -> FloatArray:
    """[0, t] -> [0, 1/2] and [t, 1] -> [1/2, 1], each linear; 0, t and 1 go to 0, 1/2 and 1.

    Raises DefectStudioError for a threshold outside 0..1. At a threshold of 0 or 1 one of the two pieces is a point.
    """
    if not 0 <= threshold <= 1:
        raise DefectStudioError(f"A threshold of {threshold} lies outside 0 to 1.")
    p = np.asarray(p_defect, np.float64)
    below = p / (2 * threshold) if threshold > 0 else np.full_like(p, 0.5)
    above = 0.5 + (p - threshold) / (2 * (1 - threshold)) if threshold < 1 else np.full_like(p, 0.5)
    return np.where(p < threshold, below, above)


def calibrate_folds(p_defect: ArrayLike, defective: ArrayLike, fold: ArrayLike) -> FloatArray:
    """Each fold's probabilities calibrated by the best threshold of that fold, (n,).

    A fold without a good or without a defective image has no threshold and keeps its values.
    """
    p, truth, part = np.asarray(p_defect, np.float64), np.asarray(defective, bool), np.asarray(fold)
    out = p.copy()
    for number in np.unique(part):
        inside = part == number
        if truth[inside].all() or not truth[inside].any():
            continue
        _, threshold = best_f1(truth[inside].tolist(), p[inside].tolist())
        out[inside] = calibrate(p[inside], float(np.clip(threshold, 0, 1)))
    return out
