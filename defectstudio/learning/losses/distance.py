"""Weights that make pixels deep inside a defect count more (Bozic et al. 2021, eqs. 4-5).

Differs from the authors' release: D_max is taken per region, not per image.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

EIGHT_NEIGHBOURS = np.ones((3, 3), bool)


def distance_weights(positive: NDArray[np.bool_], *, w_pos: float, p: float) -> NDArray[np.float32]:
    """Eqs. 4-5 for a mask (h, w): w_pos * (D / D_max)^p where positive, 1 elsewhere.

    D is the Euclidean distance in pixels to the nearest negative pixel, D_max its maximum within the connected region
    (eight neighbours). A mask without any negative pixel weighs w_pos everywhere.
    """
    weights = np.ones(positive.shape, np.float32)
    if positive.all() or p == 0:
        weights[positive] = w_pos
        return weights
    distance = ndimage.distance_transform_edt(positive)
    regions, count = ndimage.label(positive, EIGHT_NEIGHBOURS)
    deepest = np.concatenate(([1.0], ndimage.maximum(distance, regions, np.arange(1, count + 1))))
    relative = (distance / deepest[regions])[positive]
    weights[positive] = w_pos * relative**p
    return weights
