"""Intelligent scissors: click along a defect, and the line follows the edges between the clicks."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter

from defectstudio.data.snapshot import Pixels
from defectstudio.domain.labels import Box
from defectstudio.sessions.painting.shapes import Point, polygon
from defectstudio.ui.tools.base import NEAR, Tool, draw_handles, draw_line
from defectstudio.ui.tools.easel import Easel
from defectstudio.ui.view import View
from defectstudio.ui.viewer import Pointer

SIDE = 600


class EdgeFinder:
    """The edge costs of one crop, computed in the background when the first line through it is wanted."""

    def __init__(self, box: Box, read: Callable[[], Pixels]) -> None:
        self.box, self._read = box, read
        self._scissors: Any = None

    def holds(self, point: Point) -> bool:
        """Whether a point lies in the crop."""
        return self.box.left <= point[0] < self.box.right and self.box.top <= point[1] < self.box.bottom

    def path(self, start: Point, end: Point) -> list[Point]:
        """The line along edges between two points of the image; straight where one lies outside the crop."""
        if not (self.holds(start) and self.holds(end)):
            return [start, end]
        if self._scissors is None:
            from defectstudio.sessions.painting.scissors import Scissors

            self._scissors = Scissors(self._read())
        x, y = self.box.left, self.box.top
        line = self._scissors.path((start[0] - x, start[1] - y), (end[0] - x, end[1] - y))
        return [(px + x, py + y) for px, py in line]


class ScissorsTool(Tool):
    """Anchors by click; the line from the last anchor to the cursor follows the mouse as answers arrive."""

    key = "scissors"
    icon = "tool-scissors"
    uses = ("protect",)

    def __init__(self, easel: Easel) -> None:
        super().__init__(easel)
        self._anchors: list[Point] = []
        self._lines: list[list[Point]] = []
        self._ahead: list[Point] = []
        self._finder: EdgeFinder | None = None
        self._finish_answer = False

    @property
    def hint(self) -> str:
        return self.tr("Click along the edge of the defect; the line snaps to it. Enter or a double click closes it.")

    @property
    def pending(self) -> bool:
        return bool(self._anchors)

    def press(self, at: Pointer) -> bool:
        point = self._inside(at)
        if len(self._anchors) >= 2 and self._near_first(at):
            self._close()
        elif not self._anchors:
            self._anchors.append(point)
            self._find_from(point)
        else:
            self._ask(point, partial(self._fixed, point))
        self.easel.repaint(point)
        return True

    def _inside(self, at: Pointer) -> Point:
        height, width = self.easel.shape
        return min(max(at.x, 0.0), width - 0.01), min(max(at.y, 0.0), height - 0.01)

    def _near_first(self, at: Pointer) -> bool:
        x, y = self._anchors[0]
        return math.hypot(at.x - x, at.y - y) * at.scale <= NEAR

    def _find_from(self, point: Point) -> None:
        box = self.easel.crop(*point, SIDE)
        self._finder = EdgeFinder(box, self.easel.reader(box))

    def _ask(self, end: Point, then: Callable[[list[Point]], None]) -> None:
        finder = self._finder
        if finder is None:
            return
        if not finder.holds(end):
            # The next anchor lies beyond the crop: look at one that holds both, as far as that goes.
            self._find_from(((self._anchors[-1][0] + end[0]) / 2, (self._anchors[-1][1] + end[1]) / 2))
            finder = self._finder or finder
        self.easel.ask(partial(finder.path, self._anchors[-1], end), then)

    def _fixed(self, point: Point, line: list[Point]) -> None:
        """An anchor has been clicked, and its line is here."""
        self._lines.append(line)
        self._anchors.append(point)
        self._show_ahead([])
        self.easel.repaint(*line)
        if self._finish_answer:
            self._close()

    def hover(self, at: Pointer | None) -> None:
        if at is None or not self._anchors or (self.easel.busy and self._waits_for_anchor):
            return
        self._ask(self._inside(at), self._show_ahead)

    drag = hover

    @property
    def _waits_for_anchor(self) -> bool:
        then = self.easel.waiting_for
        return isinstance(then, partial) and then.func == self._fixed

    def _show_ahead(self, line: list[Point]) -> None:
        self.easel.repaint(*self._ahead)
        self._ahead = line
        self.easel.repaint(*line)

    def double_click(self, at: Pointer) -> bool:
        self.finish()
        return True

    def finish(self) -> bool:
        if self._anchors and self.easel.busy and self._waits_for_anchor:
            self._finish_answer = True
            return False
        return self._close()

    def _close(self) -> bool:
        """Lead the line back to the first anchor and paint what it encloses."""
        if len(self._anchors) < 2:
            self.cancel()
            return False
        self._finish_answer = False
        self._ask(self._anchors[0], self._closed)
        return True

    def _closed(self, line: list[Point]) -> None:
        outline = [point for part in (*self._lines, line) for point in part]
        self._drop()
        self.easel.paint(polygon(outline, self.easel.shape))

    def back(self) -> bool:
        if not self._anchors:
            return False
        self.easel.forget()
        self._repaint_all()
        self._anchors.pop()
        if self._lines:
            self._lines.pop()
        self._ahead = []
        return True

    def cancel(self) -> bool:
        begun = bool(self._anchors)
        if begun:
            self.easel.forget()
        self._drop()
        return begun

    def leave(self) -> None:
        """An answer for this image would come too late, so the shape is closed by a straight line."""
        points = [point for line in self._lines for point in line]
        self.cancel()
        if len(points) >= 3:
            self.easel.paint(polygon(points, self.easel.shape))

    def _drop(self) -> None:
        self._repaint_all()
        self._anchors, self._lines, self._ahead = [], [], []
        self._finder, self._finish_answer = None, False

    def _repaint_all(self) -> None:
        self.easel.repaint(*self._anchors, *self._ahead, *(point for line in self._lines for point in line))

    def draw(self, painter: QPainter, view: View, dirty: QRect) -> None:
        if not self._anchors:
            return
        color = QColor(self.easel.color).lighter(120)
        for line in self._lines:
            draw_line(painter, view, line, color)
        draw_line(painter, view, self._ahead, QColor("white"))
        draw_handles(painter, view, self._anchors, len(self._anchors) >= 2)
