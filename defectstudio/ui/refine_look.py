"""How a patch is painted: pixels, label map, heat, the frame of the patch, key and tick, label and confidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor
from typing import TypeAlias

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from defectstudio.domain.labels import HEALTHY, UNKNOWN, Box, DefectClass
from defectstudio.domain.refinement import Candidate
from defectstudio.ui.overlay import HeatOverlay, LabelOverlay, draw_picture
from defectstudio.ui.refine_crops import Crop
from defectstudio.ui.refine_words import label_word
from defectstudio.ui.sections.common import draw_swatch
from defectstudio.ui.theme import theme
from defectstudio.ui.translations import decimal
from defectstudio.ui.view import View

CONTEXT = 1.5
"""The picture shows so many sides of the patch: what lies around it tells a defect from texture."""
HEAT_OPACITY = 0.45
CRISP_FROM = 6.0
"""From so many screen pixels a pixel on, pixels are squares."""
ROUND, BADGE, SWATCH = 6, 18, 11
CAPTION_FONT = 0.88
FIGURE = " 0.00"
"""As wide as any probability, with the space before it."""
Layers: TypeAlias = tuple[Crop | None, LabelOverlay | None, HeatOverlay | None]


@dataclass(frozen=True, slots=True)
class PatchLook:
    """A tile as it is at the moment; `side` and `centre` (row, column) in image pixels."""

    key: str
    side: int
    centre: tuple[int, int]
    moved: bool
    ticked: bool
    standing: bool
    hovered: bool


def label_color(label: int, classes: Mapping[int, DefectClass]) -> str:
    """The colour of a class; healthy and unknown have that of the surface."""
    return classes[label].color if label in classes else theme().colors.surface


def paint_nothing(painter: QPainter, place: QRectF) -> None:
    """A place without a patch: the row is shorter than five."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme().colors.border), 1.0, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(place, ROUND, ROUND)


def paint_ground(painter: QPainter, place: QRectF, look: PatchLook) -> None:
    """The frame around the picture, which says whether the tile is ticked and has the keys."""
    colors = theme().colors
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors.canvas))
    painter.drawRoundedRect(place, ROUND, ROUND)
    wide = 3.0 if look.ticked else 2.0 if look.standing else 1.0
    line = colors.accent if look.ticked else colors.text if look.standing else colors.muted
    if not (look.ticked or look.standing or look.hovered):
        line = colors.border
    painter.setPen(QPen(QColor(line), wide))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(place.adjusted(-1, -1, 1, 1), ROUND + 1, ROUND + 1)


def paint_patch(painter: QPainter, place: QRectF, view: View, look: PatchLook, layers: Layers) -> None:
    """Pixels, heat and label map of what the square shows, and the frame of the patch."""
    crop, labels, heat = layers
    shape = QPainterPath()
    shape.addRoundedRect(place, ROUND, ROUND)
    painter.save()
    painter.setClipPath(shape)
    (x0, y0), (x1, y1) = view.to_image(place.left(), place.top()), view.to_image(place.right(), place.bottom())
    box = Box(max(0, floor(y0)), max(0, floor(x0)), max(1, ceil(y1)), max(1, ceil(x1)))
    if crop is not None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, view.scale < CRISP_FROM)
        draw_picture(painter, crop.picture, view, box, (1.0, 1.0), crop.at)
        if heat is not None:
            heat.draw(painter, view, box, HEAT_OPACITY)
        if labels is not None:
            labels.draw_marks(painter, view, place.toAlignedRect(), 0, outline=True, unknown=False)
        _paint_frame(painter, view, look)
    painter.restore()


def _paint_frame(painter: QPainter, view: View, look: PatchLook) -> None:
    """The patch itself as a thin frame in two tones, and a cross on a centre that was moved."""
    row, column = look.centre
    x, y = view.to_screen(column + 0.5 - look.side / 2, row + 0.5 - look.side / 2)
    frame = QRectF(x, y, look.side * view.scale, look.side * view.scale)
    middle = QPointF(*view.to_screen(column + 0.5, row + 0.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, wide in ((QColor(0, 0, 0, 130), 2.6), (QColor(255, 255, 255, 215), 1.0)):
        painter.setPen(QPen(color, wide, Qt.PenStyle.SolidLine if wide > 2 else Qt.PenStyle.DashLine))
        painter.drawRect(frame)
        if look.moved:
            painter.setPen(QPen(color, wide + 0.6))
            for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                painter.drawLine(middle + QPointF(2 * dx, 2 * dy), middle + QPointF(8 * dx, 8 * dy))


def paint_badges(painter: QPainter, place: QRectF, look: PatchLook) -> None:
    """The key in the upper left corner, the tick in the upper right one."""
    colors = theme().colors
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = painter.font()
    font.setBold(True)
    painter.setFont(font)
    if look.key:
        _paint_badge(painter, QPointF(place.left() + 4, place.top() + 4), colors.surface, colors.text, look.key)
    if look.ticked:
        at = QPointF(place.right() - BADGE - 4, place.top() + 4)
        _paint_badge(painter, at, colors.accent, colors.accent_text, "✓")
    font.setBold(False)
    painter.setFont(font)


def _paint_badge(painter: QPainter, at: QPointF, ground: str, ink: str, text: str) -> None:
    room = QRectF(at.x(), at.y(), BADGE, BADGE)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(room, 4, 4)
    painter.setPen(QColor(ink))
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)


def paint_caption(painter: QPainter, room: QRect, candidate: Candidate, classes: Mapping[int, DefectClass]) -> None:
    """The label, the probability of a defect, and that probability as a bar.

    Where the names are too long for both, the label stays and the bar says the rest: in all tiles of a width alike.
    """
    colors, font = theme().colors, painter.font()
    font.setPointSizeF(font.pointSizeF() * CAPTION_FONT)
    painter.setFont(font)
    line = room.adjusted(1, 1, -1, -4)
    swatch = QRectF(line.left(), line.center().y() - SWATCH / 2 + 1, SWATCH, SWATCH)
    draw_swatch(painter, swatch, label_color(candidate.label, classes), colors.control_border)
    if candidate.label == UNKNOWN:
        painter.setBrush(Qt.BrushStyle.BDiagPattern)
        painter.drawRoundedRect(swatch, 3, 3)
    metrics = painter.fontMetrics()
    words = line.adjusted(SWATCH + 4, 0, 0, 0)
    figure = decimal(candidate.p_defect, 2)
    widest = max(metrics.horizontalAdvance(label_word(label, classes)) for label in (HEALTHY, *classes))
    if widest + metrics.horizontalAdvance(FIGURE) <= words.width():
        painter.setPen(QColor(colors.text))
        painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, figure)
        words.adjust(0, 0, -metrics.horizontalAdvance(FIGURE), 0)
    painter.setPen(QColor(colors.muted))
    word = metrics.elidedText(label_word(candidate.label, classes), Qt.TextElideMode.ElideRight, words.width())
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, word)
    bar = QRectF(room.left() + 1, room.bottom() - 2, room.width() - 2, 3)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors.border))
    painter.drawRoundedRect(bar, 1.5, 1.5)
    bar.setWidth(bar.width() * min(max(candidate.p_defect, 0.0), 1.0))
    painter.setBrush(QColor(colors.defective))
    painter.drawRoundedRect(bar, 1.5, 1.5)
