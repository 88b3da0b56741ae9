"""A map of a data set: vectors to points of a plane, so that images that look alike lie near each other.

PCA, and t-SNE (van der Maaten, Hinton 2008) with the repulsion summed on a grid by FFT (Linderman et al. 2019), here
with linear interpolation between grid points: time grows with the number of points, and it can be cancelled.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft, sparse

from defectstudio.domain.progress import CancelToken, Job, Progress

FloatArray = NDArray[np.float64]
NEIGHBOURS = 3
"""Neighbours of each point that attract it, in units of the perplexity."""
DIMENSIONS = 50
EXAGGERATED, STEPS = 250, 750
EXAGGERATION = 12.0
SPACING = 1 / 3
"""Of the grid, in units of the map, whose kernel is 1 wide."""
CELLS = 500
FEW = 400
"""Points whose pairs are summed one by one."""
BLOCK = 1024
OFFSETS = np.array([(0, 0), (0, 1), (1, 0), (1, 1)], np.intp)


def pca(vectors: NDArray[np.float32], dimensions: int = 2) -> FloatArray:
    """The n vectors (n, d) along their first principal axes, (n, dimensions); missing axes are 0.

    The sign of each axis is such that its largest entry is positive: the same data gives the same map.
    """
    x = np.asarray(vectors, np.float64)
    x = x - x.mean(0)
    values, axes = np.linalg.eigh(x.T @ x)
    axes = axes[:, np.argsort(-values)[:dimensions]]
    axes = axes * np.where(axes[np.abs(axes).argmax(0), np.arange(axes.shape[1])] < 0, -1.0, 1.0)
    found = np.zeros((x.shape[0], dimensions))
    found[:, : axes.shape[1]] = x @ axes
    return found


def unit_square(xy: FloatArray) -> NDArray[np.float32]:
    """Points (n, 2) moved and scaled by one factor into 0..1, the narrower side in the middle, float32."""
    low, high = xy.min(0), xy.max(0)
    span = max(float((high - low).max()), 1e-12)
    return np.asarray(np.clip((xy - (low + high) / 2) / span + 0.5, 0, 1), np.float32)


def tsne(
    vectors: NDArray[np.float32], token: CancelToken, *, perplexity: float = 30.0, steps: int = STEPS
) -> Job[FloatArray]:
    """The n vectors (n, d) laid out by t-SNE from their PCA on, (n, 2). Fewer than five stay where PCA puts them."""
    n = vectors.shape[0]
    start = pca(vectors)
    if n < 5:
        return start
    reduced = pca(vectors, min(DIMENSIONS, vectors.shape[1])).astype(np.float32)
    p = yield from _affinities(reduced, min(perplexity, (n - 1) / NEIGHBOURS), token)
    y = start / max(float(start[:, 0].std()), 1e-12) * 1e-4
    rate, speed, gain = max(n / EXAGGERATION / 4, 50.0), np.zeros_like(y), np.ones_like(y)
    early = min(EXAGGERATED, steps // 3)
    for step in range(steps):
        token.check()
        if step % 10 == 0:
            yield Progress(step, steps, "Laying out the map")
        force = 4 * ((EXAGGERATION if step < early else 1.0) * _attraction(p, y) - _repulsion(y))
        gain = np.clip(np.where(np.sign(force) == np.sign(speed), gain * 0.8, gain + 0.2), 0.01, None)
        speed = (0.5 if step < early else 0.8) * speed - rate * gain * force
        y = y + speed
        y -= y.mean(0)
    return y


def _affinities(x: NDArray[np.float32], perplexity: float, token: CancelToken) -> Job[sparse.csr_matrix]:
    """Symmetric p_ij over the nearest neighbours, (n, n) sparse, sum 1."""
    n, k = x.shape[0], min(x.shape[0] - 1, int(NEIGHBOURS * perplexity))
    squares = np.einsum("nd,nd->n", x, x)
    near, distance = np.empty((n, k), np.intp), np.empty((n, k))
    for begin in range(0, n, BLOCK):
        token.check()
        yield Progress(begin, n, "Finding neighbours")
        rows = np.arange(begin, min(begin + BLOCK, n))
        gap = squares[rows, None] + squares - 2 * (x[rows] @ x.T)
        gap[np.arange(rows.size), rows] = np.inf
        near[rows] = np.argpartition(gap, k - 1, axis=1)[:, :k]
        distance[rows] = np.maximum(np.take_along_axis(gap, near[rows], 1), 0)
    p = _of_perplexity(distance, perplexity)
    matrix = sparse.csr_matrix((p.ravel(), near.ravel(), np.arange(0, n * k + 1, k)), (n, n))
    whole = (matrix + matrix.T).tocsr()
    return whole / whole.sum()


def _of_perplexity(distance: FloatArray, perplexity: float) -> FloatArray:
    """p_j|i of squared distances (n, k), each row with this perplexity, by halving the interval of its precision."""
    low, high = np.zeros(len(distance)), np.full(len(distance), np.inf)
    shifted = distance - distance.min(1, keepdims=True)
    beta = 1 / np.maximum(shifted.mean(1), 1e-12)
    p = np.ones_like(distance)
    for _ in range(60):
        p = np.exp(-shifted * beta[:, None])
        total = p.sum(1)
        entropy = np.log(total) + beta * (shifted * p).sum(1) / total
        flat = entropy > np.log(perplexity)
        low, high = np.where(flat, beta, low), np.where(flat, high, beta)
        beta = np.where(np.isfinite(high), (low + high) / 2, np.minimum(beta * 2, 1e300))
    return np.asarray(p / p.sum(1, keepdims=True), np.float64)


def _attraction(p: sparse.csr_matrix, y: FloatArray) -> FloatArray:
    """sum_j p_ij (y_i - y_j) / (1 + |y_i - y_j|^2), (n, 2)."""
    row = np.repeat(np.arange(p.shape[0]), np.diff(p.indptr))
    gap = y[row] - y[p.indices]
    weight = p.data / (1 + np.einsum("ed,ed->e", gap, gap))
    pull = sparse.csr_matrix((weight, p.indices, p.indptr), p.shape)
    return np.asarray(np.bincount(row, weight, p.shape[0])[:, None] * y - pull @ y)


def _repulsion(y: FloatArray) -> FloatArray:
    """sum_j (y_i - y_j) / (1 + |y_i - y_j|^2)^2 over sum_k,l (1 + |y_k - y_l|^2)^-1, (n, 2)."""
    return _pair_by_pair(y) if len(y) <= FEW else _on_grid(y)


def _pair_by_pair(y: FloatArray) -> FloatArray:
    gap = y[:, None] - y
    kernel = 1 / (1 + np.einsum("ijd,ijd->ij", gap, gap))
    np.fill_diagonal(kernel, 0)
    return np.asarray(np.einsum("ijd,ij->id", gap, kernel**2) / max(float(kernel.sum()), 1e-12))


def _on_grid(y: FloatArray) -> FloatArray:
    low = y.min(0)
    span = max(float(np.ptp(y, axis=0).max()), 1e-12)
    cells = int(np.clip(np.ceil(span / SPACING), 16, CELLS))
    step = span / cells
    corner, weight = _corners((y - low) / step, cells)
    once, twice, size = _kernels(cells + 1, step)
    charges = np.stack([np.ones(len(y)), y[:, 0], y[:, 1]])
    grids = [_spread(corner, weight, charge, cells + 1) for charge in charges]
    ones = fft.rfft2(grids[0], size)
    count = _gather(fft.irfft2(ones * once, size), corner, weight, cells + 1)
    fields = [ones, *(fft.rfft2(grid, size) for grid in grids[1:])]
    found = [_gather(fft.irfft2(field * twice, size), corner, weight, cells + 1) for field in fields]
    normal = max(float(count.sum() - _alone(weight, step).sum()), 1e-12)
    return np.asarray((y * found[0][:, None] - np.stack(found[1:], 1)) / normal)


def _corners(at: FloatArray, cells: int) -> tuple[NDArray[np.intp], FloatArray]:
    """The four grid points around each point as rows and columns (4, n, 2), and their weights (4, n)."""
    first = np.minimum(at.astype(np.intp), cells - 1)
    part = at - first
    weight = np.stack([np.prod(np.where(offset, part, 1 - part), axis=1) for offset in OFFSETS])
    return first[None] + OFFSETS[:, None], weight


def _alone(weight: FloatArray, step: float) -> FloatArray:
    """What each point adds to 1 / (1 + d^2) at its own place on the grid, (n,): not quite 1, and no pair."""
    apart = OFFSETS[:, None] - OFFSETS
    kernel = 1 / (1 + step**2 * (apart**2).sum(-1))
    return np.asarray(np.einsum("an,ab,bn->n", weight, kernel, weight), np.float64)


def _kernels(points: int, step: float) -> tuple[NDArray[Any], NDArray[Any], tuple[int, int]]:
    """The transforms of 1 / (1 + d^2) and of its square on a grid of twice the size, and that size."""
    size = fft.next_fast_len(2 * points, real=True)
    line = (np.minimum(np.arange(size), size - np.arange(size)) * step) ** 2
    kernel = 1 / (1 + line[:, None] + line)
    return fft.rfft2(kernel), fft.rfft2(kernel**2), (size, size)


def _spread(corner: NDArray[np.intp], weight: FloatArray, charge: FloatArray, points: int) -> FloatArray:
    flat = (corner[..., 0] * points + corner[..., 1]).ravel()
    grid = np.bincount(flat, (weight * charge).ravel(), points * points)
    return np.asarray(grid, np.float64).reshape(points, points)


def _gather(field: FloatArray, corner: NDArray[np.intp], weight: FloatArray, points: int) -> FloatArray:
    return np.asarray((field[:points, :points][corner[..., 0], corner[..., 1]] * weight).sum(0), np.float64)
