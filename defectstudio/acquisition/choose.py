"""The order in which to ask for masks: a score, spread over looks, each part once, classes balanced.

`ours` = how much the model doubts the image (by rank, after calibration) x how far its look is from everything that is
segmented or asked for already. After Sener, Savarese 2018 (core-set) and Ash et al. 2020 (doubt x diversity); departs
from both in that doubt counts by rank and that shots of one part count once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from defectstudio.acquisition.pick import Order, balanced, first_of_classes, nearest_known, once_per_group, spread
from defectstudio.acquisition.scores import OURS, rank, score

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pool:
    """The n images that wait for a mask, and what is known beside them.

    p_defect (n,) and p_classes (n, C) out of fold; embeddings (n, d) and known (m, d), the latter of segmented images;
    groups (n,) with "" for none; classes (n,): "" where none is known; known_groups: of segmented images.
    """

    p_defect: FloatArray
    groups: Sequence[str]
    classes: Sequence[str]
    p_classes: FloatArray | None = None
    embeddings: NDArray[np.float32] | None = None
    known: NDArray[np.float32] | None = None
    known_groups: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The pool in the order to ask, each with its score (n,) under the strategy, both by position in the pool.

    `ahead`: those that the balanced pick put first; `novelty` (n,) in 0..1: the share of the pool that looks more like
    what is segmented already (None where nothing says so).
    """

    order: Order
    scores: FloatArray
    ahead: frozenset[int]
    novelty: FloatArray | None


def choose(
    pool: Pool,
    strategy: str,
    count: int,
    rng: np.random.Generator,
    *,
    each_class: int = 0,
    once: bool = True,
    weight: float = 1.0,
) -> Chosen:
    """Order the whole pool; `ours` spreads the first `count` over looks and leaves the rest by score.

    Raises DefectStudioError for an unknown strategy or a negative `each_class`.
    """
    scores = score(strategy, pool.p_defect, rng, pool.p_classes)
    order = rank(scores)
    if once:
        order = once_per_group(order, pool.groups, known=pool.known_groups)
    nearest = None if pool.embeddings is None else nearest_known(pool.embeddings, pool.known)
    if strategy == OURS and nearest is not None:
        order = _spread(pool, scores, order, count, nearest, weight, once)
    ahead = frozenset(first_of_classes(order, pool.classes, each_class).tolist())
    return Chosen(balanced(order, pool.classes, each_class), scores, ahead, _novelty(nearest))


def _spread(
    pool: Pool, scores: FloatArray, order: Order, count: int, nearest: FloatArray, weight: float, once: bool
) -> Order:
    """The first `count` by score and distance, of as many different parts as there are; then the others in order."""
    assert pool.embeddings is not None
    fresh = _first_of_groups(order, pool) if once else order
    picked = fresh[spread(scores[fresh], pool.embeddings[fresh], count, nearest[fresh], weight=weight)]
    return np.concatenate([picked, order[~np.isin(order, picked)]])


def _first_of_groups(order: Order, pool: Pool) -> Order:
    """The best of every part of which nothing is segmented yet; where there is none, of every part; by rank."""
    for seen in (set(pool.known_groups), set[str]()):
        kept = []
        for position in order.tolist():
            group = pool.groups[position]
            if not group or group not in seen:
                kept.append(position)
            seen.add(group)
        if kept:
            return np.array(kept, np.intp)
    return order


def _novelty(nearest: FloatArray | None) -> FloatArray | None:
    if nearest is None or not nearest.size or not np.isfinite(nearest).all():
        return None
    places = np.argsort(np.argsort(nearest, kind="stable"), kind="stable")
    return np.asarray(places / max(nearest.size - 1, 1), np.float64)
