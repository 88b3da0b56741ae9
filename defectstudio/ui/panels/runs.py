"""The Runs panel: every training run in a table that can be sorted and filtered; what can be done with chosen ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QStackedLayout,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from defectstudio.app.runs import RunRow
from defectstudio.ui.panels.runs_model import RUN, Column, RunsFilter, RunsModel
from defectstudio.ui.sections.common import muted
from defectstudio.ui.theme import theme

BUTTONS = ("runs.compare", "runs.star", "runs.rename", "runs.note", "runs.delete")
ROW_HEIGHT = 28


class _NameEditor(QStyledItemDelegate):
    """Gives the field for a new name a name itself."""

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        editor = super().createEditor(parent, option, index)
        editor.setAccessibleName(self.tr("Name of the run"))
        editor.setStyleSheet("padding: 0 4px; min-height: 0; border-radius: 3px;")
        return editor


class RunsTable(QTableView):
    """Delete deletes, Enter shows; other keys are those of any table."""

    delete_wanted = Signal()
    show_wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and not event.modifiers():
            self.delete_wanted.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self.show_wanted.emit()
        else:
            super().keyPressEvent(event)


class RunsPanel(QWidget):
    """Emits wishes about runs by their ids; is told the rows."""

    chosen_changed = Signal()
    show_wanted = Signal(str)
    renamed = Signal(str, str)
    star_wanted = Signal(str, bool)
    delete_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = RunsModel(self)
        self.proxy = RunsFilter(self)
        self.proxy.setSourceModel(self.model)
        self.table = self._make_table()
        self.search = QLineEdit(placeholderText=self.tr("Filter runs"), clearButtonEnabled=True)
        self.search.setAccessibleName(self.tr("Filter runs by any word"))
        self.search.setMaximumWidth(240)
        self.starred = QToolButton(autoRaise=True)
        self.starred.setCheckable(True)
        self.starred.setAccessibleName(self.tr("Starred runs only"))
        self.starred.setToolTip(self.starred.accessibleName())
        self.starred.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hint = muted()
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lay_out()
        self.search.textChanged.connect(self._filter)
        self.starred.toggled.connect(self._filter)
        self.model.renamed.connect(self.renamed)
        self.table.selectionModel().selectionChanged.connect(self.chosen_changed)
        self.table.clicked.connect(self._clicked)
        self.table.doubleClicked.connect(self._double_clicked)
        self.table.show_wanted.connect(self._show_current)
        self.table.delete_wanted.connect(self.delete_wanted)
        theme().changed.connect(self._tint)
        self._tint()
        self.setFocusProxy(self.table)
        self.show_rows([], None, "", writable=False)

    def _make_table(self) -> RunsTable:
        table = RunsTable()
        table.setModel(self.proxy)
        table.setItemDelegateForColumn(Column.NAME, _NameEditor(table))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setSortingEnabled(True)
        table.sortByColumn(Column.STARTED, Qt.SortOrder.DescendingOrder)
        table.setAccessibleName(self.tr("Training runs"))
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(32)
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in zip(Column, (32, 142, 124, 70, 68, 58, 80, 114, 40), strict=True):
            table.setColumnWidth(column, width)
        return table

    def _lay_out(self) -> None:
        self._buttons = QHBoxLayout()
        self._buttons.setContentsMargins(8, 4, 8, 4)
        self._buttons.setSpacing(4)
        self._buttons.addWidget(self.search, 1)
        self._buttons.addWidget(self.starred)
        self._buttons.addStretch(1)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.hint)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._buttons)
        column.addLayout(self._stack, 1)

    def arrange(self, button: Callable[..., QToolButton]) -> None:
        """Take the buttons of the commands, made by `button(key, text)`."""
        for key in BUTTONS:
            self._buttons.addWidget(button(key, self.tr("Compare")) if key == "runs.compare" else button(key))

    def _tint(self) -> None:
        self.starred.setIcon(theme().icon("star", "warning"))
        self.table.viewport().update()

    def show_rows(self, rows: Sequence[RunRow], shown: str | None, training: str, *, writable: bool) -> None:
        """Show these runs; `shown` is the one whose scores are shown, `training` the one being trained ("" none)."""
        chosen, current = self.chosen, self.current
        self.model.show_rows(rows, shown, training, writable=writable)
        self.choose([run for run in chosen if self.model.row_of(run) is not None], current)
        self._show_hint()

    def _filter(self) -> None:
        self.proxy.keep(self.search.text(), self.starred.isChecked())
        self._show_hint()

    def _show_hint(self) -> None:
        empty = self.tr("No detector has been trained yet. Tag some images good and some defective, then press Ctrl+T.")
        self.hint.setText(self.tr("No run is like that. Clear the filter to see all.") if self.model.rows else empty)
        self._stack.setCurrentIndex(0 if self.proxy.rowCount() else 1)
        self.search.setEnabled(bool(self.model.rows))
        self.starred.setEnabled(bool(self.model.rows))

    @property
    def chosen(self) -> list[str]:
        """The ids of the selected runs, from top to bottom."""
        rows = sorted(self.table.selectionModel().selectedRows(), key=lambda index: index.row())
        return [index.data(RUN) for index in rows]

    @property
    def current(self) -> str | None:
        """The run on which the keyboard stands."""
        index = self.table.currentIndex()
        return index.data(RUN) if index.isValid() else None

    def choose(self, runs: Sequence[str], current: str | None = None) -> None:
        """Select these runs, and stand on one of them."""
        if runs == self.chosen and current == self.current:
            return
        selection = self.table.selectionModel()
        flags = QItemSelectionModel.SelectionFlag
        selection.clearSelection()
        for run in runs:
            selection.select(self._index(run), flags.Select | flags.Rows)
        if current is not None:
            selection.setCurrentIndex(self._index(current), flags.NoUpdate)

    def _index(self, run: str, column: Column = Column.NAME) -> QModelIndex:
        row = self.model.row_of(run)
        return QModelIndex() if row is None else self.proxy.mapFromSource(self.model.index(row, column))

    def edit_name(self, run: str) -> None:
        """Let the user type a name for a run, in its row."""
        self.table.setFocus()
        self.table.setCurrentIndex(self._index(run))
        self.table.edit(self._index(run))

    def row(self, run: str | None) -> RunRow | None:
        """What is shown of a run."""
        at = self.model.row_of(run)
        return None if at is None else self.model.rows[at]

    def _clicked(self, index: QModelIndex) -> None:
        row = self.row(index.data(RUN))
        if index.column() == Column.STAR and row is not None:
            self.star_wanted.emit(row.id, not row.starred)

    def _double_clicked(self, index: QModelIndex) -> None:
        if index.column() == Column.NAME and index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.table.edit(index)
        elif index.column() != Column.STAR:
            self._show_current()

    def _show_current(self) -> None:
        if self.current is not None:
            self.show_wanted.emit(self.current)
