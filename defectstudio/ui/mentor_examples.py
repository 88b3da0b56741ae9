"""The agreed examples that look most like a detection; late answers are dropped.

Which examples there are is read on the main thread, once a class, and kept up to date by the verdicts; which of them
look most alike is found in the background.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from defectstudio.data.project import Project
from defectstudio.domain.labels import is_class
from defectstudio.domain.mentoring import Detection, DetectionJudged, Judgement
from defectstudio.sessions.session import Change
from defectstudio.ui.background import Background
from defectstudio.ui.job_thread import Questions

COUNT, MOST = 8, 30


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
        self._agreed: dict[int, dict[str, Detection]] = {}
        # After the detection itself is painted: what is drawn in many images has to be read for the first of a class.
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._look)

    def open(self, project: Project) -> None:
        """Look in this project from now on."""
        self._project = project
        self._background = Background(self)
        self._background.answered.connect(self._answered)

    def close(self) -> None:
        """End the thread and let go of the project."""
        self._timer.stop()
        self._questions.ask()
        if self._background is not None:
            self._background.stop()
            self._background.deleteLater()
        self._background = self._project = self._asked = None
        self._agreed = {}

    def ask(self, detection: Detection) -> None:
        """Look for examples like this one."""
        self._asked = detection
        self._questions.ask()
        self._timer.start()

    def _look(self) -> None:
        from defectstudio.app.mentoring_features import agreed_examples, nearest_examples

        project, background, detection = self._project, self._background, self._asked
        if project is None or background is None or detection is None:
            return
        index = detection.class_index
        if index not in self._agreed:
            self._agreed[index] = {one.id: one for one in agreed_examples(project, index, MOST)}
        examples = list(self._agreed[index].values())[-MOST:]
        background.forget_all()
        work = partial(nearest_examples, project, detection, examples, COUNT)
        background.ask(self._questions.ask(), work, first=True)

    def _answered(self, number: int, found: Sequence[Detection] | None, _error: Exception | None) -> None:
        """An answer that failed is logged by its thread, and is no example."""
        if self._questions.current(number) and self._asked is not None:
            self.found.emit(self._asked, found or [])

    def follow(self, change: Change) -> None:
        """Verdicts that were given or taken back make examples, or unmake them."""
        for event in change.events:
            if isinstance(event, DetectionJudged):
                for judgement, comes in ((event.before, False), (event.after, True)):
                    self._turn(judgement, comes=comes)

    def _turn(self, judgement: Judgement | None, *, comes: bool) -> None:
        known = self._agreed.get(judgement.class_index) if judgement is not None else None
        if judgement is None or known is None or judgement.label is None or not is_class(judgement.label):
            return
        if comes:
            known[judgement.detection.id] = judgement.detection
        else:
            known.pop(judgement.detection.id, None)
