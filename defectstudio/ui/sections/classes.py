"""Classes: choose what to paint; add, rename, recolour, merge and delete classes."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from defectstudio.domain.labels import HEALTHY, UNKNOWN, DefectClass
from defectstudio.ui.sections.common import ROW, SWATCH, Section, begin_row, draw_swatch, muted
from defectstudio.ui.theme import theme

VALUE, KEY, COLOR = (Qt.ItemDataRole.UserRole + k for k in range(3))
MOST_ROWS = 9


class ClassDelegate(QStyledItemDelegate):
    """One row: colour, name, the key that chooses it; the chosen one stands out by a bar and bold type."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(120, ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        colors = theme().colors
        area, chosen = begin_row(painter, option)
        if chosen:
            painter.setBrush(QColor(colors.accent))
            painter.drawRoundedRect(QRectF(area.left(), area.top() + 5, 3, area.height() - 10), 1.5, 1.5)
        self._swatch(painter, QRectF(area.left() + 12, area.center().y() - SWATCH / 2 + 1, SWATCH, SWATCH), index)
        font = painter.font()
        font.setBold(chosen)
        painter.setFont(font)
        painter.setPen(QColor(colors.text))
        room = area.adjusted(36, 0, -30, 0)
        name = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(QColor(colors.muted))
        painter.drawText(
            area.adjusted(0, 0, -10, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, index.data(KEY)
        )
        painter.restore()

    def _swatch(self, painter: QPainter, place: QRectF, index: QModelIndex | QPersistentModelIndex) -> None:
        colors = theme().colors
        draw_swatch(painter, place, index.data(COLOR) or colors.surface, colors.control_border)
        if index.data(VALUE) == UNKNOWN:
            painter.setBrush(QBrush(QColor(colors.muted), Qt.BrushStyle.BDiagPattern))
            painter.drawRoundedRect(place, 3.5, 3.5)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> None:
        editor.setGeometry(option.rect.adjusted(32, 0, -28, 0))
        editor.setStyleSheet("padding: 0 4px; min-height: 0;")


class ClassList(QListWidget):
    """The rows; letters and digits are left to the tools, so only keys that move or edit are taken."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isalnum():
            event.ignore()
        else:
            super().keyPressEvent(event)


class ClassesSection(Section):
    """Emits wishes about classes by their index."""

    chosen = Signal(int)
    add_wanted = Signal()
    renamed = Signal(int, str)
    color_wanted = Signal(int)
    merge_wanted = Signal(int, int)
    delete_wanted = Signal(int)
    done = Signal()
    """The user has finished here: the keys may go back to the image."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.heading.setText(self.tr("Classes"))
        self.add = self.add_button("add", self.tr("Add a class"))
        self.more = self.add_button("more", self.tr("Rename, recolour, merge or delete the chosen class"))
        self.list = ClassList()
        editing = QAbstractItemView.EditTrigger
        self.list.setEditTriggers(editing.DoubleClicked | editing.EditKeyPressed)
        self.list.setItemDelegate(ClassDelegate(self.list))
        self.list.setAccessibleName(self.tr("Class to paint"))
        self.list.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.list.setMouseTracking(True)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hint = muted(self.tr("No classes yet. The first stroke makes one, or add yours with +."))
        self.column.addWidget(self.list)
        self.column.addWidget(self.hint)
        self._classes: Mapping[int, DefectClass] = {}
        self._writable = False
        self.add.clicked.connect(self.add_wanted)
        self.more.clicked.connect(lambda: self._menu(self.more.mapToGlobal(QPoint(0, self.more.height()))))
        self.list.customContextMenuRequested.connect(self._context_menu)
        self.list.currentItemChanged.connect(self._current_changed)
        self.list.itemChanged.connect(self._edited)
        self.list.itemDelegate().closeEditor.connect(lambda *_: self.done.emit())
        self.show_classes({}, 1, writable=False)

    def show_classes(self, classes: Mapping[int, DefectClass], value: int, *, writable: bool) -> None:
        """The classes of the project and which of them is painted. Emits nothing."""
        self._classes, self._writable = dict(classes), writable
        self.list.blockSignals(True)
        self.list.clear()
        for number, index in enumerate(sorted(classes), 1):
            one = classes[index]
            self._add_row(one.name, index, str(number) if number <= 9 else "", one.color, editable=writable)
        self._add_row(self.tr("Healthy"), HEALTHY, "", "", editable=False)
        self._add_row(self.tr("Unknown"), UNKNOWN, "0", "", editable=False)
        self.list.blockSignals(False)
        rows = min(self.list.count(), MOST_ROWS)
        self.list.setFixedHeight(rows * ROW + 4)
        self.hint.setVisible(not classes)
        self.add.setEnabled(writable)
        self.show_value(value)

    def _add_row(self, name: str, value: int, key: str, color: str, *, editable: bool) -> None:
        item = QListWidgetItem(name)
        item.setData(VALUE, value)
        item.setData(KEY, key)
        item.setData(COLOR, color)
        if editable:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        item.setToolTip(self.tr("{0} (key {1})").format(name, key) if key else name)
        self.list.addItem(item)

    def show_value(self, value: int) -> None:
        """Which row is painted. Emits nothing."""
        self.list.blockSignals(True)
        for row in range(self.list.count()):
            if self.list.item(row).data(VALUE) == value:
                self.list.setCurrentRow(row)
        self.list.blockSignals(False)
        self.list.viewport().update()
        self.more.setEnabled(self._writable and value in self._classes)

    def edit_name(self, index: int) -> None:
        """Let the user type a name for a class."""
        for row in range(self.list.count()):
            if self.list.item(row).data(VALUE) == index:
                self.list.setCurrentRow(row)
                self.list.editItem(self.list.item(row))
                editor = self.list.findChild(QLineEdit)
                if editor is not None:
                    editor.setAccessibleName(self.tr("Name of the class"))

    def _current_changed(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(VALUE))

    def _edited(self, item: QListWidgetItem) -> None:
        self.renamed.emit(item.data(VALUE), item.text().strip())

    def _context_menu(self, at: QPoint) -> None:
        if self.list.itemAt(at) is not None:
            self._menu(self.list.viewport().mapToGlobal(at))

    def _menu(self, at: QPoint) -> None:
        menu = self.menu_for(self.list.currentItem().data(VALUE))
        if menu is not None:
            menu.popup(at)

    def menu_for(self, index: int) -> QMenu | None:
        """What can be done with a class."""
        if index not in self._classes or not self._writable:
            return None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Rename")).triggered.connect(lambda: self.edit_name(index))
        menu.addAction(self.tr("Colour…")).triggered.connect(lambda: self.color_wanted.emit(index))
        into = menu.addMenu(self.tr("Merge into"))
        others = [other for other in sorted(self._classes) if other != index]
        into.setEnabled(bool(others))
        for other in others:
            action = into.addAction(self._classes[other].name.replace("&", "&&"))
            action.triggered.connect(lambda _on=False, other=other: self.merge_wanted.emit(index, other))
        menu.addSeparator()
        menu.addAction(self.tr("Delete…")).triggered.connect(lambda: self.delete_wanted.emit(index))
        return menu
