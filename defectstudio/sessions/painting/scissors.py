"""Intelligent scissors (Mortensen & Barrett 1995): the outline between two points that follows edges of the image.

Departure: the cost of a pixel is its gradient alone, without the paper's zero crossings and directions.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from defectstudio.data.snapshot import Pixels
from defectstudio.domain.errors import DefectStudioError
from defectstudio.sessions.painting.shapes import Point

FLAT = 0.03  # the cost of the strongest edge, so that the way along it is not free
MOST_PIXELS = 30_000  # what is searched exactly in a few milliseconds
REACH = 48  # how far a way may leave the box of its two ends, in pixels


class Scissors:
    """Ways along edges in one crop, (height, width[, 3]) uint8 or uint16. Points are (x, y) of the image.

    `at` is the (row, column) of the crop's first pixel in the image. The edges are looked for once.
    """

    def __init__(self, pixels: Pixels, *, at: tuple[int, int] = (0, 0), shape: tuple[int, int] | None = None) -> None:
        if min(pixels.shape[:2]) < 2:
            raise DefectStudioError("This part of the image is too small to follow edges in.", hint="Zoom out.")
        self._at = at
        self._cost = _edge_cost(pixels)

    def path(self, start: Point, end: Point) -> list[Point]:
        """Points from `start` to `end` along edges, one a pixel; both are moved into the crop when outside it."""
        first, last = self._pixel(start), self._pixel(end)
        if first == last:
            return [start, end]
        top, left = min(first[0], last[0]) - REACH, min(first[1], last[1]) - REACH
        top, left = max(top, 0), max(left, 0)
        part = self._cost[top : max(first[0], last[0]) + REACH + 1, left : max(first[1], last[1]) + REACH + 1]
        way = _cheapest(part, (first[0] - top, first[1] - left), (last[0] - top, last[1] - left))
        row, column = self._at[0] + top + 0.5, self._at[1] + left + 0.5
        return [start, *((c + column, r + row) for r, c in way[1:-1]), end]

    def _pixel(self, point: Point) -> tuple[int, int]:
        row, column = math.floor(point[1]) - self._at[0], math.floor(point[0]) - self._at[1]
        height, width = self._cost.shape
        return min(max(row, 0), height - 1), min(max(column, 0), width - 1)


def _edge_cost(pixels: Pixels) -> NDArray[np.float64]:
    """(height, width): FLAT on the strongest edges of the crop, 1 where the image is even."""
    from scipy.ndimage import gaussian_gradient_magnitude

    grey = pixels.astype(np.float32)
    edges = gaussian_gradient_magnitude(grey if grey.ndim == 2 else grey.mean(axis=2), 1.2)
    strong = max(float(np.percentile(edges, 99)), 1e-6)
    return np.asarray(FLAT + (1 - FLAT) * (1 - np.clip(edges / strong, 0, 1)) ** 2, np.float64)


def _cheapest(cost: NDArray[np.float64], start: tuple[int, int], end: tuple[int, int]) -> list[tuple[int, int]]:
    """The cheapest way; on a large part, first on a coarser copy, then exactly in a corridor round that way."""
    coarse = math.ceil(math.sqrt(cost.size / MOST_PIXELS))
    if coarse > 1:
        small = [(r // coarse, c // coarse) for r, c in (start, end)]
        way = np.array(_dijkstra(_pooled(cost, coarse), small[0], small[1]))
        cost = np.where(_corridor(way, coarse, cost.shape), cost, np.inf)
    return _dijkstra(cost, start, end)


def _pooled(cost: NDArray[np.float64], factor: int) -> NDArray[np.float64]:
    """The cheapest pixel of each square of that side, so that thin edges are not lost."""
    height, width = cost.shape
    even = np.pad(cost, ((0, -height % factor), (0, -width % factor)), mode="edge")
    rows = even.reshape(even.shape[0] // factor, factor, -1).min(axis=1)
    return np.asarray(rows.reshape(rows.shape[0], -1, factor).min(axis=2))


def _corridor(way: NDArray[np.int64], factor: int, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The pixels at most two squares from a way of squares."""
    squares = np.zeros((-(-shape[0] // factor) + 4, -(-shape[1] // factor) + 4), bool)
    for row in range(5):
        for column in range(5):
            squares[way[:, 0] + row, way[:, 1] + column] = True
    return squares[2:-2, 2:-2].repeat(factor, axis=0).repeat(factor, axis=1)[: shape[0], : shape[1]]


def _dijkstra(cost: NDArray[np.float64], start: tuple[int, int], end: tuple[int, int]) -> list[tuple[int, int]]:
    from skimage.graph import MCP_Geometric

    ways = MCP_Geometric(cost)
    ways.find_costs([start], [end])
    return [(int(row), int(column)) for row, column in ways.traceback(end)]
