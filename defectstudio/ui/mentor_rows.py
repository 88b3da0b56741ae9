"""Detections as rows of a list, as tiles of a contact sheet and as a strip of examples: one model, one way to draw."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from defectstudio.domain.mentoring import Detection
from defectstudio.ui.mentor_crops import Crops
from defectstudio.ui.mentor_words import VERDICT_ROLES, verdict_said
from defectstudio.ui.sections.common import begin_row, draw_swatch
from defectstudio.ui.standing_list import Index, RowRole, StandingList, begin_framed_row
from defectstudio.ui.theme import theme
from defectstudio.ui.translations import decimal

PAD, MARK, BADGE = 6, 10, 22


@dataclass(frozen=True, slots=True)
class DetectionRow:
    """What is said of one detection: the name and colour of its class, its image, and the verdict, "" none yet."""

    detection: Detection
    word: str
    tone: str
    image: str
    verdict: str = ""
    note: str = ""
    """A line of its own, such as why it is listed."""

    @property
    def key(self) -> str:
        return self.detection.id

    @property
    def title(self) -> str:
        return self.word

    @property
    def tip(self) -> str:
        return self.heard

    @property
    def heard(self) -> str:
        """For a screen reader, and when the mouse rests on it."""
        figure = decimal(self.detection.confidence, 2)
        parts = (self.word, figure, self.image, verdict_said(self.verdict) if self.verdict else "", self.note)
        return ", ".join(part for part in parts if part)


def draw_badge(painter: QPainter, corner: QRect, verdict: str) -> None:
    """The sign of a verdict in the upper right corner of a picture."""
    icon, role = VERDICT_ROLES.get(verdict, ("tag-unlabelled", "unlabelled"))
    place = QRect(corner.right() - BADGE - 3, corner.top() + 4, BADGE, BADGE)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme().colors.surface))
    painter.drawEllipse(place)
    theme().icon(icon, role).paint(painter, place.adjusted(2, 2, -2, -2))


class TileDelegate(QStyledItemDelegate):
    """A picture with class and confidence below it; the image's name where `named`."""

    def __init__(self, crops: Crops, parent: QObject, *, side: int, named: bool = True) -> None:
        super().__init__(parent)
        self._crops, self.side, self._named = crops, side, named

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        lines = 1 + self._named
        return QSize(self.side + 2 * PAD + 2, self.side + 3 * PAD + lines * option.fontMetrics.lineSpacing())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: DetectionRow = index.data(RowRole)
        area, chosen = begin_row(painter, option)
        colors = theme().colors
        if chosen or option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(colors.accent), 2 if chosen else 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 6, 6)
        picture = QRect(area.left() + PAD, area.top() + PAD, self.side, self.side)
        self._crops.draw(painter, picture, row.detection, row.tone)
        if row.verdict:
            draw_badge(painter, picture, row.verdict)
        high = painter.fontMetrics().lineSpacing()
        line = QRect(picture.left(), picture.bottom() + PAD, picture.width(), high)
        draw_class(painter, line, row)
        if self._named:
            painter.setPen(QColor(colors.muted))
            words = row.note or row.image
            below = line.translated(0, high)
            text = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, below.width())
            painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()


def draw_class(painter: QPainter, line: QRect, row: DetectionRow) -> None:
    """Swatch and name of the class at the left, confidence at the right where both have room."""
    colors, metrics = theme().colors, painter.fontMetrics()
    flags = Qt.AlignmentFlag.AlignVCenter
    swatch = QRectF(line.left(), line.center().y() - MARK / 2 + 0.5, MARK, MARK)
    draw_swatch(painter, swatch, row.tone, colors.control_border)
    words = line.adjusted(MARK + 5, 0, 0, 0)
    figure = decimal(row.detection.confidence, 2)
    wide = metrics.horizontalAdvance(figure) + 6
    if metrics.horizontalAdvance(row.word) + wide <= words.width():
        painter.setPen(QColor(colors.muted))
        painter.drawText(words, flags | Qt.AlignmentFlag.AlignRight, figure)
        words.adjust(0, 0, -wide, 0)
    painter.setPen(QColor(colors.text))
    painter.drawText(words, flags, metrics.elidedText(row.word, Qt.TextElideMode.ElideRight, words.width()))


class RowDelegate(QStyledItemDelegate):
    """Picture at the left; class and confidence, then the image, then a note beside it."""

    def __init__(self, crops: Crops, parent: QObject, *, side: int) -> None:
        super().__init__(parent)
        self._crops, self.side = crops, side

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(150, max(self.side, 3 * option.fontMetrics.lineSpacing()) + 2 * PAD + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: DetectionRow = index.data(RowRole)
        area, colors = begin_framed_row(painter, option), theme().colors
        picture = QRect(area.left() + PAD, area.center().y() - self.side // 2, self.side, self.side)
        self._crops.draw(painter, picture, row.detection, row.tone)
        if row.verdict:
            draw_badge(painter, picture, row.verdict)
        high, left = painter.fontMetrics().lineSpacing(), picture.right() + 10
        lines = 2 + bool(row.note)
        line = QRect(left, area.center().y() - lines * high // 2, area.right() - left - PAD, high)
        painter.save()
        bold = QFont(painter.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        draw_class(painter, line, row)
        painter.restore()
        painter.setPen(QColor(colors.muted))
        for words in (row.image, row.note):
            line.translate(0, high)
            text = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()


class DetectionsList(StandingList[DetectionRow]):
    """Detections as rows or tiles."""

    def __init__(self, crops: Crops, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setUniformItemSizes(True)
        crops.ready.connect(self.picture_ready)

    def as_tiles(self, *, strip: bool = False) -> None:
        """Lay the rows out as tiles, in as many lines as are needed or, as a strip, in one that scrolls sideways."""
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setWrapping(not strip)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setSpacing(2)
        if strip:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def go(self, detection: str | None) -> None:
        """Stand on a detection, where it is listed. Emits nothing."""
        row = self.rows_model.row_of(detection)
        if row is not None and row != self.currentIndex().row():
            self.selectionModel().blockSignals(True)
            self.go_to_row(row)
            self.selectionModel().blockSignals(False)
            self.viewport().update()

    @property
    def current(self) -> Detection | None:
        """The detection on which the list stands."""
        return None if self.standing is None else self.standing.detection

    @property
    def chosen(self) -> list[str]:
        """The ids of the chosen detections, from first to last."""
        return [row.detection.id for row in self.chosen_rows]
