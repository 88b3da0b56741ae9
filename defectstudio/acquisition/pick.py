"""From scores to the next batch of images: balanced over classes, spread over what they look like, each part once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from defectstudio.domain.errors import DefectStudioError

Order = NDArray[np.intp]
BLOCK = 128


def once_per_group(order: Order, groups: Sequence[Hashable], *, known: Iterable[Hashable] = ()) -> Order:
    """The same order with the first of every group before all further images of groups already seen.

    The same part photographed again teaches little: it comes when every other part has had its turn. An empty group
    is no group. `known`: groups of which an image is segmented already.
    """
    seen: set[Hashable] = set(known)
    first: list[int] = []
    again: list[int] = []
    for position in order.tolist():
        group = groups[position]
        repeated = group in seen and group not in {"", None}
        (again if repeated else first).append(position)
        seen.add(group)
    return np.array(first + again, np.intp)


def first_of_classes(order: Order, classes: Sequence[Hashable], each: int) -> Order:
    """[AL] The first `each` of every class by rank, in order of rank; an image of no known class ("") is of none.

    Raises DefectStudioError for a negative `each`.
    """
    if each < 0:
        raise DefectStudioError("The number of images per class cannot be negative.", hint="Use 0 for none.")
    taken: dict[Hashable, int] = {}
    ahead: list[int] = []
    for position in order.tolist():
        name = classes[position]
        taken[name] = taken.get(name, 0) + 1
        if name not in {"", None} and taken[name] <= each:
            ahead.append(position)
    return np.array(ahead, np.intp)


def balanced(order: Order, classes: Sequence[Hashable], each: int) -> Order:
    """[AL] The first `each` of every known class, then all others, both by rank. Raises as `first_of_classes`."""
    ahead = first_of_classes(order, classes, each)
    return np.concatenate([ahead, order[~np.isin(order, ahead)]]).astype(np.intp)


def diverse(
    scores: ArrayLike,
    embeddings: NDArray[np.float32],
    count: int,
    *,
    known: NDArray[np.float32] | None = None,
    weight: float = 1.0,
) -> Order:
    """`count` positions, greedily: the largest (score rank) x (distance to what is known or already picked)^weight.

    scores (n,), higher = ask first; embeddings (n, d); known (m, d): embeddings of images that have a mask already.
    Scores count by rank in (0, 1], so no scale has to be chosen between them and distances. Exact duplicates of what is
    known or picked come last. O(count n d) time, O(n) memory beside the embeddings.
    """
    values = np.asarray(scores, np.float64)
    n = values.size
    if embeddings.shape[0] != n:
        raise DefectStudioError(f"{n} scores but {embeddings.shape[0]} embeddings.")
    rank = np.empty(n)
    rank[np.argsort(values, kind="stable")] = np.arange(1, n + 1) / max(n, 1)
    squares = np.einsum("nd,nd->n", embeddings, embeddings)
    nearest = nearest_known(embeddings, known)
    picked: list[int] = []
    free = np.ones(n, bool)
    for _ in range(min(count, n)):
        worth = rank * (nearest**weight if np.isfinite(nearest).all() else 1.0)
        # Where all that is left are copies of what is known, the score alone decides.
        worth = worth if worth[free].any() else rank
        chosen = int(np.argmax(np.where(free, worth, -1.0)))
        picked.append(chosen)
        free[chosen] = False
        np.minimum(nearest, _distance(embeddings, squares, embeddings[chosen]), out=nearest)
    return np.array(picked, np.intp)


def nearest_known(embeddings: NDArray[np.float32], known: NDArray[np.float32] | None) -> NDArray[np.float64]:
    """Euclidean distance of every row to the nearest of `known`, (n,); infinite where nothing is known.

    In blocks of known points, so that one matrix product does the work of many.
    """
    nearest = np.full(embeddings.shape[0], np.inf)
    if known is None or not len(known):
        return nearest
    squares = np.einsum("nd,nd->n", embeddings, embeddings)
    for start in range(0, len(known), BLOCK):
        part = known[start : start + BLOCK]
        gap = np.einsum("md,md->m", part, part) - 2 * (embeddings @ part.T)
        np.minimum(nearest, _root(gap.min(axis=1) + squares, squares), out=nearest)
    return nearest


def _distance(
    embeddings: NDArray[np.float32], squares: NDArray[np.float32], point: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Euclidean distance of every row to a point, (n,); rounding below zero counts as none."""
    return _root(squares - 2 * (embeddings @ point) + float(point @ point), squares)


def _root(gap: NDArray[np.floating[Any]], squares: NDArray[np.float32]) -> NDArray[np.float64]:
    """The root of squared distances, of which those within rounding are none."""
    return np.sqrt(np.where(gap < 1e-6 * np.maximum(squares, 1e-12), 0, gap)).astype(np.float64)
