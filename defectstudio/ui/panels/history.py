"""The History panel: what was done to the project, newest first; a click leads to the image, and undo can go back to
any step that still counts. What was taken back is struck out and stays listed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QDate, QDateTime, QLocale, Qt, Signal
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from defectstudio.data.journal import Gesture
from defectstudio.domain.labels import ImageId
from defectstudio.ui.gestures import gesture_said
from defectstudio.ui.theme import theme

AT_FIRST = 500
GESTURE, IMAGE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Steps:
    """What the panel shows: gestures, oldest first; the image each is about and how many; what can be undone."""

    gestures: Sequence[Gesture]
    images: Mapping[int, tuple[ImageId, int]]
    undoable: Sequence[int]
    name_of: Callable[[ImageId], str]
    more: bool = False
    """Whether there are older gestures."""


def when_words(at: float) -> str:
    """A moment as time of day, with the date when it was not today, in the user's language."""
    moment = QDateTime.fromSecsSinceEpoch(int(at))
    locale = QLocale()
    clock = locale.toString(moment.time(), QLocale.FormatType.ShortFormat)
    if moment.date() == QDate.currentDate():
        return clock
    return f"{locale.toString(moment.date(), QLocale.FormatType.ShortFormat)} {clock}"


class History(QWidget):
    """Emits what the user wants of a step; is told the steps."""

    image_chosen = Signal(int)
    undo_back_to = Signal(int, int)
    """(number of the gesture that shall be the last that counts, how many steps that takes back)"""
    more_wanted = Signal(int)
    """How many gestures shall be shown from now on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limit = AT_FIRST
        self._undoable: list[int] = []
        self.list = self._make_list()
        self.back = QPushButton(self.tr("&Undo back to here…"))
        self.back.setToolTip(self.tr("Take back every step after the chosen one. Redo brings them back one by one."))
        self.more = QPushButton(self.tr("Show &older steps"))
        self.back.clicked.connect(self._go_back)
        self.more.clicked.connect(self._show_more)
        self.list.currentItemChanged.connect(self._chosen)
        self.list.itemClicked.connect(self._jump)
        self.list.itemActivated.connect(self._jump)
        side = QVBoxLayout()
        side.setContentsMargins(8, 6, 8, 6)
        side.addWidget(self.back)
        side.addWidget(self.more)
        side.addStretch(1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.list, 1)
        whole.addLayout(side)
        self.setFocusProxy(self.list)
        self.clear()

    def _make_list(self) -> QTreeWidget:
        made = QTreeWidget()
        made.setColumnCount(4)
        made.setHeaderLabels([self.tr("Time"), self.tr("Step"), self.tr("Image"), self.tr("By")])
        made.setRootIsDecorated(False)
        made.setUniformRowHeights(True)
        made.setAllColumnsShowFocus(True)
        made.setAccessibleName(self.tr("History of the project"))
        made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = made.header()
        header.setStretchLastSection(False)
        for column in (0, 3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        return made

    @property
    def limit(self) -> int:
        """How many of the newest gestures are wanted."""
        return self._limit

    def clear(self) -> None:
        """No project, no steps."""
        self._limit = AT_FIRST
        self.show_steps(Steps((), {}, (), str))

    def show_steps(self, steps: Steps) -> None:
        """Show these, the newest at the top."""
        chosen = self.gesture
        self._undoable = list(steps.undoable)
        self.list.clear()
        reverted = {gesture.reverts for gesture in steps.gestures if gesture.reverts is not None}
        items = [self._item(gesture, steps, gesture.id in reverted) for gesture in reversed(steps.gestures)]
        self.list.addTopLevelItems(items or [self._hint()])
        self.more.setVisible(steps.more)
        for item in items:
            if item.data(0, GESTURE) == chosen:
                self.list.setCurrentItem(item)
        self._chosen()

    def _hint(self) -> QTreeWidgetItem:
        item = QTreeWidgetItem(["", self.tr("Nothing has been done yet. Every step is listed here and saved at once.")])
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setFirstColumnSpanned(False)
        return item

    def _item(self, gesture: Gesture, steps: Steps, reverted: bool) -> QTreeWidgetItem:
        image, count = steps.images.get(gesture.id, (None, 0))
        about = "" if image is None else steps.name_of(image)
        if count > 1:
            about = self.tr("%Ln image(s)", "", count)
        said = gesture_said(gesture.name)
        item = QTreeWidgetItem([when_words(gesture.at), said, about, gesture.author])
        item.setData(0, GESTURE, gesture.id)
        item.setData(0, IMAGE, image)
        item.setToolTip(1, said)
        if reverted:
            font = QFont(self.font())
            font.setStrikeOut(True)
            for column in range(4):
                item.setForeground(column, QColor(theme().colors.muted))
            item.setFont(1, font)
            item.setData(1, Qt.ItemDataRole.AccessibleTextRole, self.tr("{0}, taken back").format(said))
        return item

    @property
    def gesture(self) -> int | None:
        """The number of the chosen gesture."""
        item = self.list.currentItem()
        return None if item is None else item.data(0, GESTURE)

    def _chosen(self) -> None:
        self.back.setEnabled(self._steps_after() > 0)

    def _steps_after(self) -> int:
        """How many steps that count come after the chosen one; 0 when it does not count itself."""
        return len(self._undoable) - 1 - self._undoable.index(self.gesture) if self.gesture in self._undoable else 0

    def _jump(self, item: QTreeWidgetItem) -> None:
        image = item.data(0, IMAGE)
        if image is not None:
            self.image_chosen.emit(image)

    def _go_back(self) -> None:
        if self._steps_after() and self.gesture is not None:
            self.undo_back_to.emit(self.gesture, self._steps_after())

    def _show_more(self) -> None:
        self._limit += 4 * AT_FIRST
        self.more_wanted.emit(self._limit)
