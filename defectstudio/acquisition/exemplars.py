"""Which of some things are typical of their kind: those that look most like its centre."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def nearest_to_centre(looks: NDArray[np.float32], centre: NDArray[np.float32], count: int) -> list[int]:
    """The rows of `looks` (n, d) nearest to `centre` (d,) by the cosine, the nearest first, at most `count` of them."""
    lengths = np.linalg.norm(looks, axis=1) * max(float(np.linalg.norm(centre)), 1e-12)
    alike = (looks @ centre) / np.maximum(lengths, 1e-12)
    return [int(k) for k in np.argsort(-alike, kind="stable")[:count]]
