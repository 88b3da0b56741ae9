"""One detection in its image: zoomed with context, or marked in the whole image; a missed defect is drawn as a box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from defectstudio.domain.labels import Box
from defectstudio.ui.canvas import Canvas
from defectstudio.ui.picture import Picture
from defectstudio.ui.view import View

WHEEL_STEP = 1.25
CONTEXT = 3.0
"""The zoomed view shows so many times the side of the box."""
LEAST_CONTEXT = 96
"""Pixels of the image that are in sight at least, however small the box is."""
SMALLEST_BOX = 3
ROOM = 6
"""Screen pixels between a defect and its frame, so that the frame does not lie on it."""


OTHERS_ALPHA = 150
"""Frames of other detections stand back: there may be many of them."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A box to draw round: `main` the one in question, in its class's colour; others stand back."""

    box: Box
    color: str
    main: bool = False


def on_screen(view: View, box: Box) -> QRectF:
    """Where a box of the image lies on the screen."""
    x, y = view.to_screen(box.left, box.top)
    return QRectF(x, y, box.shape[1] * view.scale, box.shape[0] * view.scale)


def draw_frame(painter: QPainter, place: QRectF, color: str, *, main: bool) -> None:
    """The main one in two tones, so that it is seen on dark and on bright ground."""
    room = ROOM if main else 2
    around = place.adjusted(-room, -room, room, room)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    tone = QColor(color)
    if main:
        painter.setPen(QPen(QColor(0, 0, 0, 200), 5))
        painter.drawRoundedRect(around, 3, 3)
        painter.setPen(QPen(tone, 2.6))
    else:
        tone.setAlpha(OTHERS_ALPHA)
        painter.setPen(QPen(tone, 1))
    painter.drawRoundedRect(around, 3, 3)


def draw_frames(painter: QPainter, view: View, frames: Sequence[Frame]) -> None:
    """All of them, the main one on top."""
    for frame in sorted(frames, key=lambda frame: frame.main):
        draw_frame(painter, on_screen(view, frame.box), frame.color, main=frame.main)


class DetectionView(Canvas):
    """Wheel zooms, dragging pans, a double click goes back to the detection.

    While `marking`, dragging draws a box instead and emits it as `drawn`.
    """

    drawn = Signal(object)
    """A `Box` in image pixels."""
    marking_left = Signal()
    painted = Signal()
    """What was asked for last is on the screen."""

    def __init__(self, name: str, *, whole: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setMinimumSize(150, 130)
        self.whole = whole
        self.marking = False
        self._frames: Sequence[Frame] = ()
        self._follows = True
        self._dragged_from: QPointF | None = None
        self._band: QRectF | None = None
        self._pending: Box | None = None

    # What is shown.

    def show_detection(self, picture: Picture, frames: Sequence[Frame]) -> None:
        """Show an image and its boxes, the main one comfortably in sight."""
        self._frames, self._pending, self._band = frames, None, None
        self._follows = True
        if self.picture is not picture:
            self.show_picture(picture)
        self.go_back()

    def show_frames(self, frames: Sequence[Frame]) -> None:
        """Draw other boxes on the same image; the view stays."""
        self._frames = frames
        self.update()

    def show_none(self, hint: str) -> None:
        """No detection: say why."""
        self._frames, self._pending, self._band = (), None, None
        self.show_picture(None, hint)

    @property
    def main(self) -> Box | None:
        """The box in question."""
        return next((frame.box for frame in self._frames if frame.main), None)

    def go_back(self) -> None:
        """Look at the detection again."""
        self._follows = True
        box = self.main
        if self.whole or box is None:
            self.fit()
            return
        high, wide = box.shape
        side = min(
            self.width() / max(CONTEXT * wide, LEAST_CONTEXT), self.height() / max(CONTEXT * high, LEAST_CONTEXT)
        )
        self.look_at((box.left + box.right) / 2, (box.top + box.bottom) / 2, side)
        self._follows = True

    def show_pending(self, box: Box | None) -> None:
        """A box that was drawn and waits for its class."""
        self._pending = box
        self.update()

    def set_marking(self, marking: bool) -> None:
        """Whether dragging draws a box."""
        self.marking, self._band = marking, None
        self.setCursor(Qt.CursorShape.CrossCursor if marking else Qt.CursorShape.ArrowCursor)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        follows = self._follows
        super().resizeEvent(event)
        if follows and self.picture is not None:
            self.go_back()

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.picture is not None:
            self.painted.emit()

    def paint_over(self, painter: QPainter, dirty: QRect) -> None:
        draw_frames(painter, self.view, self._frames)
        if self._pending is not None:
            draw_frame(painter, on_screen(self.view, self._pending), "#ffffff", main=True)
        if self._band is not None:
            painter.setPen(QPen(QColor(0, 0, 0, 200), 3))
            painter.drawRect(self._band)
            painter.setPen(QPen(QColor("white"), 1.2, Qt.PenStyle.DashLine))
            painter.drawRect(self._band)

    # Mouse and keys.

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._follows = False
        self.zoom_by(WHEEL_STEP ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()
        if self.picture is None:
            return
        self._dragged_from = event.position()
        if self.marking and event.button() is Qt.MouseButton.LeftButton:
            self._band = QRectF(event.position(), event.position())
        else:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged_from is None:
            return
        if self._band is not None:
            self._band = QRectF(self._dragged_from, event.position()).normalized()
            self.update()
            return
        moved = event.position() - self._dragged_from
        self._dragged_from, self._follows = event.position(), False
        self.move_to(self.view.panned(moved.x(), moved.y()))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        band, self._band, self._dragged_from = self._band, None, None
        self.setCursor(Qt.CursorShape.CrossCursor if self.marking else Qt.CursorShape.ArrowCursor)
        self.update()
        box = self._in_image(band) if band is not None else None
        if box is not None:
            self.drawn.emit(box)

    def _in_image(self, band: QRectF) -> Box | None:
        """The pixels under a rectangle of the screen; None when it is too small to be meant."""
        assert self.picture is not None
        (x0, y0), (x1, y1) = (self.view.to_image(p.x(), p.y()) for p in (band.topLeft(), band.bottomRight()))
        high, wide = self.picture.shape
        box = Box(max(int(y0), 0), max(int(x0), 0), min(int(y1) + 1, high), min(int(x1) + 1, wide))
        return box if min(box.shape) >= SMALLEST_BOX else None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self.marking:
            self.go_back()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and (self.marking or self._pending is not None):
            self.marking_left.emit()
        else:
            super().keyPressEvent(event)
