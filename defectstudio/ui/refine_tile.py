"""One patch of a panel: its pixels, the label map as outline, how sure the model is, and whether it is ticked.

A click or Space ticks it. A click of the middle button sets a new centre, which follows the mouse until the button
comes up; Shift and an arrow move it by one pixel.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from defectstudio.domain.labels import DefectClass
from defectstudio.domain.refinement import Candidate, Patch
from defectstudio.ui.overlay import HeatOverlay, LabelOverlay
from defectstudio.ui.refine_crops import Crop
from defectstudio.ui.refine_look import (
    CONTEXT,
    PatchLook,
    paint_badges,
    paint_caption,
    paint_ground,
    paint_nothing,
    paint_patch,
)
from defectstudio.ui.refine_words import candidate_said
from defectstudio.ui.theme import theme
from defectstudio.ui.view import View

CAPTION, PAD = 20, 3
NUDGES = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class PatchTile(QAbstractButton):
    """Shows one candidate; `toggled` says that it was ticked or not."""

    stood_on = Signal()
    """The keys go to this tile, or the mouse is over it."""
    shifted = Signal()
    """Its centre was moved: `centre` is the new one."""
    opened = Signal()
    """A double click: show the patch in the viewer."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        """`key` ticks it; "" is the anchor, which can be neither ticked nor moved."""
        super().__init__(parent)
        self.key = key
        self.candidate: Candidate | None = None
        self.side = 1
        self._shape = (1, 1)
        self._name = ""
        self._classes: dict[int, DefectClass] = {}
        self.crop: Crop | None = None
        self.labels: LabelOverlay | None = None
        self.heat: HeatOverlay | None = None
        self.centre = (0, 0)
        self._moving: tuple[int, int] | None = None
        self.setCheckable(bool(key))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.toggled.connect(self._say)
        theme().changed.connect(self.update)
        self._say()

    def sizeHint(self) -> QSize:
        return QSize(112, 112 + CAPTION) if self.key else QSize(190, 190 + CAPTION)

    def minimumSizeHint(self) -> QSize:
        return QSize(64, 64 + CAPTION)

    # What is shown.

    def show_candidate(
        self, candidate: Candidate | None, side: int, shape: tuple[int, int], name: str, classes: dict[int, DefectClass]
    ) -> None:
        """Another patch, `side` pixels wide, of an image of this name and (height, width); not ticked, not moved."""
        self.candidate, self.side, self._shape, self._name, self._classes = candidate, side, shape, name, classes
        self.centre = (0, 0) if candidate is None else (candidate.patch.row, candidate.patch.column)
        self.crop = self.labels = self.heat = self._moving = None
        self.setEnabled(candidate is not None)
        self.setChecked(False)
        self._say()
        self.update()

    def show_layers(self, crop: Crop | None, labels: LabelOverlay | None, heat: HeatOverlay | None) -> None:
        """Pixels, label map and heat map, as far as they are there."""
        if crop is not self.crop or labels is not self.labels or heat is not self.heat:
            self.crop, self.labels, self.heat = crop, labels, heat
            self.update()

    def show_answer(self, ticked: bool, shift: tuple[int, int] | None) -> None:
        """As it was answered before; tells nobody."""
        self.blockSignals(True)
        if shift is not None:
            self.centre = shift
        self.setChecked(ticked)
        self.blockSignals(False)
        self._say()
        self.update()

    @property
    def moved(self) -> bool:
        """Whether the centre is another than the candidate's own."""
        return self.candidate is not None and self.centre != (self.candidate.patch.row, self.candidate.patch.column)

    @property
    def patch(self) -> Patch | None:
        """The patch around the centre as it is now."""
        return None if self.candidate is None else Patch(self.candidate.patch.image, *self.centre)

    def put_back(self) -> None:
        """The candidate's own centre again."""
        if self.candidate is not None:
            self._move((self.candidate.patch.row, self.candidate.patch.column))

    def _say(self, _on: bool = False) -> None:
        if self.candidate is None:
            self.setAccessibleName(self.tr("No patch"))
            self.setToolTip("")
            return
        words = candidate_said(self.candidate, self._name, self._classes)
        lead = self.tr("Anchor") if not self.key else self.tr("Patch {0}").format(self.key)
        state = [self.tr("ticked")] if self.isChecked() else []
        state += [self.tr("centre moved")] if self.moved else []
        self.setAccessibleName(", ".join([f"{lead}: {words}", *state]))
        self.setToolTip(words.replace(", ", "\n"))

    # Where things lie.

    def picture_place(self) -> QRectF:
        """The square that the picture fills."""
        side = max(8, min(self.width() - 2 * PAD, self.height() - CAPTION - 2 * PAD))
        return QRectF((self.width() - side) / 2, PAD, side, side)

    def view_in(self, place: QRectF) -> View:
        """How image points lie in a square that shows the patch with what is around it."""
        span = CONTEXT * self.side
        scale = place.width() / span
        row, column = self.centre
        return View(
            scale, place.left() - (column + 0.5 - span / 2) * scale, place.top() - (row + 0.5 - span / 2) * scale
        )

    def pixel_at(self, point: QPointF, place: QRectF | None = None) -> tuple[int, int]:
        """The image pixel (row, column) under a point of the tile, or the nearest one."""
        x, y = self.view_in(place or self.picture_place()).to_image(point.x(), point.y())
        return min(max(int(y), 0), self._shape[0] - 1), min(max(int(x), 0), self._shape[1] - 1)

    # Painting.

    def look(self) -> PatchLook:
        """What a painter needs to know of this tile."""
        return PatchLook(
            key=self.key,
            side=self.side,
            centre=self._moving or self.centre,
            moved=self.moved or self._moving is not None,
            ticked=self.isChecked(),
            standing=self.hasFocus(),
            hovered=self.underMouse(),
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, place = QPainter(self), self.picture_place()
        self.paint_on(painter, place)
        if self.candidate is not None:
            room = QRect(int(place.left()), int(place.bottom()) + 1, int(place.width()), CAPTION)
            paint_caption(painter, room, self.candidate, self._classes)
        painter.end()

    def paint_on(self, painter: QPainter, place: QRectF) -> None:
        """The picture with its marks in any square: also that of the enlarged tile."""
        if self.candidate is None:
            paint_nothing(painter, place)
            return
        look = self.look()
        paint_ground(painter, place, look)
        paint_patch(painter, place, self.view_in(place), look, (self.crop, self.labels, self.heat))
        paint_badges(painter, place, look)

    # Mouse and keys.

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.stood_on.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.stood_on.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.MiddleButton and self.key and self.candidate is not None:
            self.setFocus()
            self._moving = self.pixel_at(event.position())
            self.update()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._moving is not None:
            self._moving = self.pixel_at(event.position())
            self.update()
        else:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._moving is not None and event.button() is Qt.MouseButton.MiddleButton:
            centre, self._moving = self._moving, None
            self._move(centre)
        else:
            super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and not self.key:
            self.opened.emit()
        else:
            self.mousePressEvent(event)

    def _move(self, centre: tuple[int, int]) -> None:
        """A patch whose middle is shown shows the same thing as the anchor: it is ticked with it."""
        if centre == self.centre:
            return
        self.centre = centre
        if self.moved:
            self.setChecked(True)
        self._say()
        self.update()
        self.shifted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        nudge = NUDGES.get(Qt.Key(event.key()))
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if nudge is not None and shift and self.key and self.candidate is not None:
            row, column = self.centre[0] + nudge[0], self.centre[1] + nudge[1]
            self._move((min(max(row, 0), self._shape[0] - 1), min(max(column, 0), self._shape[1] - 1)))
        elif nudge is not None:
            event.ignore()  # the panel knows which tile is next
        else:
            super().keyPressEvent(event)
