"""Which labels does a model that never saw them contradict with confidence? Worst first.

After confident learning (Northcutt et al. 2021): a class's own threshold is the mean probability that the out-of-fold
model gives to images of that class, so that a model that is shy of one class does not accuse all of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
LEAST_SEEN = 3
"""Images that a group must have for one of them to be outvoted."""
OF_ONE_TAG = 2 / 3
"""Share of the groups with a defect that must be of one tag throughout, for groups to show one part again and again."""


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


def outvoted(defective: ArrayLike, groups: Sequence[str]) -> FloatArray:
    """Share of the other images of each image's group that have the other tag, (n,), 0..1; 0 without a group ("").

    It speaks against a tag only where a group is one part that was photographed several times. Where its images show
    different sides of a part, tags differ within groups as a rule, not by mistake: then all are 0.
    """
    truth = np.asarray(defective, bool)
    names, place = np.unique(np.asarray(groups, str), return_inverse=True)
    seen, wrong = np.bincount(place, minlength=names.size), np.bincount(place, truth, names.size)
    counts = (seen >= LEAST_SEEN) & (names != "")
    with_defect = counts & (wrong > 0)
    if not with_defect.any() or (wrong == seen)[with_defect].mean() < OF_ONE_TAG:
        return np.zeros(truth.shape)
    other = np.where(truth, (seen - wrong)[place], wrong[place])
    return np.asarray(np.where(counts[place], other / np.maximum(seen[place] - 1, 1), 0.0), np.float64)


def worst_first(against: ArrayLike, defective: ArrayLike, drawn: ArrayLike) -> NDArray[np.intp]:
    """Positions of the contradicted tags (`contradiction` above 0), the worst first, good and defective ones in turn.

    In turn, because a model is as a rule surer of one class than of the other, and one kind of mistake would drown the
    other (confident learning prunes by class for the same reason). drawn (n,): whether somebody drew a defect there.
    Whoever drew a defect saw it, so those come after all others.
    """
    strength, seen = np.asarray(against, np.float64), np.asarray(drawn, bool)
    truth, turn = np.asarray(defective, bool), np.zeros(strength.size, np.intp)
    for kind in (seen & truth, seen & ~truth, ~seen & truth, ~seen & ~truth):
        rows = np.flatnonzero(kind)
        turn[rows[np.argsort(-strength[rows], kind="stable")]] = np.arange(rows.size)
    order = np.lexsort((-strength, turn, seen))
    return order[strength[order] > 0].astype(np.intp)
