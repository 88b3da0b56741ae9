"""The agreed examples that look most like a detection, looked up in the background; late answers are dropped."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from defectstudio.data.project import Project
from defectstudio.domain.mentoring import Detection
from defectstudio.ui.background import Background
from defectstudio.ui.job_thread import Questions

COUNT = 8


def nearest(project: Project, detection: Detection) -> Sequence[Detection]:
    """The examples; the app layer is loaded when the first are asked for."""
    from defectstudio.app import mentoring

    return mentoring.neighbours(project, detection, COUNT)


class Examples(QObject):
    """One question at a time: the one about the detection that is looked at."""

    found = Signal(object, object)
    """(the `Detection` asked about, agreed `Detection`s, the nearest first)"""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._project: Project | None = None
        self._background: Background | None = None
        self._questions = Questions()
        self._asked: Detection | None = None

    def open(self, project: Project) -> None:
        """Look in this project from now on."""
        self._project = project
        self._background = Background(self)
        self._background.answered.connect(self._answered)

    def close(self) -> None:
        """End the thread and let go of the project."""
        self._questions.ask()
        if self._background is not None:
            self._background.stop()
            self._background.deleteLater()
        self._background = self._project = self._asked = None

    def ask(self, detection: Detection) -> None:
        """Look for examples like this one."""
        if self._background is None or self._project is None:
            return
        number, self._asked = self._questions.ask(), detection
        self._background.forget_all()
        self._background.ask(number, partial(nearest, self._project, detection), first=True)

    def _answered(self, number: int, found: Sequence[Detection] | None, _error: Exception | None) -> None:
        """An answer that failed is logged by its thread, and is no example."""
        if self._questions.current(number) and self._asked is not None:
            self.found.emit(self._asked, found or [])
