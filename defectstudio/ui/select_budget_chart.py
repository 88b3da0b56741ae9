"""A figure against the number of masks: one point a run with its interval, the fitted curve with its band."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from defectstudio.app.selection_models import Budget, BudgetPoint
from defectstudio.ui.theme import theme
from defectstudio.ui.ticks import linear_ticks
from defectstudio.ui.translations import decimal, number

LEFT, RIGHT, TOP, BOTTOM = 46.0, 10.0, 8.0, 36.0
HEIGHT = 250
BOX_PAD = 6.0
CAP = 3.0


@dataclass(frozen=True, slots=True)
class Field:
    """Where values lie in the widget: masks from left to right, the figure (0..1) from bottom to top."""

    area: QRectF
    most: float
    low: float
    high: float

    def at(self, masks: float, value: float) -> QPointF:
        x = self.area.left() + masks / self.most * self.area.width()
        share = (value - self.low) / (self.high - self.low)
        return QPointF(x, self.area.bottom() - min(max(share, 0.0), 1.0) * self.area.height())


def field_of(budget: Budget, area: QRectF) -> Field:
    """Axes that hold all points with their intervals, and the curve; never finer than two percent from end to end."""
    values = [v for p in budget.points for v in (p.value, p.low, p.high) if v is not None]
    masks = [float(p.masks) for p in budget.points]
    if budget.line is not None:
        values += budget.line.value
        masks += budget.line.masks
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    step = max((high - low) / 8, 0.0025)
    low, high = max(0.0, math.floor((low - step) * 50) / 50), min(1.0, math.ceil((high + step) * 50) / 50)
    return Field(area, max([*masks, 1.0]), low, max(high, low + 0.02))


class BudgetChart(QWidget):
    """The mouse, or Left and Right, reads one point."""

    pointed = Signal(object)
    """The `BudgetPoint` that is read, or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.budget: Budget | None = None
        self.read_at: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Figure against number of masks"))
        self.setToolTip(self.tr("Point at a training to read its figure, or use Left and Right."))
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(280, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, HEIGHT)

    def show_budget(self, budget: Budget | None) -> None:
        """Draw this; None for an empty field."""
        self.budget = budget
        self.read(None)
        self.update()

    @property
    def points(self) -> list[BudgetPoint]:
        """The points from left to right."""
        return sorted(self.budget.points, key=lambda p: p.masks) if self.budget is not None else []

    def read(self, place: int | None) -> None:
        """Show the figure of one point; None for none."""
        self.read_at = place
        point = None if place is None else self.points[place]
        self.setAccessibleDescription("" if point is None else self.words(point))
        self.pointed.emit(point)
        self.update()

    def words(self, point: BudgetPoint) -> str:
        """One point as people read it."""
        masks = self.tr("%Ln mask(s)", "", point.masks)
        value = f"{decimal(100 * point.value, 1)} %"
        if point.low is not None and point.high is not None:
            value += f" ({decimal(100 * point.low, 1)}–{decimal(100 * point.high, 1)})"
        return f"{point.name or point.run}: {masks}, {value}"

    def _field(self) -> Field | None:
        area = QRectF(self.rect()).adjusted(LEFT, TOP, -RIGHT, -BOTTOM)
        return field_of(self.budget, area) if self.budget is not None else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        field = self._field()
        if field is None or not self.points:
            return
        gaps = [QPointF.dotProduct(d, d) for p in self.points for d in (field.at(p.masks, p.value) - event.position(),)]
        self.read(gaps.index(min(gaps)))

    def leaveEvent(self, _event: QEvent) -> None:
        self.read(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not self.points:
            super().keyPressEvent(event)
            return
        last = len(self.points) - 1
        self.read(last if self.read_at is None else min(max(self.read_at + step, 0), last))

    # Painting.

    def paintEvent(self, _event: QPaintEvent) -> None:
        field = self._field()
        if field is None or self.budget is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = self.font()
        font.setPointSizeF(max(7.0, font.pointSizeF() - 1.5))
        painter.setFont(font)
        self._draw_axes(painter, field)
        self._draw_fit(painter, field)
        self._draw_points(painter, field)
        if self.read_at is not None:
            self._draw_reading(painter, field, self.points[self.read_at])
        painter.end()

    def _draw_axes(self, painter: QPainter, field: Field) -> None:
        colors, metrics, area = theme().colors, QFontMetricsF(painter.font()), field.area
        digits = 0 if field.high - field.low > 0.04 else 1
        for value in linear_ticks(field.low, field.high, max(2, int(area.height() / 36))):
            y = field.at(0, value).y()
            painter.setPen(QPen(QColor(colors.border), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(colors.muted))
            place = QRectF(0, y - metrics.height() / 2, LEFT - 6, metrics.height())
            painter.drawText(
                place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{decimal(100 * value, digits)} %"
            )
        painter.setPen(QPen(QColor(colors.control_border), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setPen(QColor(colors.muted))
        for value in linear_ticks(0, field.most, max(2, int(area.width() / 60))):
            x = min(field.at(value, 0).x(), self.width() - 16)
            place = QRectF(x - 30, area.bottom() + 2, 60, metrics.height())
            if value == int(value):
                painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, number(int(value)))
        below = QRectF(area.left(), area.bottom() + metrics.height() + 2, area.width(), metrics.height() + 2)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, self.tr("masks"))

    def _draw_fit(self, painter: QPainter, field: Field) -> None:
        line = self.budget.line if self.budget is not None else None
        if line is None:
            return
        accent = QColor(theme().colors.accent)
        upper = [field.at(n, v) for n, v in zip(line.masks, line.high, strict=True)]
        lower = [field.at(n, v) for n, v in zip(line.masks, line.low, strict=True)]
        band = QColor(accent)
        band.setAlpha(46)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(band)
        painter.drawPolygon(QPolygonF([*upper, *reversed(lower)]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        fitted = [field.at(n, v) for n, v in zip(line.masks, line.value, strict=True)]
        known = bisect_left(line.masks, max(p.masks for p in self.points)) + 1
        painter.setPen(QPen(accent, 2))
        painter.drawPolyline(QPolygonF(fitted[:known]))
        painter.setPen(QPen(accent, 2, Qt.PenStyle.DotLine))  # beyond the masks there are it is a guess
        painter.drawPolyline(QPolygonF(fitted[known - 1 :]))

    def _draw_points(self, painter: QPainter, field: Field) -> None:
        text = QColor(theme().colors.text)
        for place, point in enumerate(self.points):
            spot = field.at(point.masks, point.value)
            painter.setPen(QPen(text, 1.2))
            if point.low is not None and point.high is not None:
                top, foot = field.at(point.masks, point.high), field.at(point.masks, point.low)
                painter.drawLine(top, foot)
                for end in (top, foot):
                    painter.drawLine(end - QPointF(CAP, 0), end + QPointF(CAP, 0))
            painter.setBrush(QColor(theme().colors.accent) if place == self.read_at else text)
            painter.drawEllipse(spot, 3.5, 3.5)

    def _draw_reading(self, painter: QPainter, field: Field, point: BudgetPoint) -> None:
        colors, metrics = theme().colors, QFontMetricsF(painter.font())
        name, _, rest = self.words(point).partition(": ")
        lines = [metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, field.area.width() * 0.7), rest]
        wide = max(metrics.horizontalAdvance(line) for line in lines) + 2 * BOX_PAD
        spot = field.at(point.masks, point.value)
        left = min(max(spot.x() - wide / 2, field.area.left()), self.width() - wide - 2)
        high = 2 * metrics.lineSpacing() + 2 * BOX_PAD
        below = spot.y() + 12 + high < field.area.bottom()
        box = QRectF(left, spot.y() + 12 if below else max(spot.y() - 12 - high, 0), wide, high)
        painter.setPen(QPen(QColor(colors.control_border), 1))
        painter.setBrush(QColor(colors.surface))
        painter.drawRoundedRect(box, 5, 5)
        painter.setPen(QColor(colors.text))
        for row, line in enumerate(lines):
            y = box.top() + BOX_PAD + metrics.ascent() + row * metrics.lineSpacing()
            painter.drawText(QPointF(box.left() + BOX_PAD, y), line)
