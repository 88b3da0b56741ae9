"""How a command speaks: results on stdout (or one JSON object), progress and messages on stderr."""

from __future__ import annotations

import contextlib
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import Any, TypeVar

from pydantic import BaseModel
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from defectstudio.domain.progress import CancelToken, Job, finish
from defectstudio.domain.progress import Progress as Step

T = TypeVar("T")

stderr = Console(stderr=True, highlight=False)
stdout = Console(highlight=False, soft_wrap=True)


@contextlib.contextmanager
def cancel_on_interrupt() -> Iterator[CancelToken]:
    """A token that Ctrl-C cancels, so that a job ends at a safe place; a second Ctrl-C stops at once."""
    token = CancelToken()
    if threading.current_thread() is not threading.main_thread():
        yield token
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        if token.cancelled:
            raise KeyboardInterrupt
        stderr.print("Stopping at the next safe place...")
        token.cancel()

    previous = signal.signal(signal.SIGINT, interrupt)
    try:
        yield token
    finally:
        signal.signal(signal.SIGINT, previous)


def run_job(start: Callable[[CancelToken], Job[T]], title: str) -> T:
    """Run a job in place with a progress bar on stderr; Ctrl-C cancels it."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:.0f}/{task.total:.0f}"))
    clocks = (TimeElapsedColumn(), TimeRemainingColumn())
    with cancel_on_interrupt() as token, Progress(*columns, *clocks, console=stderr, transient=True) as bar:
        task = bar.add_task(title, total=1)

        def show(step: Step) -> None:
            figures = " ".join(f"{k} {v:.3g}" for k, v in step.values.items() if isinstance(v, float))
            bar.update(
                task, completed=step.done, total=max(step.total, 1), description=f"{step.text or title} {figures}"
            )

        return finish(start(token), show)


def as_json(value: Any) -> Any:
    """What `json.dumps` can write: pydantic models become objects, paths become text."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def print_json(value: Any) -> None:
    """The one object of a command that was called with --json."""
    sys.stdout.write(json.dumps(as_json(value), ensure_ascii=False, allow_nan=False) + "\n")


def print_table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table on stdout; numbers right-aligned, None as a dash."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for position, head in enumerate(heads):
        numeric = bool(rows) and all(isinstance(row[position], int | float | None) for row in rows)
        table.add_column(head, justify="right" if numeric else "left")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    stdout.print(table)


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.4f}" if isinstance(value, float) else str(value)
