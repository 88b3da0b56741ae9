"""Threads that are kept until they have ended: Qt ends the whole program when a thread that runs is destroyed."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QThread, QTimer

_running: dict[KeptThread, Callable[[], None]] = {}


class KeptThread(QThread):
    """Belongs to nobody, so that no widget takes it along when it goes."""

    def begin(self, priority: QThread.Priority, ask_to_end: Callable[[], None]) -> None:
        """Start, and stay until the end; when the program ends, the main thread asks for it by `ask_to_end`."""
        _running[self] = ask_to_end
        self.finished.connect(self._ended)
        self.start(priority)

    def _ended(self) -> None:
        self.wait()
        QTimer.singleShot(0, partial(_running.pop, self, None))  # not while it still hears of its own end


@atexit.register
def _end_all() -> None:
    for ask_to_end in tuple(_running.values()):
        ask_to_end()
    for thread in tuple(_running):
        thread.wait()
