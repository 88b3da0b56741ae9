"""asyncio on Qt's event loop, safe under nested loops.

A step of a coroutine that runs a nested loop (a dialog, a menu, `processEvents`) lets other callbacks of asyncio come
due inside it. asyncio cannot enter a task while another is in the middle of a step: it reports an error, and the task
that was to go on waits for ever. qasync also stops a timer only after its callback, so that the timer fires again in
the nested loop. Here a timer is stopped before its callback runs, and what comes due inside a step waits for its end.
"""

from __future__ import annotations

import asyncio
from typing import Any

import qasync
from PySide6.QtCore import QObject, QTimerEvent
from PySide6.QtWidgets import QApplication

NESTED_S = 0.005


class OneShotTimers(QObject):
    """What qasync asks of its timers: `add_callback(handle, delay in seconds)`, `stop`, `set_debug`."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._loop = loop
        self._handles: dict[int, asyncio.Handle] = {}
        self._stopped = False

    def add_callback(self, handle: asyncio.Handle, delay: float = 0) -> asyncio.Handle:
        """Run a handle once, after a delay."""
        self._handles[self.startTimer(int(max(0, delay) * 1000))] = handle
        return handle

    def timerEvent(self, event: QTimerEvent) -> None:
        self.killTimer(event.timerId())
        handle = self._handles.pop(event.timerId(), None)
        if handle is None or self._stopped or handle.cancelled():
            return
        if asyncio.current_task(self._loop) is not None:
            self.add_callback(handle, NESTED_S)
        else:
            handle._run()

    def stop(self) -> None:
        """Run nothing any more."""
        self._stopped = True

    def set_debug(self, enabled: bool) -> None:
        """There is nothing more to tell."""


def make_event_loop(app: QApplication) -> Any:
    """An asyncio event loop that runs on the application's own."""
    loop = qasync.QEventLoop(app)
    loop._timer = OneShotTimers(loop)
    return loop
