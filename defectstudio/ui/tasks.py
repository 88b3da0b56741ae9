"""Coroutines started from the window: kept alive until they end, and their errors shown in one place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from defectstudio.domain.errors import Cancelled

Failed = Callable[[BaseException], None]


class Tasks(QObject):
    """Starts coroutines on the running event loop; `failed` is told every error but a cancelled job."""

    quiet = Signal()
    """The last of them has ended."""

    def __init__(self, failed: Failed, parent: QObject) -> None:
        super().__init__(parent)
        self._failed = failed
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None], failed: Failed | None = None) -> None:
        """Begin; the loop keeps no strong reference to a task, so it is held here."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(partial(self._ended, failed or self._failed))

    def _ended(self, failed: Failed, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, Cancelled):
            failed(error)
        if not self._running:
            self.quiet.emit()

    @property
    def busy(self) -> bool:
        """Whether anything is still under way."""
        return bool(self._running)
