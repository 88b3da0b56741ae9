"""Pixels in HDF5 shards: written once by one import batch, then only read.

Dataset `<image>` holds the pixels at their own depth; `<image>.1`, `<image>.2`... halve a large image each time.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np

from defectstudio.data.pixels import sha256_of
from defectstudio.data.snapshot import Pixels
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import Box, ImageId

if TYPE_CHECKING:
    import h5py

CHUNK = 512
LARGEST_WITHOUT_PYRAMID = 2048
MOST_OPEN_SHARDS = 32


def halve(pixels: Pixels) -> Pixels:
    """The image at half size, each pixel the mean of 2 x 2 (an odd last row or column is dropped)."""
    height, width = pixels.shape[0] // 2 * 2, pixels.shape[1] // 2 * 2
    even = pixels[:height, :width]
    total = even[0::2, 0::2].astype(np.uint32) + even[1::2, 0::2] + even[0::2, 1::2] + even[1::2, 1::2]
    return ((total + 2) // 4).astype(pixels.dtype)


def pyramid(pixels: Pixels) -> Iterator[Pixels]:
    """The smaller levels of an image, until the longer side is at most 2048."""
    while max(pixels.shape[:2]) > LARGEST_WITHOUT_PYRAMID:
        pixels = halve(pixels)
        yield pixels


class ShardWriter:
    """One new shard: a temporary file that takes its name only when it is whole and on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self._temporary = path.with_suffix(".part")
        import h5py  # here and below: a window is up before the first pixel is read

        with _disk_errors(path):
            self._file = h5py.File(self._temporary, "w", libver="latest", locking=False)

    def add(self, image: ImageId, pixels: Pixels, *, source: str, sha256: str) -> None:
        """Store one image, (height, width) or (height, width, 3), uint8 or uint16."""
        with _disk_errors(self.path):
            for level, part in enumerate([pixels, *pyramid(pixels)]):
                name = str(image) if level == 0 else f"{image}.{level}"
                chunk = tuple(min(side, CHUNK) for side in part.shape[:2]) + part.shape[2:]
                dataset = self._file.create_dataset(name, data=part, chunks=chunk, compression="lzf")
                self.size += int(dataset.id.get_storage_size())
            self._file[str(image)].attrs.update({"source": source, "sha256": sha256})

    def finish(self) -> str:
        """Put the shard in its place, durably; returns its SHA-256."""
        with _disk_errors(self.path):
            self._file.close()
            with self._temporary.open("rb+") as file:
                os.fsync(file.fileno())
            digest = sha256_of(self._temporary)
            self._temporary.rename(self.path)
            sync_folder(self.path.parent)
        return digest

    def discard(self) -> None:
        """Forget an unfinished shard."""
        self._file.close()
        self._temporary.unlink(missing_ok=True)


class _disk_errors:  # noqa: N801 - reads as a clause: with _disk_errors(path)
    """A failing disk as one sentence and a way out."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, OSError):
            raise DefectStudioError(
                f"Pixels could not be written to {self._path.parent}: {error.strerror or error}.",
                hint="Free some space or choose a folder that can be written; nothing was changed.",
            ) from error


def sync_folder(folder: Path) -> None:
    """Make a rename durable (a no-op where folders cannot be opened, as on Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class PixelStore:
    """Reads the pixels of a project from any thread, keeping the most recently used shards open."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._open: OrderedDict[str, h5py.File] = OrderedDict()

    def read(self, shard: str, image: ImageId, level: int = 0, box: Box | None = None) -> Pixels:
        """The pixels of an image (or of `box` of it) at a pyramid level, 0 the largest, at their own depth.

        Raises DefectStudioError when the shard is missing or damaged.
        """
        name = str(image) if level == 0 else f"{image}.{level}"
        try:
            with self._lock:
                dataset = self._shard(shard)[name]
                pixels: Pixels = dataset[()] if box is None else dataset[box.slices]
                return pixels
        except (OSError, KeyError, RuntimeError) as error:
            raise _unreadable(shard, image) from error

    def levels(self, shard: str, image: ImageId) -> int:
        """How many pyramid levels an image has, at least 1. Raises as `read` does."""
        try:
            with self._lock:
                file, levels = self._shard(shard), 1
                while f"{image}.{levels}" in file:
                    levels += 1
                return levels
        except (OSError, KeyError, RuntimeError) as error:
            raise _unreadable(shard, image) from error

    def _shard(self, shard: str) -> h5py.File:
        import h5py

        file = self._open.pop(shard, None)
        if file is None:
            file = h5py.File(self._folder / shard, "r", locking=False)
        self._open[shard] = file
        if len(self._open) > MOST_OPEN_SHARDS:
            self._open.popitem(last=False)[1].close()
        return file

    def close(self) -> None:
        with self._lock:
            for file in self._open.values():
                file.close()
            self._open.clear()


def _unreadable(shard: str, image: ImageId) -> DefectStudioError:
    return DefectStudioError(
        f"The pixels of image {image} cannot be read from images/{shard}.",
        hint="Run `defectstudio check`, then restore that file from a backup or import the images again.",
    )
