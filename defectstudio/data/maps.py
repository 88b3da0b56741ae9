"""Label maps in tiles of 1024 x 1024 pixels, so that a stroke on a huge image writes only the tiles it touched."""

from __future__ import annotations

import sqlite3
import weakref
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from defectstudio.domain.labels import (
    HEALTHY,
    UNKNOWN,
    Box,
    ImageId,
    LabelMap,
    decode_runs,
    find_runs,
    pack_runs,
    unknown_map,
)

TILE = 1024


class Tile(NamedTuple):
    """One stored tile: its row and column in tiles, how many pixels are unknown and how many defective, its code."""

    row: int
    column: int
    unknown: int
    defect: int
    code: bytes


def tiles_in(box: Box, changed: NDArray[np.bool_] | None = None) -> Iterator[tuple[int, int]]:
    """(row, column) of the tiles that a box touches.

    `changed`, of the box's shape, leaves out tiles in which it is nowhere true: a long slanted shape has few.
    """
    for row in range(box.top // TILE, -(-box.bottom // TILE)):
        for column in range(box.left // TILE, -(-box.right // TILE)):
            top, left = row * TILE - box.top, column * TILE - box.left
            if changed is None or changed[max(0, top) : top + TILE, max(0, left) : left + TILE].any():
                yield row, column


def tile_at(label_map: LabelMap, row: int, column: int) -> Tile:
    """One tile of a (height, width) map as it is now."""
    top, left = row * TILE, column * TILE
    part = label_map[top : top + TILE, left : left + TILE]
    lengths, values = find_runs(part)
    unknown = int(lengths[values == UNKNOWN].sum())
    defect = int(lengths[values != HEALTHY].sum()) - unknown
    return Tile(row, column, unknown, defect, pack_runs(part.shape, lengths, values))


def from_tiles(shape: tuple[int, int], tiles: Iterable[Tile]) -> LabelMap:
    """The (height, width) label map of `shape` that stored tiles make up; unknown where there are none."""
    label_map = unknown_map(*shape)
    for tile in tiles:
        top, left = tile.row * TILE, tile.column * TILE
        label_map[top : top + TILE, left : left + TILE] = decode_runs(tile.code, most_pixels=TILE * TILE)
    return label_map


class StoredMaps(MutableMapping[ImageId, LabelMap]):
    """Label maps that load from the project on first use and leave memory when long unused.

    A map that somebody still holds (a viewer draws straight from it) is never loaded a second time.
    """

    def __init__(self, db: sqlite3.Connection, shapes: Mapping[ImageId, tuple[int, int]], most_bytes: int) -> None:
        self._db = db
        self._shapes = shapes
        self._most_bytes = most_bytes
        self._recent: OrderedDict[ImageId, LabelMap] = OrderedDict()
        self._bytes = 0
        self._held: weakref.WeakValueDictionary[ImageId, LabelMap] = weakref.WeakValueDictionary()

    def __getitem__(self, image: ImageId) -> LabelMap:
        label_map = self._held.get(image)
        if label_map is None:
            label_map = self._load(image)
        self[image] = label_map
        return label_map

    def __setitem__(self, image: ImageId, label_map: LabelMap) -> None:
        self._forget(image)
        self._held[image] = label_map
        self._recent[image] = label_map
        self._bytes += label_map.nbytes

    def __delitem__(self, image: ImageId) -> None:
        self._forget(image)
        self._held.pop(image, None)

    def _forget(self, image: ImageId) -> None:
        label_map = self._recent.pop(image, None)
        if label_map is not None:
            self._bytes -= label_map.nbytes

    def __iter__(self) -> Iterator[ImageId]:
        return iter([image for (image,) in self._db.execute("SELECT DISTINCT image FROM tiles ORDER BY image")])

    def __len__(self) -> int:
        return int(self._db.execute("SELECT COUNT(DISTINCT image) FROM tiles").fetchone()[0])

    def _load(self, image: ImageId) -> LabelMap:
        query = 'SELECT "row", "column", unknown, defect, code FROM tiles WHERE image = ?'
        tiles = [Tile(*row) for row in self._db.execute(query, (image,))]
        if not tiles:
            raise KeyError(image)
        return from_tiles(self._shapes[image], tiles)

    def trim(self) -> None:
        """Let go of the maps longest unused, once all that was changed is on disk."""
        while self._bytes > self._most_bytes and len(self._recent) > 1:
            self._bytes -= self._recent.popitem(last=False)[1].nbytes
