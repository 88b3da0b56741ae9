"""Panels chosen at random: what the paper's queries are compared with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from defectstudio.acquisition.queries import ChosenPanel, PatchTable
from defectstudio.domain.labels import UNKNOWN


def random_panel(
    table: PatchTable, rng: np.random.Generator, *, used: NDArray[np.bool_], count: int
) -> ChosenPanel | None:
    """An anchor and up to `count` patches of its label and of another, all drawn uniformly; None where none is left.

    Distances are those in the space of embeddings; positives stand farthest first, negatives nearest first.
    """
    free = np.flatnonzero(~used & (table.labels != UNKNOWN))
    if not free.size:
        return None
    anchor = int(rng.choice(free))
    rest = free[free != anchor]
    same = table.labels[rest] == table.labels[anchor]
    positives, far = _drawn(table, rng, anchor, rest[same], count)
    negatives, near = _drawn(table, rng, anchor, rest[~same], count)
    return ChosenPanel(anchor, positives[::-1], far[::-1], negatives, near)


def _drawn(
    table: PatchTable, rng: np.random.Generator, anchor: int, among: NDArray[np.intp], count: int
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Some positions drawn without putting back, nearest to the anchor first, with their distances."""
    chosen = rng.choice(among, min(count, among.size), replace=False)
    gaps = np.linalg.norm(table.embedding[chosen].astype(np.float64) - table.embedding[anchor], axis=1)
    order = np.argsort(gaps, kind="stable")
    return chosen[order], gaps[order]
