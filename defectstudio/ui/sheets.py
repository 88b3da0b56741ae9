"""The shortcut sheet (F1), the command palette (Ctrl+L), and the About box: views of the action table."""

from __future__ import annotations

import html

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from defectstudio.ui.actions import Actions
from defectstudio.ui.commands import MENUS
from defectstudio.ui.theme import theme
from defectstudio.ui.translations import said


class ShortcutSheet(QDialog):
    """Every command that has a key, by menu."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.resize(860, 700)
        page = QTextBrowser()
        page.setAccessibleName(self.tr("Keyboard shortcuts"))
        page.setHtml(self._page(actions))
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(page)
        column.addWidget(close)

    def _page(self, actions: Actions) -> str:
        """Two columns of menus, about equally long."""
        menus = [(said(title).replace("&", ""), self._rows(actions, name)) for name, title in MENUS]
        shown = [(title, rows) for title, rows in menus if rows]
        lengths, column_of = [0, 0], {}
        for title, rows in sorted(shown, key=lambda menu: -len(menu[1])):
            column_of[title] = lengths.index(min(lengths))
            lengths[column_of[title]] += len(rows) + 2
        first = column_of[shown[0][0]]  # the first menu stands at the left
        columns = ["", ""]
        for title, rows in shown:
            columns[column_of[title] != first] += self._menu(title, rows)
        mouse = self.tr(
            "Wheel: zoom about the cursor. Middle button, or Space and drag: move. Double click: fit. "
            "Single letters work while the image or the list of images has the focus."
        )
        cells = f"<td width='50%'>{columns[0]}</td><td width='4%'></td><td width='46%'>{columns[1]}</td>"
        return (
            f"<table width='100%'><tr>{cells}</tr></table>"
            f"<p style='color:{theme().colors.muted}'>{html.escape(mouse)}</p>"
        )

    def _rows(self, actions: Actions, menu: str) -> list[str]:
        infos = [info for info in actions.table if info.menu == menu and actions.keys_text(info.key)]
        return [self._row(said(info.text), actions.keys_text(info.key)) for info in infos]

    @staticmethod
    def _menu(title: str, rows: list[str]) -> str:
        return f"<h3>{html.escape(title)}</h3><table width='100%' cellpadding='3'>{''.join(rows)}</table>"

    @staticmethod
    def _row(text: str, keys: str) -> str:
        return f"<tr><td>{html.escape(text)}</td><td align='right'><b>{html.escape(keys)}</b></td></tr>"


class Palette(QDialog):
    """Type a few letters of a command, press Enter."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Find a command"))
        self.resize(440, 380)
        self._chosen: QAction | None = None
        self.search = QLineEdit(placeholderText=self.tr("Type a command"))
        self.search.setAccessibleName(self.tr("Command to find"))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Commands"))
        self._actions = [
            (actions.by_key[info.key], actions.keys_text(info.key))
            for info in actions.table
            if info.key != "help.palette"
        ]
        column = QVBoxLayout(self)
        column.addWidget(self.search)
        column.addWidget(self.list)
        self.search.textChanged.connect(self._show_matches)
        self.search.installEventFilter(self)
        self.list.itemActivated.connect(lambda _item: self.accept())
        self.finished.connect(self._run)
        self._show_matches("")

    def _show_matches(self, text: str) -> None:
        self.list.clear()
        words = text.casefold().split()
        for action, keys in self._actions:
            name = action.text().replace("&", "")
            if action.isEnabled() and all(word in name.casefold() for word in words):
                item = QListWidgetItem(action.icon(), f"{name}    {keys}" if keys else name)
                item.setData(Qt.ItemDataRole.UserRole, action)
                self.list.addItem(item)
        self.list.setCurrentRow(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
            if event.key() in moves:
                row = self.list.currentRow() + moves[Qt.Key(event.key())]
                self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self.accept()
                return True
        return super().eventFilter(watched, event)

    def _run(self, result: int) -> None:
        item = self.list.currentItem()
        if result == QDialog.DialogCode.Accepted and item is not None:
            item.data(Qt.ItemDataRole.UserRole).trigger()
