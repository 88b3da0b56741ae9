"""What is asked of a training, and the trainings that wait for their turn: one project's queue and its file.

The file `queue.json` lies in the project's folder and is written whole at each change, so that a queue outlives the
window. It is offered again when the project is opened, never started by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from PySide6.QtCore import QObject, Signal

from defectstudio.data.runs import BoxSettings, TrainConfig
from defectstudio.data.whole import written_whole
from defectstudio.domain.errors import DefectStudioError

log = logging.getLogger(__name__)

QUEUE = "queue.json"
MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class TrainRequest:
    """What the user asks for. `segmented`: how many masks may be used, None for all; `splits` to train on.

    `boxes`: how a detector of boxes is trained, too; None: not at all.
    """

    config: TrainConfig
    segmented: int | None
    splits: tuple[str, ...]
    boxes: BoxSettings | None = None


class _Stored(BaseModel):
    model_config = ConfigDict(extra="forbid")

    format: Literal[1] = 1
    waiting: tuple[TrainRequest, ...] = ()


def read_queue(path: Path) -> tuple[TrainRequest, ...]:
    """The requests in a file, none where there is no file. Raises DefectStudioError when it cannot be read."""
    try:
        return _Stored.model_validate_json(path.read_bytes()).waiting
    except FileNotFoundError:
        return ()
    except (OSError, ValidationError) as error:
        log.warning("The queue %s cannot be read: %s", path, error)
        hint = f"It lies aside as {path.name}.damaged; the new queue is empty."
        raise DefectStudioError("The queue of trainings in this project cannot be read.", hint=hint) from error


def write_queue(path: Path, waiting: Sequence[TrainRequest]) -> None:
    """Keep the requests; an empty queue leaves no file. Raises DefectStudioError when it cannot be written."""
    if not waiting:
        path.unlink(missing_ok=True)
        return
    with written_whole(path) as temporary:
        temporary.write_text(_Stored(waiting=tuple(waiting)).model_dump_json(indent=2) + "\n", encoding="utf-8")


class RunQueue(QObject):
    """The waiting requests of one project in the order of their turns; each change can be taken back."""

    changed = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = folder / QUEUE
        self.waiting: tuple[TrainRequest, ...] = ()
        self._before: list[tuple[TrainRequest, ...]] = []

    def load(self) -> None:
        """Take up what the file holds. Raises DefectStudioError for a damaged file, once it is laid aside."""
        try:
            self.waiting = read_queue(self._path)
        except DefectStudioError:
            self._path.replace(self._path.with_name(f"{QUEUE}.damaged"))
            raise
        finally:
            self.changed.emit()

    def _put(self, waiting: tuple[TrainRequest, ...]) -> None:
        write_queue(self._path, waiting)
        self.waiting = waiting
        self.changed.emit()

    def _change(self, waiting: tuple[TrainRequest, ...]) -> None:
        before = self.waiting
        if waiting == before:
            return
        self._put(waiting)
        self._before = [*self._before[-MOST_STEPS:], before]

    def add(self, request: TrainRequest) -> None:
        """Put a request at the end."""
        self._change((*self.waiting, request))

    def remove(self, row: int) -> None:
        """Take a request out."""
        self._change((*self.waiting[:row], *self.waiting[row + 1 :]))

    def move(self, row: int, by: int) -> int:
        """Let a request have its turn earlier (negative) or later; returns its new place."""
        to = min(max(row + by, 0), len(self.waiting) - 1)
        if to != row:
            rest = [*self.waiting[:row], *self.waiting[row + 1 :]]
            rest.insert(to, self.waiting[row])
            self._change(tuple(rest))
        return to

    @property
    def can_undo(self) -> bool:
        return bool(self._before)

    def undo(self) -> None:
        """Take the last change back."""
        if self._before:
            self._put(self._before.pop())

    def take(self) -> TrainRequest | None:
        """The request whose turn it is; it waits no more, and undo does not bring it back."""
        if not self.waiting:
            return None
        first = self.waiting[0]
        self._before = [tuple(one for one in step if one is not first) for step in self._before]
        self._put(self.waiting[1:])
        return first
