"""Lists that keep standing on the same thing when their rows change: the model that holds rows, and the list."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
)
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyleOptionViewItem, QWidget

from defectstudio.ui.sections.common import begin_row
from defectstudio.ui.theme import theme

RowRole = Qt.ItemDataRole.UserRole + 1
NO_INDEX = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class Row(Protocol):
    """What a row needs: the thing that it is about, unique in its list, and words for the eye, the mouse, the ear."""

    @property
    def key(self) -> Hashable: ...
    @property
    def title(self) -> str: ...
    @property
    def tip(self) -> str: ...
    @property
    def heard(self) -> str: ...


RowT = TypeVar("RowT", bound=Row)


class StandingModel(QAbstractListModel, Generic[RowT]):
    """The rows in their order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[RowT] = []
        self._places: dict[Hashable, int] = {}

    def show(self, rows: Sequence[RowT]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self.rows = list(rows)
        self._places = {row.key: place for place, row in reversed(list(enumerate(self.rows)))}  # the first counts
        self.endResetModel()

    def row_of(self, key: Hashable | None) -> int | None:
        """The row of a thing, where it is listed."""
        return None if key is None else self._places.get(key)

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == RowRole:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.tip
        return row.heard if role == Qt.ItemDataRole.AccessibleTextRole else None


class StandingList(QListView, Generic[RowT]):
    """A list that keeps standing on the same row, or else at the same place, when it changes."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows_model: StandingModel[RowT] = StandingModel(self)
        self.setModel(self.rows_model)
        self.setProperty("role", "framed")
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        theme().changed.connect(self._tint)

    def _tint(self) -> None:
        self.viewport().update()

    def picture_ready(self, key: Any) -> None:
        """The picture of a row can be had now."""
        row = self.rows_model.row_of(key)
        if row is not None:
            self.update(self.rows_model.index(row))

    def show_rows(self, rows: Sequence[RowT]) -> None:
        """Show these rows. What is chosen stays so where it is still there; emits nothing."""
        if list(rows) == self.rows_model.rows:
            return
        chosen, standing, at = self.chosen_rows, self.standing, self.currentIndex().row()
        self.selectionModel().blockSignals(True)
        self.rows_model.show(rows)
        stays = None if standing is None else self.rows_model.row_of(standing.key)
        self.go_to_row(stays if stays is not None else at)
        if self.selectionMode() is QAbstractItemView.SelectionMode.ExtendedSelection and stays is not None:
            for place in (self.rows_model.row_of(row.key) for row in chosen):
                if place is not None:
                    select = QItemSelectionModel.SelectionFlag.Select
                    self.selectionModel().select(self.rows_model.index(place), select)
        self.selectionModel().blockSignals(False)
        self.viewport().update()

    def go_to_row(self, row: int) -> None:
        """Stand on a row, or the last one, which alone is chosen then; on none where `row` is negative."""
        if self.rows_model.rows and row >= 0:
            index = self.rows_model.index(min(row, len(self.rows_model.rows) - 1))
            # Not by the view's own method: that one asks which keys are held, and adds to what is chosen.
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

    @property
    def standing(self) -> RowT | None:
        """The row on which the list stands."""
        index = self.currentIndex()
        return self.rows_model.rows[index.row()] if index.isValid() else None

    @property
    def chosen_rows(self) -> list[RowT]:
        """The chosen rows, from first to last."""
        places = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        return [self.rows_model.rows[place] for place in places]


def begin_framed_row(painter: QPainter, option: QStyleOptionViewItem) -> QRect:
    """As `begin_row`, with a frame round the row that has the keys; returns the area to draw in."""
    area, _ = begin_row(painter, option)
    if option.state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(QPen(QColor(theme().colors.accent), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area, 6, 6)
    return area
