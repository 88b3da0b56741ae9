"""Work that takes long is a generator of `Progress` that asks a `CancelToken` at every batch.

def count(token: CancelToken) -> Job[int]:
    for step in range(10):
        token.check()
        yield Progress(step + 1, 10, "counting")
    return 10
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from defectstudio.domain.errors import Cancelled

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` steps (total 0: not known yet), what is being done, and figures to show live."""

    done: int
    total: int
    text: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


Job = Generator[Progress, None, T]
"""A long piece of work: yields progress, returns its result."""


class CancelToken:
    """Shared between the one who asks to stop or pause and the job, which checks it at every batch. Thread-safe."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._going = threading.Event()
        self._going.set()
        self.waited = 0.0
        """Seconds spent paused so far."""

    def cancel(self) -> None:
        """Ask the job to stop, also while it is paused."""
        self._asked.set()
        self._going.set()

    def pause(self) -> None:
        """Ask the job to wait at its next check."""
        if not self._asked.is_set():
            self._going.clear()

    def resume(self) -> None:
        """Let a paused job go on."""
        self._going.set()

    @property
    def cancelled(self) -> bool:
        return self._asked.is_set()

    @property
    def paused(self) -> bool:
        return not self._going.is_set()

    def check(self) -> None:
        """Wait while paused, then raise `Cancelled` when somebody asked to stop."""
        if not self._going.is_set():
            began = time.monotonic()
            self._going.wait()
            self.waited += time.monotonic() - began
        if self._asked.is_set():
            raise Cancelled


def finish(job: Job[T], show: Callable[[Progress], None] | None = None) -> T:
    """Run a job to its end in place, handing each progress to `show`, and return its result."""
    while True:
        try:
            progress = next(job)
        except StopIteration as end:
            result: T = end.value
            return result
        if show is not None:
            show(progress)
