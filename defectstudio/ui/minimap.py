"""The whole image in a corner of the viewer, with a frame around the part in sight; clicks and drags move it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from defectstudio.ui.display import render
from defectstudio.ui.theme import theme

if TYPE_CHECKING:
    from defectstudio.ui.canvas import Canvas

MOST = QSize(168, 128)
LEAST = 24
MARGIN = 12


class MiniMap(QWidget):
    """Shown while only a part of the image is in sight."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._drawn: QPixmap | None = None
        self._drawn_of: object = None
        self.setAccessibleName(self.tr("The whole image; click to move there"))
        self.setToolTip(self.accessibleName())
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def refresh(self) -> None:
        """Follow the picture and the view of the canvas."""
        picture, visible = self._canvas.picture, self._canvas.visible()
        partly = picture is not None and visible is not None and visible.shape != picture.shape
        self.setVisible(partly and self._canvas.display.minimap)
        if picture is None or not partly:
            return
        size = QSize(picture.shape[1], picture.shape[0]).scaled(MOST, Qt.AspectRatioMode.KeepAspectRatio)
        size = size.expandedTo(QSize(LEAST, LEAST))
        self.resize(size)
        self.move(self._canvas.width() - size.width() - MARGIN, self._canvas.height() - size.height() - MARGIN)
        wanted = (picture.image, self._canvas.levels, size, self.devicePixelRatioF())
        if wanted != self._drawn_of:
            small = render(picture.levels[-1], self._canvas.levels)
            ratio = self.devicePixelRatioF()
            smooth, whole = Qt.TransformationMode.SmoothTransformation, Qt.AspectRatioMode.IgnoreAspectRatio
            self._drawn = QPixmap.fromImage(small.scaled(size * ratio, whole, smooth))
            self._drawn.setDevicePixelRatio(ratio)
            self._drawn_of = wanted
        self.update()

    def frame(self) -> QRectF:
        """The part in sight, in pixels of this widget."""
        picture, visible = self._canvas.picture, self._canvas.visible()
        if picture is None or visible is None:
            return QRectF()
        down, across = self.height() / picture.shape[0], self.width() / picture.shape[1]
        high, wide = visible.shape
        return QRectF(visible.left * across, visible.top * down, wide * across, high * down)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._drawn is not None:
            painter.drawPixmap(0, 0, self._drawn)
        frame = self.frame()
        if frame.width() < 6 or frame.height() < 6:
            frame = QRectF(frame.center() - QPointF(3, 3), frame.center() + QPointF(3, 3))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 90))
        whole = QRectF(self.rect())
        painter.setClipRegion(self.visibleRegion().subtracted(frame.toAlignedRect()))
        painter.drawRect(whole)
        painter.setClipping(False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(0, 0, 0, 160), 3))
        painter.drawRect(frame)
        painter.setPen(QPen(QColor("white"), 1.4))
        painter.drawRect(frame)
        painter.setPen(QColor(theme().colors.control_border))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event)

    def _go(self, event: QMouseEvent) -> None:
        picture = self._canvas.picture
        if picture is not None:
            at = event.position()
            self._canvas.look_at(at.x() / self.width() * picture.shape[1], at.y() / self.height() * picture.shape[0])
