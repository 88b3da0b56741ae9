"""The data set as a map: one point an image, near each other where they look alike. Mouse, lasso and keys.

Left button and drag: lasso; middle button, or Shift and drag: move; wheel: zoom about the cursor; double click: open.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QBrush,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsPolygonItem, QGraphicsView, QWidget

from defectstudio.domain.labels import ImageId
from defectstudio.ui.theme import theme

SHAPES = ("o", "t1", "x")
"""Symbols of pyqtgraph for good, defective and unlabelled: told apart without colours."""
SIZE, RING, RING_NOW = 9, 14, 20
REACH = 12.0
"""So many pixels around a point count as on it."""
LASSO_FROM = 6.0
"""A drag shorter than this is a click."""
MARGIN = 0.06
MOST_ZOOM = 400.0
ARROWS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, 1.0),
    Qt.Key.Key_Down: (0.0, -1.0),
}


def inside(xy: NDArray[np.float32], corners: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points lie within a polygon, (n,), by the number of its edges (even-odd) that a ray from each crosses.

    xy (n, 2); corners (k, 2), the last joined to the first.
    """
    within = np.zeros(len(xy), bool)
    x, y = xy[:, 0], xy[:, 1]
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y1 != y2:
            crosses = (y1 > y) != (y2 > y)
            within ^= crosses & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return within


def nearest_towards(xy: NDArray[np.float32], start: int, towards: tuple[float, float]) -> int | None:
    """The nearest point in a direction, within 45 degrees of it; None where there is none.

    What lies aside counts double, so that going on in one direction stays near a straight line.
    """
    steps = xy.astype(np.float64) - xy[start]
    along = steps @ np.array(towards)
    aside = np.abs(steps @ np.array([-towards[1], towards[0]]))
    ahead = (along > 0) & (aside <= along)
    if not ahead.any():
        return None
    return int(np.argmin(np.where(ahead, along + 2 * aside, np.inf)))


