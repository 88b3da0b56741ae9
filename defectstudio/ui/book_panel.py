"""The page of one class in the defect book: what it is in words, pictures of it, pictures of look-alikes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from defectstudio.domain.book import BookEntry, EntryKind
from defectstudio.domain.labels import DefectClass, ImageId
from defectstudio.domain.mentoring import Detection
from defectstudio.domain.state import ImageState
from defectstudio.sessions.book import LONGEST_CAPTION
from defectstudio.sessions.book_pages import Page
from defectstudio.ui.mentor_crops import Crops
from defectstudio.ui.mentor_rows import PAD, DetectionRow, DetectionsList
from defectstudio.ui.mentor_words import class_tone, class_word
from defectstudio.ui.notes_edit import NotesEdit
from defectstudio.ui.sections.common import begin_row, muted
from defectstudio.ui.standing_list import RowRole
from defectstudio.ui.theme import theme

SIDE = 76
DEFINITION_HEIGHT = 62
ADD_KEYS = ("book.exemplar", "book.look_alike")
BOOK_KEYS, ENTRY_KEYS = ("book.propose", "book.print"), ("book.turn", "book.remove")
Index = QModelIndex | QPersistentModelIndex


class EntryDelegate(QStyledItemDelegate):
    """A picture, below it its caption or the name of its image; one that was only proposed is said to be."""

    def __init__(self, crops: Crops, parent: QObject) -> None:
        super().__init__(parent)
        self._crops = crops

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(SIDE + 2 * PAD + 2, SIDE + 2 * PAD + option.fontMetrics.lineSpacing() + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: DetectionRow = index.data(RowRole)
        area, chosen = begin_row(painter, option)
        colors = theme().colors
        if chosen or option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(colors.accent), 2 if chosen else 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 6, 6)
        picture = QRect(area.left() + PAD, area.top() + PAD, SIDE, SIDE)
        self._crops.draw(painter, picture, row.detection, row.tone)
        line = QRect(picture.left(), picture.bottom() + 2, picture.width(), painter.fontMetrics().lineSpacing())
        words = row.note or row.image
        painter.setPen(QColor(colors.text if row.note else colors.muted))
        fitting = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, fitting)
        painter.restore()


class BookPanel(QWidget):
    """Says what the user wishes; what it shows is told to it."""

    class_chosen = Signal(int)
    chosen_changed = Signal()
    captioned = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.crops = Crops(self)
        self.classes = QComboBox()
        self.classes.setAccessibleName(self.tr("Class of the page in the defect book"))
        self.definition = NotesEdit()
        self.definition.setAccessibleName(self.tr("Definition of the class"))
        self.definition.setPlaceholderText(self.tr("Write what this is, and from when on it counts…"))
        self.definition.setFixedHeight(DEFINITION_HEIGHT)
        self.exemplars = self._make_list(self.tr("Exemplars of the class"))
        self.look_alikes = self._make_list(self.tr("Look-alikes that are not of the class"))
        self.lists: Mapping[EntryKind, DetectionsList] = {"exemplar": self.exemplars, "look-alike": self.look_alikes}
        self.caption = QLineEdit()
        self.caption.setMaxLength(LONGEST_CAPTION)
        self.caption.setAccessibleName(self.tr("Caption of the chosen entry"))
        self.caption.setPlaceholderText(self.tr("Caption of the chosen entry"))
        self.heads = {"exemplar": QLabel(wordWrap=True), "look-alike": QLabel(wordWrap=True)}
        self.hints = {"exemplar": muted(), "look-alike": muted()}
        self._top, self._bottom, self._buttons = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for row in (self._top, self._bottom, self._buttons):
            row.setSpacing(2)
        self._entries: dict[str, BookEntry] = {}
        self._chosen: BookEntry | None = None
        self.index: int | None = None
        self._lay_out()
        self._connect()
        self.show_page(None, {}, {}, None, writable=False)

    def _make_list(self, name: str) -> DetectionsList:
        made = DetectionsList(self.crops, name)
        made.as_tiles(strip=True)
        made.setItemDelegate(EntryDelegate(self.crops, made))
        made.setFixedHeight(SIDE + 2 * PAD + 2 * made.fontMetrics().lineSpacing() + 4)
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return made

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(4)
        self._top.addWidget(self.classes, 1)
        self._bottom.addWidget(self.caption, 1)
        column.addLayout(self._top)
        column.addWidget(self.definition)
        for kind, rows in self.lists.items():
            self.heads[kind].setProperty("role", "heading")
            for widget in (self.heads[kind], self.hints[kind], rows):
                column.addWidget(widget)
        column.addLayout(self._bottom)
        column.addLayout(self._buttons)
        column.addStretch(1)
        self.heads["exemplar"].setText(self.tr("This is it"))
        self.heads["look-alike"].setText(self.tr("This is not, although it looks like it"))

    def _connect(self) -> None:
        self.classes.activated.connect(lambda _row: self.class_chosen.emit(self.classes.currentData()))
        self.caption.editingFinished.connect(lambda: self.captioned.emit(self.caption.text()))
        for kind, rows in self.lists.items():
            rows.selectionModel().selectionChanged.connect(partial(self._told_chosen, kind))

    def arrange(self, button: Callable[..., QToolButton]) -> None:
        """Put in the buttons of the actions that belong here; `button(key, text)` makes one."""
        for key, text in zip(ADD_KEYS, (self.tr("Exemplar"), self.tr("Look-alike")), strict=True):
            self._buttons.addWidget(button(key, text))
        self._buttons.addStretch(1)
        for row, keys in ((self._top, BOOK_KEYS), (self._bottom, ENTRY_KEYS)):
            for key in keys:
                row.addWidget(button(key))

    def _told_chosen(self, kind: EntryKind, *_selected: object) -> None:
        """Only one entry is chosen in both lists."""
        chosen = self.lists[kind].chosen
        if chosen:
            other = self.lists["look-alike" if kind == "exemplar" else "exemplar"]
            other.selectionModel().clear()
            self._choose(self._entries.get(chosen[0]))
        elif self._chosen is not None and self._chosen.kind == kind:
            self._choose(None)

    def _choose(self, entry: BookEntry | None) -> None:
        self._chosen = entry
        self.caption.setText(entry.caption if entry is not None else "")
        self.caption.setEnabled(entry is not None and not self.definition.isReadOnly())
        self.chosen_changed.emit()

    @property
    def chosen(self) -> BookEntry | None:
        """The entry that is chosen, as it was when it was shown."""
        return self._chosen

    def show_page(
        self,
        index: int | None,
        classes: Mapping[int, DefectClass],
        images: Mapping[ImageId, ImageState],
        page: Page | None,
        *,
        writable: bool,
    ) -> None:
        """The page of a class, None where the project has none. What is being typed stays."""
        same, stood = index == self.index, self._chosen
        for rows in self.lists.values():
            if not same:
                rows.selectionModel().clear()
        self.index = index
        self._show_classes(classes, index)
        text = page.definition if page is not None else ""
        if not same or text != self.definition.toPlainText().strip():
            self.definition.show_text(text)
        self.definition.setReadOnly(not writable or index is None)
        self._entries = {}
        self._show_entries("exemplar", page.exemplars if page else (), classes, images)
        self._show_entries("look-alike", page.look_alikes if page else (), classes, images)
        marked = [self._entries[one] for rows in self.lists.values() for one in rows.chosen]
        self._choose(next((entry for entry in marked if stood is not None and entry.kind == stood.kind), None))

    def _show_classes(self, classes: Mapping[int, DefectClass], index: int | None) -> None:
        listed = [(classes[key].name, key) for key in sorted(classes)]
        if listed != [(self.classes.itemText(row), self.classes.itemData(row)) for row in range(self.classes.count())]:
            self.classes.clear()
            for name, key in listed:
                self.classes.addItem(name, key)
        self.classes.setCurrentIndex(self.classes.findData(index))
        self.classes.setEnabled(bool(listed))

    def _show_entries(
        self,
        kind: EntryKind,
        entries: Sequence[BookEntry],
        classes: Mapping[int, DefectClass],
        images: Mapping[ImageId, ImageState],
    ) -> None:
        rows = [self._row(entry, classes, images) for entry in entries]
        self._entries |= {row.detection.id: entry for row, entry in zip(rows, entries, strict=True)}
        self.lists[kind].show_rows(rows)
        self.lists[kind].setVisible(bool(rows))
        some = self.index is not None
        self.hints[kind].setText(self.tr("No picture yet.") if some else self.tr("There is no defect class yet."))
        self.hints[kind].setVisible(not rows)

    def _row(
        self, entry: BookEntry, classes: Mapping[int, DefectClass], images: Mapping[ImageId, ImageState]
    ) -> DetectionRow:
        box, tone = entry.box, class_tone(classes, entry.class_index)
        place = f"{entry.image}/{box.top}-{box.left}-{box.bottom}-{box.right}"
        shown = Detection(f"book/{place}/{tone}", entry.image, "", box, entry.class_index, 1.0)
        proposed = self.tr("proposed") if entry.source == "proposed" else ""
        note = entry.caption or proposed
        return DetectionRow(
            shown, class_word(classes, entry.class_index), tone, images[entry.image].info.name, note=note
        )
