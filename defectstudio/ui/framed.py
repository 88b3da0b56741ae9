"""A picture in a place of a list or a sheet: whole, in the middle, on the canvas colour, with round corners."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

from defectstudio.ui.theme import theme

ROUND = 5


@contextmanager
def framed(painter: QPainter, place: QRect, size: QSize) -> Iterator[QRect]:
    """Draws the frame and gives where a picture of this size belongs; what is drawn meanwhile is cut to the corners.

    An empty size gives an empty place: the frame stands for a picture that is yet to come.
    """
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme().colors.canvas))
    painter.drawRoundedRect(place, ROUND, ROUND)
    fitted = size.scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio) if not size.isEmpty() else QSize(0, 0)
    target = QRect(0, 0, fitted.width(), fitted.height())
    target.moveCenter(place.center())
    shape = QPainterPath()
    shape.addRoundedRect(QRectF(place), ROUND, ROUND)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setClipPath(shape)
    try:
        yield target
    finally:
        painter.restore()
