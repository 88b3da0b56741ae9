"""Lets Python's garbage collector run on the main thread only.

The collector runs in whichever thread happens to allocate. There it would destroy Qt objects of the main thread that
stand in a reference cycle, which Qt forbids: timers cannot be stopped from another thread, and worse.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_EVERY_MS = 500


class MainThreadCollector(QObject):
    """While it lives, collection is automatic no more, but looked after by a timer, by Python's own thresholds."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect the oldest generation that is due, if any is."""
        pairs = zip(gc.get_count(), gc.get_threshold(), strict=True)
        due = [age for age, (count, most) in enumerate(pairs) if count > most]
        if due:
            gc.collect(due[-1])

    def stop(self) -> None:
        """Hand collection back to Python."""
        self._timer.stop()
        if self._was_enabled:
            gc.enable()
