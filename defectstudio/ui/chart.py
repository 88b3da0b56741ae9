"""A small chart: panes one above the other over a common axis, drawn by the painter alone.

Written for the hand's sake: three plots of pyqtgraph take 28 ms to bring up to date (median, 41 ms at the 95th
percentile, offscreen on two cores), which a stroke that is drawn at that moment would feel.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from defectstudio.ui.theme import theme
from defectstudio.ui.ticks import linear_ticks, log_ticks, short, wants_log
from defectstudio.ui.translations import decimal

Points = Sequence[tuple[float, float]]
LEFT, RIGHT, BOTTOM, GAP = 44.0, 8.0, 20.0, 8.0
MOST_DOTS = 40
BOX_PAD = 6.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a pane: its key in the figures, its word in the legend, colours on light and dark, dash."""

    key: str
    word: str
    light: str
    dark: str
    dash: Qt.PenStyle = Qt.PenStyle.SolidLine
    percent: bool = False

    @property
    def color(self) -> QColor:
        return QColor(self.dark if theme().colors.dark else self.light)

    def said(self, value: float) -> str:
        """A value of this line as people read it."""
        return f"{decimal(100 * value, 1)} %" if self.percent else short(value)


@dataclass(frozen=True, slots=True)
class Pane:
    """Lines that share a vertical axis; `height` in logical pixels."""

    lines: tuple[Line, ...]
    height: int
    log: bool = False
    """Logarithmic always; otherwise only where the values span much."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Values to places from the bottom (0) to the top (1) of a pane."""

    low: float
    high: float
    log: bool

    @classmethod
    def of(cls, pane: Pane, values: list[float]) -> Scale:
        """A scale that holds these values."""
        positive = [value for value in values if value > 0]
        if positive and (pane.log or wants_log(values)):
            low, high = min(positive), max(positive)
            return cls(low / 1.15, high * 1.15, True) if high > low else cls(low / 2, high * 2, True)
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        if any(line.percent for line in pane.lines):
            return cls(min(math.floor(low * 10 - 1e-9) / 10, 0.9), 1.0, False)
        return cls(min(low, 0.0), high * 1.08 if high > 0 else 1.0, False)

    def place(self, value: float) -> float:
        """Where a value stands; what a logarithmic axis cannot show lies at its foot."""
        if not self.log:
            return (value - self.low) / (self.high - self.low)
        return math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)

    def ticks(self, most: int) -> list[float]:
        return log_ticks(self.low, self.high, most) if self.log else linear_ticks(self.low, self.high, most)


