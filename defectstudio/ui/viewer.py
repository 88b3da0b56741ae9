"""The viewer: the canvas with mouse and keys, what lies under the cursor, notes, and whatever tool is in the hand."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from defectstudio.domain.labels import Note
from defectstudio.ui.canvas import Canvas, Display
from defectstudio.ui.masks import MaskPicture
from defectstudio.ui.minimap import MiniMap
from defectstudio.ui.picture import Picture
from defectstudio.ui.theme import theme
from defectstudio.ui.view import View

__all__ = ["Display", "Hand", "Pointer", "Reading", "Viewer"]

WHEEL_STEP = 1.25
HELD_FROM_MS = 300
READING_EVERY_MS, READING_IN_HAND_MS = 40, 160
JUST_NOW_S = 0.1
PIN = 18


@dataclass(frozen=True, slots=True)
class Reading:
    """What lies under the cursor: image pixel, its values (None while only a coarser level is there), label, heat."""

    row: int
    column: int
    value: tuple[int, ...] | None
    label: int | None
    heat: float | None


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the mouse is: image point (x, y), which may lie outside, screen pixels per image pixel, keys held."""

    x: float
    y: float
    scale: float
    alt: bool = False
    shift: bool = False
    control: bool = False

    @property
    def at(self) -> tuple[float, float]:
        return self.x, self.y


class Hand(Protocol):
    """What the left button does. `press` answers whether it takes the drag; otherwise the drag pans."""

    def press(self, at: Pointer) -> bool: ...
    def drag(self, at: Pointer) -> None: ...
    def release(self, at: Pointer) -> None: ...
    def hover(self, at: Pointer | None) -> None: ...
    def double_click(self, at: Pointer) -> bool: ...
    def wheel(self, at: Pointer, notches: float) -> bool: ...
    def wants_key(self, key: int) -> bool: ...
    def key(self, key: int) -> bool: ...
    def alt(self, held: bool) -> None: ...
    def settle(self) -> None: ...
    def draw(self, painter: QPainter, view: View, dirty: QRect) -> None: ...
    @property
    def cursor(self) -> Qt.CursorShape: ...


