"""What all tools have in common: mouse and keys in, gestures and a preview out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from defectstudio.ui.tools.easel import Easel
from defectstudio.ui.view import View
from defectstudio.ui.viewer import Pointer

NEAR = 9.0
DARK = QColor(0, 0, 0, 190)


class Tool(QObject):
    """One tool. Points are image points (x, y); `easel` does what they lead to.

    `uses` names the options that change how it works.
    """

    key = ""
    icon = ""
    uses: tuple[str, ...] = ()
    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, easel: Easel) -> None:
        super().__init__(easel)
        self.easel = easel

    @property
    def hint(self) -> str:
        """How to use it, in a sentence."""
        return ""

    @property
    def pending(self) -> bool:
        """Whether something is begun that `finish` would commit and `cancel` drop."""
        return False

    def press(self, at: Pointer) -> bool:
        """The left button went down; False lets the drag pan."""
        return False

    def drag(self, at: Pointer) -> None:
        """The mouse moves with the button down."""

    def release(self, at: Pointer) -> None:
        """The button came up."""

    def hover(self, at: Pointer | None) -> None:
        """The mouse moves with no button down; None: it left."""

    def double_click(self, at: Pointer) -> bool:
        """The second press of a double click; False lets it fit the image."""
        return self.press(at)

    def wheel(self, at: Pointer, notches: float) -> bool:
        """The wheel turned; False lets it zoom."""
        return False

    def back(self) -> bool:
        """Backspace: take the last part of what is pending back; False when there is none."""
        return False

    def alt(self, held: bool) -> None:
        """Alt went down or up."""

    def finish(self) -> bool:
        """Commit what is pending; False when there is nothing."""
        return False

    def cancel(self) -> bool:
        """Drop what is pending; False when there is nothing."""
        return False

    def settle(self) -> None:
        """The window lost the focus: what the button was drawing is committed."""

    def leave(self) -> None:
        """Another image or tool follows: nothing that was drawn may be lost."""
        if not self.finish():
            self.cancel()

    def draw(self, painter: QPainter, view: View, dirty: QRect) -> None:
        """Paint the preview over the image."""


def two_tone(painter: QPainter, color: QColor, width: float = 1.4) -> list[QPen]:
    """A dark pen below a bright one, so that a line is seen on any image."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    return [QPen(DARK, width + 2.4), QPen(color, width)]


def on_screen(view: View, points: Sequence[tuple[float, float]]) -> list[QPointF]:
    """Image points as points of the widget."""
    return [QPointF(*view.to_screen(x, y)) for x, y in points]


def draw_line(
    painter: QPainter, view: View, points: Sequence[tuple[float, float]], color: QColor, *, closed: bool = False
) -> None:
    """A line through image points in two tones."""
    shape = QPolygonF(on_screen(view, points))
    for pen in two_tone(painter, color):
        painter.setPen(pen)
        if closed:
            painter.drawPolygon(shape)
        else:
            painter.drawPolyline(shape)


def draw_handles(painter: QPainter, view: View, points: Sequence[tuple[float, float]], first_large: bool) -> None:
    """Small squares at the corners of a shape; the first larger while a click on it would close the shape."""
    painter.setPen(QPen(DARK, 1))
    painter.setBrush(QColor("white"))
    for number, point in enumerate(on_screen(view, points)):
        reach = 5.0 if number == 0 and first_large else 3.0
        painter.drawRect(round(point.x() - reach), round(point.y() - reach), round(2 * reach), round(2 * reach))
