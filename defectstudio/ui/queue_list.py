"""The list of waiting trainings: their order, taking one out, taking that back, starting the first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QPushButton, QToolButton, QVBoxLayout, QWidget

from defectstudio.data.runs import TrainConfig, default_config
from defectstudio.ui.queue_model import TrainRequest
from defectstudio.ui.sections.common import Section, muted
from defectstudio.ui.ticks import short
from defectstudio.ui.words import split_word

MOST_ROWS = 5
ALWAYS_SAID = ("net", "epochs", "seed")


def net_word(net: str) -> str:
    """The name of a network in few letters."""
    names = {"fast": QCoreApplication.translate("Queue", "Fast"), "segdec": "SegDecNet"}
    return names.get(net, net)


def changed_settings(config: TrainConfig) -> list[str]:
    """The settings that differ from the network's defaults, by their names in a configuration."""
    usual = default_config(config.net)
    return [
        f"{name} {short(value) if isinstance(value, float) else value}"
        for name, value in config
        if name not in ALWAYS_SAID and value != getattr(usual, name)
    ]


def request_words(request: TrainRequest) -> str:
    """One line that tells a request from the others."""
    translate, config = QCoreApplication.translate, request.config
    masks = {
        None: translate("Queue", "all masks"),
        0: translate("Queue", "tags only"),
    }.get(request.segmented) or translate("Queue", "%Ln mask(s)", "", request.segmented or 0)
    epochs = translate("Queue", "%Ln epoch(s)", "", config.epochs)
    splits = ", ".join(split_word(split) for split in request.splits)
    seed = translate("Queue", "seed {0}").format(config.seed)
    boxes = [translate("Queue", "with a detector of boxes")] if request.boxes is not None else []
    return " · ".join([net_word(config.net), epochs, masks, splits, seed, *boxes, *changed_settings(config)])


class QueueRows(QListWidget):
    """The rows; keys of editing stay in the list while it has the focus."""

    moved = Signal(int)
    """By how many rows the current one shall move."""
    removed = Signal()
    undone = Signal()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._own(event):
            event.accept()
            return True
        return super().event(event)

    @staticmethod
    def _own(event: QKeyEvent) -> bool:
        return bool(event.matches(QKeySequence.StandardKey.Undo)) or event.key() in {Qt.Key.Key_Delete}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undone.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.removed.emit()
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in steps:
            self.moved.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


class QueueList(Section):
    """Shows the waiting requests; emits what the user wants done with them."""

    move_wanted = Signal(int, int)
    """(row, by)"""
    remove_wanted = Signal(int)
    undo_wanted = Signal()
    start_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.earlier = self.add_button("up", self.tr("Train this one earlier (Alt+Up)"))
        self.later = self.add_button("down", self.tr("Train this one later (Alt+Down)"))
        self.remove = self.add_button("delete", self.tr("Take out of the queue (Delete)"))
        self.undo = self.add_button("undo", self.tr("Take the last change of the queue back (Ctrl+Z in the list)"))
        self.rows = QueueRows()
        self.rows.setProperty("role", "framed")
        self.rows.setAccessibleName(self.tr("Trainings that wait for their turn"))
        self.rows.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.rows.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.start = QPushButton(self.tr("Start the queue"))
        self.hint = muted()
        column: QVBoxLayout = self.column
        for widget in (self.rows, self.hint, self.start):
            column.addWidget(widget)
        self._connect()
        self.show_waiting([], can_undo=False)

    def _connect(self) -> None:
        self.earlier.clicked.connect(lambda: self._move(-1))
        self.later.clicked.connect(lambda: self._move(1))
        self.remove.clicked.connect(self._remove)
        self.undo.clicked.connect(self.undo_wanted)
        self.start.clicked.connect(self.start_wanted)
        self.rows.moved.connect(self._move)
        self.rows.removed.connect(self._remove)
        self.rows.undone.connect(self.undo_wanted)
        self.rows.currentRowChanged.connect(self._refresh)

    def show_waiting(self, waiting: Sequence[TrainRequest], *, can_undo: bool) -> None:
        """List the requests in their order; the same row stays the current one."""
        row = self.rows.currentRow()
        self.rows.blockSignals(True)
        self.rows.clear()
        for request in waiting:
            self.rows.addItem(request_words(request))
            self.rows.item(self.rows.count() - 1).setToolTip(request_words(request))
        self.rows.setCurrentRow(min(max(row, 0), len(waiting) - 1))
        self.rows.blockSignals(False)
        self.heading.setText(self.tr("Queue: %Ln training(s)", "", len(waiting)))
        self.rows.setVisible(bool(waiting))
        height = self.rows.sizeHintForRow(0) if waiting else 0
        self.rows.setFixedHeight(min(len(waiting), MOST_ROWS) * height + 4)
        self.undo.setEnabled(can_undo)
        self.setVisible(bool(waiting) or can_undo)
        self._refresh()

    def show_going(self, *, going: bool) -> None:
        """Whether what waits starts by itself."""
        some = self.rows.count() > 0
        self.start.setVisible(some)
        self.start.setText(self.tr("Hold the queue") if going else self.tr("Start the queue"))
        self.hint.setVisible(some)
        self.hint.setText(
            self.tr("They start one after another, each on the labels as they are then.")
            if going
            else self.tr("They wait until you start the queue.")
        )

    def _refresh(self) -> None:
        row, last = self.rows.currentRow(), self.rows.count() - 1
        self.earlier.setEnabled(row > 0)
        self.later.setEnabled(0 <= row < last)
        self.remove.setEnabled(row >= 0)

    def _move(self, by: int) -> None:
        row = self.rows.currentRow()
        if 0 <= row + by < self.rows.count():
            self.move_wanted.emit(row, by)
            self.rows.setCurrentRow(row + by)

    def _remove(self) -> None:
        if self.rows.currentRow() >= 0:
            self.remove_wanted.emit(self.rows.currentRow())

    @property
    def buttons(self) -> tuple[QToolButton, ...]:
        """The small buttons beside the heading."""
        return self.earlier, self.later, self.remove, self.undo
