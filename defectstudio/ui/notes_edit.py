"""A few lines of text that are kept without being asked for: a moment after the last key, and when they are left."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

NOTES_AFTER_MS = 1500


class NotesEdit(QPlainTextEdit):
    """A few lines of text; emits `settled` a moment after the last key, and when it is left."""

    settled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, singleShot=True, interval=NOTES_AFTER_MS)
        self._timer.timeout.connect(self.settled)
        self.textChanged.connect(self._timer.start)
        self.setTabChangesFocus(True)
        self.setFixedHeight(76)

    def show_text(self, text: str) -> None:
        """Another text, which nobody has typed."""
        self.setPlainText(text)
        self._timer.stop()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.flush()
        super().focusOutEvent(event)

    def flush(self) -> None:
        """What was typed is not waited for any more."""
        if self._timer.isActive():
            self._timer.stop()
            self.settled.emit()
