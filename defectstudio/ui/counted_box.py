"""A choice whose list says how many things each entry stands for, counted only when the list is opened."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from defectstudio.ui.translations import number

COUNT = Qt.ItemDataRole.UserRole + 1


class _WithCount(QStyledItemDelegate):
    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        count = index.data(COUNT)
        if count is not None:
            option.text = f"{option.text} ({number(count)})"


class CountedBox(QComboBox):
    """A combo box that may be narrower than its list; the closed box shows the entry without its count."""

    opening = Signal()
    """The list is about to be seen: a good moment for `show_counts`."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumContentsLength(4)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setItemDelegate(_WithCount(self))
        self.setAccessibleName(name)
        self.setToolTip(name)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Write a count behind each entry, by its data; entries that are not named count nothing."""
        for row in range(self.count()):
            self.setItemData(row, counts.get(self.itemData(row), 0), COUNT)

    def showPopup(self) -> None:
        self.opening.emit()
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 24)
        super().showPopup()
