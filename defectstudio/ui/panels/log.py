"""The Log panel: what the program reports, and every unexpected error with its traceback."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

MOST_LINES = 2000


class LogRelay(QObject):
    """Brings log records to the main thread, whichever thread wrote them, until `close`."""

    arrived = Signal(str, int)
    """(text, level). Connect methods of Qt objects only: anything else would run in the thread that wrote."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._handler = _Handler(self)
        logging.getLogger().addHandler(self._handler)

    def close(self) -> None:
        """Stop listening."""
        logging.getLogger().removeHandler(self._handler)
        self._handler.close()


class _Handler(logging.Handler):
    def __init__(self, relay: LogRelay) -> None:
        super().__init__(logging.INFO)
        self._relay = relay
        self.setFormatter(logging.Formatter("%(asctime)s  %(levelname)s  %(message)s", "%H:%M:%S"))

    def emit(self, record: logging.LogRecord) -> None:
        self._relay.arrived.emit(self.format(record), record.levelno)


class LogPanel(QPlainTextEdit):
    """A list of lines to read and copy from."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setMaximumBlockCount(MOST_LINES)
        self.setTabChangesFocus(True)
        self.setAccessibleName(self.tr("Log"))
        self.setPlaceholderText(self.tr("Messages and unexpected errors are listed here. Nothing so far."))

    def add(self, text: str, _level: int = 0) -> None:
        """One more message at the end."""
        self.appendPlainText(text)
