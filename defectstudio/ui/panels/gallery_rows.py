"""How one image is drawn in the gallery: picture, name, tag, split, state of the work, notes and score."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from defectstudio.domain.labels import Status
from defectstudio.ui.gallery_model import GalleryModel, Row
from defectstudio.ui.theme import Colors, theme
from defectstudio.ui.translations import decimal
from defectstudio.ui.words import STATUS_ICONS, VERDICT_ICONS, split_word, status_word, verdict_word

ROW_HEIGHT = 76
THUMB = 58
ICON = 14
BAR = 38
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RowDelegate(QStyledItemDelegate):
    """Draws one row in three lines: name and notes; tag and split; state of the work and score."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(160, max(ROW_HEIGHT, 3 * option.fontMetrics.lineSpacing() + 20))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: Row = index.data(GalleryModel.RowRole)
        colors = theme().colors
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area: QRect = option.rect.adjusted(4, 2, -4, -2)
        _paint_back(painter, area, option.state, colors)
        thumb = QRect(area.left() + 7, area.center().y() - THUMB // 2, THUMB, THUMB)
        _paint_thumbnail(painter, thumb, row.thumbnail, colors)
        text = QRect(thumb.right() + 11, area.top() + 6, area.right() - thumb.right() - 20, area.height() - 12)
        _paint_text(painter, text, row, colors)
        painter.restore()


def _paint_back(painter: QPainter, area: QRect, state: QStyle.StateFlag, colors: Colors) -> None:
    selected, hover = QStyle.StateFlag.State_Selected, QStyle.StateFlag.State_MouseOver
    if state & (selected | hover):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.selection if state & selected else colors.hover))
        painter.drawRoundedRect(area, 6, 6)
    if state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(QPen(QColor(colors.accent), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)


def _paint_thumbnail(painter: QPainter, place: QRect, thumb: QPixmap | None, colors: Colors) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors.canvas))
    painter.drawRoundedRect(place, 5, 5)
    if thumb is None:
        return
    size = thumb.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
    target = QRect(0, 0, size.width(), size.height())
    target.moveCenter(place.center())
    shape = QPainterPath()
    shape.addRoundedRect(QRectF(place), 5, 5)
    painter.save()
    painter.setClipPath(shape)
    painter.drawPixmap(target, thumb)
    painter.restore()


def _paint_text(painter: QPainter, place: QRect, row: Row, colors: Colors) -> None:
    high = place.height() // 3
    lines = [QRect(place.left(), place.top() + k * high, place.width(), high) for k in range(3)]
    _paint_words(painter, _paint_notes(painter, lines[0], row.notes, colors), row.name, colors.text, middle=True)
    words = f"{verdict_word(row.verdict)} · {split_word(row.split)}"
    icon, role = VERDICT_ICONS[row.verdict]
    _paint_words(painter, _paint_icon(painter, lines[1], icon, role), words, getattr(colors, role))
    needed = painter.fontMetrics().horizontalAdvance(status_word(row.status)) + ICON + 10
    below = lines[2] if row.score is None else _paint_score(painter, lines[2], row.score, colors, needed)
    icon, role = STATUS_ICONS[row.status]
    tone = colors.muted if row.status is Status.TODO else colors.text
    _paint_words(painter, _paint_icon(painter, below, icon, role), status_word(row.status), tone)


def _paint_icon(painter: QPainter, line: QRect, icon: str, role: str) -> QRect:
    """Draws an icon at the left of a line; returns what is left of the line."""
    theme().icon(icon, role).paint(painter, line.left(), line.center().y() - ICON // 2, ICON, ICON)
    return line.adjusted(ICON + 6, 0, 0, 0)


def _paint_words(painter: QPainter, place: QRect, words: str, color: str, *, middle: bool = False) -> None:
    mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
    painter.setPen(QColor(color))
    painter.drawText(place, LEFT, painter.fontMetrics().elidedText(words, mode, place.width()))


def _paint_notes(painter: QPainter, line: QRect, notes: int, colors: Colors) -> QRect:
    """Draws the sign of notes, with their number when there are several; returns what is left of the line."""
    if not notes:
        return line
    number = str(notes) if notes > 1 else ""
    wide = ICON + 8 + painter.fontMetrics().horizontalAdvance(number)
    place = line.adjusted(line.width() - wide + 6, 0, 0, 0)
    _paint_words(painter, _paint_icon(painter, place, "note", "accent").adjusted(-4, 0, 0, 0), number, colors.text)
    return line.adjusted(0, 0, -wide, 0)


def _paint_score(painter: QPainter, line: QRect, score: float, colors: Colors, needed: int) -> QRect:
    """Draws the score at the right of a line, with a bar if `needed` pixels are left then; returns what is left."""
    number = painter.fontMetrics().horizontalAdvance("0.00") + 6
    wide = number + BAR + 4 if line.width() - number - BAR - 4 >= needed else number
    place = line.adjusted(line.width() - wide, 0, 0, 0)
    painter.setPen(QColor(colors.text))
    painter.drawText(place, RIGHT, decimal(score, 2))
    if wide > number:
        bar = QRectF(place.left(), place.center().y() - 1.5, BAR, 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.border))
        painter.drawRoundedRect(bar, 2.5, 2.5)
        painter.setBrush(QColor(colors.accent))
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), max(5.0, BAR * score), bar.height()), 2.5, 2.5)
    return line.adjusted(0, 0, -wide - 4, 0)
