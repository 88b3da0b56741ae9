"""Which images an epoch takes: all positives and as many negatives (Bozic et al. 2021, section 4.2).

Negatives come from one endless row of shuffled passes, so over a run no negative is used twice more than another.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]


def shuffled_passes(count: int, rng: np.random.Generator) -> Iterator[int]:
    """0..count-1 in random order, again and again, each pass complete before the next begins."""
    while True:
        yield from rng.permutation(count).tolist()


def balanced_epochs(defective: NDArray[np.bool_], epochs: int, rng: np.random.Generator) -> Iterator[Indices]:
    """One shuffled array of positions into `defective` an epoch: every positive once, as many negatives.

    Over all epochs the numbers of times that two negatives are used differ by at most 1.
    """
    positives, negatives = np.flatnonzero(defective), np.flatnonzero(~defective)
    row = shuffled_passes(negatives.size, rng)
    for _ in range(epochs):
        drawn = negatives[[next(row) for _ in range(positives.size)]]
        yield rng.permutation(np.concatenate([positives, drawn]))


def batches(epoch: Indices, size: int) -> list[Indices]:
    """The epoch in batches of `size`; the last one may be smaller, but not a single image where size > 1.

    A batch of one has no spread for batch normalisation: it joins the batch before it.
    """
    starts = list(range(0, epoch.size, size))
    if size > 1 and len(starts) > 1 and epoch.size - starts[-1] == 1:
        starts.pop()
    return np.split(epoch, starts[1:])
