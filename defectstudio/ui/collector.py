"""Lets Python's garbage collector run on the main thread only, and never for long.

The collector runs in whichever thread happens to allocate. There it would destroy Qt objects of the main thread that
stand in a reference cycle, which Qt forbids: timers cannot be stopped from another thread, and worse.

Going through everything takes 70 ms in the plain window and 140 ms once torch is loaded, which a hand that draws would
feel. Nearly all of it are modules, which never become garbage, so they are put aside (`gc.freeze`) and looked at again
only when a project closes and its own objects may have to go.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_EVERY_MS = 500
MOST_AT_ONCE = 20_000
"""Objects that are gone through in a few milliseconds; more than that at once are modules that were just loaded."""

OLDEST = 2


class MainThreadCollector(QObject):
    """While it lives, collection is automatic no more, but looked after by a timer, by Python's own thresholds."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        gc.freeze()
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect the oldest generation that is due, if any is; put aside what is too much to go through."""
        # The count of new objects costs nothing, a list of them does: importing torch makes half a million at once.
        if (
            gc.get_count()[0] > MOST_AT_ONCE
            or sum(len(gc.get_objects(age)) for age in range(OLDEST + 1)) > MOST_AT_ONCE
        ):
            gc.freeze()
            return
        pairs = zip(gc.get_count(), gc.get_threshold(), strict=True)
        due = [age for age, (count, most) in enumerate(pairs) if count > most]
        if due:
            gc.collect(due[-1])

    def sweep(self) -> None:
        """Go through everything, at a moment when a pause is not felt."""
        gc.unfreeze()
        gc.collect()
        gc.freeze()

    def stop(self) -> None:
        """Hand collection back to Python."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()
