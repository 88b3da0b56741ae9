"""How images look, as vectors: one file for all images of a project and encoder, written whole, a cache like features.

A file that is missing or damaged holds nothing: what it held is computed again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from defectstudio.data.arrays import read_arrays, write_arrays

Vectors = NDArray[np.float32]
FOLDER = "selection"


def embeddings_path(cache: Path, key: str) -> Path:
    """Where the embeddings of an encoder lie in a project's cache folder."""
    return cache / FOLDER / f"embeddings-{key}.npz"


class Embeddings:
    """Vectors (n, d) float32 of length 1, found by the SHA-256 of an image's file."""

    def __init__(self, names: Sequence[str], vectors: Vectors) -> None:
        self.names, self.vectors = tuple(names), vectors
        self._at = {name: row for row, name in enumerate(self.names)}

    def __contains__(self, sha256: str) -> bool:
        return sha256 in self._at

    def __len__(self) -> int:
        return len(self.names)

    def of(self, names: Sequence[str]) -> Vectors:
        """The vectors of some images, (len(names), d). Raises KeyError for one that has none."""
        return self.vectors[[self._at[name] for name in names]]

    def joined(self, new: Mapping[str, Vectors]) -> Embeddings:
        """These and some more; one that is there already stays."""
        fresh = {name: vector for name, vector in new.items() if name not in self}
        if not fresh:
            return self
        rows = np.stack(list(fresh.values())).astype(np.float32)
        return Embeddings([*self.names, *fresh], np.concatenate([self.vectors, rows]) if self.names else rows)


NOTHING = Embeddings((), np.zeros((0, 0), np.float32))


def read_embeddings(path: Path) -> Embeddings:
    """The embeddings of a file, read once as long as it does not change."""
    try:
        facts = path.stat()
    except OSError:
        return NOTHING
    return _read(path, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int, _size: int) -> Embeddings:
    found = read_arrays(path) or {}
    names, vectors = (found.get(name) for name in ("sha256", "vectors"))
    if names is None or vectors is None or vectors.ndim != 2 or len(names) != len(vectors):
        return NOTHING
    return Embeddings(names.tolist(), np.asarray(vectors, np.float32))


def write_embeddings(path: Path, embeddings: Embeddings) -> None:
    """Put the file into its place in one step. Raises DefectStudioError when it cannot be written."""
    write_arrays(path, {"sha256": np.array(embeddings.names), "vectors": embeddings.vectors})
