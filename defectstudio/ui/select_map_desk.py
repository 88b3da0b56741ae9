"""The map at work: laid out in the background, coloured by what is known, in step with the list of images.

Its widgets, and pyqtgraph with them, are loaded when the map is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.labels import ImageId
from defectstudio.ui.job_thread import Questions, RunningJob
from defectstudio.ui.project_window import ProjectWindow
from defectstudio.ui.select_words import image_said

if TYPE_CHECKING:
    from defectstudio.app.selection_models import DataMap
    from defectstudio.ui.select_map_view import MapView

VIEWER_PAGE = 1
COLOR_AFTER_MS = 200


class MapDesk(QObject):
    """One map a window."""

    changed = Signal()
    image_wanted = Signal(int)
    laid_out = Signal()
    """Points are shown."""

    view: MapView

    def __init__(self, window: ProjectWindow) -> None:
        super().__init__(window)
        self._window = window
        self._built = False
        self._job: RunningJob[DataMap] | None = None
        self._questions = Questions()
        self._timer = QTimer(self, singleShot=True, interval=COLOR_AFTER_MS)
        self._timer.timeout.connect(self.color)
        window.stop_wanted.connect(self._cancel)

    def _build(self) -> None:
        from defectstudio.ui.select_map_view import MapView

        window = self._window
        self.view = MapView(window.action_button)
        self._built = True
        window.centre.addWidget(self.view)
        window.centre.currentChanged.connect(self.changed)
        canvas = self.view.canvas
        canvas.describe = self._describe
        canvas.opened.connect(self._open_image)
        canvas.current_changed.connect(self._stood_on)
        canvas.lassoed.connect(self._lassoed)
        self.view.kind_changed.connect(self._lay_out)
        self.view.coloring_changed.connect(self.color)
        self.view.again.clicked.connect(self._lay_out)
        self.view.job.stop_wanted.connect(self._stop)
        self.view.left.connect(self.hide)

    # The project.

    def open(self) -> None:
        """Follow the project that the window has opened."""
        bench = self._window.bench
        if bench is not None:
            bench.recorded.connect(self._timer.start)
            bench.thumbnails.ready.connect(self._thumbnail_ready)
            bench.picture_ready.connect(self._follow_image)

    def close(self) -> None:
        """Let go of the project."""
        self._timer.stop()
        self._cancel()
        if self._built:
            self._clear()

    def _clear(self) -> None:
        import numpy as np

        self.view.canvas.show_points([], np.zeros((0, 2), np.float32))
        self.view.card.hide()
        self.view.show_count(0)

    # In front or not.

    @property
    def shown(self) -> bool:
        """Whether the map stands where the image does."""
        return self._built and self._window.bench is not None and self._window.centre.currentWidget() is self.view

    def toggle(self) -> None:
        """The map, or the image."""
        if self.shown:
            self.hide()
            return
        if not self._built:
            self._build()
        self._window.centre.setCurrentWidget(self.view)
        self.view.canvas.setFocus()
        if not self.view.canvas.ids:
            self._lay_out()
        else:
            self.color()
        self._follow_image()
        self.changed.emit()

    def hide(self) -> None:
        """Back to the image."""
        if self.shown:
            self._window.centre.setCurrentIndex(VIEWER_PAGE)
            self._window.viewer.setFocus()
            self.changed.emit()

    # Laying out.

    def _lay_out(self) -> None:
        from defectstudio.app.selection import map_job

        bench = self._window.bench
        if bench is None:
            return
        self._cancel()
        try:
            job = RunningJob(map_job(bench.project, self.view.kind.currentData()), self)
        except DefectStudioError as error:
            self.view.show_message(f"{error.message} {error.hint}".strip())
            return
        self._job = job
        job.progressed.connect(self.view.job.show_progress)
        self.view.show_message("")
        self.view.job.show_begun(self.tr("Laying out the map…"))
        self._window.tasks.start(self._wait(job, self._questions.ask()))

    async def _wait(self, job: RunningJob[DataMap], number: int) -> None:
        found: DataMap | None = None
        said = ""
        try:
            found = await job.result()
        except Cancelled:
            said = self.tr("The map was stopped before it was laid out.")
        except DefectStudioError as error:
            said = f"{error.message} {error.hint}".strip()
        if not self._questions.current(number) or self._window.bench is None:
            return
        self._job = None
        self.view.job.show_ended()
        self.view.show_message(said, again=bool(said))
        if found is not None:
            self._show(found)

    def _show(self, found: DataMap) -> None:
        self.view.canvas.show_points(found.ids, found.xy)
        self.color()
        self.view.show_count(0)
        self._follow_image()
        self.laid_out.emit()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self.view.job.show_stopping()

    def _cancel(self) -> None:
        self._questions.ask()
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self.view.job.show_ended()

    # Colours and words.

    def color(self) -> None:
        """Shapes and colours by what is known now."""
        bench = self._window.bench
        if bench is None or not self.shown or not self.view.canvas.ids or self._job is not None:
            return
        from defectstudio.ui.select_map_look import Facts, look_of

        project = bench.project
        came = [image for image in self.view.canvas.ids if not bench.images[image].present]
        if came or len(project.present_images()) != len(self.view.canvas.ids):
            self._lay_out()
            return
        facts = Facts(bench.images, project.state.classes, bench.scores, project.segmented_images())
        self.view.show_look(look_of(self.view.canvas.ids, facts, self.view.coloring.currentData()))

    def _describe(self, image: ImageId) -> str:
        bench = self._window.bench
        return image_said(bench.images[image], bench.scores.get(image)) if bench is not None else ""

    # In step with the rest of the window.

    def _stood_on(self, image: ImageId | None) -> None:
        if image is not None:
            self._window.gallery.reach(image)
        self._show_card()

    def _follow_image(self, _picture: object = None) -> None:
        """The image that was chosen in the list is the one under the mark."""
        bench = self._window.bench
        if self.shown and bench is not None:
            self.view.canvas.stand_on_image(bench.current)
            self._show_card()

    def _thumbnail_ready(self, image: ImageId) -> None:
        canvas = self.view.canvas if self.shown else None
        if canvas is not None and canvas.current is not None and canvas.ids[canvas.current] == image:
            self._show_card()

    def _show_card(self) -> None:
        canvas, bench = self.view.canvas, self._window.bench
        if canvas.current is None or bench is None:
            self.view.card.hide()
            return
        image = canvas.ids[canvas.current]
        words = self._describe(image).replace(", ", "\n")
        self.view.card.say(words, bench.thumbnails.get(image))

    def _lassoed(self, images: list[ImageId]) -> None:
        self._window.gallery.select_images(images)
        self.view.show_count(len(images))

    def _open_image(self, image: ImageId) -> None:
        self.image_wanted.emit(image)
        self._window.viewer.setFocus()
