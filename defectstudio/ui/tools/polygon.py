"""Polygon: click the corners; Enter, a double click or a click on the first corner closes it."""

from __future__ import annotations

import math

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter, QPolygonF

from defectstudio.sessions.painting.shapes import Point, polygon
from defectstudio.ui.tools.base import NEAR, Tool, draw_handles, draw_line, on_screen
from defectstudio.ui.tools.easel import Easel
from defectstudio.ui.view import View
from defectstudio.ui.viewer import Pointer


class Polygon(Tool):
    """Corner by corner; Backspace takes the last one back."""

    key = "polygon"
    icon = "tool-polygon"
    uses = ("protect",)

    def __init__(self, easel: Easel) -> None:
        super().__init__(easel)
        self.points: list[Point] = []
        self._cursor: Point | None = None

    @property
    def hint(self) -> str:
        return self.tr("Click the corners; Enter or a double click closes the shape. Backspace takes a corner back.")

    @property
    def pending(self) -> bool:
        return bool(self.points)

    def press(self, at: Pointer) -> bool:
        if len(self.points) >= 3 and self._near_first(at):
            self.finish()
        else:
            self.points.append(at.at)
            self._show(at.at)
        return True

    def _near_first(self, at: Pointer) -> bool:
        x, y = self.points[0]
        return math.hypot(at.x - x, at.y - y) * at.scale <= NEAR

    def drag(self, at: Pointer) -> None:
        self._show(at.at)

    def hover(self, at: Pointer | None) -> None:
        self._show(None if at is None else at.at)

    def _show(self, cursor: Point | None) -> None:
        before, self._cursor = self._cursor, cursor
        if self.points:
            ends = (self.points[0], self.points[-1])
            self.easel.repaint(*ends, *[point for point in (before, cursor) if point is not None])

    def double_click(self, at: Pointer) -> bool:
        self.finish()
        return True

    def back(self) -> bool:
        if not self.points:
            return False
        self._repaint_all()
        self.points.pop()
        return True

    def finish(self) -> bool:
        points = self._take()
        return len(points) >= 3 and self.easel.paint(polygon(points, self.easel.shape))

    def cancel(self) -> bool:
        return bool(self._take())

    def _take(self) -> list[Point]:
        self._repaint_all()
        points, self.points = self.points, []
        return points

    def _repaint_all(self) -> None:
        self.easel.repaint(*self.points, *([self._cursor] if self._cursor else []))

    def draw(self, painter: QPainter, view: View, dirty: QRect) -> None:
        if not self.points:
            return
        ahead = [*self.points, self._cursor] if self._cursor is not None else self.points
        area = QColor(self.easel.color)
        area.setAlphaF(0.25)
        painter.save()
        painter.setPen(QColor(0, 0, 0, 0))
        painter.setBrush(area)
        painter.drawPolygon(QPolygonF(on_screen(view, ahead)))
        painter.restore()
        draw_line(painter, view, ahead, QColor(self.easel.color).lighter(120))
        draw_handles(painter, view, self.points, len(self.points) >= 3)
