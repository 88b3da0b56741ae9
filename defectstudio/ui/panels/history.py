"""The History panel: what was done to the project, newest first; what was taken back is struck out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from defectstudio.ui.theme import theme

MOST_SHOWN = 500


class GestureLike(Protocol):
    """A gesture as `data.journal.Gesture` has it."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def at(self) -> float: ...
    @property
    def reverts(self) -> int | None: ...


class History(QListWidget):
    """A list to read; undo and redo are in the Edit menu."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("History of the project"))
        self.setUniformItemSizes(True)

    def show_gestures(self, gestures: Sequence[GestureLike]) -> None:
        """Show the newest of these gestures (given oldest first)."""
        self.clear()
        reverted = {gesture.reverts for gesture in gestures if gesture.reverts is not None}
        for gesture in reversed(gestures[-MOST_SHOWN:]):
            self.addItem(self._item(gesture, gesture.id in reverted))
        if not gestures:
            hint = QListWidgetItem(
                self.tr("Nothing has been done yet. Every step you take is listed here and saved at once.")
            )
            hint.setFlags(Qt.ItemFlag.NoItemFlags)
            self.addItem(hint)

    def _item(self, gesture: GestureLike, reverted: bool) -> QListWidgetItem:
        when = datetime.fromtimestamp(gesture.at).strftime("%d %b %H:%M")
        item = QListWidgetItem(f"{when}   {gesture.name}")
        item.setToolTip(self.tr("{0}, by {1}").format(gesture.name, gesture.author))
        if reverted:
            font = QFont(self.font())
            font.setStrikeOut(True)
            item.setFont(font)
            item.setForeground(QColor(theme().colors.muted))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, self.tr("{0}, taken back").format(item.text()))
        return item
