"""Arrays in one file that is whole or absent; for caches, so what cannot be read counts as absent."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from defectstudio.data.whole import written_whole


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]], *, compressed: bool = False) -> None:
    """Put named arrays into a file in one step. Raises DefectStudioError when it cannot be written."""
    with written_whole(path, durable=False) as temporary, temporary.open("wb") as file:
        write: Any = np.savez_compressed if compressed else np.savez
        write(file, **arrays)


def read_arrays(path: Path) -> dict[str, NDArray[Any]] | None:
    """The arrays of a file by name, None where there is none that can be read."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
