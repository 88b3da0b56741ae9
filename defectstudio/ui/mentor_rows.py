"""Detections as rows of a list, as tiles of a contact sheet and as a strip of examples: one model, one way to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from defectstudio.domain.mentoring import Detection
from defectstudio.ui.mentor_crops import Crops
from defectstudio.ui.mentor_words import VERDICT_ROLES, verdict_said
from defectstudio.ui.sections.common import begin_row, draw_swatch
from defectstudio.ui.theme import theme
from defectstudio.ui.translations import decimal

RowRole = Qt.ItemDataRole.UserRole + 1
NO_INDEX = QModelIndex()
Index = QModelIndex | QPersistentModelIndex
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
    def spoken(self) -> str:
        """For a screen reader, and when the mouse rests on it."""
        figure = decimal(self.detection.confidence, 2)
        parts = (self.word, figure, self.image, verdict_said(self.verdict) if self.verdict else "", self.note)
        return ", ".join(part for part in parts if part)


class DetectionsModel(QAbstractListModel):
    """The rows in their order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[DetectionRow] = []
        self._places: dict[str, int] = {}

    def show(self, rows: Sequence[DetectionRow]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self.rows = list(rows)
        self._places = {row.detection.id: place for place, row in enumerate(self.rows)}
        self.endResetModel()

    def row_of(self, detection: str | None) -> int | None:
        """The row of a detection, by its id."""
        return None if detection is None else self._places.get(detection)

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == RowRole:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.word
        if role in {Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole}:
            return row.spoken
        return None


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
    """Swatch and name of the class at the left, confidence at the right."""
    colors, metrics = theme().colors, painter.fontMetrics()
    flags = Qt.AlignmentFlag.AlignVCenter
    figure = decimal(row.detection.confidence, 2)
    painter.setPen(QColor(colors.muted))
    painter.drawText(line, flags | Qt.AlignmentFlag.AlignRight, figure)
    swatch = QRectF(line.left(), line.center().y() - MARK / 2 + 0.5, MARK, MARK)
    draw_swatch(painter, swatch, row.tone, colors.control_border)
    words = line.adjusted(MARK + 5, 0, -metrics.horizontalAdvance(figure) - 6, 0)
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
        area, _ = begin_row(painter, option)
        colors = theme().colors
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(colors.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area, 6, 6)
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


class DetectionsList(QListView):
    """A list of detections that keeps standing on the same one, or else at the same place, when it changes."""

    def __init__(self, crops: Crops, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows_model = DetectionsModel(self)
        self.setModel(self.rows_model)
        self.setProperty("role", "framed")
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setUniformItemSizes(True)
        crops.ready.connect(self._picture_ready)
        theme().changed.connect(self._tint)

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

    def _tint(self) -> None:
        self.viewport().update()

    def _picture_ready(self, detection: str) -> None:
        row = self.rows_model.row_of(detection)
        if row is not None:
            self.update(self.rows_model.index(row))

    def show_rows(self, rows: Sequence[DetectionRow]) -> None:
        """Show these rows. What is chosen stays so where it is still there; emits nothing."""
        if list(rows) == self.rows_model.rows:
            return
        chosen, at = self.chosen, self.currentIndex().row()
        current = self.current
        self.selectionModel().blockSignals(True)
        self.rows_model.show(rows)
        stays = self.rows_model.row_of(None if current is None else current.id)
        self.go_to_row(stays if stays is not None else at)
        if self.selectionMode() is QAbstractItemView.SelectionMode.ExtendedSelection:
            for detection in chosen if stays is not None else ():
                row = self.rows_model.row_of(detection)
                if row is not None:
                    self.selectionModel().select(self.rows_model.index(row), QItemSelectionModel.SelectionFlag.Select)
        self.selectionModel().blockSignals(False)
        self.viewport().update()

    def go(self, detection: str | None) -> None:
        """Stand on a detection, where it is listed. Emits nothing."""
        row = self.rows_model.row_of(detection)
        if row is not None and row != self.currentIndex().row():
            self.selectionModel().blockSignals(True)
            self.go_to_row(row)
            self.selectionModel().blockSignals(False)
            self.viewport().update()

    def go_to_row(self, row: int) -> None:
        """Stand on a row, or the last one, which alone is chosen then; on none where `row` is negative."""
        if self.rows_model.rows and row >= 0:
            index = self.rows_model.index(min(row, len(self.rows_model.rows) - 1))
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

    @property
    def current(self) -> Detection | None:
        """The detection on which the list stands."""
        index = self.currentIndex()
        return self.rows_model.rows[index.row()].detection if index.isValid() else None

    @property
    def chosen(self) -> list[str]:
        """The ids of the chosen detections, from first to last."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        return [self.rows_model.rows[row].detection.id for row in rows]
