"""The legend of the map: shapes for tags, colours for what they are coloured by, in as many lines as it takes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from defectstudio.ui.select_map_look import VERDICTS, Look
from defectstudio.ui.theme import theme
from defectstudio.ui.words import verdict_word

SIGN, GAP, PAD = 10.0, 16.0, 6.0
RAMP = 90.0


def draw_sign(painter: QPainter, shape: int, middle: QPointF, color: QColor) -> None:
    """The sign of a point as the map draws it: a disc, a triangle, a cross."""
    half = SIGN / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    if shape == 0:
        painter.drawEllipse(middle, half, half)
    elif shape == 1:
        corners = [QPointF(0, -half), QPointF(half, half), QPointF(-half, half)]
        painter.drawPolygon(QPolygonF([middle + corner for corner in corners]))
    else:
        painter.setPen(QPen(color, 2.4))
        for x in (-1, 1):
            painter.drawLine(middle - QPointF(x * half * 0.8, half * 0.8), middle + QPointF(x * half * 0.8, half * 0.8))


class MapLegend(QWidget):
    """Shapes first, then colours; what is meant is also the widget's words for screen readers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look: Look | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Legend of the map"))
        theme().changed.connect(self.update)

    def show_look(self, look: Look, title: str) -> None:
        """Explain this look; `title`: what the points are coloured by."""
        self._look = look
        shapes = [self.tr("{0}: {1}").format(self._shape_word(k), verdict_word(v)) for k, v in enumerate(VERDICTS)]
        self.setAccessibleDescription(", ".join([*shapes, title, *look.words]))
        self.updateGeometry()
        self.update()

    def _shape_word(self, shape: int) -> str:
        return (self.tr("disc"), self.tr("triangle"), self.tr("cross"))[shape]

    def _signs(self) -> list[tuple[int, QColor | None, str]]:
        """(shape, colour, word); colour None: the text's own."""
        look = self._look
        if look is None:
            return []
        plain: QColor | None = None
        if look.words == [verdict_word(verdict) for verdict in VERDICTS]:
            return [(k, look.palette[k], word) for k, word in enumerate(look.words)]
        shapes = [(k, plain, verdict_word(verdict)) for k, verdict in enumerate(VERDICTS)]
        if look.ramp:
            return [*shapes, (-1, plain, ""), (0, look.palette[-1], look.words[-1])]
        return [*shapes, *((3, color, word) for color, word in zip(look.palette, look.words, strict=True))]

    def _places(self, width: float) -> list[tuple[QPointF, int, QColor | None, str]]:
        metrics, line = self.fontMetrics(), self.fontMetrics().height() + PAD
        x, y, placed = PAD, line / 2 + 2, []
        for shape, color, word in self._signs():
            wide = RAMP + 30 if shape == -1 else SIGN + 6 + metrics.horizontalAdvance(word)
            if x + wide > width and x > PAD:
                x, y = PAD, y + line
            placed.append((QPointF(x, y), shape, color, word))
            x += wide + GAP
        return placed

    def sizeHint(self) -> QSize:
        places = self._places(max(self.width(), 300))
        line = self.fontMetrics().height() + PAD
        return QSize(300, round((places[-1][0].y() if places else line / 2) + line / 2 + 2))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, text = QPainter(self), QColor(theme().colors.text)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        high = self.fontMetrics().height()
        for at, shape, color, word in self._places(self.width()):
            if shape == -1:
                self._draw_ramp(painter, at, high)
                continue
            if shape == 3:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(color or text)
                painter.drawRoundedRect(QRectF(at.x(), at.y() - SIGN / 2, SIGN, SIGN), 2, 2)
            else:
                draw_sign(painter, shape, at + QPointF(SIGN / 2, 0), color or text)
            painter.setPen(text)
            room = QRectF(at.x() + SIGN + 6, at.y() - high / 2, self.width(), high)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, word)
        painter.end()

    def _draw_ramp(self, painter: QPainter, at: QPointF, high: int) -> None:
        assert self._look is not None
        colors = self._look.palette[:-1]
        ramp = QLinearGradient(at.x() + 12, 0, at.x() + 12 + RAMP, 0)
        for k, color in enumerate(colors):
            ramp.setColorAt(k / (len(colors) - 1), color)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ramp)
        painter.drawRoundedRect(QRectF(at.x() + 12, at.y() - SIGN / 2, RAMP, SIGN), 2, 2)
        painter.setPen(QColor(theme().colors.text))
        for x, word in ((at.x(), "0"), (at.x() + RAMP + 16, "1")):
            painter.drawText(QRectF(x, at.y() - high / 2, 14, high), Qt.AlignmentFlag.AlignVCenter, word)
