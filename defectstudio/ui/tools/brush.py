"""Brush and eraser: a round stroke that is in the label map while it is drawn, and on disk when the button comes up."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter

from defectstudio.sessions.painting.shapes import segment
from defectstudio.sessions.stroke import Stroke
from defectstudio.ui.tools.base import Tool, two_tone
from defectstudio.ui.view import View
from defectstudio.ui.viewer import Pointer


class Brush(Tool):
    """Paints along the mouse; Alt erases; Alt and the wheel change the size."""

    key = "brush"
    icon = "tool-brush"
    uses: tuple[str, ...] = ("size", "protect")
    cursor = Qt.CursorShape.BlankCursor
    erases = False

    def __init__(self, easel: object) -> None:
        super().__init__(easel)  # type: ignore[arg-type]
        self._stroke: Stroke | None = None
        self._value = 0
        self._last = (0.0, 0.0)
        self._ring: tuple[float, float] | None = None
        self._alt = False
        self.easel.options_changed.connect(lambda _options: self._move_ring(self._ring))

    @property
    def hint(self) -> str:
        return self.tr("Drag to paint. Hold Alt to erase. [ and ] or Alt and the wheel change the size.")

    @property
    def pending(self) -> bool:
        return self._stroke is not None

    @property
    def radius(self) -> float:
        return self.easel.options.size / 2

    def press(self, at: Pointer) -> bool:
        self.finish()
        erase = self.erases or at.alt
        self._value = self.easel.erase_value() if erase else self.easel.value
        self._stroke = self.easel.begin_stroke(self._value)
        self._name = "erase" if erase else f"paint {self.easel.name_of(self.easel.value)}"
        self._last = at.at
        self._paint_to(at)
        return True

    def drag(self, at: Pointer) -> None:
        self._paint_to(at)

    def _paint_to(self, at: Pointer) -> None:
        """Paint from the last point to this one, so that a quick hand leaves no gaps."""
        stroke = self._stroke
        if stroke is not None:
            patch = segment(self._last, at.at, self.radius, self.easel.shape)
            self._last = at.at
            if patch is not None:
                self.easel.show_stroke(stroke, stroke.add(patch))
        self._move_ring(at.at)

    def release(self, at: Pointer) -> None:
        self._paint_to(at)
        self.finish()

    def finish(self) -> bool:
        stroke, self._stroke = self._stroke, None
        return stroke is not None and stroke.commit(self._name)

    def cancel(self) -> bool:
        stroke, self._stroke = self._stroke, None
        if stroke is None:
            return False
        stroke.cancel()
        if self.easel.bench is not None:
            self.easel.bench.stroke_cancelled(stroke.box)
        return True

    def settle(self) -> None:
        self.finish()

    def hover(self, at: Pointer | None) -> None:
        if at is not None:
            self._alt = at.alt
        self._move_ring(None if at is None else at.at)

    def alt(self, held: bool) -> None:
        self._alt = held
        self._move_ring(self._ring)

    def wheel(self, at: Pointer, notches: float) -> bool:
        if at.alt:
            self.easel.resize_brush(notches)
        return at.alt

    def _move_ring(self, at: tuple[float, float] | None) -> None:
        margin = self._reach() + 4
        for point in {self._ring, at} - {None}:
            self.easel.repaint(point, margin=margin)  # type: ignore[arg-type]
        self._ring = at

    def _reach(self) -> float:
        """The radius of the ring on the screen, with room for one that was a step larger."""
        return max(self.radius * self.easel.viewer.view.scale * 1.3, 6.0)

    def draw(self, painter: QPainter, view: View, dirty: QRect) -> None:
        if self._ring is None:
            return
        middle = QPointF(*view.to_screen(*self._ring))
        reach = max(self.radius * view.scale, 1.5)
        erasing = self.erases or self._alt
        color = QColor("white") if erasing else QColor(self.easel.color).lighter(130)
        for pen in two_tone(painter, color):
            if erasing:
                pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawEllipse(middle, reach, reach)
            if reach < 4:  # a ring this small is easily lost
                for k in range(4):
                    way = QPointF(math.cos(k * math.pi / 2), math.sin(k * math.pi / 2))
                    painter.drawLine(middle + way * (reach + 3), middle + way * (reach + 7))


class Eraser(Brush):
    """Takes labels away: healthy stays behind where the image is complete, else unknown."""

    key = "eraser"
    icon = "tool-eraser"
    uses = ("size",)
    erases = True

    @property
    def hint(self) -> str:
        return self.tr("Drag to erase: what was drawn becomes healthy on a complete image, else unknown again.")
