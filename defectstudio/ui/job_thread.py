"""Runs a job in a thread of its own and brings its news and its end to the main thread.

`await running.result()` gives the job's result or raises what it raised. Progress is collected and handed over at
most ten times a second, nothing left out, so that a live curve has all its points.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QThread, QTimer, Signal

from defectstudio.domain.progress import CancelToken, Job, Progress, finish
from defectstudio.ui.kept_thread import KeptThread

T = TypeVar("T")
NEWS_EVERY_MS = 100


class _Worker(KeptThread, Generic[T]):
    """The thread: it touches nothing but the job, its token and a queue of news."""

    def __init__(self, make: Callable[[CancelToken], Job[T]], token: CancelToken) -> None:
        super().__init__()
        self._make, self._token = make, token
        self.news: deque[Progress] = deque()
        self.outcome: T | None = None
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.outcome = finish(self._make(self._token), self.news.append)
        except BaseException as error:  # noqa: BLE001 - raised again on the main thread, where it can be shown
            self.error = error


class RunningJob(QObject, Generic[T]):
    """One job on its way. Lives on the main thread; deletes itself some time after the end."""

    progressed = Signal(list)
    """A batch of `Progress`, oldest first."""
    ended = Signal()

    def __init__(self, make: Callable[[CancelToken], Job[T]], parent: QObject) -> None:
        """Start the job that `make(token)` returns, at idle priority so that the window stays fluent."""
        super().__init__(parent)
        self.token = CancelToken()
        self._over = False
        self._worker: _Worker[T] = _Worker(make, self.token)
        self._worker.finished.connect(self._end)
        self._timer = QTimer(self, interval=NEWS_EVERY_MS)
        self._timer.timeout.connect(self._hand_over)
        self._timer.start()
        self.destroyed.connect(self.token.cancel)  # nobody waits for it any more
        self._worker.begin(QThread.Priority.IdlePriority, self.token.cancel)

    @property
    def running(self) -> bool:
        return not self._over

    def cancel(self) -> None:
        """Ask the job to stop; it does so at its next batch, also while it is paused."""
        self.token.cancel()

    @property
    def paused(self) -> bool:
        return self.token.paused

    def pause(self) -> None:
        """Ask the job to wait at its next batch."""
        self.token.pause()

    def go_on(self) -> None:
        """Let a paused job go on."""
        self.token.resume()

    def _hand_over(self) -> None:
        news = self._worker.news
        batch = [news.popleft() for _ in range(len(news))]
        if batch:
            self.progressed.emit(batch)

    def _end(self) -> None:
        self._worker.wait()
        self._timer.stop()
        self._hand_over()
        self._over = True
        self.ended.emit()

    async def result(self) -> T:
        """The job's result. Raises what the job raised: `DefectStudioError`, `Cancelled`, or a bug."""
        if not self._over:
            done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self.ended.connect(partial(_settle, done))
            await done
        self.deleteLater()
        if self._worker.error is not None:
            raise self._worker.error
        return self._worker.outcome  # type: ignore[return-value]


def _settle(done: asyncio.Future[None]) -> None:
    if not done.done():
        done.set_result(None)


class Questions:
    """Numbers for questions, so that an answer that comes after the user has moved on is told apart and dropped."""

    def __init__(self) -> None:
        self._latest = 0

    def ask(self) -> int:
        """The number of a new question; every earlier one is out of date from now on."""
        self._latest += 1
        return self._latest

    def current(self, number: int) -> bool:
        """Whether this is still the question that waits for an answer."""
        return number == self._latest
