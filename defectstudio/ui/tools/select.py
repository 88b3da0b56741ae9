"""Select: click a region to choose it, drag to move it; the arrow of the tool box."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter

from defectstudio.domain.labels import is_class
from defectstudio.ui.masks import MaskPicture
from defectstudio.ui.tools.base import Tool
from defectstudio.ui.tools.easel import Easel, Selection
from defectstudio.ui.view import View
from defectstudio.ui.viewer import Pointer

FIRM_DRAG = 4.0


class Select(Tool):
    """Chooses and moves regions; a drag on empty ground pans, a double click there fits the image."""

    key = "select"
    icon = "tool-select"
    uses = ("step",)
    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, easel: Easel) -> None:
        super().__init__(easel)
        self._from: Pointer | None = None
        self._by = (0, 0)
        self._moving: MaskPicture | None = None

    @property
    def hint(self) -> str:
        return self.tr("Click a region to select it, drag to move it. Delete removes it; 1 to 9 change its class.")

    @property
    def pending(self) -> bool:
        return self._moving is not None

    def press(self, at: Pointer) -> bool:
        self.easel.select(self._region(at))
        self._from = at if self.easel.selection is not None else None
        return self._from is not None

    def _region(self, at: Pointer) -> Selection | None:
        if not self.easel.holds(at.x, at.y):
            return None
        return region_of(self.easel, int(at.y), int(at.x))

    def double_click(self, at: Pointer) -> bool:
        return self._region(at) is not None and self.press(at)

    def drag(self, at: Pointer) -> None:
        start, chosen = self._from, self.easel.selection
        if start is None or chosen is None or not self.easel.writable:
            return
        moved = (at.x - start.x, at.y - start.y)
        if self._moving is None and max(map(abs, moved)) * at.scale < FIRM_DRAG:
            return
        self._by = (round(moved[1]), round(moved[0]))
        placed = chosen.patch.shifted(*self._by, self.easel.shape)
        self._show(None if placed is None else MaskPicture(placed.box, placed.mask, self.easel.color_of(chosen.index)))

    def _show(self, moving: MaskPicture | None) -> None:
        for one in (self._moving, moving):
            if one is not None:
                self.easel.viewer.touch(one.box)
        self._moving = moving

    def release(self, at: Pointer) -> None:
        self.drag(at)
        self.finish()

    def finish(self) -> bool:
        moving, chosen = self._moving, self.easel.selection
        self._from = None
        self._show(None)
        if moving is None or chosen is None or self._by == (0, 0):
            return False
        rows, columns = self._by
        self.easel.annotator.move_region(self.easel.image, chosen.row, chosen.column, rows, columns)
        height, width = self.easel.shape
        row, column = min(max(chosen.row + rows, 0), height - 1), min(max(chosen.column + columns, 0), width - 1)
        self.easel.select(region_of(self.easel, row, column))
        return True

    def cancel(self) -> bool:
        begun = self._moving is not None or self.easel.selection is not None
        self._from = None
        self._show(None)
        self.easel.select(None)
        return begun

    def settle(self) -> None:
        self.finish()

    def leave(self) -> None:
        self.finish()
        self.easel.select(None)

    def draw(self, painter: QPainter, view: View, dirty: QRect) -> None:
        if self._moving is not None:
            self._moving.draw(painter, view, dirty)


def region_of(easel: Easel, row: int, column: int) -> Selection | None:
    """The region of a pixel of the image, None where it shows no defect."""
    label_map = easel.label_map
    index = int(label_map[row, column])
    if not is_class(index):
        return None
    from defectstudio.sessions.painting.regions import region_at

    patch = region_at(label_map, row, column)
    return None if patch is None else Selection(row, column, index, patch)


def found_again(easel: Easel, chosen: Selection) -> Selection | None:
    """A region after its image has changed: by the pixel it is known by, else by any of twenty others of it."""
    rows, columns = chosen.patch.mask.nonzero()
    step = max(1, len(rows) // 20)
    box = chosen.patch.box
    spots = [(box.top + int(r), box.left + int(c)) for r, c in zip(rows[::step], columns[::step], strict=True)]
    tries = (region_of(easel, row, column) for row, column in [(chosen.row, chosen.column), *spots])
    return next((found for found in tries if found is not None), None)
