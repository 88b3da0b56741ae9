"""How far people agree: Cohen's kappa for verdicts, intersection over union for masks."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import HEALTHY, UNKNOWN, LabelMap, is_class


def cohens_kappa(one: Sequence[Hashable], other: Sequence[Hashable]) -> float | None:
    """Agreement beyond chance (Cohen 1960): (p_o - p_e) / (1 - p_e), -1..1.

    p_o: share of equal answers; p_e: the share to expect were both drawn by chance with their own frequencies. None
    where it is not defined: no answers, or both always gave one and the same. Raises DefectStudioError for sequences of
    different lengths.
    """
    if len(one) != len(other):
        raise DefectStudioError("Two raters must have rated the same things to be compared.")
    if not one:
        return None
    observed = agreement(one, other)
    total = len(one)
    expected = sum((one.count(value) / total) * (other.count(value) / total) for value in set(one) | set(other))
    return None if expected >= 1 else (observed - expected) / (1 - expected)


def agreement(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    """Share of equal answers, 0..1. Raises ZeroDivisionError without any."""
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def mask_iou(one: LabelMap, other: LabelMap, index: int | None = None) -> float | None:
    """Intersection over union of two label maps (height, width) of one image, 0..1, on pixels that both know.

    `index`: of that class alone; None: of whatever is a defect. None where neither shows any. Raises DefectStudioError
    for maps of different shapes.
    """
    if one.shape != other.shape:
        raise DefectStudioError("Masks of different sizes cannot be compared.")
    known = (one != UNKNOWN) & (other != UNKNOWN)
    first, second = (_shown(part, index) & known for part in (one, other))
    union = int((first | second).sum())
    return int((first & second).sum()) / union if union else None


def _shown(label_map: LabelMap, index: int | None) -> NDArray[np.bool_]:
    if index is None:
        return np.asarray((label_map != HEALTHY) & (label_map != UNKNOWN))
    if not is_class(index):
        raise DefectStudioError(f"{index} is no defect class.")
    return np.asarray(label_map == index)
