"""Which labels does a model that never saw them contradict with confidence? Worst first.

After confident learning (Northcutt et al. 2021): a class's own threshold is the mean probability that the out-of-fold
model gives to images of that class, so that a model that is shy of one class does not accuse all of it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


def contradiction(p_defect: ArrayLike, defective: ArrayLike) -> FloatArray:
    """How strongly the out-of-fold P(defect) speaks against each tag, (n,), -1..1; above 0: an issue.

    For a good image: P(defect) less the mean P(defect) of the defective ones. For a defective one: P(good) less the
    mean P(good) of the good ones. A class with no image has no mean, and nothing can be said against the other.
    """
    p, truth = np.asarray(p_defect, np.float64), np.asarray(defective, bool)
    if truth.all() or not truth.any():
        return np.full(p.shape, -1.0)
    return np.asarray(np.where(truth, (1 - p) - (1 - p[~truth]).mean(), p - p[truth].mean()), np.float64)


def empty_masks(defective: ArrayLike, drawn: ArrayLike, unknown: ArrayLike) -> NDArray[np.bool_]:
    """Images tagged defective whose label map is complete and shows no defect: the two contradict each other.

    drawn, unknown (n,): how many pixels are a defect and how many are not known.
    """
    return np.asarray(np.asarray(defective, bool) & (np.asarray(drawn) == 0) & (np.asarray(unknown) == 0), np.bool_)


def suspects(p_defect: ArrayLike, defective: ArrayLike, contradicted: ArrayLike) -> NDArray[np.intp]:
    """Positions, worst first: labels that contradict themselves (`contradicted`), then the model's, above 0."""
    against = contradiction(p_defect, defective)
    wrong = np.asarray(contradicted, bool)
    order = np.lexsort((-against, ~wrong))
    keep = wrong[order] | (against[order] > 0)
    return order[keep].astype(np.intp)
