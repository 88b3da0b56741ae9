"""How often each brightness occurs in the picture, with the black and white point as lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from defectstudio.data.snapshot import Pixels
from defectstudio.ui.display import Mapping
from defectstudio.ui.theme import theme

BINS = 128
SAMPLES = 250_000


def counted(pixels: Pixels) -> NDArray[np.float64]:
    """The share of each of `BINS` steps of brightness, the highest 1; square roots, so that rare values show."""
    step = max(1, int((pixels.size / SAMPLES) ** 0.5))
    shift = 8 * pixels.dtype.itemsize - 7
    bins = np.bincount((pixels[::step, ::step] >> shift).ravel(), minlength=BINS).astype(np.float64)
    return np.asarray(np.sqrt(bins / max(bins.max(), 1.0)))


class Histogram(QWidget):
    """A small graph to see where levels cut."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(260, 84)
        self.setAccessibleName(self.tr("Histogram of the image"))
        self._heights: NDArray[np.float64] | None = None
        self._levels = Mapping()

    def show_pixels(self, pixels: Pixels | None) -> None:
        """Count the pixels of a picture."""
        self._heights = None if pixels is None else counted(pixels)
        self.update()

    def show_levels(self, levels: Mapping) -> None:
        """Move the two lines."""
        self._levels = levels
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, colors = QPainter(self), theme().colors
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(QColor(colors.border), 1))
        painter.setBrush(QColor(colors.window))
        painter.drawRoundedRect(area, 5, 5)
        if self._heights is not None:
            across, room = area.width() / BINS, area.height() - 6
            line = [
                QPointF(area.left() + (k + 0.5) * across, area.bottom() - h * room) for k, h in enumerate(self._heights)
            ]
            ends = [QPointF(area.right(), area.bottom()), QPointF(area.left(), area.bottom())]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.muted))
            painter.drawPolygon(QPolygonF([*line, *ends]))
        painter.setPen(QPen(QColor(colors.accent), 1.5))
        for at in (self._levels.low, self._levels.high):
            x = area.left() + at * area.width()
            painter.drawLine(QPointF(x, area.top() + 2), QPointF(x, area.bottom() - 2))
        painter.end()
