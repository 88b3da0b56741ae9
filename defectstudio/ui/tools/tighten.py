"""Box to mask: drag a coarse box round a defect, and the defect inside is found and painted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from defectstudio.data.snapshot import Pixels
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.geometry import clipped
from defectstudio.domain.labels import Box
from defectstudio.sessions.painting.patch import Patch
from defectstudio.sessions.painting.shapes import Point
from defectstudio.ui.tools.boxes import BoxTool

LARGEST_SIDE = 1200


@dataclass(frozen=True, slots=True)
class _Question:
    """Which pixels inside a box are the defect; `crop` is the box with some of its surroundings."""

    read: Callable[[], Pixels]
    crop: Box
    box: Box
    shape: tuple[int, int]

    def __call__(self) -> Patch | None:
        from defectstudio.sessions.painting.select import tighten

        top, left = self.crop.top, self.crop.left
        inner = Box(self.box.top - top, self.box.left - left, self.box.bottom - top, self.box.right - left)
        return tighten(self.read(), inner, at=(top, left), shape=self.shape)


class Tighten(BoxTool):
    """A box that shrinks to the defect inside it."""

    key = "tighten"
    icon = "tool-tighten"

    @property
    def hint(self) -> str:
        return self.tr("Drag a box round the whole defect; the defect inside is found and painted.")

    def _done(self, start: Point, end: Point) -> bool:
        rough = self._patch(start, end)
        if rough is None:
            return False
        box = rough.box
        high, wide = box.shape
        if max(high, wide) > LARGEST_SIDE:
            raise DefectStudioError(
                self.tr("This box is too large to search."), hint=self.tr("Draw it closer round the defect.")
            )
        margin_y, margin_x = max(8, high // 3), max(8, wide // 3)
        around = Box(box.top - margin_y, box.left - margin_x, box.bottom + margin_y, box.right + margin_x)
        crop = clipped(around, self.easel.shape) or box
        self.easel.ask(_Question(self.easel.reader(crop), crop, box, self.easel.shape), self._found)
        return True

    def _found(self, patch: Patch | None) -> None:
        if patch is None:
            raise DefectStudioError(
                self.tr("No defect stands out inside this box."), hint=self.tr("Paint it with the brush instead.")
            )
        self.easel.paint(patch)

    def cancel(self) -> bool:
        waiting = self.easel.busy
        if waiting:
            self.easel.forget()
        return super().cancel() or waiting

    def leave(self) -> None:
        self.cancel()

    def _outline(self, painter: QPainter, place: QRectF) -> None:
        painter.drawRoundedRect(place, 6, 6)
