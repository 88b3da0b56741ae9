"""Accept a region of the model: the connected part of the heat map under the cursor, above the run's threshold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import Origin
from defectstudio.sessions.painting.patch import Patch
from defectstudio.ui.masks import MaskPicture
from defectstudio.ui.tools.base import Tool
from defectstudio.ui.tools.easel import Easel
from defectstudio.ui.view import View
from defectstudio.ui.viewer import Pointer


def heat_region(
    heat: NDArray[np.floating[Any]], at: tuple[int, int], threshold: float, shape: tuple[int, int]
) -> Patch | None:
    """The hot region round image pixel `at` (row, column), None where it is cold.

    `heat` (h, w) in 0..1 covers an image of `shape`; the region is found in its cells, then drawn at full size,
    bilinear between cell centres, from the cells of its own neighbourhood only.
    """
    from scipy import ndimage

    cell = shape[0] / heat.shape[0], shape[1] / heat.shape[1]
    row, column = (min(int(p / c), n - 1) for p, c, n in zip(at, cell, heat.shape, strict=True))
    # An interpolated pixel can be hot although its own cell is not quite: the best of the 3 x 3 cells decides.
    named, _count = ndimage.label(heat >= threshold, np.ones((3, 3), int))
    near = (slice(max(row - 1, 0), row + 2), slice(max(column - 1, 0), column + 2))
    name = named[row, column] or named[near].max(initial=0)
    if name == 0:
        return None
    rows, columns = ndimage.find_objects((named == name).astype(np.uint8))[0]
    rows = slice(max(rows.start - 1, 0), min(rows.stop + 1, heat.shape[0]))
    columns = slice(max(columns.start - 1, 0), min(columns.stop + 1, heat.shape[1]))
    others = (named[rows, columns] != name) & (named[rows, columns] != 0)
    part = np.where(others, 0, heat[rows, columns]).astype(np.float32)
    ys, xs = _centres(rows, cell[0], shape[0]), _centres(columns, cell[1], shape[1])
    full = _between(_between(part, ys[1] - rows.start, 0), xs[1] - columns.start, 1)
    return Patch.of(full >= threshold, (ys[0], xs[0]))


def _centres(cells: slice, size: float, most: int) -> tuple[int, NDArray[np.float32]]:
    """The first pixel of a range of cells, and where each pixel of it lies, in cells."""
    first, last = int(cells.start * size), min(int(np.ceil(cells.stop * size)), most)
    return first, ((np.arange(first, last) + 0.5) / size - 0.5).astype(np.float32)


def _between(values: NDArray[np.float32], at: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """Values at fractional indices along one axis."""
    last = values.shape[axis] - 1
    at = np.clip(at, 0, last)
    low = np.floor(at).astype(np.intp)
    part = (at - low).reshape((-1, 1) if axis == 0 else (1, -1))
    found = np.take(values, low, axis) * (1 - part) + np.take(values, np.minimum(low + 1, last), axis) * part
    return np.asarray(found, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class _Question:
    heat: NDArray[np.floating[Any]]
    at: tuple[int, int]
    threshold: float
    shape: tuple[int, int]

    def __call__(self) -> Patch | None:
        return heat_region(self.heat, self.at, self.threshold, self.shape)


class Proposal(Tool):
    """The model's region under the cursor is outlined; a click takes it over as the chosen class."""

    key = "model"
    icon = "tool-model"
    uses = ("protect",)
    cursor = Qt.CursorShape.PointingHandCursor

    def __init__(self, easel: Easel) -> None:
        super().__init__(easel)
        self._patch: Patch | None = None
        self._picture: MaskPicture | None = None
        self._take_answer = False

    @property
    def hint(self) -> str:
        return self.tr("Point at a warm area of the heat map; a click accepts it as the current class.")

    def hover(self, at: Pointer | None) -> None:
        if at is None or not self.easel.holds(at.x, at.y):
            self._show(None)
        elif not self._covers(at) and not self._take_answer:
            self._ask(at)

    def _covers(self, at: Pointer) -> bool:
        if self._patch is None:
            return False
        row, column = int(at.y) - self._patch.box.top, int(at.x) - self._patch.box.left
        high, wide = self._patch.box.shape
        return 0 <= row < high and 0 <= column < wide and bool(self._patch.mask[row, column])

    def _ask(self, at: Pointer) -> bool:
        heat = self.easel.viewer.heat
        if heat is None:
            return False
        spot = (int(at.y), int(at.x))
        self.easel.ask(_Question(heat, spot, self.easel.pixel_threshold, self.easel.shape), self._found)
        return True

    def _found(self, patch: Patch | None) -> None:
        self._show(patch)
        if self._take_answer:
            self._take_answer = False
            self._accept()

    def _show(self, patch: Patch | None) -> None:
        self.easel.repaint_patch(self._patch)
        self._patch = patch
        self._picture = None if patch is None else MaskPicture(patch.box, patch.mask, self.easel.color)
        self.easel.repaint_patch(patch)

    def press(self, at: Pointer) -> bool:
        if not self.easel.holds(at.x, at.y):
            return False
        if self._covers(at) and not self.easel.busy:
            self._accept()
        elif self._ask(at):
            self._take_answer = True
        else:
            raise DefectStudioError(
                self.tr("There is no heat map of this image."), hint=self.tr("Train a detector first, or choose a run.")
            )
        return True

    def _accept(self) -> None:
        patch = self._patch
        self._show(None)
        if patch is None:
            raise DefectStudioError(
                self.tr("The model sees no defect here."), hint=self.tr("Point at a warm area of the heat map.")
            )
        self.easel.paint(patch, origin=Origin.ACCEPTED)

    def leave(self) -> None:
        self._take_answer = False
        self.easel.forget()
        self._show(None)

    def draw(self, painter: QPainter, view: View, dirty: QRect) -> None:
        if self._picture is not None:
            self._picture.draw(painter, view, dirty)
