"""Detections that were drawn by hand: confirming one of them keeps what was drawn instead of filling its area."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QCoreApplication

from defectstudio.domain.geometry import clipped
from defectstudio.domain.labels import class_pixels
from defectstudio.domain.mentoring import Detection
from defectstudio.domain.state import LabelState
from defectstudio.sessions.painting.patch import Patch

Area = Callable[[Detection], Patch | None]


class DrawnAreas:
    """Remembers which detections were opened for drawing while the project is open."""

    def __init__(self) -> None:
        self._opened: set[str] = set()

    def clear(self) -> None:
        """Another project."""
        self._opened.clear()

    def opened(self, detection: Detection) -> None:
        """A detection is opened in Annotate."""
        self._opened.add(detection.id)

    def patch(self, detection: Detection, state: LabelState) -> Patch | None:
        """The pixels drawn as a defect in the box of a detection that was opened for it; None where there are none."""
        drawn = state.label_map(detection.image) if detection.id in self._opened else None
        box = clipped(detection.box, state.images[detection.image].shape)
        if drawn is None or box is None:
            return None
        mask = np.asarray(class_pixels(drawn[box.slices]))
        return Patch(box, mask) if bool(mask.any()) else None

    def areas(self, state: LabelState, otherwise: Area) -> Area:
        """The pixels of a detection: those drawn by hand, else what `otherwise` says."""

        def area(detection: Detection) -> Patch | None:
            patch = self.patch(detection, state)
            return otherwise(detection) if patch is None else patch

        return area

    def said(self, detection: Detection, state: LabelState) -> str:
        """What Enter does where a detection was drawn by hand, "" for any other."""
        if self.patch(detection, state) is None:
            return ""
        return QCoreApplication.translate("Mentor", "You drew this one: Enter confirms what is drawn.")
