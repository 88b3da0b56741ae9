"""Mask files to label maps, and what a mask says about the image as a whole.

Formats differ in which stored values mean a defect; each reader states its rule as a table of 256 labels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from defectstudio.data.exchange.files import Source
from defectstudio.data.exchange.plan import ImportItem
from defectstudio.data.pixels import read_mask
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import HEALTHY, MAX_CLASSES, UNKNOWN, LabelMap, Verdict

DEFECT = "defect"
"""The class of defects whose kind nobody named."""


@dataclass(frozen=True, slots=True)
class MaskFiles:
    """A `MaskReader`: reads the mask files of one image through a table of 256 labels, and joins them.

    Where several masks speak of one pixel, a class wins over unknown and unknown over healthy.
    """

    paths: tuple[Path, ...]
    labels: bytes

    def __call__(self, shape: tuple[int, int]) -> LabelMap | None:
        """The label map, or None when no pixel is marked. Raises DefectStudioError when a mask has another size."""
        joined = self._read(self.paths[0], shape)
        for path in self.paths[1:]:
            other = self._read(path, shape)
            weaker = (joined == HEALTHY) | ((joined == UNKNOWN) & (other != HEALTHY))
            joined = np.where(weaker, other, joined)
        return joined if bool(((joined != HEALTHY) & (joined != UNKNOWN)).any()) else None

    def _read(self, path: Path, shape: tuple[int, int]) -> LabelMap:
        values = read_mask(path)
        if values.shape != tuple(shape):
            raise DefectStudioError(
                f"The mask {path} is {values.shape[1]} x {values.shape[0]} pixels, its image {shape[1]} x {shape[0]}.",
                hint="Save the mask at the size of its image.",
            )
        return np.frombuffer(self.labels, np.uint8)[values]


def marked(index: int = 1, *, at_least: int = 1) -> bytes:
    """Table: stored values from `at_least` on are class `index`, the rest healthy."""
    return bytes(at_least) + bytes([index]) * (256 - at_least)


def indexed() -> bytes:
    """Table: a stored value is its class; 255 is unknown."""
    return bytes(range(MAX_CLASSES + 1)) + bytes([UNKNOWN])


def stored_values(source: Source, path: Path) -> NDArray[np.bool_] | None:
    """Which of the 256 values a mask holds; None, with an error finding, when it cannot be read."""
    source.use(path)
    try:
        return np.bincount(read_mask(path).ravel(), minlength=256) > 0
    except DefectStudioError as error:
        source.note("error", str(error), kind="unreadable")
        return None


def item_by_mask(source: Source, draft: ImportItem, *, name: str = DEFECT, at_least: int = 1) -> ImportItem | None:
    """`draft` with the verdict that its mask gives in formats where an empty mask means good.

    Without a mask the image stays unlabelled; None when the mask cannot be read (an error finding says so).
    """
    source.use(draft.path)
    if not draft.masks:
        return draft
    held = [stored_values(source, path) for path in draft.masks]
    if any(values is None for values in held):
        return None
    if any(values is not None and bool(values[at_least:].any()) for values in held):
        return replace(draft, verdict=Verdict.DEFECTIVE, classes=(name,))
    return replace(draft, verdict=Verdict.GOOD)
