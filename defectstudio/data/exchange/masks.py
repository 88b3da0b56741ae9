"""Mask files to label maps, and what a mask says about the image as a whole.

Formats differ in which stored values mean a defect; each reader states its rule as a table of 256 labels.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
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
        joined = self._joined(shape)
        return joined if bool(((joined != HEALTHY) & (joined != UNKNOWN)).any()) else None

    def empty(self, shape: tuple[int, int]) -> LabelMap | None:
        """The label map when the masks call every pixel healthy, else None. Raises as a call does."""
        joined = self._joined(shape)
        return None if bool((joined != HEALTHY).any()) else joined

    def _joined(self, shape: tuple[int, int]) -> LabelMap:
        joined = self._read(self.paths[0], shape)
        for path in self.paths[1:]:
            other = self._read(path, shape)
            weaker = (joined == HEALTHY) | ((joined == UNKNOWN) & (other != HEALTHY))
            joined = np.where(weaker, other, joined)
        return joined

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


@dataclass(slots=True)
class Doubts:
    """Images whose tag and mask do not agree, gathered while reading, reported once."""

    empty: list[Path] = field(default_factory=list)
    drawn_good: list[Path] = field(default_factory=list)
    bare: list[Path] = field(default_factory=list)
    unlabelled: list[Path] = field(default_factory=list)

    def report(self, source: Source) -> None:
        """One finding a kind of doubt."""
        for severity, kind, paths, text in (
            ("warning", "contradiction", self.drawn_good, "Images called good have a defect drawn and stay unlabelled"),
            (
                "warning",
                "contradiction",
                self.empty,
                "Images called defective have an empty mask: label errors?",
            ),
            ("note", "bare", self.bare, "Images are called defective and have no mask"),
            ("note", "unlabelled", self.unlabelled, "Images are unlabelled"),
        ):
            if paths:
                source.note(severity, text, paths, kind=kind)


def report_orphans(source: Source, masks: Iterable[Path]) -> None:
    """One finding for masks without an image."""
    paths = list(masks)
    source.use(*paths)
    if paths:
        source.note("warning", "Masks have no image", paths, kind="missing")


def with_masks(draft: ImportItem, masks: tuple[Path, ...], labels: bytes) -> ImportItem:
    """`draft` with these mask files, read through the table; unchanged when there is none."""
    return replace(draft, masks=masks, read_map=MaskFiles(masks, labels)) if masks else draft


def item_by_mask(source: Source, draft: ImportItem, doubts: Doubts) -> ImportItem | None:
    """`draft` with the verdict that its mask gives in formats where an empty mask means good.

    Without a mask the image stays unlabelled; None when the mask cannot be read (an error finding says so).
    """
    source.use(draft.path)
    drawn = _is_drawn(source, draft, 1)
    if not draft.masks:
        doubts.unlabelled.append(draft.path)
        return replace(draft, classes=())
    if drawn is None:
        return None
    return replace(draft, verdict=Verdict.DEFECTIVE) if drawn else replace(draft, verdict=Verdict.GOOD, classes=())


def item_by_tag(source: Source, draft: ImportItem, doubts: Doubts, *, at_least: int = 1) -> ImportItem | None:
    """`draft`, which its format tags good or defective, held against its mask; None when the mask cannot be read.

    A good image with a defect drawn contradicts itself and becomes unlabelled; a defective one with an empty mask
    stays defective and is imported with that mask, so that it can be found among the label errors.
    """
    source.use(draft.path)
    drawn = _is_drawn(source, draft, at_least)
    if drawn is None:
        return None
    if draft.verdict is Verdict.GOOD and drawn:
        doubts.drawn_good.append(draft.path)
        return replace(draft, verdict=Verdict.UNLABELLED, classes=(), masks=(), read_map=None)
    if draft.verdict is Verdict.DEFECTIVE and not drawn:
        (doubts.empty if draft.masks else doubts.bare).append(draft.path)
    return draft if draft.verdict is Verdict.DEFECTIVE else replace(draft, classes=())


def _is_drawn(source: Source, draft: ImportItem, at_least: int) -> bool | None:
    held = [stored_values(source, path) for path in draft.masks]
    if any(values is None for values in held):
        return None
    return any(values is not None and bool(values[at_least:].any()) for values in held)
