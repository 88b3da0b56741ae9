"""How much would a mask for this image teach? P(defect) in, "higher = ask first" out [AL, section 2].

Pool: training images tagged defective without a mask. P comes from a model that did not train on the image.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from defectstudio.domain.errors import DefectStudioError

FloatArray = NDArray[np.float64]


def _probabilities(p_defect: ArrayLike) -> FloatArray:
    p = np.asarray(p_defect, np.float64)
    if not ((p >= 0) & (p <= 1)).all():
        raise DefectStudioError("A probability lies outside 0 to 1.")
    return p


def entropy(p_defect: ArrayLike) -> FloatArray:
    """-P ln P - (1-P) ln(1-P), in nats, 0..ln 2: images about which the model is undecided come first."""
    p = _probabilities(p_defect)
    inside = np.clip(p, np.finfo(float).tiny, 1.0)
    outside = np.clip(1 - p, np.finfo(float).tiny, 1.0)
    return -p * np.log(inside) - (1 - p) * np.log(outside)


def margin(p_defect: ArrayLike) -> FloatArray:
    """-|2P - 1|, -1..0: the smaller the lead of one class over the other, the sooner."""
    return -np.abs(2 * _probabilities(p_defect) - 1)


def least_confidence(p_defect: ArrayLike) -> FloatArray:
    """1 - P, 0..1: known-defective images that the model doubts most come first."""
    return 1.0 - _probabilities(p_defect)


def average_margin(p_classes: ArrayLike) -> FloatArray:
    """-mean |2 q - 1| over classes, -1..0, q being P scaled to 0..1 class by class over the pool ([AL], related work).

    p_classes (n, C): P(class c) of every image. A class in which all images agree tells them apart by nothing: 1.
    """
    p = _probabilities(p_classes)
    if not len(p):
        return np.zeros(0)
    low, spread = p.min(0), np.ptp(p, axis=0)
    scaled = np.where(spread > 0, (p - low) / np.where(spread > 0, spread, 1), 1.0)
    return np.asarray(-np.abs(2 * scaled - 1).mean(1), np.float64)


def random(p_defect: ArrayLike, rng: np.random.Generator) -> FloatArray:
    """A seeded order that looks at nothing: the baseline every score must beat."""
    return rng.random(np.shape(p_defect))


OURS = "ours"
SCORES: dict[str, Callable[[ArrayLike], FloatArray]] = {
    OURS: least_confidence,
    "least-confidence": least_confidence,
    "entropy": entropy,
    "margin": margin,
}
"""What each strategy says of P(defect) alone; `ours` weighs it against how an image looks (`acquisition.choose`)."""
STRATEGIES = (*SCORES, "average-margin", "random")


def score(
    strategy: str, p_defect: ArrayLike, rng: np.random.Generator, p_classes: ArrayLike | None = None
) -> FloatArray:
    """Scores by the name of a strategy, (n,). Raises DefectStudioError for a name that is not in STRATEGIES.

    `p_classes` (n, C): P(class c), for the average margin; without it P(defect) is the only class.
    """
    if strategy == "random":
        return random(p_defect, rng)
    if strategy == "average-margin":
        p = np.asarray(p_defect, np.float64)[:, None]
        return average_margin(p if p_classes is None or np.size(p_classes) == 0 else p_classes)
    if strategy not in SCORES:
        raise DefectStudioError(f"There is no strategy {strategy}.", hint=f"Choose from {', '.join(STRATEGIES)}.")
    return SCORES[strategy](p_defect)


def rank(scores: ArrayLike) -> NDArray[np.intp]:
    """Positions in the order to ask, highest score first, ties in their given order."""
    return np.argsort(-np.asarray(scores, np.float64), kind="stable")
