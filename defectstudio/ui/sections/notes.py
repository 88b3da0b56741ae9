"""Notes on the image or a spot of it: read, add, rewrite, remove."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from defectstudio.domain.labels import Note
from defectstudio.ui.sections.common import Section, muted

NUMBER = Qt.ItemDataRole.UserRole
MOST_HEIGHT = 160
NARROWEST = 200


class NoteLine(QLineEdit):
    """Where a note is written; Esc leaves it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.editingFinished.emit()
        else:
            super().keyPressEvent(event)


class NotesSection(Section):
    """Emits `added` (text, (row, column) or None), `changed`, `removed`, `chosen`, and `done` after writing."""

    added = Signal(str, object)
    changed = Signal(int, str)
    removed = Signal(int)
    chosen = Signal(int)
    done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.heading.setText(self.tr("Notes"))
        self.remove = self.add_button("remove", self.tr("Remove the chosen note"))
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("Notes on this image; double click to rewrite one"))
        self.list.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.line = NoteLine()
        self.line.setAccessibleName(self.tr("New note"))
        self.hint = muted(self.tr("A question for a colleague? Write it here, or press Shift+N over the spot."))
        self._spot: tuple[int, int] | None = None
        self._rewritten: int | None = None
        self._notes: dict[int, Note] = {}
        for widget in (self.list, self.hint, self.line):
            self.column.addWidget(widget)
        self.line.returnPressed.connect(self._written)
        self.line.editingFinished.connect(self._left)
        self.list.itemClicked.connect(lambda item: self.chosen.emit(item.data(NUMBER)))
        self.list.itemDoubleClicked.connect(self._rewrite)
        self.list.itemActivated.connect(self._rewrite)
        self.list.currentRowChanged.connect(self._refresh)
        self.remove.clicked.connect(self._remove)
        self._writable = False
        self.show_notes((), writable=False)

    def show_notes(self, notes: Sequence[Note], *, writable: bool) -> None:
        """The notes of the current image."""
        before = self.list.currentItem().data(NUMBER) if self.list.currentItem() else None
        self._notes = {note.number: note for note in notes}
        self._writable = writable
        self.list.clear()
        for note in notes:
            spot = "" if note.at is None else self.tr(" (at x {0}, y {1})").format(note.at[1], note.at[0])
            item = QListWidgetItem(f"{note.number}. {note.text}{spot}")
            item.setData(NUMBER, note.number)
            self.list.addItem(item)
        self.list.setVisible(bool(notes))
        self.hint.setVisible(not notes)
        self._fit_height()
        self.line.setEnabled(writable)
        if before is not None:
            self.show_chosen(before)
        self._left()
        self._refresh()

    def _fit_height(self) -> None:
        """As high as the notes are when their lines are broken at the width of the list, up to a limit."""
        room = QRect(0, 0, max(self.width(), NARROWEST) - 24, 10_000)
        texts = [self.list.item(row).text() for row in range(self.list.count())]
        wrap = Qt.TextFlag.TextWordWrap
        heights = [self.list.fontMetrics().boundingRect(room, wrap, text).height() + 8 for text in texts]
        self.list.setFixedHeight(min(sum(heights), MOST_HEIGHT) + 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_height()
        super().resizeEvent(event)

    def show_chosen(self, number: int) -> None:
        """Stand on a note."""
        for row in range(self.list.count()):
            if self.list.item(row).data(NUMBER) == number:
                self.list.setCurrentRow(row)

    def write(self, at: tuple[int, int] | None) -> None:
        """Let the user write a note on the image, or on the pixel (row, column)."""
        self._spot = at
        where = self.tr("Note at x {0}, y {1}").format(at[1], at[0]) if at else self.tr("Note on the whole image")
        self.line.setPlaceholderText(where)
        self.line.setFocus()

    def flush(self) -> None:
        """Another image comes: what is half written becomes a note, so that it is not lost."""
        if self.line.text().strip():
            self._written()

    def _written(self) -> None:
        text, spot, number = self.line.text().strip(), self._spot, self._rewritten
        self.line.clear()
        if number is not None and text:
            self.changed.emit(number, text)
        elif text:
            self.added.emit(text, spot)
        self._left()
        self.done.emit()

    def _left(self) -> None:
        """The line has been left: what is written next is a new note on the image again."""
        if self.line.text():
            return
        self._spot = self._rewritten = None
        self.line.setPlaceholderText(self.tr("Add a note"))

    def _rewrite(self, item: QListWidgetItem) -> None:
        if self._writable:
            self._rewritten = item.data(NUMBER)
            self.line.setText(self._notes[self._rewritten].text)
            self.line.setFocus()
            self.line.selectAll()

    def _remove(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.removed.emit(item.data(NUMBER))

    def _refresh(self) -> None:
        self.remove.setEnabled(self._writable and self.list.currentItem() is not None)
