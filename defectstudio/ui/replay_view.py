"""A viewer of what once was: label maps of the past, frames round detections, and where a step changed the labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from defectstudio.domain.labels import Box, LabelMap
from defectstudio.ui.masks import MaskPicture
from defectstudio.ui.mentor_view import Frame, draw_frames
from defectstudio.ui.theme import theme
from defectstudio.ui.viewer import Viewer


def changed_mask(before: LabelMap | None, after: LabelMap | None) -> MaskPicture | None:
    """The pixels that differ between two label maps, None where none does or there is none to compare."""
    if after is None or after is before:
        return None
    changed = np.ones(after.shape, np.bool_) if before is None else before != after
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    if not rows.size:
        return None
    box = Box(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)
    return MaskPicture(box, changed[box.slices], theme().colors.accent, dashed=True)


class PastViewer(Viewer):
    """A viewer without tools; frames lie over everything else."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frames: Sequence[Frame] = ()
        self.set_display(heat=False)

    @property
    def frames(self) -> Sequence[Frame]:
        return self._frames

    def show_frames(self, frames: Sequence[Frame]) -> None:
        """Draw these boxes; the view stays."""
        self._frames = frames
        self.update()

    def paint_over(self, painter: QPainter, dirty: QRect) -> None:
        super().paint_over(painter, dirty)
        painter.save()
        painter.setClipRect(dirty)
        draw_frames(painter, self.view, self._frames)
        painter.restore()
