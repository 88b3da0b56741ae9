"""The patch in its image: a viewer that follows the tile under the mouse or with the keys, one image at a time."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QTimer

from defectstudio.domain.labels import Box, LabelMap
from defectstudio.domain.refinement import Patch
from defectstudio.ui.masks import MaskPicture
from defectstudio.ui.picture import Picture
from defectstudio.ui.project_window import ProjectWindow
from defectstudio.ui.theme import theme
from defectstudio.ui.viewer import Viewer
from defectstudio.ui.workbench import Workbench

FOLLOW_AFTER_MS = 90
"""The mouse may cross other tiles on its way."""


def patch_box(patch: Patch, side: int, shape: tuple[int, int]) -> Box:
    """The pixels of a patch inside an image of (height, width)."""
    top, left = patch.row - side // 2, patch.column - side // 2
    return Box(max(0, top), max(0, left), min(shape[0], top + side), min(shape[1], left + side))


class Place(QObject):
    """Keeps one viewer in step; the list of images follows, so that the window's own viewer does too."""

    def __init__(self, window: ProjectWindow, viewer: Viewer) -> None:
        super().__init__(window)
        self._window, self.viewer = window, viewer
        self._bench: Workbench | None = None
        self.patch: Patch | None = None
        self.side = 1
        self._timer = QTimer(self, singleShot=True, interval=FOLLOW_AFTER_MS)
        self._timer.timeout.connect(self.follow)
        theme().changed.connect(self._mark)

    def open(self, bench: Workbench, side: int) -> None:
        """Show images of this project, patches `side` pixels wide, from now on."""
        self.side = side
        if self._bench is bench:
            return
        self._bench, viewer = bench, self.viewer
        viewer.set_display(heat=False, minimap=False)
        bench.picture_ready.connect(self._picture_ready)
        bench.labels_ready.connect(self._labels_ready)
        bench.labels_touched.connect(viewer.labels_touched)
        bench.detail_ready.connect(viewer.show_detail)
        viewer.detail_wanted.connect(bench.want_detail)

    def close(self) -> None:
        """Let go of the project."""
        self._timer.stop()
        if self._bench is not None:
            self.viewer.detail_wanted.disconnect(self._bench.want_detail)
        self._bench = self.patch = None
        self.viewer.show_picture(None)

    def stand_on(self, patch: Patch | None) -> None:
        """Show this patch, a moment later: unless it is another one by then."""
        if patch != self.patch:
            self.patch = patch
            self._timer.start()

    def follow(self) -> None:
        """Show the patch now."""
        self._timer.stop()
        bench, patch = self._bench, self.patch
        if bench is None or patch is None or not self.viewer.isVisible():
            return  # somebody has gone on to another page meanwhile
        shown = self.viewer.picture
        if bench.current != patch.image:
            self._window.gallery.reach(patch.image)
        elif shown is None or shown.image != patch.image:
            bench.choose(patch.image)
        else:
            self._mark()

    def _picture_ready(self, picture: Picture) -> None:
        if self.viewer.isVisible() or self.viewer.picture is not None:
            self.viewer.show_picture(picture)
            self._mark()

    def _labels_ready(self, labels: LabelMap | None) -> None:
        if self._bench is not None and self.viewer.picture is not None:
            self.viewer.show_labels(labels, self._bench.project.state.classes)

    def _mark(self, _colors: object = None) -> None:
        """Frame the patch, and bring it into sight."""
        picture, patch = self.viewer.picture, self.patch
        if picture is None or patch is None or picture.image != patch.image:
            self.viewer.show_selection(None)
            return
        box = patch_box(patch, self.side, picture.shape)
        whole = np.ones(box.shape, bool)
        self.viewer.show_selection(MaskPicture(box, whole, theme().colors.accent, dashed=True))
        self.viewer.look_at_box(box)
