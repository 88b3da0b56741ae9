"""The rows of the queue and of the label errors: a model that holds them, and how one is drawn."""

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
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from defectstudio.domain.labels import ImageId
from defectstudio.ui.sections.common import begin_row
from defectstudio.ui.select_heat import HeatThumbnails
from defectstudio.ui.theme import theme

PICTURE, PAD, ICON = 68, 7, 13
RowRole = Qt.ItemDataRole.UserRole + 1
NO_INDEX = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class ListRow:
    """What a list says of one image: `lead` before the name ("3."), a quiet `figure` after it, a reason below.

    `icon` and `role` (icon and colour of the theme) stand before `fact`, a short word of its own line.
    """

    image: ImageId
    name: str
    reason: str
    lead: str = ""
    figure: str = ""
    fact: str = ""
    icon: str = ""
    role: str = "muted"
    spoken: str = ""


class RowsModel(QAbstractListModel):
    """The rows in their order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[ListRow] = []

    def show(self, rows: Sequence[ListRow]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def row_of(self, image: ImageId | None) -> int | None:
        """The row of an image."""
        return next((k for k, row in enumerate(self.rows) if row.image == image), None)

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == RowRole:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(part for part in (row.name, row.reason) if part)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            parts = (row.lead, row.name, row.fact, row.reason, row.figure)
            return row.spoken or ", ".join(part for part in parts if part)
        return None


class RowsDelegate(QStyledItemDelegate):
    """Picture at the left; place, name and figure in the first line; the fact; the reason in up to two lines."""

    def __init__(self, pictures: HeatThumbnails, parent: QObject) -> None:
        super().__init__(parent)
        self._pictures = pictures

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: ListRow = index.data(RowRole)
        lines = 3 + bool(row.fact)
        return QSize(160, max(PICTURE, lines * option.fontMetrics.lineSpacing()) + 2 * PAD + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: ListRow = index.data(RowRole)
        area, _ = begin_row(painter, option)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(theme().colors.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area, 6, 6)
        picture = QRect(area.left() + PAD, area.center().y() - PICTURE // 2, PICTURE, PICTURE)
        self._pictures.draw(painter, picture, row.image)
        left = picture.right() + 10
        self._draw_words(painter, QRect(left, area.top() + PAD, area.right() - left - PAD, area.height() - PAD), row)
        painter.restore()

    @staticmethod
    def _draw_words(painter: QPainter, place: QRect, row: ListRow) -> None:
        colors, metrics = theme().colors, painter.fontMetrics()
        high, flags = metrics.lineSpacing(), Qt.AlignmentFlag.AlignVCenter
        line = QRect(place.left(), place.top(), place.width(), high)
        painter.setPen(QColor(colors.muted))
        painter.drawText(line, flags | Qt.AlignmentFlag.AlignRight, row.figure)
        name = line.adjusted(0, 0, -metrics.horizontalAdvance(row.figure) - 8 * bool(row.figure), 0)
        painter.save()
        font = QFont(painter.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(colors.text))
        words, bold = f"{row.lead} {row.name}".strip(), QFontMetrics(font)
        painter.drawText(name, flags, bold.elidedText(words, Qt.TextElideMode.ElideMiddle, name.width()))
        painter.restore()
        line.translate(0, high)
        if row.fact:
            if row.icon:
                theme().icon(row.icon, row.role).paint(painter, line.left(), line.center().y() - ICON // 2, ICON, ICON)
            painter.setPen(QColor(getattr(colors, row.role)))
            fact = line.adjusted(ICON + 5 if row.icon else 0, 0, 0, 0)
            painter.drawText(fact, flags, metrics.elidedText(row.fact, Qt.TextElideMode.ElideRight, fact.width()))
            line.translate(0, high)
        painter.setPen(QColor(colors.text))
        below = QRect(line.left(), line.top(), line.width(), 2 * high)
        _draw_two_lines(painter, below, row.reason)


def _draw_two_lines(painter: QPainter, place: QRect, text: str) -> None:
    """The text in at most two lines, the second cut off where there is more."""
    metrics, width = painter.fontMetrics(), place.width()
    first, words = "", text.split(" ")
    while words and metrics.horizontalAdvance(f"{first} {words[0]}".strip()) <= width:
        first = f"{first} {words.pop(0)}".strip()
    if not first and words:
        first = metrics.elidedText(words.pop(0), Qt.TextElideMode.ElideRight, width)
    high = metrics.lineSpacing()
    painter.drawText(QRect(place.left(), place.top(), width, high), Qt.AlignmentFlag.AlignVCenter, first)
    rest = metrics.elidedText(" ".join(words), Qt.TextElideMode.ElideRight, width)
    painter.drawText(QRect(place.left(), place.top() + high, width, high), Qt.AlignmentFlag.AlignVCenter, rest)


class RowsList(QListView):
    """A list of such rows that keeps standing on the same image, or else at the same place, when it changes."""

    def __init__(self, pictures: HeatThumbnails, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows_model = RowsModel(self)
        self.setModel(self.rows_model)
        self.setItemDelegate(RowsDelegate(pictures, self))
        self.setProperty("role", "framed")
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(3 * (PICTURE + 2 * PAD))
        pictures.ready.connect(self.picture_ready)
        theme().changed.connect(self._tint)

    def _tint(self) -> None:
        self.viewport().update()

    def picture_ready(self, image: ImageId) -> None:
        """The picture or the heat of an image can be had now."""
        row = self.rows_model.row_of(image)
        if row is not None:
            self.update(self.rows_model.index(row))

    def show_rows(self, rows: Sequence[ListRow]) -> None:
        """Show these rows. Emits no change of the selection for an image that stays."""
        if list(rows) == self.rows_model.rows:
            return
        chosen, current, at = self.chosen, self.current, self.currentIndex().row()
        self.selectionModel().blockSignals(True)
        self.rows_model.show(rows)
        stays = self.rows_model.row_of(current)
        self.go_to_row(stays if stays is not None else at)
        for image in chosen if stays is not None else ():
            row = self.rows_model.row_of(image)
            if row is not None:
                self.selectionModel().select(self.rows_model.index(row), QItemSelectionModel.SelectionFlag.Select)
        self.selectionModel().blockSignals(False)
        self.viewport().update()

    def go(self, image: ImageId | None) -> None:
        """Stand on an image, where it is listed."""
        row = self.rows_model.row_of(image)
        if row is not None:
            self.go_to_row(row)

    def go_to_row(self, row: int) -> None:
        """Stand on a row, or the last one, which alone is chosen then; on none where `row` is negative."""
        if self.rows_model.rows and row >= 0:
            index = self.rows_model.index(min(row, len(self.rows_model.rows) - 1))
            # Not by the view's own method: that one asks which keys are held, and adds to what is chosen.
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

    @property
    def current(self) -> ImageId | None:
        """The image on which the list stands."""
        index = self.currentIndex()
        return self.rows_model.rows[index.row()].image if index.isValid() else None

    @property
    def chosen(self) -> list[ImageId]:
        """The chosen images, from top to bottom; where none is, the one on which the list stands."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        standing = [] if self.current is None else [self.current]
        return [self.rows_model.rows[row].image for row in rows] or standing