class Chart(QWidget):
    """Shows points by line; the mouse, or Left and Right, reads the values at one place of the axis."""

    pointed = Signal(object)
    """The place on the axis that is read, or None."""

    def __init__(self, panes: Sequence[Pane], axis: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panes, self.axis = tuple(panes), axis
        self.points: dict[str, list[tuple[float, float]]] = {}
        self.read_at: float | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def show_points(self, points: Mapping[str, Points]) -> None:
        """Draw these points by line, each in the order of the axis; panes without any take no room."""
        before = self.shown
        self.points = {key: list(row) for key, row in points.items() if row}
        if self.shown != before:
            self.updateGeometry()
        self.update()

    @property
    def shown(self) -> list[Pane]:
        """The panes that have something to show; the first stands there always."""
        some = [pane for pane in self.panes if any(line.key in self.points for line in pane.lines)]
        return some or [self.panes[0]]

    def sizeHint(self) -> QSize:
        panes = sum(pane.height for pane in self.shown)
        return QSize(260, round(panes + (len(self.shown) - 1) * GAP + BOTTOM))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    # The axis.

    @property
    def places(self) -> list[float]:
        """All places of the axis that have a value."""
        return sorted({x for row in self.points.values() for x, _ in row})

    def _span(self) -> tuple[float, float]:
        places = self.places
        return (places[0], max(places[-1], places[0] + 1)) if places else (0.0, 1.0)

    def _x(self, place: float) -> float:
        low, high = self._span()
        return LEFT + (place - low) / (high - low) * (self.width() - LEFT - RIGHT)

    def read(self, place: float | None) -> None:
        """Show the values at a place of the axis; None for none."""
        if place != self.read_at:
            self.read_at = place
            self.setAccessibleDescription(", ".join(self.reading()))
            self.pointed.emit(place)
            self.update()

    def reading(self) -> list[str]:
        """The axis and every line's value at the place that is read, in words."""
        if self.read_at is None:
            return []
        values = [
            f"{line.word} {line.said(value)}"
            for pane in self.shown
            for line in pane.lines
            for x, value in self.points.get(line.key, ())
            if x == self.read_at
        ]
        return [f"{self.axis} {short(self.read_at)}", *values]

    def _nearest(self, x: float) -> float | None:
        places = self.places
        return min(places, key=lambda place: abs(self._x(place) - x)) if places else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.read(self._nearest(event.position().x()))

    def leaveEvent(self, _event: QEvent) -> None:
        self.read(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        places, step = self.places, {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not places:
            super().keyPressEvent(event)
            return
        at = len(places) - 1 if self.read_at is None else bisect_left(places, self.read_at) + step
        self.read(places[min(max(at, 0), len(places) - 1)])

    # Painting.

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._small())
        top = 0.0
        for pane in self.shown:
            self._draw_pane(painter, pane, QRectF(LEFT, top, self.width() - LEFT - RIGHT, pane.height))
            top += pane.height + GAP
        self._draw_axis(painter, top - GAP)
        if self.read_at is not None:
            self._draw_reading(painter)
        painter.end()

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(max(7.0, font.pointSizeF() - 1.5))
        return font

    def _draw_pane(self, painter: QPainter, pane: Pane, area: QRectF) -> None:
        colors, metrics = theme().colors, QFontMetricsF(painter.font())
        head = metrics.height() + 4
        self._draw_legend(painter, pane, area, head)
        field = area.adjusted(0, head, 0, 0)
        scale = Scale.of(pane, [value for line in pane.lines for _, value in self.points.get(line.key, ())])
        percent = any(line.percent for line in pane.lines)
        for value in scale.ticks(max(2, int(field.height() / 30))):
            y = field.bottom() - scale.place(value) * field.height()
            painter.setPen(QPen(QColor(colors.border), 1))
            painter.drawLine(QPointF(field.left(), y), QPointF(field.right(), y))
            painter.setPen(QColor(colors.muted))
            text = f"{round(100 * value)} %" if percent else short(value)
            place = QRectF(0, y - metrics.height() / 2, LEFT - 6, metrics.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        for line in pane.lines:
            self._draw_line(painter, line, scale, field)

    def _draw_legend(self, painter: QPainter, pane: Pane, area: QRectF, head: float) -> None:
        metrics, x = QFontMetricsF(painter.font()), area.left()
        for line in pane.lines:
            if line.key not in self.points:
                continue
            middle = area.top() + head / 2
            painter.setPen(QPen(line.color, 2, line.dash))
            painter.drawLine(QPointF(x, middle), QPointF(x + 16, middle))
            painter.setPen(QColor(theme().colors.text))
            wide = metrics.horizontalAdvance(line.word)
            painter.drawText(QRectF(x + 20, area.top(), wide + 2, head), Qt.AlignmentFlag.AlignVCenter, line.word)
            x += wide + 34

    def _draw_line(self, painter: QPainter, line: Line, scale: Scale, field: QRectF) -> None:
        row = self.points.get(line.key, [])
        spots = [QPointF(self._x(x), field.bottom() - scale.place(y) * field.height()) for x, y in row]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(line.color, 1.8, line.dash))
        painter.drawPolyline(QPolygonF(spots))
        if len(spots) <= MOST_DOTS:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(line.color)
            for spot in spots:
                painter.drawEllipse(spot, 2.0, 2.0)

    def _draw_axis(self, painter: QPainter, top: float) -> None:
        colors, (low, high) = theme().colors, self._span()
        painter.setPen(QPen(QColor(colors.control_border), 1))
        painter.drawLine(QPointF(LEFT, top), QPointF(self.width() - RIGHT, top))
        painter.setPen(QColor(colors.muted))
        metrics = QFontMetricsF(painter.font())
        painter.drawText(QRectF(0, top + 3, LEFT - 6, BOTTOM), Qt.AlignmentFlag.AlignRight, self.axis)
        if not self.points:
            return
        for value in linear_ticks(low, high, max(2, int((self.width() - LEFT) / 60))):
            if value == int(value):
                wide = metrics.horizontalAdvance(short(value))
                x = min(max(self._x(value), LEFT + wide / 2), self.width() - wide / 2)
                painter.drawText(QRectF(x - 30, top + 3, 60, BOTTOM), Qt.AlignmentFlag.AlignHCenter, short(value))

    def _draw_reading(self, painter: QPainter) -> None:
        colors, metrics, words = theme().colors, QFontMetricsF(painter.font()), self.reading()
        x, top = self._x(self.read_at or 0.0), 0.0
        painter.setPen(QPen(QColor(colors.accent), 1))
        for pane in self.shown:
            painter.drawLine(QPointF(x, top + metrics.height() + 4), QPointF(x, top + pane.height))
            top += pane.height + GAP
        wide = max(metrics.horizontalAdvance(word) for word in words) + 2 * BOX_PAD
        left = x + 8 if x + 8 + wide < self.width() else x - 8 - wide
        box = QRectF(left, metrics.height() + 6, wide, len(words) * metrics.lineSpacing() + 2 * BOX_PAD)
        painter.setPen(QPen(QColor(colors.control_border), 1))
        painter.setBrush(QColor(colors.surface))
        painter.drawRoundedRect(box, 5, 5)
        painter.setPen(QColor(colors.text))
        for number, word in enumerate(words):
            at = QPointF(box.left() + BOX_PAD, box.top() + BOX_PAD + metrics.ascent() + number * metrics.lineSpacing())
            painter.drawText(at, word)
