"""A folder that is watched from the window: one look every few seconds, in the background, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from defectstudio.ui.background import Background

if TYPE_CHECKING:
    from defectstudio.app.watching import FolderWatch, Look

EVERY_MS = 2000


class Watcher(QObject):
    """Emits what each look has found; the next look waits until `go_on` when files were ready."""

    looked = Signal(object)
    """A `Look`."""
    failed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._background: Background | None = None
        self._watch: FolderWatch | None = None
        self.interval = EVERY_MS
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._look)

    @property
    def watching(self) -> bool:
        return self._watch is not None

    def start(self, folder: Path, taken: set[Path], *, make: Callable[..., FolderWatch] | None = None) -> None:
        """Watch a folder; `taken`: files that are not new."""
        from defectstudio.app.watching import FolderWatch

        self.stop()
        self._watch = (make or FolderWatch)(folder, taken)
        self._background = Background(self)
        self._background.answered.connect(self._answered)
        self._look()

    def stop(self) -> None:
        """Watch no longer."""
        self._timer.stop()
        if self._background is not None:
            self._background.stop()
            self._background.deleteLater()
        self._watch = self._background = None

    def _look(self) -> None:
        if self._watch is not None and self._background is not None:
            self._background.ask("look", partial(type(self._watch).look, self._watch))

    def _answered(self, _key: str, look: Look | None, error: Exception | None) -> None:
        if self._watch is None:
            return
        if look is None:
            self.stop()
            self.failed.emit(error)
            return
        if not look.ready:
            self.go_on()
        self.looked.emit(look)

    def go_on(self) -> None:
        """What was ready has been taken: look again after a while."""
        if self._watch is not None:
            self._timer.start(self.interval)
