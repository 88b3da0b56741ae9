"""What is drawn on an image, found in the background: its regions, and how much of it is unknown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from defectstudio.domain.labels import UNKNOWN, ImageId, LabelMap
from defectstudio.ui.background import Background
from defectstudio.ui.job_thread import Questions

if TYPE_CHECKING:
    from defectstudio.sessions.painting.regions import Region

MOST_REGIONS = 500
AFTER_MS = 120
WARM_UP_MS = 1500


@dataclass(frozen=True, slots=True)
class Survey:
    """The regions of one image (at most `MOST_REGIONS`) and the share of its pixels that is unknown, 0..1."""

    image: ImageId
    regions: Sequence[Region]
    unknown: float


def survey(image: ImageId, label_map: LabelMap | None) -> Survey:
    """Look through a label map, None when nothing is drawn. The map may be painted on meanwhile: ask again then."""
    from defectstudio.sessions.painting.regions import find_regions

    if label_map is None:
        return Survey(image, (), 1.0)
    unknown = int(np.count_nonzero(label_map == UNKNOWN)) / label_map.size
    return Survey(image, find_regions(label_map, most=MOST_REGIONS), unknown)


def load_libraries() -> None:
    """Import what the cleverer tools need while nobody waits for it."""
    import skimage.graph
    import skimage.segmentation  # noqa: F401


class Surveyor(QObject):
    """Answers for the image asked for last, a moment after the last change."""

    surveyed = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject, drawing: Callable[[], bool] = lambda: False) -> None:
        """While `drawing()` says so it waits: the work would be felt in the hand, and the map is not settled."""
        super().__init__(parent)
        self._drawing = drawing
        self._questions = Questions()
        self._wanted: tuple[ImageId, LabelMap | None] | None = None
        self._background = Background(self)
        self._background.answered.connect(self._answered)
        self._timer = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._timer.timeout.connect(self._ask)
        self._warm_up = QTimer(self, singleShot=True, interval=WARM_UP_MS)
        self._warm_up.timeout.connect(self._load)
        self._warm_up.start()

    def want(self, image: ImageId, label_map: LabelMap | None) -> None:
        """Look at an image soon; many wishes in a row become one."""
        self._wanted = (image, label_map)
        self._questions.ask()
        self._timer.start()

    def forget(self) -> None:
        """No image is wanted any more."""
        self._wanted = None
        self._questions.ask()
        self._timer.stop()

    def _ask(self) -> None:
        if self._drawing():
            self._timer.start()
        elif self._wanted is not None:
            image, label_map = self._wanted
            self._wanted = None
            self._background.forget_all()
            self._background.ask(self._questions.ask(), lambda: survey(image, label_map), first=True)

    def _load(self) -> None:
        if self._drawing():
            self._warm_up.start()
        else:
            self._background.ask("warm up", load_libraries)

    def _answered(self, number: object, answer: Survey | None, error: Exception | None) -> None:
        if not isinstance(number, int) or not self._questions.current(number):
            return
        if error is not None:
            self.failed.emit(error)
        else:
            self.surveyed.emit(answer)

    def stop(self) -> None:
        """End the thread."""
        self._timer.stop()
        self._warm_up.stop()
        self._background.stop()
