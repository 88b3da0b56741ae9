"""Images much larger than those that trained a run, looked at in overlapping tiles.

A network sees images resized to its input. Where that would leave more than twice as many source pixels to an input
pixel as in training (along a side, on average over both), defects would shrink below what was learnt; then tiles of the
size of a training image are cut instead. Tiles start on the cells of one common heat map, overlap by a quarter, and are
merged with weights that fall towards their edges, or by the maximum. The score of an image is that of its worst tile.

One row of tiles is looked at after the other and no pixels are kept, so that memory does not depend on image height.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from defectstudio.data.snapshot import Pixels
from defectstudio.domain.geometry import clipped
from defectstudio.domain.labels import Box
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.learning.engines.base import Engine, Floats

COARSER = 2.0
OVERLAP = 0.25
Shape = tuple[int, int]
ReadBox = Callable[[Box], Pixels]
Prepare = Callable[[Pixels], Floats]
Merge = Literal["feather", "max"]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """P(defect) in cells (h, w) of `cell` = (height, width) source pixels each, over an image of `shape`.

    The last cells may reach beyond the image.
    """

    cells: Floats
    cell: tuple[float, float]
    shape: Shape

    @classmethod
    def over(cls, cells: Floats, shape: Shape) -> HeatMap:
        """A map of which the cells divide the whole image evenly: what a resized image gives."""
        return cls(cells, (shape[0] / cells.shape[0], shape[1] / cells.shape[1]), shape)

    def rows(self, top: int, bottom: int) -> Floats:
        """Rows top..bottom of the map at image size, (bottom - top, width), bilinear between cell centres."""
        rows = _interpolated(self.cells, 0, np.arange(top, bottom), self.cell[0])
        return _interpolated(rows, 1, np.arange(self.shape[1]), self.cell[1])

    def bands(self, most: int = 1 << 22) -> Iterator[tuple[int, Floats]]:
        """The whole map at image size as (top, rows), each with at most about `most` pixels."""
        step = max(1, most // self.shape[1])
        for top in range(0, self.shape[0], step):
            yield top, self.rows(top, min(top + step, self.shape[0]))


def _interpolated(values: Floats, axis: int, pixels: NDArray[np.int64], cell: float) -> Floats:
    """Values at the centres of pixels along one axis; beyond the outer cell centres they stay as they are."""
    last = values.shape[axis] - 1
    at = np.clip((pixels + 0.5) / cell - 0.5, 0, last)
    low = np.floor(at).astype(np.intp)
    part = (at - low).astype(np.float32).reshape((-1, 1) if axis == 0 else (1, -1))
    above, below = np.take(values, low, axis), np.take(values, np.minimum(low + 1, last), axis)
    return np.asarray(above * (1 - part) + below * part, np.float32)


@dataclass(frozen=True, slots=True)
class Tiles:
    """Where tiles lie: `tile` (height, width) in source pixels, `heat` cells of one, first cells along both axes."""

    shape: Shape
    tile: Shape
    heat: Shape
    rows: tuple[int, ...]
    columns: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.rows) * len(self.columns)

    @property
    def cell(self) -> tuple[float, float]:
        return self.tile[0] / self.heat[0], self.tile[1] / self.heat[1]

    def box(self, row: int, column: int) -> Box:
        """The source pixels of the tile whose first cell is (row, column); may reach beyond the image."""
        top, left = round(row * self.cell[0]), round(column * self.cell[1])
        return Box(top, left, top + self.tile[0], left + self.tile[1])


def needs_tiles(shape: Shape, trained: Shape) -> bool:
    """Whether an image is so much larger than those of training that resizing would lose what was learnt."""
    return math.sqrt(shape[0] * shape[1] / (trained[0] * trained[1])) > COARSER


def lay_tiles(shape: Shape, trained: Shape, heat: Shape, overlap: float = OVERLAP) -> Tiles:
    """Tiles of the size of a training image over an image of `shape`; `heat` is (h, w) of the network's output."""
    starts = []
    for side, tile, cells in zip(shape, trained, heat, strict=True):
        total = math.ceil(side * cells / tile - 1e-9)
        starts.append(_starts(total, cells, max(1, round(cells * (1 - overlap)))))
    return Tiles(shape, trained, heat, starts[0], starts[1])


