"""The timeline of a replay: a lane of ticks for each kind of step, flags for rounds and runs, and where one stands.

It is a slider: a click jumps, dragging scrubs, and screen readers say the step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QToolTip, QWidget

from defectstudio.app.playback import ANSWERED, IMPORTED, JUDGED, LABELLED, OTHER, RUN, TAGGED, Mark, Steps
from defectstudio.ui.replay_words import lane_word, mark_said, mark_short
from defectstudio.ui.theme import theme

LANES: tuple[tuple[int, ...], ...] = ((TAGGED,), (LABELLED,), (ANSWERED,), (JUDGED,), (IMPORTED, RUN, OTHER))
LANE, FLAGS, PAD, GAP = 14, 20, 8, 10
LEAST_WORD = 60
"""Screen pixels below which a word on a flag is left out rather than cut."""
CATCH = 6
"""So many screen pixels beside a flag still mean it."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A mark with its place on the screen; `text` "" where there is no room for it."""

    mark: Mark
    x: float
    text: str


def _mask(lane: tuple[int, ...]) -> int:
    """A lane's kinds of steps as bits."""
    return sum(1 << kind for kind in lane)


class Timeline(QAbstractSlider):
    """Its value is the step; `valueChanged` tells of a jump by mouse or key, and of nothing else."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setAccessibleName(self.tr("Timeline: the step that is shown"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setSingleStep(1)
        self._bits: NDArray[np.uint8] = np.zeros(0, np.uint8)
        self._lanes: list[tuple[int, ...]] = []
        self._marks: Sequence[Mark] = ()
        self._drawn: QPixmap | None = None
        self._flags: list[Flag] = []
        theme().changed.connect(self._forget)

    def _forget(self) -> None:
        self._drawn = None
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, FLAGS + LANE * max(1, len(self._lanes)) + PAD)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    # What is shown.

    def show_steps(self, steps: Steps | None, first: int, last: int, marks: Sequence[Mark]) -> None:
        """Steps `first` to `last` (counted from 1) of a journal; the slider may stand before the first of them too."""
        kinds = np.zeros(0, np.uint8) if steps is None else steps.kinds[first - 1 : last]
        self._bits = np.left_shift(np.uint8(1), kinds)
        there = int(np.bitwise_or.reduce(self._bits))
        self._lanes = [lane for lane in LANES if there & _mask(lane)]
        self._marks = [mark for mark in marks if first - 1 <= mark.step <= last]
        self.blockSignals(True)
        self.setRange(max(first - 1, 0), max(last, 0))
        self.setPageStep(max(1, (last - first) // 20))
        self.blockSignals(False)
        self.updateGeometry()
        self._forget()

    def show_step(self, step: int) -> None:
        """Stand at a step; tells nobody."""
        self.blockSignals(True)
        self.setValue(step)
        self.blockSignals(False)
        self.update()

    # Where things lie.

    @property
    def _left(self) -> float:
        words = [self.fontMetrics().horizontalAdvance(lane_word(lane[0])) for lane in self._lanes]
        return PAD + max(words, default=0) + GAP

    def x_of(self, step: float) -> float:
        """Where a step stands on the screen."""
        span = max(1, self.maximum() - self.minimum())
        return self._left + (step - self.minimum()) / span * (self.width() - self._left - 2 * PAD)

    def step_at(self, x: float) -> int:
        """The step nearest to a place on the screen."""
        room = max(1.0, self.width() - self._left - 2 * PAD)
        at = self.minimum() + (x - self._left) / room * (self.maximum() - self.minimum())
        return min(max(round(at), self.minimum()), self.maximum())

    def _flag_at(self, point: QPointF) -> Flag | None:
        if point.y() > FLAGS:
            return None
        near = [flag for flag in self._flags if abs(flag.x - point.x()) <= CATCH]
        return min(near, key=lambda flag: abs(flag.x - point.x()), default=None)

    # Painting.

    def paintEvent(self, _event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        size = QSize(round(self.width() * ratio), round(self.height() * ratio))
        if self._drawn is None or self._drawn.size() != size:
            self._drawn = QPixmap(size)
            self._drawn.setDevicePixelRatio(ratio)
            self._draw_all(self._drawn)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._drawn)
        self._draw_head(painter)
        painter.end()

    def _draw_all(self, onto: QPixmap) -> None:
        """What changes with the part alone: a journal of a million steps is drawn once."""
        colors = theme().colors
        onto.fill(QColor(colors.surface))
        painter = QPainter(onto)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ticks = self._ticks()
        for number, lane in enumerate(self._lanes):
            self._draw_lane(painter, number, lane, ticks)
        self._flags = self._placed_flags()
        for flag in self._flags:
            self._draw_flag(painter, flag)
        painter.end()

    def _ticks(self) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
        """Where there are steps on the screen, and the bits of the kinds of steps at each place."""
        count, room = len(self._bits), self.x_of(self.maximum()) - self._left
        places = min(count, max(int(room), 1))  # neighbours that fall together are drawn as one
        edges = np.arange(places + 1) * count // max(places, 1)
        kinds = np.bitwise_or.reduceat(self._bits, edges[:-1]) if places else self._bits
        return np.round(self._left + edges[1:] / max(1, count) * room), kinds

    def _draw_lane(
        self,
        painter: QPainter,
        number: int,
        lane: tuple[int, ...],
        ticks: tuple[NDArray[np.float64], NDArray[np.uint8]],
    ) -> None:
        colors, top = theme().colors, FLAGS + number * LANE
        painter.setPen(QColor(colors.muted))
        words = QRectF(PAD, top, self._left - PAD - GAP, LANE)
        painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, lane_word(lane[0]))
        painter.setPen(QPen(QColor(colors.border), 1))
        middle = top + LANE / 2
        painter.drawLine(QLineF(self._left, middle, self.width() - 2 * PAD, middle))
        places = ticks[0][(ticks[1] & _mask(lane)) > 0]
        painter.setPen(QPen(QColor(colors.accent), 1.4))
        painter.drawLines([QLineF(x, top + 2, x, top + LANE - 3) for x in places.tolist()])

    def _placed_flags(self) -> list[Flag]:
        """Flags from left to right, with words where the next flag leaves room for them."""
        metrics, flags = QFontMetrics(self.font()), []
        places = [self.x_of(mark.step) for mark in self._marks]
        ends = [*places[1:], float(self.width() - PAD)][: len(places)]
        for mark, x, end in zip(self._marks, places, ends, strict=True):
            word, room = mark_short(mark), int(end - x) - 14
            fits = metrics.horizontalAdvance(word) <= room or room >= LEAST_WORD
            flags.append(Flag(mark, x, metrics.elidedText(word, Qt.TextElideMode.ElideRight, room) if fits else ""))
        return flags

    def _draw_flag(self, painter: QPainter, flag: Flag) -> None:
        colors = theme().colors
        tone = QColor(colors.warning if flag.mark.kind == "round" else colors.good)
        painter.setPen(QPen(tone, 1, Qt.PenStyle.DotLine))
        painter.drawLine(QLineF(flag.x, 12, flag.x, self.height() - PAD))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tone)
        if flag.mark.kind == "round":
            painter.drawEllipse(QPointF(flag.x, 10), 4, 4)
        else:
            corners = ((0, -5), (5, 0), (0, 5), (-5, 0))
            painter.drawPolygon(QPolygonF([QPointF(flag.x + dx, 10 + dy) for dx, dy in corners]))
        painter.setPen(QColor(colors.text))
        painter.drawText(QRectF(flag.x + 8, 0, 400, FLAGS), Qt.AlignmentFlag.AlignVCenter, flag.text)

    def _draw_head(self, painter: QPainter) -> None:
        colors, x = theme().colors, self.x_of(self.value())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colors.text), 2))
        painter.drawLine(QLineF(x, FLAGS - 4, x, self.height() - 3))
        painter.setBrush(QColor(colors.text))
        painter.drawPolygon(QPolygonF([QPointF(x - 5, FLAGS - 7), QPointF(x + 5, FLAGS - 7), QPointF(x, FLAGS + 1)]))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colors.accent), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)

    # Mouse.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            flag = self._flag_at(event.position())
            self.setSliderPosition(self.step_at(event.position().x()) if flag is None else flag.mark.step)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderPosition(self.step_at(event.position().x()))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            flag = self._flag_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if flag is None else mark_said(flag.mark), self)
            return True
        return super().event(event)
