"""Predictions of one run: a score per image and a heat map at the network's output stride, in `predictions.h5`.

The file is written to a temporary name, brought to disk and renamed, so that it is whole or absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from defectstudio.data.whole import written_whole
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import ImageId

if TYPE_CHECKING:
    import h5py

FORMAT = 1
N = TypeVar("N", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Scored:
    """One image's prediction: P(defect) in [0, 1], the heat map (h, w) float16 in [0, 1], its split at the time."""

    id: ImageId
    score: float
    heat: NDArray[np.float16]
    split: str = ""
    classes: NDArray[np.uint8] | None = None
    """(h, w): the class that each cell is likeliest of, were it a defect; None where the run tells none apart."""
    p_classes: NDArray[np.float32] | None = None
    """(C,): P(some cell shows class c), the largest P(defect) P(c | defect) of a cell, in memory alone."""

    def heat_map(self, shape: tuple[int, int], every: int = 1) -> NDArray[np.float32]:
        """The heat map at image size (height, width), bilinear, in [0, 1]; of every so many rows and columns."""
        return enlarged(self.heat, shape, every)


def enlarged(heat: NDArray[np.float16], shape: tuple[int, int], every: int = 1) -> NDArray[np.float32]:
    """A map brought to `shape` by bilinear interpolation between cell centres; the edge cells reach the border.

    With `every` only one in so many rows and columns of it, from the first on.

    The network saw the whole image, resized: cell (r, c) of (h, w) covers the same fraction of image and map.
    """
    axes = [
        np.clip((np.arange(0, n, every, dtype=np.float32) + 0.5) * (m / n) - 0.5, 0, m - 1)
        for n, m in zip(shape, heat.shape, strict=True)
    ]
    full = heat.astype(np.float32)
    for axis, at in enumerate(axes):
        low = np.floor(at).astype(np.intp)
        high = np.minimum(low + 1, heat.shape[axis] - 1)
        part = (at - low.astype(np.float32)).reshape((-1, 1) if axis == 0 else (1, -1))
        full = np.take(full, low, axis) * (1 - part) + np.take(full, high, axis) * part
    return full


def nearest(cells: NDArray[N], shape: tuple[int, int]) -> NDArray[N]:
    """A map brought to `shape` by taking for each pixel the cell that it lies in."""
    rows, columns = (np.arange(n) * m // n for n, m in zip(shape, cells.shape, strict=True))
    return cells[np.ix_(rows, columns)]


class Predictions:
    """The predictions in one file, read only. Opens the file for each question and keeps nothing open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._open() as file:
            self.ids: tuple[ImageId, ...] = tuple(int(i) for i in file["id"][:])
            scores, splits = file["score"][:], file["split"].asstr()[:]
        self.scores: dict[ImageId, float] = {i: float(s) for i, s in zip(self.ids, scores, strict=True)}
        self.splits: dict[ImageId, str] = {i: str(s) for i, s in zip(self.ids, splits, strict=True)}

    def heat(self, image: ImageId) -> NDArray[np.float16]:
        """The heat map as the network gave it, (h, w)."""
        if image not in self.scores:
            raise DefectStudioError("This run has no prediction for that image.", hint="Predict again.")
        with self._open() as file:
            return np.asarray(file[f"heat/{image}"][:], np.float16)

    def heat_map(self, image: ImageId, shape: tuple[int, int]) -> NDArray[np.float32]:
        """The heat map at image size (height, width), in [0, 1]."""
        return enlarged(self.heat(image), shape)

    def class_map(self, image: ImageId, shape: tuple[int, int]) -> NDArray[np.uint8] | None:
        """Which class each pixel is likeliest of, (height, width), were it a defect; None where none are told apart."""
        with self._open() as file:
            if f"class/{image}" not in file:
                return None
            return nearest(np.asarray(file[f"class/{image}"][:], np.uint8), shape)

    def _open(self) -> h5py.File:
        import h5py  # here and below: a window is up before the first map is read

        try:
            file = h5py.File(self.path, "r")
        except FileNotFoundError as error:
            raise DefectStudioError("This run has no predictions.", hint="Run predict first.") from error
        except OSError as error:
            raise _damaged(self.path) from error
        if file.attrs.get("format") != FORMAT:
            file.close()
            raise _damaged(self.path)
        return file


def write_predictions(path: Path, scored: Iterable[Scored], *, stride: int, input_size: tuple[int, int]) -> Predictions:
    """Write all predictions in one step; an older file of that name is replaced.

    `input_size` (height, width) is what each image was resized to, `stride` the heat map's step at that size.
    """
    import h5py

    with written_whole(path) as temporary, h5py.File(temporary, "w") as file:
        file.attrs.update({"format": FORMAT, "stride": stride, "input_size": input_size})
        rows = list(_write_maps(file, scored))
        file["id"] = np.array([row.id for row in rows], np.int64)
        file["score"] = np.array([row.score for row in rows], np.float64)
        file.create_dataset("split", data=[row.split for row in rows], dtype=h5py.string_dtype(), shape=(len(rows),))
    return Predictions(path)


def _write_maps(file: h5py.File, scored: Iterable[Scored]) -> Iterator[Scored]:
    maps = file.create_group("heat")
    for row in scored:
        maps.create_dataset(str(row.id), data=row.heat.astype(np.float16), compression="gzip", compression_opts=1)
        if row.classes is not None:
            file.create_dataset(f"class/{row.id}", data=row.classes, compression="gzip", compression_opts=1)
        yield row


def _damaged(path: Path) -> DefectStudioError:
    return DefectStudioError(f"{path.name} of run {path.parent.name} is damaged.", hint="Run predict again.")
