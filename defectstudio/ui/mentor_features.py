"""The map of defect areas by their features, before and after: do old and new images come to lie together?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from defectstudio.domain.errors import Cancelled
from defectstudio.ui.job_thread import Questions, RunningJob
from defectstudio.ui.mentor_calls import app
from defectstudio.ui.mentor_candidate import CandidatePage
from defectstudio.ui.mentor_words import class_tone, class_word
from defectstudio.ui.project_window import ProjectWindow
from defectstudio.ui.sections.common import muted
from defectstudio.ui.theme import theme

if TYPE_CHECKING:
    from defectstudio.ui.select_map import MapCanvas

HEIGHT = 260
OLD_SHAPE, NEW_SHAPE = 0, 1
"""Rows of the map's symbols: a disc for the old domain, a triangle for the new one."""


class FeaturesDesk(QObject):
    """Two maps side by side, laid out when asked for; pyqtgraph is loaded then."""

    laid_out = Signal()

    def __init__(self, window: ProjectWindow, page: CandidatePage) -> None:
        super().__init__(window)
        self._window, self._page = window, page
        self._candidate = ""
        self._job: RunningJob[Any] | None = None
        self._questions = Questions()
        self._whole: QWidget | None = None
        self.canvases: list[MapCanvas] = []
        page.map_wanted.connect(self._told_begin)
        page.map_job.stop_wanted.connect(self.stop)
        window.stop_wanted.connect(self.stop)

    def offer(self, candidate: str) -> None:
        """Another candidate, whose map can be asked for."""
        self.stop()
        self._candidate = candidate
        self._page.lay_out_map.show()
        if self._whole is not None:
            self._whole.hide()

    def close(self) -> None:
        """Let go of the project."""
        self.stop()
        self._candidate = ""
        if self._whole is not None:
            self._whole.hide()

    def stop(self) -> None:
        """Lay out nothing any more."""
        self._questions.ask()
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self._page.map_job.show_ended()
            self._page.lay_out_map.show()

    def _told_begin(self) -> None:
        try:
            self.begin()
        except Exception as error:  # noqa: BLE001 - handed to the one place that shows errors
            self._window.show_error(error)

    def begin(self) -> None:
        """Lay the map out in the background."""
        bench = self._window.bench
        if bench is None or not self._candidate:
            return
        self.stop()
        self._job = RunningJob(app().features_map_job(bench.project, self._candidate), self)
        self._job.progressed.connect(self._page.map_job.show_progress)
        self._page.map_job.show_begun(self.tr("Laying out the map…"))
        self._page.lay_out_map.hide()
        self._window.tasks.start(self._wait(self._job, self._questions.ask()))

    async def _wait(self, job: RunningJob[Any], number: int) -> None:
        try:
            found = await job.result()
        except Cancelled:
            return
        finally:
            if self._questions.current(number):
                self._job = None
                self._page.map_job.show_ended()
                self._page.lay_out_map.show()
        if self._questions.current(number) and self._window.bench is not None:
            self._page.lay_out_map.hide()
            self._show(found)

    def _build(self) -> QWidget:
        from defectstudio.ui.select_map import MapCanvas

        whole = QWidget()
        column, row = QVBoxLayout(whole), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        for title in (self.tr("Before"), self.tr("After")):
            canvas = MapCanvas()
            canvas.setFixedHeight(HEIGHT)
            side = QVBoxLayout()
            side.addWidget(QLabel(title))
            side.addWidget(canvas)
            row.addLayout(side, 1)
            self.canvases.append(canvas)
        column.addLayout(row)
        self.legend = muted()
        column.addWidget(self.legend)
        self._page.map_room.addWidget(whole)
        return whole

    def _show(self, found: Any) -> None:
        """Points coloured by class; discs are old images, triangles new ones."""
        import numpy as np
        from PySide6.QtGui import QColor

        bench = self._window.bench
        assert bench is not None
        if self._whole is None:
            self._whole = self._build()
        classes = bench.project.state.classes
        indices = sorted({int(index) for index in found.classes})
        palette = [QColor(class_tone(classes, index)) for index in indices] or [QColor(theme().colors.muted)]
        rows = np.searchsorted(np.array(indices or [0]), found.classes).astype(np.intp)
        shapes = np.where(found.new, NEW_SHAPE, OLD_SHAPE).astype(np.intp)
        ids = list(range(len(found.classes)))
        for canvas, xy in zip(self.canvases, (found.before, found.after), strict=True):
            canvas.describe = lambda row: class_word(classes, int(found.classes[row]))
            canvas.show_points(ids, xy)
            canvas.show_look(shapes, rows, palette)
        words = ", ".join(class_word(classes, index) for index in indices)
        self.legend.setText(self.tr("Discs: old images; triangles: new ones. Colours: {0}.").format(words))
        self._whole.show()
        self.laid_out.emit()