def _starts(total: int, cells: int, step: int) -> tuple[int, ...]:
    """First cells of tiles: `step` apart, the last one flush with the end."""
    if total <= cells:
        return (0,)
    return (*range(0, total - cells, step), total - cells)


def read_padded(read: ReadBox, box: Box, shape: Shape) -> Pixels:
    """The pixels of a box; what lies beyond the image is mirrored from within."""
    inner = clipped(box, shape)
    if inner is None:
        raise ValueError(f"{box} lies outside an image of {shape}")
    pixels = read(inner)
    missing = [(inner.top - box.top, box.bottom - inner.bottom), (inner.left - box.left, box.right - inner.right)]
    return np.pad(pixels, [*missing, (0, 0)][: pixels.ndim], mode="symmetric") if np.any(missing) else pixels


class Mosaic:
    """One heat map put together from those of tiles."""

    def __init__(self, tiles: Tiles, merge: Merge = "feather") -> None:
        self.tiles, self.merge = tiles, merge
        size = (tiles.rows[-1] + tiles.heat[0], tiles.columns[-1] + tiles.heat[1])
        self._sum = np.zeros(size, np.float32)
        self._weights = np.zeros(size, np.float32) if merge == "feather" else None
        self._ramp = np.minimum.outer(_ramp(tiles.heat[0]), _ramp(tiles.heat[1]))

    def add(self, row: int, column: int, heat: Floats) -> None:
        """The heat map (h, w) of the tile whose first cell is (row, column)."""
        place = np.s_[row : row + heat.shape[0], column : column + heat.shape[1]]
        if self._weights is None:
            np.maximum(self._sum[place], heat, out=self._sum[place])
        else:
            self._sum[place] += heat * self._ramp
            self._weights[place] += self._ramp

    def result(self) -> HeatMap:
        """The map; every cell must have been covered."""
        if self._weights is not None:
            self._sum /= self._weights
            self._weights = None
        return HeatMap(self._sum, self.tiles.cell, self.tiles.shape)


def _ramp(cells: int) -> Floats:
    """Weights that rise from the edges to 1 within the overlap; never 0, so that lone edges count too."""
    from_edge = np.minimum(np.arange(1, cells + 1), np.arange(cells, 0, -1))
    return np.minimum(1.0, from_edge / (cells * OVERLAP + 1)).astype(np.float32)


def look_in_tiles(
    tiles: Tiles,
    read: ReadBox,
    prepare: Prepare,
    engine: Engine,
    token: CancelToken,
    *,
    batch: int = 4,
    merge: Merge = "feather",
    text: str = "Predicting",
) -> Job[tuple[HeatMap, float]]:
    """The heat map and score of an image, tile by tile, from the top down.

    `read` gives the pixels of a box within the image, `prepare` turns pixels into the input (C, H, W). Boxes are asked
    for row by row, so that a reader may forget what lies above.
    """
    mosaic, worst, done = Mosaic(tiles, merge), 0.0, 0
    places = [(row, column) for row in tiles.rows for column in tiles.columns]
    for start in range(0, len(places), batch):
        token.check()
        yield Progress(done, len(places), text)
        part = places[start : start + batch]
        images = np.stack([prepare(read_padded(read, tiles.box(*place), tiles.shape)) for place in part])
        heat, score = engine.run(images)
        for place, cells in zip(part, heat[:, 0], strict=True):
            mosaic.add(*place, cells)
        worst, done = max(worst, float(score.max())), done + len(part)
    return mosaic.result(), worst