class Viewer(Canvas):
    """Shows one picture. Wheel zooms about the cursor; the middle button, or Space and any button, pans."""

    hovered = Signal(object)
    """A `Reading`, or None when the cursor left the image."""
    note_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hand: Hand | None = None
        self.zoom_with_control = False
        self.selection: MaskPicture | None = None
        self._notes: Sequence[Note] = ()
        self._cross: tuple[float, float] | None = None
        self._space_held = False
        self._in_hand = False
        self._dragged_from: QPointF | None = None
        self._key_down_at = 0.0
        self._hovered_at: QPointF | None = None
        self._reading_timer = QTimer(self, singleShot=True, interval=READING_EVERY_MS)
        self._reading_timer.timeout.connect(self._tell_last_reading)
        self._peek_timer = QTimer(self, singleShot=True, interval=HELD_FROM_MS)
        self._peek_timer.timeout.connect(lambda: self.set_display(peek=True))
        self.minimap = MiniMap(self)

    def show_picture(self, picture: Picture | None, hint: str = "") -> None:
        self.settle()
        self.selection, self._notes = None, ()
        super().show_picture(picture, hint)
        self.minimap.refresh()

    def settle(self) -> None:
        """Let a stroke that is under way be committed."""
        if self.hand is not None:
            self.hand.settle()
        self._in_hand = False

    def show_selection(self, mask: MaskPicture | None) -> None:
        """Mark a region as chosen."""
        for one in (self.selection, mask):
            if one is not None:
                self.touch(one.box)
        self.selection = mask

    def show_notes(self, notes: Sequence[Note]) -> None:
        """Show numbered pins for the notes that have a spot."""
        self._notes = notes
        self.update()

    def show_cross(self, at: tuple[float, float] | None) -> None:
        """Mark an image point (x, y): where the cursor is in the linked viewer."""
        for point in (self._cross, at):
            if point is not None:
                x, y = self.view.to_screen(*point)
                self.update(QRect(int(x) - 13, int(y) - 13, 27, 27))
        self._cross = at

    def hold_to_peek(self) -> None:
        """A command that hides overlays has run: where a key did it, holding it on lifts all of them for so long."""
        if time.monotonic() - self._key_down_at < JUST_NOW_S:
            self._peek_timer.start()

    @property
    def in_hand(self) -> bool:
        """Whether a tool is drawing with the button down."""
        return self._in_hand

    def reading(self, point: QPointF) -> Reading | None:
        """What lies under a point of the widget."""
        picture = self.picture
        if picture is None:
            return None
        x, y = self.view.to_image(point.x(), point.y())
        if not (0 <= x < picture.shape[1] and 0 <= y < picture.shape[0]):
            return None
        row, column = int(y), int(x)
        label = None if self._labels is None else int(self._labels.labels[row, column])
        heat = None if self._heat is None else self._heat.at(x, y)
        return Reading(row, column, self._value(picture, row, column), label, heat)

    def _value(self, picture: Picture, row: int, column: int) -> tuple[int, ...] | None:
        if picture.first == 0:
            found = picture.levels[0][row, column]
        elif self._detail is not None and self._detail.wish.level == 0:
            row, column = row - self._detail.wish.box.top, column - self._detail.wish.box.left
            high, wide = self._detail.wish.box.shape
            if not (0 <= row < high and 0 <= column < wide):
                return None
            found = self._detail.pixels[row, column]
        else:
            return None
        return tuple(int(value) for value in np.atleast_1d(found))

    def paint_over(self, painter: QPainter, dirty: QRect) -> None:
        painter.setClipRect(dirty)
        if not self.display.peek:
            if self.selection is not None:
                self.selection.draw(painter, self.view, dirty)
            self._paint_pins(painter, dirty)
        if self.hand is not None:
            self.hand.draw(painter, self.view, dirty)
        if self._cross is not None:
            self._paint_cross(painter, *self.view.to_screen(*self._cross))
        painter.setClipping(False)

    def _paint_cross(self, painter: QPainter, x: float, y: float) -> None:
        for color, width in ((QColor(0, 0, 0, 180), 3.0), (QColor("white"), 1.2)):
            painter.setPen(QPen(color, width))
            for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                painter.drawLine(QPointF(x + 3 * dx, y + 3 * dy), QPointF(x + 10 * dx, y + 10 * dy))

    def _pin(self, note: Note) -> QRectF | None:
        """Where the pin of a note stands: above its spot."""
        if note.at is None:
            return None
        x, y = self.view.to_screen(note.at[1] + 0.5, note.at[0] + 0.5)
        return QRectF(x - PIN / 2, y - PIN - 5, PIN, PIN)

    def _paint_pins(self, painter: QPainter, dirty: QRect) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for note in self._notes:
            place = self._pin(note)
            if place is None or not place.adjusted(-2, -2, 2, 8).intersects(QRectF(dirty)):
                continue
            colors = theme().colors
            painter.setPen(QPen(QColor(colors.accent_text), 1.5))
            painter.setBrush(QColor(colors.accent))
            tip = QPointF(place.center().x(), place.bottom() + 5)
            painter.drawPolygon([tip, tip + QPointF(-4, -8), tip + QPointF(4, -8)])
            painter.drawEllipse(place)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(note.number))

    def pointer(self, point: QPointF, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> Pointer:
        """A point of the widget with the keys held."""
        x, y = self.view.to_image(point.x(), point.y())
        keys = Qt.KeyboardModifier
        return Pointer(
            round(x, 6),  # or a corner that lies on the edge of a pixel would fall to either side of it
            round(y, 6),
            self.view.scale,
            bool(held & keys.AltModifier),
            bool(held & keys.ShiftModifier),
            bool(held & keys.ControlModifier),
        )

    def _pointer(self, event: QMouseEvent) -> Pointer:
        return self.pointer(event.position(), event.modifiers())

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Some systems turn the wheel sideways while Alt is held.
        notches = (event.angleDelta().y() or event.angleDelta().x()) / 120
        at = self.pointer(event.position(), event.modifiers())
        event.accept()
        if self.picture is not None and self.hand is not None and self.hand.wheel(at, notches):
            return
        if self.zoom_with_control and not at.control:
            delta = event.angleDelta()
            self.move_to(self.view.panned(delta.x() / 2, delta.y() / 2))
        else:
            self.zoom_by(WHEEL_STEP**notches, event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        left = event.button() is Qt.MouseButton.LeftButton
        if event.button() is Qt.MouseButton.MiddleButton or self._space_held:
            self._grab(event.position())
        elif left and self.picture is not None and not self._clicks_pin(event.position()):
            self._in_hand = self.hand is not None and self.hand.press(self._pointer(event))
            if not self._in_hand:
                self._grab(event.position())

    def _clicks_pin(self, point: QPointF) -> bool:
        for note in self._notes:
            place = self._pin(note)
            if place is not None and place.contains(point):
                self.note_clicked.emit(note.number)
                return True
        return False

    def _grab(self, point: QPointF) -> None:
        self._dragged_from = point
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged_from is not None:
            moved = event.position() - self._dragged_from
            self._dragged_from = event.position()
            self.move_to(self.view.panned(moved.x(), moved.y()))
        elif self.hand is not None and self.picture is not None:
            (self.hand.drag if self._in_hand else self.hand.hover)(self._pointer(event))
        self._tell_reading(event.position())

    def _tell_reading(self, point: QPointF) -> None:
        """Say what lies under the cursor: at once, but not again before a moment has passed."""
        self._hovered_at = point
        if not self._reading_timer.isActive():
            # A stroke must not wait for words in the status bar.
            self._reading_timer.start(READING_IN_HAND_MS if self._in_hand else READING_EVERY_MS)
            self.hovered.emit(self.reading(point))
            self._hovered_at = None

    def _tell_last_reading(self) -> None:
        point = self._hovered_at
        if point is not None:
            self._tell_reading(point)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._in_hand and event.button() is Qt.MouseButton.LeftButton:
            self._in_hand = False
            if self.hand is not None:
                self.hand.release(self._pointer(event))
        elif self._dragged_from is not None:
            self._dragged_from = None
        self.show_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.picture is not None:
            self._in_hand = self.hand is not None and self.hand.double_click(self._pointer(event))
            if not self._in_hand:
                self.fit()

    def show_cursor(self) -> None:
        """The cursor of the tool in the hand, or an open hand while Space is held."""
        if self._space_held:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.setCursor(self.hand.cursor if self.hand is not None else Qt.CursorShape.ArrowCursor)

    def event(self, event: QEvent) -> bool:
        # Keys that the tool in the hand needs right now are no shortcuts.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            self._key_down_at = time.monotonic()
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if plain and self.hand is not None and self.hand.wants_key(event.key()):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space_held = True
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif event.key() == Qt.Key.Key_Alt and self.hand is not None:
            self.hand.alt(True)
        elif self.hand is None or not self.hand.key(event.key()):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            return
        self._end_peek()
        if event.key() == Qt.Key.Key_Space:
            self._let_go_of_space()
        elif event.key() == Qt.Key.Key_Alt and self.hand is not None:
            self.hand.alt(False)
        else:
            super().keyReleaseEvent(event)

    def _end_peek(self) -> None:
        """A key that was held for long had lifted the overlays for that time only."""
        self._peek_timer.stop()
        if self.display.peek:
            self.set_display(peek=False, labels=not self.display.labels)

    def _let_go_of_space(self) -> None:
        self._space_held = False
        self._dragged_from = None
        self.show_cursor()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.settle()
        self._end_peek()
        self._let_go_of_space()
        super().focusOutEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        if self.hand is not None:
            self.hand.hover(None)
        self._hovered_at = None
        self.hovered.emit(None)
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.minimap.refresh()

    def _view_moved(self) -> None:
        super()._view_moved()
        self.minimap.refresh()

    def set_display(self, **changes: Any) -> None:
        super().set_display(**changes)
        self.minimap.refresh()
