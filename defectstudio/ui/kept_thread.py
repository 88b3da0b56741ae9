"""Threads that are kept until they have ended: Qt ends the whole program when a thread that runs is destroyed."""

from __future__ import annotations

import atexit
from functools import partial

from PySide6.QtCore import QThread, QTimer

_running: set[KeptThread] = set()


class KeptThread(QThread):
    """Belongs to nobody, so that no widget takes it along when it goes. Subclasses say how they are asked to end."""

    def begin(self, priority: QThread.Priority) -> None:
        """Start, and stay until the end."""
        _running.add(self)
        self.finished.connect(self._ended)
        self.start(priority)

    def ask_to_end(self) -> None:
        """Called when whoever started it has gone, and when the program ends; from the main thread."""
        raise NotImplementedError

    def _ended(self) -> None:
        self.wait()
        QTimer.singleShot(0, partial(_running.discard, self))  # not while it still hears of its own end


@atexit.register
def _end_all() -> None:
    for thread in tuple(_running):
        thread.ask_to_end()
    for thread in tuple(_running):
        thread.wait()
