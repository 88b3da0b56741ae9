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
    known or picked come last. Raises DefectStudioError when scores and embeddings are not of the same images.
    """
    values = np.asarray(scores, np.float64)
    if embeddings.shape[0] != values.size:
        raise DefectStudioError(f"{values.size} scores but {embeddings.shape[0]} embeddings.")
    return spread(values, embeddings, count, nearest_known(embeddings, known), weight=weight)


def spread(
    scores: NDArray[np.float64],
    embeddings: NDArray[np.float32],
    count: int,
    nearest: NDArray[np.float64],
    *,
    weight: float = 1.0,
) -> Order:
    """As `diverse`, given the distance of each image to what is known, (n,), infinite where nothing is.

    Distances only shrink as images are picked, so the worth of an image is never above what it was: only those that
    could still be the best are looked at again (lazy greedy; Minoux 1978).
    """
    n = scores.size
    rank = np.empty(n)
    rank[np.argsort(scores, kind="stable")] = np.arange(1, n + 1) / max(n, 1)
    picked: list[int] = []
    nearest, left = nearest.copy(), rank.copy()
    if n and count > 0 and not np.isfinite(nearest).all():
        picked.append(int(np.argmax(rank)))
        nearest = nearest_known(embeddings, embeddings[picked])
    bound, seen = rank * nearest**weight, np.full(n, len(picked))
    for chosen in picked:
        bound[chosen] = left[chosen] = -1.0
    while len(picked) < min(count, n):
        best = int(np.argmax(bound))
        if bound[best] > 0 and seen[best] < len(picked):
            stale = _likeliest(bound, seen < len(picked))
            nearest[stale] = np.minimum(nearest[stale], nearest_known(embeddings[stale], embeddings[picked]))
            bound[stale], seen[stale] = rank[stale] * nearest[stale] ** weight, len(picked)
            continue
        # Where all that is left are copies of what is known, the score alone decides.
        best = best if bound[best] > 0 else int(np.argmax(left))
        picked.append(best)
        bound[best] = left[best] = -1.0
    return np.array(picked, np.intp)


def _likeliest(bound: NDArray[np.float64], stale: NDArray[np.bool_]) -> Order:
    """The positions among `stale` with the largest bounds, `BLOCK` of them at most."""
    there = np.flatnonzero(stale)
    if there.size <= BLOCK:
        return there
    return there[np.argpartition(-bound[there], BLOCK)[:BLOCK]]


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


def _root(gap: NDArray[np.floating[Any]], squares: NDArray[np.float32]) -> NDArray[np.float64]:
    """The root of squared distances, of which those within rounding are none."""
    return np.sqrt(np.where(gap < 1e-6 * np.maximum(squares, 1e-12), 0, gap)).astype(np.float64)
