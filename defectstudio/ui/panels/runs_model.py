"""The rows of the runs table: what stands in each cell, by what it is sorted, and which rows the filter keeps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QIcon

from defectstudio.app.runs import RunRow
from defectstudio.ui.panels.history import when_words
from defectstudio.ui.theme import theme
from defectstudio.ui.translations import decimal, number

Index = QModelIndex | QPersistentModelIndex
SORT, RUN = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
UNSOUND = ("failed", "missing", "damaged")
NO_INDEX = QModelIndex()


class Column(IntEnum):
    """The columns, from left to right."""

    STAR = 0
    NAME = 1
    STARTED = 2
    NET = 3
    MASKS = 4
    AP = 5
    PIXEL_AP = 6
    STATE = 7
    NOTE = 8


NUMBERS = {Column.MASKS, Column.AP, Column.PIXEL_AP}


def started_words(row: RunRow) -> str:
    """When a run was started, as a person there says it; a dash where that cannot be read."""
    return "–" if row.created is None else when_words(datetime.fromisoformat(row.created).timestamp())


def state_word(row: RunRow, training: bool) -> str:
    """The state of a run; `training`: whether it is being trained at this moment."""
    words = {
        "finished": QCoreApplication.translate("RunState", "Finished"),
        "stopped": QCoreApplication.translate("RunState", "Stopped"),
        "failed": QCoreApplication.translate("RunState", "Failed"),
        "running": QCoreApplication.translate("RunState", "Interrupted"),
        "missing": QCoreApplication.translate("RunState", "Files missing"),
        "damaged": QCoreApplication.translate("RunState", "Damaged"),
    }
    return QCoreApplication.translate("RunState", "In training") if training else words[row.state]


class RunsModel(QAbstractTableModel):
    """Runs as rows. Emits wishes of what was typed into a cell, and is told the rows anew when they are granted."""

    renamed = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[RunRow] = []
        self.shown: str | None = None
        self._training, self._writable = "", False

    def show_rows(self, rows: Sequence[RunRow], shown: str | None, training: str, *, writable: bool) -> None:
        """Show these runs; `shown` is the one whose scores are shown, `training` the one being trained ("" none)."""
        same = [row.id for row in rows] == [row.id for row in self.rows]
        if not same:
            self.beginResetModel()
        self.rows, self.shown, self._training, self._writable = list(rows), shown, training, writable
        if not same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(Column) - 1))

    def row_of(self, run: str | None) -> int | None:
        """The row of a run."""
        return next((k for k, row in enumerate(self.rows) if row.id == run), None)

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(Column)

    def flags(self, index: Index) -> Qt.ItemFlag:
        known = super().flags(index)
        editable = index.column() == Column.NAME and self._writable
        return known | Qt.ItemFlag.ItemIsEditable if editable else known

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if way is Qt.Orientation.Vertical:
            return None
        column = Column(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._heads()[column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role in {Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self._explained().get(column, self._heads()[column])
        return None

    def _heads(self) -> dict[Column, str]:
        return {
            Column.STAR: "★",
            Column.NAME: self.tr("Run"),
            Column.STARTED: self.tr("Started"),
            Column.NET: self.tr("Network"),
            Column.MASKS: self.tr("Masks"),
            Column.AP: self.tr("AP %"),
            Column.PIXEL_AP: self.tr("Pixel AP %"),
            Column.STATE: self.tr("State"),
            Column.NOTE: self.tr("Note"),
        }

    def _explained(self) -> dict[Column, str]:
        return {
            Column.STAR: self.tr("Starred"),
            Column.MASKS: self.tr("How many masks training used"),
            Column.AP: self.tr("Average precision over images, as measured after the training"),
            Column.PIXEL_AP: self.tr("Average precision over pixels, as measured after the training"),
        }

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = self.rows[index.row()], Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(row, column)
            case Qt.ItemDataRole.EditRole:
                return row.name
            case Qt.ItemDataRole.DecorationRole:
                return self._star(row) if column == Column.STAR else None
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case Qt.ItemDataRole.ForegroundRole:
                return self._color(row, column)
            case Qt.ItemDataRole.FontRole:
                return self._font(row)
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(row, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(row, column)
        return row.id if role == RUN else self._rank(row, column) if role == SORT else None

    def _text(self, row: RunRow, column: Column) -> str:
        match column:
            case Column.STAR:
                return ""
            case Column.NAME:
                return row.title
            case Column.STARTED:
                return started_words(row)
            case Column.NET:
                return row.net or "–"
            case Column.MASKS:
                return "–" if row.masks is None else number(row.masks)
            case Column.AP | Column.PIXEL_AP:
                value = row.ap if column == Column.AP else row.pixel_ap
                return "–" if value is None else decimal(100 * value, 1) + ("*" if row.seen else "")
            case Column.STATE:
                return state_word(row, row.id == self._training)
            case Column.NOTE:
                return " ".join(row.note.split())

    def _rank(self, row: RunRow, column: Column) -> float | str:
        match column:
            case Column.STAR:
                return float(row.starred)
            case Column.STARTED:
                return row.created or ""
            case Column.MASKS:
                return -1.0 if row.masks is None else float(row.masks)
            case Column.AP | Column.PIXEL_AP:
                value = row.ap if column == Column.AP else row.pixel_ap
                return -1.0 if value is None else value
        return self._text(row, column).casefold()

    def _star(self, row: RunRow) -> QIcon:
        return theme().icon("star", "warning") if row.starred else theme().icon("star-off", "muted")

    def _color(self, row: RunRow, column: Column) -> QColor | None:
        colors = theme().colors
        if column == Column.STATE and row.state in UNSOUND:
            return QColor(colors.defective)
        quiet = column in {Column.STARTED, Column.NOTE} or row.state != "finished"
        return QColor(colors.muted) if quiet else None

    def _font(self, row: RunRow) -> QFont | None:
        if row.id != self.shown:
            return None
        font = QFont()
        font.setBold(True)
        return font

    def _tip(self, row: RunRow, column: Column) -> str:
        if column in {Column.AP, Column.PIXEL_AP} and row.split is not None:
            said = self.tr("Measured on split {0}.").format(row.split)
            warned = self.tr("* Images of this split trained the run, so the figure flatters it.")
            return f"{said}\n{warned}" if row.seen else said
        about = {
            Column.STAR: self.tr("Starred: click to change") if row.starred else self.tr("No star: click to change"),
            Column.NAME: row.id,
            Column.STATE: row.problem,
            Column.NOTE: row.note,
        }
        return about.get(column) or self._text(row, column)

    def _spoken(self, row: RunRow, column: Column) -> str:
        stars = self.tr("starred") if row.starred else self.tr("no star")
        said = stars if column == Column.STAR else self._text(row, column)
        shown = row.id == self.shown and column == Column.NAME
        return self.tr("{0}, its scores are shown").format(said) if shown else said

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """What was typed is a wish; the row changes once it is granted."""
        if role == Qt.ItemDataRole.EditRole:
            self.renamed.emit(self.rows[index.row()].id, str(value))
        return False


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in NUMBERS else Qt.AlignmentFlag.AlignLeft
    return (Qt.AlignmentFlag.AlignHCenter if column == Column.STAR else side) | Qt.AlignmentFlag.AlignVCenter


class RunsFilter(QSortFilterProxyModel):
    """Rows whose texts contain every typed word; starred ones alone when wanted."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words: list[str] = []
        self._starred = False
        self.setSortRole(SORT)

    def keep(self, text: str, starred: bool) -> None:
        """Filter anew."""
        self._words, self._starred = text.casefold().split(), starred
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, _parent: Index) -> bool:
        model = self.sourceModel()
        assert isinstance(model, RunsModel)
        row = model.rows[source_row]
        cells = [str(model.data(model.index(source_row, column))) for column in Column]
        text = " ".join([*cells, row.id, row.note]).casefold()
        return (row.starred or not self._starred) and all(word in text for word in self._words)
