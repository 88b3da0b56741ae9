"""A thread that answers small questions (decode an image, make a thumbnail), the most wanted first.

Unlike a job, a question is short, has no progress and may be forgotten before its turn.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

from defectstudio.domain.errors import DefectStudioError
from defectstudio.ui.kept_thread import KeptThread

log = logging.getLogger(__name__)


class _Loop(KeptThread):
    """Takes the newest question, answers it, and again."""

    answered = Signal(object, object, object)

    def __init__(self) -> None:
        super().__init__()
        self.waiting: OrderedDict[Hashable, Callable[[], Any]] = OrderedDict()
        self.changed = threading.Condition()
        self.stopping = False

    def ask_to_end(self) -> None:
        """Drop what waits, and end after the question at hand."""
        with self.changed:
            self.stopping = True
            self.waiting.clear()
            self.changed.notify()

    def run(self) -> None:
        while (question := self._next()) is not None:
            key, work = question
            answer: Any = None
            error: Exception | None = None
            try:
                answer = work()
            except DefectStudioError as expected:
                error = expected
            except Exception as bug:
                log.exception("Background work failed")
                error = bug
            self.answered.emit(key, answer, error)

    def _next(self) -> tuple[Hashable, Callable[[], Any]] | None:
        with self.changed:
            while not self.waiting and not self.stopping:
                self.changed.wait()
            return None if self.stopping else self.waiting.popitem(last=False)


class Background(QObject):
    """Questions from the main thread to one low-priority thread and back."""

    answered = Signal(object, object, object)
    """(key, answer or None, error or None), on the main thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loop = _Loop()
        self._loop.answered.connect(self._forward)
        self.destroyed.connect(self._loop.ask_to_end)
        self._loop.begin(QThread.Priority.LowPriority, self._loop.ask_to_end)

    def _forward(self, key: Hashable, answer: Any, error: Any) -> None:
        if not self._loop.stopping:  # an answer may be on its way still when the thread is stopped
            self.answered.emit(key, answer, error)

    def ask(self, key: Hashable, work: Callable[[], Any], *, first: bool = False) -> None:
        """Queue `work` unless the same key waits already; `first` puts it before all others."""
        with self._loop.changed:
            self._loop.waiting.setdefault(key, work)
            if first:
                self._loop.waiting.move_to_end(key, last=False)
            self._loop.changed.notify()

    def keep_newest(self, count: int) -> list[Hashable]:
        """Forget all but `count` of the waiting questions, those at the back first; returns the forgotten keys."""
        forgotten: list[Hashable] = []
        with self._loop.changed:
            while len(self._loop.waiting) > count:
                forgotten.append(self._loop.waiting.popitem(last=True)[0])
        return forgotten

    def forget_all(self) -> None:
        """Drop every question that is not being answered this moment."""
        self.keep_newest(0)

    def stop(self) -> None:
        """Finish the question at hand, drop the rest, end the thread."""
        self._loop.ask_to_end()
        self._loop.wait()
        self._loop.answered.disconnect(self._forward)
