"""A mask laid over the image while it is only proposed or selected: tinted area and a two-tone outline."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter

from defectstudio.domain.labels import Box
from defectstudio.ui.sampling import borders, device_rect, draw_marks, sample
from defectstudio.ui.view import View

AREA, DARK, BRIGHT = 1, 2, 3
DASH = 5


class MaskPicture:
    """The pixels of a box of the image, drawn in one colour. `dashed`: a selection, else a proposal."""

    def __init__(self, box: Box, mask: NDArray[np.bool_], color: str, *, dashed: bool = False) -> None:
        self.box, self.dashed = box, dashed
        self._mask = np.ascontiguousarray(mask).view(np.uint8)
        area, bright = QColor(color), QColor(255, 255, 255) if dashed else QColor(color)
        area.setAlphaF(0.0 if dashed else 0.4)
        bright.setAlphaF(1.0)
        clear = QColor(0, 0, 0, 0)
        self._table = [c.rgba() for c in (clear, area, QColor(0, 0, 0, 210), bright)] + [clear.rgba()] * 252

    def draw(self, painter: QPainter, view: View, dirty: QRect) -> None:
        """Paint what lies in a rectangle of the widget."""
        x, y = view.to_screen(self.box.left, self.box.top)
        high, wide = (side * view.scale for side in self.box.shape)
        part = dirty & QRect(int(x) - 4, int(y) - 4, int(wide) + 9, int(high) + 9)
        if part.isEmpty():
            return
        ratio = painter.device().devicePixelRatioF()
        width = max(1, round(1.5 * ratio))
        rect = device_rect(part, ratio, width)
        values = sample(self._mask, view, rect, ratio, 1.0, (self.box.top, self.box.left))
        edge = borders(values, width) & (values > 0)
        marks = np.where(edge, np.uint8(BRIGHT), values)
        rim = borders(values, 1) & (values == 0)
        marks[rim] = DARK
        if self.dashed:
            rows = np.arange(rect.top(), rect.top() + rect.height())[:, None]
            columns = np.arange(rect.left(), rect.left() + rect.width())[None, :]
            gaps = ((rows + columns) // round(DASH * ratio)) % 2 == 0
            marks[edge & gaps] = DARK
        draw_marks(painter, marks, self._table, rect, ratio)
