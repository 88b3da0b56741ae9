"""Box and ellipse: drag from corner to corner; Shift keeps both sides equal."""

from __future__ import annotations

import math

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from defectstudio.sessions.painting.patch import Patch
from defectstudio.sessions.painting.shapes import Point, ellipse, rectangle
from defectstudio.ui.tools.base import Tool, on_screen, two_tone
from defectstudio.ui.tools.easel import Easel
from defectstudio.ui.view import View
from defectstudio.ui.viewer import Pointer

LEAST_DRAG = 3.0


class BoxTool(Tool):
    """A rectangle from corner to corner."""

    key = "box"
    icon = "tool-box"
    uses: tuple[str, ...] = ("protect",)

    def __init__(self, easel: Easel) -> None:
        super().__init__(easel)
        self.start: Point | None = None
        self.end: Point = (0.0, 0.0)
        self._long_enough = False

    @property
    def hint(self) -> str:
        return self.tr("Drag from corner to corner. Hold Shift for a square.")

    @property
    def pending(self) -> bool:
        return self.start is not None

    def press(self, at: Pointer) -> bool:
        self.start = self.end = at.at
        self._long_enough = False
        return True

    def drag(self, at: Pointer) -> None:
        if self.start is None:
            return
        self.easel.repaint(self.start, self.end)
        (x, y), (dx, dy) = self.start, (at.x - self.start[0], at.y - self.start[1])
        if at.shift:
            side = max(abs(dx), abs(dy))
            dx, dy = math.copysign(side, dx), math.copysign(side, dy)
        self.end = (x + dx, y + dy)
        self._long_enough |= max(abs(dx), abs(dy)) * at.scale >= LEAST_DRAG
        self.easel.repaint(self.start, self.end)

    def release(self, at: Pointer) -> None:
        self.drag(at)
        self.finish()

    def finish(self) -> bool:
        start, self.start = self.start, None
        if start is None:
            return False
        self.easel.repaint(start, self.end)
        return self._long_enough and self._done(start, self.end)

    def _done(self, start: Point, end: Point) -> bool:
        return self.easel.paint(self._patch(start, end))

    def _patch(self, start: Point, end: Point) -> Patch | None:
        return rectangle(start, end, self.easel.shape)

    def cancel(self) -> bool:
        start, self.start = self.start, None
        if start is not None:
            self.easel.repaint(start, self.end)
        return start is not None

    def settle(self) -> None:
        self.finish()

    def draw(self, painter: QPainter, view: View, dirty: QRect) -> None:
        if self.start is None:
            return
        corners = on_screen(view, [self.start, self.end])
        place = QRectF(corners[0], corners[1]).normalized()
        area = QColor(self.easel.color)
        area.setAlphaF(0.25)
        painter.setPen(QPen(QColor(0, 0, 0, 0)))
        painter.setBrush(area)
        self._outline(painter, place)
        for pen in two_tone(painter, QColor(self.easel.color).lighter(120)):
            painter.setPen(pen)
            self._outline(painter, place)

    def _outline(self, painter: QPainter, place: QRectF) -> None:
        painter.drawRect(place)


class EllipseTool(BoxTool):
    """The ellipse inside the box from corner to corner."""

    key = "ellipse"
    icon = "tool-ellipse"

    @property
    def hint(self) -> str:
        return self.tr("Drag from corner to corner of the box around it. Hold Shift for a circle.")

    def _patch(self, start: Point, end: Point) -> Patch | None:
        return ellipse(start, end, self.easel.shape)

    def _outline(self, painter: QPainter, place: QRectF) -> None:
        painter.drawEllipse(place)
