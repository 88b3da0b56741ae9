"""The queue page of the Mentor panel: counters, and the detections that wait for a verdict."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from defectstudio.ui.mentor_crops import Crops
from defectstudio.ui.mentor_rows import DetectionRow, DetectionsList, RowDelegate
from defectstudio.ui.mentor_words import decisions_said, until_training_said, waiting_said
from defectstudio.ui.sections.common import muted

PICTURE = 56


class MentorQueue(QWidget):
    """Emits `picked` for the detection that shall be judged next."""

    picked = Signal(str)

    def __init__(self, crops: Crops, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.waiting = QLabel()
        self.waiting.setProperty("role", "heading")
        self.decisions = muted()
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName(self.tr("Decisions towards the next training"))
        self.until = muted()
        self.empty = muted()
        self.judge = QPushButton(self.tr("Judge them"))
        self.judge.setProperty("primary", True)
        self.list = DetectionsList(crops, self.tr("Queue of detections"))
        self.list.setItemDelegate(RowDelegate(crops, self.list, side=PICTURE))
        self.list.setMinimumHeight(3 * (PICTURE + 14))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(6)
        for widget in (self.waiting, self.decisions, self.bar, self.until, self.judge, self.empty):
            column.addWidget(widget)
        column.addWidget(self.list, 1)
        self.list.selectionModel().currentChanged.connect(self._picked)
        self.show_rows([], "")
        self.show_counters(0, 0.0, 0, 1)

    def _picked(self) -> None:
        if self.list.current is not None:
            self.picked.emit(self.list.current.id)

    def show_rows(self, rows: Sequence[DetectionRow], empty: str) -> None:
        """What waits, or what to do where nothing does."""
        self.waiting.setText(waiting_said(len(rows)))
        self.list.show_rows(rows)
        self.list.setVisible(bool(rows))
        self.judge.setVisible(bool(rows))
        self.empty.setText(empty)
        self.empty.setVisible(not rows)

    def show_counters(self, decisions: int, seconds: float, until: int, every: int) -> None:
        """How much was decided, how fast, and what is missing until a training is worth it."""
        self.decisions.setText(decisions_said(decisions, seconds))
        self.until.setText(until_training_said(until))
        self.bar.setRange(0, max(every, 1))
        self.bar.setValue(max(every - until, 0))
