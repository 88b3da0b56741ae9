"""Label map and heat map as pictures laid over an image.

The label picture shares memory with the label map: after a stroke nothing is copied, `touch(box)` brings the smaller
levels up to date and the viewer repaints that box. The heat map is coloured once per image and scaled by the painter.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from defectstudio.domain.display import heat_table
from defectstudio.domain.labels import HEALTHY, UNKNOWN, Box, DefectClass, LabelMap, class_color
from defectstudio.ui.display import owned
from defectstudio.ui.sampling import HATCH_STEP, borders, device_rect, draw_marks, hatch, sample
from defectstudio.ui.view import View

UNKNOWN_ALPHA = 0.2
HATCH_COLOR = QColor(160, 172, 188, 115)
OUTLINE_WIDTH = 2


def draw_picture(
    painter: QPainter, picture: QImage, view: View, box: Box, cell: tuple[float, float], at: tuple[int, int] = (0, 0)
) -> None:
    """Paint what shows of a picture in `box` (image pixels).

    Each pixel of the picture covers `cell` (height, width) image pixels; its first lies at `at` (row, column). Whole
    cells are painted, with one more on each side, so that parts painted one by one fit together.
    """
    top = max(0, math.floor((box.top - at[0]) / cell[0]) - 1)
    left = max(0, math.floor((box.left - at[1]) / cell[1]) - 1)
    bottom = min(picture.height(), math.ceil((box.bottom - at[0]) / cell[0]) + 1)
    right = min(picture.width(), math.ceil((box.right - at[1]) / cell[1]) + 1)
    if top >= bottom or left >= right:
        return
    x, y = view.to_screen(at[1] + left * cell[1], at[0] + top * cell[0])
    wide, high = (right - left) * cell[1] * view.scale, (bottom - top) * cell[0] * view.scale
    painter.drawImage(QRectF(x, y, wide, high), picture, QRectF(left, top, right - left, bottom - top))


def color_table(classes: Mapping[int, DefectClass], opacity: float) -> list[int]:
    """256 ARGB colours for label values: healthy clear, classes in their colour, unknown a faint grey veil."""
    table = [QColor(0, 0, 0, 0).rgba()] * 256
    for index in range(1, 255):
        color = QColor(classes[index].color if index in classes else class_color(index))
        color.setAlphaF(opacity)
        table[index] = color.rgba()
    veil = QColor(128, 128, 128)
    veil.setAlphaF(opacity * UNKNOWN_ALPHA)
    table[UNKNOWN] = veil.rgba()
    return table


def mark_table(classes: Mapping[int, DefectClass], opacity: float) -> list[int]:
    """256 ARGB colours for outlines, stronger than the areas, and for the hatching of what is unknown."""
    table = color_table(classes, min(1.0, opacity + 0.4))
    table[UNKNOWN] = HATCH_COLOR.rgba()
    return table


STRIP = 256


def shrunk(labels: LabelMap) -> LabelMap:
    """Half-size labels, rounded up, in which no defect is lost: of 2 x 2 a class wins over unknown over healthy."""
    height, width = labels.shape
    if height % 2 or width % 2:
        labels = np.pad(labels, ((0, height % 2), (0, width % 2)), mode="edge")
    half = np.empty((labels.shape[0] // 2, labels.shape[1] // 2), np.uint8)
    for top in range(0, labels.shape[0], STRIP):  # in strips that stay in the processor's cache
        # One maximum decides a block when values are ranked healthy < unknown < classes: adding one takes unknown
        # round to 0 and healthy to 1, and these two then change places.
        ranked = labels[top : top + STRIP] + np.uint8(1)
        ranked ^= (ranked < 2).view(np.uint8)
        rows = np.maximum(ranked[0::2], ranked[1::2])
        most = np.maximum(rows[:, 0::2], rows[:, 1::2])
        most ^= (most < 2).view(np.uint8)
        half[top // 2 : (top + STRIP) // 2] = most - np.uint8(1)
    return half


class LabelOverlay:
    """The label map of one image as a stack of pictures, each half the size of the one before."""

    def __init__(self, labels: LabelMap, classes: Mapping[int, DefectClass], opacity: float) -> None:
        self.labels = labels
        self._levels: list[LabelMap] = [labels]
        self._pictures: list[QImage] = []
        self._table = color_table(classes, opacity)
        self._marks = mark_table(classes, opacity)
        self._grow(0)

    def recolor(self, classes: Mapping[int, DefectClass], opacity: float) -> None:
        """Use other colours or another opacity, 0..1."""
        self._table, self._marks = color_table(classes, opacity), mark_table(classes, opacity)
        for picture in self._pictures:
            picture.setColorTable(self._table)

    def picture(self, level: int) -> QImage:
        """The Indexed8 picture at half size to the power of `level`; made when first needed."""
        self._grow(level)
        return self._pictures[level]

    def _grow(self, level: int) -> None:
        while len(self._pictures) <= level:
            if self._pictures:
                self._levels.append(shrunk(self._levels[-1]))
            picture = owned(self._levels[-1], QImage.Format.Format_Indexed8)
            picture.setColorTable(self._table)
            self._pictures.append(picture)

    def touch(self, box: Box) -> None:
        """The label map changed inside `box`: bring the smaller levels up to date there."""
        for finer, coarser in zip(self._levels, self._levels[1:], strict=False):
            box = Box(box.top // 2, box.left // 2, -(-box.bottom // 2), -(-box.right // 2))
            source = finer[2 * box.top : 2 * box.bottom, 2 * box.left : 2 * box.right]
            coarser[box.slices] = shrunk(source)

    def draw(self, painter: QPainter, view: View, box: Box, level: int) -> None:
        """Paint what lies in `box` (image pixels), from the picture of that level."""
        draw_picture(painter, self.picture(level), view, box, (2.0**level, 2.0**level))

    def draw_marks(
        self, painter: QPainter, view: View, dirty: QRect, level: int, *, outline: bool, unknown: bool
    ) -> None:
        """Paint outlines of the classes and hatch what is unknown, inside a rectangle of the widget."""
        ratio = painter.device().devicePixelRatioF()
        width = max(1, round(OUTLINE_WIDTH * ratio))
        rect = device_rect(dirty, ratio, width if outline else 0)
        self._grow(level)
        labels, cell = self._levels[level], 2.0**level
        marks: LabelMap | None = None
        if unknown:
            marks = hatch(labels, view, rect, ratio, cell, round(HATCH_STEP * ratio))
        if outline:
            values = sample(labels, view, rect, ratio, cell)
            edges = np.where(borders(values, width) & (values != UNKNOWN), values, HEALTHY)
            marks = edges if marks is None else np.maximum(marks, edges)
        if marks is not None:
            draw_marks(painter, marks, self._marks, rect, ratio)


def premultiplied_heat() -> NDArray[np.uint32]:
    """256 premultiplied ARGB colours for heat 0..1: clear when cold, opaque from about two thirds."""
    alpha = np.clip((np.linspace(0, 1, 256) - 0.2) / 0.45, 0, 1)
    alpha = alpha * alpha * (3 - 2 * alpha)
    red, green, blue = (np.asarray(c * alpha + 0.5, np.uint32) for c in heat_table().T)
    opaque = np.asarray(255 * alpha + 0.5, np.uint32)
    return np.asarray(opaque << 24 | red << 16 | green << 8 | blue, np.uint32)


def heat_picture(heat: NDArray[np.floating[Any]]) -> QImage:
    """A heat map, (h, w) in 0..1, as a picture of the same size."""
    steps = np.clip(heat.astype(np.float32) * 255 + 0.5, 0, 255).astype(np.uint8)
    return owned(premultiplied_heat()[steps], QImage.Format.Format_ARGB32_Premultiplied)


class HeatOverlay:
    """The heat map of one image, (h, w) in 0..1 at the network's stride, as a small picture scaled when painted."""

    def __init__(self, heat: NDArray[np.floating[Any]], shape: tuple[int, int]) -> None:
        self.heat = heat
        self._cell = (shape[0] / heat.shape[0], shape[1] / heat.shape[1])
        self._picture = heat_picture(heat)

    def at(self, x: float, y: float) -> float:
        """The heat, 0..1, of the cell under an image point."""
        row = min(int(y / self._cell[0]), self.heat.shape[0] - 1)
        column = min(int(x / self._cell[1]), self.heat.shape[1] - 1)
        return float(self.heat[row, column])

    def draw(self, painter: QPainter, view: View, box: Box, opacity: float) -> None:
        """Paint what lies in `box` (image pixels), smoothly between cell centres."""
        painter.save()
        painter.setOpacity(opacity)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        draw_picture(painter, self._picture, view, box, self._cell)
        painter.restore()
