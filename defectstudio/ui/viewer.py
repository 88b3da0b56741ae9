"""The canvas: one image with its label map and heat map, zoomed and panned.

Painted by hand, so that a change of a few label pixels repaints those pixels and nothing else. The canvas holds values
only; who loads them, and what a click means, is decided outside.
"""

from __future__ import annotations

from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from defectstudio.domain.labels import Box, DefectClass, LabelMap
from defectstudio.ui.display import IDENTITY, Mapping, render
from defectstudio.ui.overlay import HeatOverlay, LabelOverlay, draw_picture
from defectstudio.ui.picture import Detail, Picture, wish_for
from defectstudio.ui.theme import theme
from defectstudio.ui.view import View, fitted

WHEEL_STEP = 1.25
CRISP_FROM = 2.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What lies under the cursor: image pixel, its values (None while only a coarser level is there), label, heat."""

    row: int
    column: int
    value: tuple[int, ...] | None
    label: int | None
    heat: float | None


@dataclass(frozen=True, slots=True)
class Display:
    """How to show: `levels` None means automatic contrast. Opacities 0..1."""

    levels: Mapping | None = IDENTITY
    labels: bool = True
    labels_opacity: float = 0.55
    heat: bool = True
    heat_opacity: float = 0.6


class Viewer(QWidget):
    """Shows one picture. Wheel zooms about the cursor; the middle button, or Space and any button, pans."""

    view_changed = Signal()
    display_changed = Signal(object)
    hovered = Signal(object)
    """A `Reading`, or None when the cursor left the image."""
    detail_wanted = Signal(object)
    """A `DetailWish` for a part that is finer than what is loaded."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(240, 180)
        self.setAccessibleName(self.tr("Image viewer"))
        self.view = View()
        self.display = Display()
        self.picture: Picture | None = None
        self.hint = ""
        self._classes: AbstractMapping[int, DefectClass] = {}
        self._labels: LabelOverlay | None = None
        self._heat: HeatOverlay | None = None
        self._detail: Detail | None = None
        self._rendered: dict[object, QImage] = {}
        self._fitting = True
        self._space_held = False
        self._dragged_from: QPointF | None = None
        theme().changed.connect(self.update)

    def show_picture(self, picture: Picture | None, hint: str = "") -> None:
        """Show another image, or none with a hint on what to do. The zoom stays when sizes are equal."""
        same_size = self.picture is not None and picture is not None and self.picture.shape == picture.shape
        self.picture, self.hint = picture, hint
        self._labels = self._heat = self._detail = None
        self._rendered.clear()
        if picture is not None and (self._fitting or not same_size):
            self.fit()
        self._view_moved()

    def show_labels(self, labels: LabelMap | None, classes: AbstractMapping[int, DefectClass]) -> None:
        """Lay a label map, shared and not copied, over the picture."""
        self._classes = classes
        self._labels = None if labels is None else LabelOverlay(labels, classes, self.display.labels_opacity)
        self.update()

    def labels_touched(self, box: Box) -> None:
        """The shared label map changed inside `box`: repaint just that."""
        if self._labels is not None:
            self._labels.touch(box)
            x, y = self.view.to_screen(box.left, box.top)
            high, wide = (side * self.view.scale for side in box.shape)
            self.update(QRectF(x, y, wide, high).toAlignedRect().adjusted(-2, -2, 2, 2))

    def show_heat(self, heat: NDArray[np.floating[Any]] | None) -> None:
        """Lay a heat map, (h, w) in 0..1 over the whole image, on top."""
        ready = heat is not None and self.picture is not None
        self._heat = HeatOverlay(heat, self.picture.shape) if ready else None  # type: ignore[arg-type,union-attr]
        self.update()

    @property
    def has_heat(self) -> bool:
        return self._heat is not None

    @property
    def has_labels(self) -> bool:
        return self._labels is not None

    def show_detail(self, detail: Detail) -> None:
        """Show a sharper part; ignored when it belongs to another picture."""
        if self.picture is not None and detail.wish.image == self.picture.image:
            self._detail = detail
            self._rendered.pop("detail", None)
            self.update()

    def set_display(self, **changes: Any) -> None:
        """Change some fields of `display`; labels and model never notice."""
        before, self.display = self.display, replace(self.display, **changes)
        if before.levels != self.display.levels:
            self._rendered.clear()
        if self._labels is not None and before.labels_opacity != self.display.labels_opacity:
            self._labels.recolor(self._classes, self.display.labels_opacity)
        self.update()
        self.display_changed.emit(self.display)

    @property
    def levels(self) -> Mapping:
        """The mapping in use: as set, or the picture's automatic one (which 16-bit images start with)."""
        chosen, picture = self.display.levels, self.picture
        automatic = chosen is None or (chosen == IDENTITY and picture is not None and picture.bits > 8)
        if automatic and picture is not None:
            return picture.auto
        return chosen or IDENTITY

    def fit(self) -> None:
        """Show the whole image."""
        self._fitting = True
        if self.picture is not None:
            self.view = fitted(self.width(), self.height(), self.picture.shape)
        self._view_moved()

    def actual_size(self) -> None:
        """One image pixel on one pixel of the screen, about the centre."""
        self.zoom_by(1 / (self.view.scale * self.devicePixelRatioF()))

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom about a point of the widget, by default its centre."""
        point = QPointF(self.width() / 2, self.height() / 2) if at is None else at
        self._move(self.view.zoomed(factor, point.x(), point.y()))

    def _move(self, view: View) -> None:
        if self.picture is not None:
            self._fitting = False
            self.view = view.kept_in_sight(self.width(), self.height(), self.picture.shape)
            self._view_moved()

    def _view_moved(self) -> None:
        self.update()
        self._ask_for_detail()
        self.view_changed.emit()

    def _visible(self) -> Box | None:
        return self.view.visible(self.width(), self.height(), self.picture.shape) if self.picture else None

    def _ask_for_detail(self) -> None:
        picture, visible = self.picture, self._visible()
        if picture is None or visible is None:
            return
        level = picture.level_for(self.view.scale * self.devicePixelRatioF())
        if level >= picture.first:
            return
        wish = wish_for(picture, level, visible)
        if self._detail is None or not self._detail.wish.covers(wish):
            self.detail_wanted.emit(wish)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(theme().colors.canvas))
        if self.picture is None:
            self._paint_hint(painter)
        else:
            self._paint_picture(painter, self.picture, event.rect())
        if self.hasFocus():
            painter.setPen(QColor(theme().colors.accent))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint_hint(self, painter: QPainter) -> None:
        painter.setPen(QColor(theme().colors.text))
        room = self.rect().adjusted(24, 24, -24, -24)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.hint)

    def _paint_picture(self, painter: QPainter, picture: Picture, dirty: QRect) -> None:
        (x0, y0), (x1, y1) = (
            self.view.to_image(dirty.left(), dirty.top()),
            self.view.to_image(dirty.right() + 1, dirty.bottom() + 1),
        )
        box = Box(
            max(0, int(y0)),
            max(0, int(x0)),
            min(picture.shape[0], int(y1) + 1),
            min(picture.shape[1], int(x1) + 1),
        )
        if box.top >= box.bottom or box.left >= box.right:
            return
        scale = self.view.scale * self.devicePixelRatioF()
        painter.setClipRect(self._frame(picture) & QRectF(dirty))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < CRISP_FROM and scale != 1)
        self._paint_pixels(painter, picture, box, picture.level_for(scale))
        if self._heat is not None and self.display.heat:
            self._heat.draw(painter, self.view, box, self.display.heat_opacity)
        if self._labels is not None and self.display.labels:
            self._labels.draw(painter, self.view, box, picture.level_for(scale))
        painter.setClipping(False)

    def _frame(self, picture: Picture) -> QRectF:
        high, wide = (side * self.view.scale for side in picture.shape)
        return QRectF(self.view.left, self.view.top, wide, high)

    def _paint_pixels(self, painter: QPainter, picture: Picture, box: Box, level: int) -> None:
        shown = max(level, picture.first)
        pixels = picture.levels[shown - picture.first]
        draw_picture(painter, self._render(shown, pixels), self.view, box, (2.0**shown, 2.0**shown))
        detail = self._detail
        if level < picture.first and detail is not None:
            step = 2**detail.wish.level
            at = (detail.wish.box.top * step, detail.wish.box.left * step)
            draw_picture(painter, self._render("detail", detail.pixels), self.view, box, (step, step), at)

    def _render(self, key: object, pixels: NDArray[Any]) -> QImage:
        known = self._rendered.get(key)
        if known is None:
            known = self._rendered[key] = render(pixels, self.levels)
        return known

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._fitting:
            self.fit()
        elif self.picture is not None:
            self._move(self.view)
        super().resizeEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / 120
        self.zoom_by(WHEEL_STEP**notches, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.MiddleButton or self._space_held:
            self._dragged_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged_from is not None:
            moved = event.position() - self._dragged_from
            self._dragged_from = event.position()
            self._move(self.view.panned(moved.x(), moved.y()))
        self.hovered.emit(self.reading(event.position()))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._dragged_from = None
        self.setCursor(Qt.CursorShape.OpenHandCursor if self._space_held else Qt.CursorShape.ArrowCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space_held = True
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._let_go_of_space()
        else:
            super().keyReleaseEvent(event)

    def _let_go_of_space(self) -> None:
        self._space_held = False
        self._dragged_from = None
        self.unsetCursor()

    def focusOutEvent(self, event: Any) -> None:
        self._let_go_of_space()
        super().focusOutEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(None)
        super().leaveEvent(event)
