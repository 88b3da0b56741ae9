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
from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from defectstudio.domain.labels import Box, DefectClass, LabelMap
from defectstudio.ui.display import IDENTITY, Mapping, render
from defectstudio.ui.overlay import HeatOverlay, LabelOverlay, draw_picture
from defectstudio.ui.picture import Detail, Picture, wish_for
from defectstudio.ui.theme import theme
from defectstudio.ui.view import View, centred, fitted

CRISP_FROM = 2.0
TOUCH_MARGIN = 5


@dataclass(frozen=True, slots=True)
class Display:
    """How to show: `levels` None means automatic contrast. Opacities 0..1.

    `outline` draws classes as outlines instead of areas; `unknown` hatches what nobody has said anything of; `peek`
    hides all overlays for the moment.
    """

    levels: Mapping | None = IDENTITY
    labels: bool = True
    labels_opacity: float = 0.55
    heat: bool = True
    heat_opacity: float = 0.6
    outline: bool = False
    unknown: bool = True
    minimap: bool = True
    peek: bool = False


class Canvas(QWidget):
    """Shows one picture with its overlays at some zoom."""

    view_changed = Signal()
    display_changed = Signal(object)
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
        """Lay a label map, shared and not copied, over the picture; the same map again takes new colours only."""
        self._classes = classes
        known = self._labels
        if known is not None and labels is known.labels:
            known.recolor(classes, self.display.labels_opacity)
        else:
            self._labels = None if labels is None else LabelOverlay(labels, classes, self.display.labels_opacity)
        self.update()

    def labels_touched(self, box: Box) -> None:
        """The shared label map changed inside `box`: repaint just that."""
        if self._labels is not None:
            self._labels.touch(box)
            self.touch(box)

    def touch(self, box: Box, margin: int = TOUCH_MARGIN) -> None:
        """Repaint a box of image pixels with some screen pixels around it."""
        x, y = self.view.to_screen(box.left, box.top)
        high, wide = (side * self.view.scale for side in box.shape)
        self.update(QRectF(x, y, wide, high).toAlignedRect().adjusted(-margin, -margin, margin, margin))

    def show_heat(self, heat: NDArray[np.floating[Any]] | None) -> None:
        """Lay a heat map, (h, w) in 0..1 over the whole image, on top."""
        ready = heat is not None and self.picture is not None
        self._heat = HeatOverlay(heat, self.picture.shape) if ready else None  # type: ignore[arg-type,union-attr]
        self.update()

    @property
    def heat(self) -> NDArray[np.floating[Any]] | None:
        """The heat map that is laid over, (h, w) in 0..1."""
        return None if self._heat is None else self._heat.heat

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
        self.move_to(self.view.zoomed(factor, point.x(), point.y()))

    def look_at(self, x: float, y: float, scale: float | None = None) -> None:
        """Bring an image point to the centre, at a scale or the present one."""
        self.move_to(centred(self.width(), self.height(), x, y, scale or self.view.scale))

    def look_at_box(self, box: Box) -> None:
        """Show a box of the image comfortably: zoomed so that it fills about a third, unless it is in sight already."""
        visible, (high, wide) = self.visible(), box.shape
        inside = visible is not None and _within(box, visible)
        if not inside or max(high, wide) * self.view.scale < 24:
            scale = min(self.width() / max(3 * wide, 64), self.height() / max(3 * high, 64))
            self.look_at((box.left + box.right) / 2, (box.top + box.bottom) / 2, scale)

    def move_to(self, view: View) -> None:
        """Show another part, kept in sight."""
        if self.picture is not None:
            self._fitting = False
            self.view = view.kept_in_sight(self.width(), self.height(), self.picture.shape)
            self._view_moved()

    def _view_moved(self) -> None:
        self.update()
        self._ask_for_detail()
        self.view_changed.emit()

    def visible(self) -> Box | None:
        """The image pixels in sight."""
        return self.view.visible(self.width(), self.height(), self.picture.shape) if self.picture else None

    def _ask_for_detail(self) -> None:
        picture, visible = self.picture, self.visible()
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
        dirty, picture = event.rect(), self.picture
        if picture is None or not self._frame(picture).contains(QRectF(dirty)):
            painter.fillRect(dirty, QColor(theme().colors.canvas))
        if picture is None:
            self._paint_hint(painter)
        else:
            self._paint_picture(painter, picture, dirty)
            self.paint_over(painter, dirty)
        if self.hasFocus() and not self.rect().adjusted(1, 1, -1, -1).contains(dirty):
            painter.setPen(QColor(theme().colors.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def paint_over(self, painter: QPainter, dirty: QRect) -> None:
        """What stands above image and overlays: nothing here."""

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
        level = picture.level_for(scale)
        painter.setClipRect(self._frame(picture) & QRectF(dirty))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < CRISP_FROM and scale != 1)
        self._paint_pixels(painter, picture, box, level)
        if self._heat is not None and self.display.heat and not self.display.peek:
            self._heat.draw(painter, self.view, box, self.display.heat_opacity)
        if self._labels is not None and self.display.labels and not self.display.peek:
            self._paint_labels(painter, self._labels, box, level, dirty)
        painter.setClipping(False)

    def _paint_labels(self, painter: QPainter, labels: LabelOverlay, box: Box, level: int, dirty: QRect) -> None:
        outline, unknown = self.display.outline, self.display.unknown
        if not outline:
            # Labels have hard edges, and scaling them smoothly costs more than painting the image.
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            labels.draw(painter, self.view, box, level)
        if outline or unknown:
            labels.draw_marks(painter, self.view, dirty, level, outline=outline, unknown=unknown)

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._fitting:
            self.fit()
        elif self.picture is not None:
            self.move_to(self.view)
        super().resizeEvent(event)


def _within(inner: Box, outer: Box) -> bool:
    return (
        inner.top >= outer.top
        and inner.left >= outer.left
        and inner.bottom <= outer.bottom
        and inner.right <= outer.right
    )
