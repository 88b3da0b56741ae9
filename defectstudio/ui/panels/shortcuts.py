"""The settings' page of keys: find a command, press the keys it shall have, see at once whom they belonged to."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from defectstudio.ui.commands import MENUS
from defectstudio.ui.commands.keys import PRESETS, Keymap, bare, native, portable, preset_title
from defectstudio.ui.commands.table import WINDOW, ActionInfo
from defectstudio.ui.translations import said

COMMAND = Qt.ItemDataRole.UserRole


def children(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    """The items right below one."""
    below = (item.child(row) for row in range(item.childCount()))
    return [child for child in below if child is not None]


class ShortcutsPage(QWidget):
    """Changes a keymap and emits `changed` after each change."""

    changed = Signal()

    def __init__(self, table: tuple[ActionInfo, ...], keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = {info.key: info for info in table}
        self.keymap = keymap
        self._make_controls()
        self._lay_out()
        self._fill()
        self._show_command()

    def _make_controls(self) -> None:
        self.preset = QComboBox()
        self.preset.setAccessibleName(self.tr("Keys that another program made familiar"))
        self.search = QLineEdit(placeholderText=self.tr("Search commands or keys"), clearButtonEnabled=True)
        self.search.setAccessibleName(self.tr("Search commands or keys"))
        self.tree = self._make_tree()
        self.title = QLabel()
        self.title.setProperty("role", "heading")
        self.record = QKeySequenceEdit()
        self.record.setMaximumSequenceLength(1)
        self.record.setClearButtonEnabled(True)
        self.record.setAccessibleName(self.tr("Press the new keys here"))
        self.warning = QLabel(wordWrap=True)
        self.use = QPushButton()
        self.add = QPushButton(self.tr("&Add as another"))
        self.clear = QPushButton(self.tr("&No keys"))
        self.restore = QPushButton(self.tr("&Default keys"))
        self.search.textChanged.connect(self._filter)
        self.preset.activated.connect(self._use_preset)
        self.tree.currentItemChanged.connect(self._show_command)
        self.record.keySequenceChanged.connect(self._show_pressed)
        self.use.clicked.connect(lambda: self._assign(add=False))
        self.add.clicked.connect(lambda: self._assign(add=True))
        self.clear.clicked.connect(self._clear)
        self.restore.clicked.connect(self._restore)
        for button in (self.use, self.add, self.clear, self.restore):
            button.setAutoDefault(False)

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setColumnCount(3)
        tree.setUniformRowHeights(True)
        tree.setAllColumnsShowFocus(True)
        tree.setHeaderLabels([self.tr("Command"), self.tr("Keys"), self.tr("Default")])
        tree.setAccessibleName(self.tr("Commands and their keys"))
        tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        tree.setIndentation(12)
        tree.setProperty("role", "framed")
        header = tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        return tree

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        label = QLabel(self.tr("&Preset"))
        label.setBuddy(self.preset)
        top.addWidget(label)
        top.addWidget(self.preset)
        top.addWidget(self.search, 1)
        editor = QGridLayout()
        editor.setHorizontalSpacing(8)
        editor.addWidget(self.title, 0, 0, 1, 3)
        editor.addWidget(self.record, 1, 0)
        editor.addWidget(self.use, 1, 1)
        editor.addWidget(self.add, 1, 2)
        editor.addWidget(self.warning, 2, 0)
        editor.addWidget(self.clear, 2, 1)
        editor.addWidget(self.restore, 2, 2)
        editor.setColumnStretch(0, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(10)
        whole.addLayout(top)
        whole.addWidget(self.tree, 1)
        whole.addLayout(editor)

    def _fill(self) -> None:
        for menu, title in MENUS:
            head = QTreeWidgetItem([said(title).replace("&", "")])
            head.setFlags(Qt.ItemFlag.ItemIsEnabled)
            font = self.font()
            font.setBold(True)
            head.setFont(0, font)
            for info in self._table.values():
                if info.menu == menu:
                    item = QTreeWidgetItem([said(info.text)])
                    item.setData(0, COMMAND, info.key)
                    head.addChild(item)
            if head.childCount():
                self.tree.addTopLevelItem(head)
        self.tree.expandAll()
        self._show_keys()

    def _items(self) -> list[QTreeWidgetItem]:
        return [item for head in self._heads() for item in children(head)]

    def _heads(self) -> list[QTreeWidgetItem]:
        return children(self.tree.invisibleRootItem())

    def _show_keys(self) -> None:
        """Write the keys beside the commands; what differs from the default stands out."""
        for item in self._items():
            command = item.data(0, COMMAND)
            item.setText(1, native(self.keymap.keys(command)))
            item.setText(2, native(self.keymap.default(command)))
            font = self.font()
            font.setBold(self.keymap.keys(command) != self.keymap.default(command))
            item.setFont(1, font)
        self.preset.clear()
        for name in PRESETS:
            self.preset.addItem(preset_title(name), name)
        if self.keymap.preset is None:
            self.preset.addItem(self.tr("Your own"), None)
        self.preset.setCurrentIndex(self.preset.findData(self.keymap.preset))

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        for item in self._items():
            line = f"{item.text(0)} {item.text(1)}".casefold()
            item.setHidden(not all(word in line for word in words))
        for head in self._heads():
            head.setHidden(all(item.isHidden() for item in children(head)))

    @property
    def command(self) -> str | None:
        """The command that is being looked at."""
        item = self.tree.currentItem()
        return None if item is None else item.data(0, COMMAND)

    def choose(self, command: str) -> None:
        """Look at a command."""
        for item in self._items():
            if item.data(0, COMMAND) == command:
                self.tree.setCurrentItem(item)

    def _show_command(self) -> None:
        chosen = self.command
        self.title.setText(said(self._table[chosen].text) if chosen else self.tr("Choose a command above."))
        self.record.setEnabled(chosen is not None)
        self.clear.setEnabled(chosen is not None and bool(self.keymap.keys(chosen)))
        self.restore.setEnabled(chosen is not None and self.keymap.keys(chosen) != self.keymap.default(chosen))
        self.record.clear()
        self._show_pressed()

    @property
    def pressed(self) -> str:
        """The keys that were pressed, empty for none."""
        return portable(self.record.keySequence().toString(QKeySequence.SequenceFormat.PortableText))

    def _show_pressed(self) -> None:
        chosen, keys = self.command, self.pressed
        clashes = self.keymap.clashes(chosen, keys) if chosen and keys else []
        for button in (self.use, self.add):
            button.setEnabled(bool(chosen and keys and keys not in self.keymap.keys(chosen)))
        self.use.setText(self.tr("&Use it here instead") if clashes else self.tr("&Use these keys"))
        self.warning.setText(self._remark(chosen, keys, clashes))

    def _remark(self, chosen: str | None, keys: str, clashes: list[ActionInfo]) -> str:
        if chosen is None or not keys:
            return self.tr("Click into the field and press the new keys.") if chosen else ""
        if clashes:
            names = ", ".join(self.tr("“{0}”").format(said(info.text)) for info in clashes)
            return self.tr("{0} runs {1} at present.").format(native([keys]), names)
        if bare(keys) and self._table[chosen].scope == WINDOW:
            return self.tr("Without Ctrl or Alt it is heard only while the image or the list of images has the focus.")
        return self.tr("{0} is free.").format(native([keys]))

    def _assign(self, *, add: bool) -> None:
        if self.command and self.pressed:
            self.keymap.assign(self.command, self.pressed, add=add)
            self._keys_changed()

    def _clear(self) -> None:
        if self.command:
            self.keymap.clear(self.command)
            self._keys_changed()

    def _restore(self) -> None:
        if self.command:
            self.keymap.restore(self.command)
            self._keys_changed()

    def _use_preset(self) -> None:
        name = self.preset.currentData()
        if name is not None:
            self.keymap.use_preset(name)
            self._keys_changed()

    def _keys_changed(self) -> None:
        self._show_keys()
        self._show_command()
        self.changed.emit()