class MapCanvas(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph has no types
    """Draws the points; announces which one is current, opened or caught. Knows images by their numbers alone."""

    current_changed = Signal(object)
    """The image under the mark, or None."""
    opened = Signal(int)
    lassoed = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        self.ids: list[ImageId] = []
        self.xy: NDArray[np.float32] = np.zeros((0, 2), np.float32)
        self.current: int | None = None
        """The row of the current point."""
        self.describe: Callable[[ImageId], str] = str
        self._shapes: NDArray[np.intp] = np.zeros(0, np.intp)
        self._colors: NDArray[np.intp] = np.zeros(0, np.intp)
        self._palette: list[QColor] = []
        self._caught: list[int] = []
        self._drag: QPointF | None = None
        self._moving = False
        self.whole = True
        """Whether all points are in sight because nobody has moved or zoomed the map."""
        self.box = pg.ViewBox(enableMouse=False, enableMenu=False, lockAspect=True, defaultPadding=0)
        self.setCentralItem(self.box)
        self.points = pg.ScatterPlotItem(size=SIZE, pxMode=True, useCache=True)
        self.rings = pg.ScatterPlotItem(size=RING, pxMode=True)
        self.mark = pg.ScatterPlotItem(size=RING_NOW, pxMode=True)
        for depth, item in enumerate((self.points, self.rings, self.mark)):
            item.setZValue(depth)
            self.box.addItem(item, ignoreBounds=True)
        self._lasso = QGraphicsPolygonItem()
        self._lasso.setZValue(10)
        self.scene().addItem(self._lasso)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        theme().changed.connect(self._tint)
        self._tint()
        self._say()

    # What is shown.

    def show_points(self, ids: Sequence[ImageId], xy: NDArray[np.float32]) -> None:
        """Other points: ids (n,), xy (n, 2) in 0..1. The current one stays where it is still there."""
        before = None if self.current is None else self.ids[self.current]
        self.ids, self.xy = list(ids), np.asarray(xy, np.float32)
        self.current = self.ids.index(before) if before in self.ids else None
        self._caught = []
        self._shapes = self._colors = np.zeros(len(self.ids), np.intp)
        self._palette = [QColor(theme().colors.muted)]
        self._draw_points()
        self._draw_marks()
        self.fit()

    def show_look(self, shapes: NDArray[np.intp], colors: NDArray[np.intp], palette: Sequence[QColor]) -> None:
        """Shape (row of `SHAPES`) and colour (row of the palette) of every point, (n,) each."""
        self._shapes, self._colors, self._palette = shapes, colors, list(palette)
        self._draw_points()
        self._say()

    def _draw_points(self) -> None:
        if not self.ids:
            self.points.clear()
            return
        # Pens as mkPen makes them are as wide in pixels of the screen; a cross is too thin for an edge.
        edges = [pg.mkPen(theme().colors.surface, width=1)] * 2 + [pg.mkPen(None)]
        brushes = [QBrush(color) for color in self._palette]
        self.points.setData(
            x=self.xy[:, 0],
            y=self.xy[:, 1],
            symbol=[SHAPES[shape] for shape in self._shapes.tolist()],
            brush=[brushes[color] for color in self._colors.tolist()],
            pen=[edges[shape] for shape in self._shapes.tolist()],
        )

    def _draw_marks(self) -> None:
        accent, text = QColor(theme().colors.accent), QColor(theme().colors.text)
        now = [] if self.current is None else [self.current]
        for item, rows, pen in (
            (self.rings, self._caught, pg.mkPen(accent, width=1.6)),
            (self.mark, now, pg.mkPen(text, width=2.2)),
        ):
            item.setData(x=self.xy[rows, 0], y=self.xy[rows, 1], pen=pen, brush=None)

    def _tint(self) -> None:
        colors = theme().colors
        self.setBackground(QColor(colors.surface))
        pen = QPen(QColor(colors.accent), 1.5, Qt.PenStyle.DashLine)
        veil = QColor(colors.accent)
        veil.setAlpha(36)
        self._lasso.setPen(pen)
        self._lasso.setBrush(veil)
        self._draw_points()
        self._draw_marks()

    # The current point.

    def stand_on(self, row: int | None) -> None:
        """Make a point the current one."""
        if row == self.current:
            return
        self.current = row
        self._draw_marks()
        if row is not None:
            self._bring_into_sight(row)
        self._say()
        self.current_changed.emit(None if row is None else self.ids[row])

    def stand_on_image(self, image: ImageId | None) -> None:
        """The same by image. Emits nothing."""
        self.blockSignals(True)
        self.stand_on(self.ids.index(image) if image in self.ids else None)
        self.blockSignals(False)

    def catch(self, rows: Sequence[int]) -> None:
        """Mark these points. Emits nothing."""
        self._caught = list(rows)
        self._draw_marks()

    def _say(self) -> None:
        """Tell a screen reader what is under the mark."""
        what = self.tr("Map of the data")
        said = what if self.current is None else f"{what}: {self.describe(self.ids[self.current])}"
        if said != self.accessibleName():
            self.setAccessibleName(said)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.NameChanged))

    def _bring_into_sight(self, row: int) -> None:
        (x, y), seen = self.xy[row], self.box.viewRect()
        if not seen.contains(QPointF(float(x), float(y))):
            self.box.translateBy(x=float(x) - seen.center().x(), y=float(y) - seen.center().y())

    # Places.

    def place_of(self, row: int) -> QPointF:
        """Where a point stands in the widget."""
        return QPointF(self.box.mapViewToScene(QPointF(*map(float, self.xy[row]))))

    def _in_view(self, place: QPointF) -> QPointF:
        return QPointF(self.box.mapSceneToView(place))

    def row_at(self, place: QPointF) -> int | None:
        """The point on which a place of the widget lies."""
        if not self.ids:
            return None
        at, (wide, high) = self._in_view(place), self.box.viewPixelSize()
        gaps = (self.xy - np.array([at.x(), at.y()])) / np.array([wide, high])
        squares = (gaps**2).sum(1)
        row = int(squares.argmin())
        return row if squares[row] <= REACH**2 else None

    def fit(self) -> None:
        """Show all points."""
        self.whole = True
        low, high = (self.xy.min(0), self.xy.max(0)) if len(self.xy) else (np.zeros(2), np.ones(2))
        pad = MARGIN * max(float((high - low).max()), 1e-3)
        self.box.setRange(
            xRange=(float(low[0]) - pad, float(high[0]) + pad),
            yRange=(float(low[1]) - pad, float(high[1]) + pad),
            padding=0,
        )

    def zoom(self, factor: float, about: QPointF | None = None) -> None:
        """Larger (factor above 1) or smaller, about a place of the widget or the middle."""
        wide = self.box.viewRect().width()
        if 1 / MOST_ZOOM < wide / factor < MOST_ZOOM:
            middle = self.box.viewRect().center() if about is None else self._in_view(about)
            self.whole = False
            self.box.scaleBy((1 / factor, 1 / factor), center=middle)

    # Mouse and keys.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._drag = event.position()
        self._moving = event.button() == Qt.MouseButton.MiddleButton or shifted
        self.setCursor(Qt.CursorShape.ClosedHandCursor if self._moving else Qt.CursorShape.CrossCursor)
        self._lasso.setPolygon(QPolygonF([] if self._moving else [event.position()]))
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            row = self.row_at(event.position())
            self.setToolTip("" if row is None else self.describe(self.ids[row]))
        elif self._moving:
            before, now = self._in_view(self._drag), self._in_view(event.position())
            self.box.translateBy(x=before.x() - now.x(), y=before.y() - now.y())
            self._drag, self.whole = event.position(), False
        else:
            self._lasso.setPolygon(QPolygonF([*self._lasso.polygon().toList(), event.position()]))
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        line, was_moving = self._lasso.polygon(), self._moving
        pressed, self._drag, self._moving = self._drag, None, False
        self._lasso.setPolygon(QPolygonF())
        self.unsetCursor()
        event.accept()
        if pressed is None or was_moving:
            return
        span = line.boundingRect()
        if max(span.width(), span.height()) < LASSO_FROM:
            self.catch([])
            self.stand_on(self.row_at(event.position()))
        else:
            self._close_lasso(line)

    def _close_lasso(self, line: QPolygonF) -> None:
        corners = [self._in_view(line.at(k)) for k in range(line.size())]
        held = inside(self.xy, np.array([[corner.x(), corner.y()] for corner in corners]))
        rows = np.flatnonzero(held).tolist()
        self.catch(rows)
        self.lassoed.emit([self.ids[row] for row in rows])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position())
        self._drag = None
        if row is None:
            self.fit()
        else:
            self.stand_on(row)
            self.opened.emit(self.ids[row])
        event.accept()

    def close(self) -> bool:
        """As any widget: the base class would empty the scene as well, of which the box still holds parts."""
        return QGraphicsView.close(self)

    def leaveEvent(self, _event: QEvent) -> None:
        self.setToolTip("")

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(math.pow(1.0015, event.angleDelta().y()), event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in ARROWS and self.ids:
            self._step(ARROWS[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.current is not None:
            self.opened.emit(self.ids[self.current])
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus}:
            self.zoom(0.8 if key == Qt.Key.Key_Minus else 1.25)
        elif key == Qt.Key.Key_Home:
            self.fit()
        else:
            event.ignore()
            return
        event.accept()

    def _step(self, towards: tuple[float, float]) -> None:
        """From nowhere to the point nearest the middle, else to the next one in a direction."""
        if self.current is None:
            middle = self.box.viewRect().center()
            self.stand_on(int(((self.xy - np.array([middle.x(), middle.y()])) ** 2).sum(1).argmin()))
            return
        row = nearest_towards(self.xy, self.current, towards)
        if row is not None:
            self.stand_on(row)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """All points stay in sight unless somebody has looked closer. The base class calls it without an event."""
        super().resizeEvent(event)
        if getattr(self, "whole", False):
            self.fit()
