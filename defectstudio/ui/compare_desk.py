"""A comparison at the window: made in the background, shown as a sheet, walked through image by image.

Its widgets are made when the first comparison is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from defectstudio.app.compared import Comparison
from defectstudio.app.comparison import MOST_RUNS, compare_job, default_split
from defectstudio.data.runs import PREDICTIONS
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.events import LabelConfirmed, QueueMarked, RunMarked
from defectstudio.sessions.session import Change
from defectstudio.ui.job_thread import Questions, RunningJob
from defectstudio.ui.project_window import ProjectWindow
from defectstudio.ui.runs_desk import RunsDesk

if TYPE_CHECKING:
    from defectstudio.ui.compare_bar import CompareBar
    from defectstudio.ui.compare_pair import Pair
    from defectstudio.ui.compare_strip import CompareStrip
    from defectstudio.ui.compare_view import CompareView

VIEWER_PAGE = 1
SILENT = (RunMarked, QueueMarked, LabelConfirmed)
"""Events that change no figure of a comparison."""


class CompareDesk(QObject):
    """At most one comparison. Emits `image_wanted` for the image that shall be looked at."""

    changed = Signal()
    image_wanted = Signal(int)

    bar: CompareBar
    view: CompareView
    strip: CompareStrip
    pair: Pair

    def __init__(self, window: ProjectWindow, runs: RunsDesk) -> None:
        super().__init__(window)
        self._window, self._runs = window, runs
        self._built = False
        self.chosen: list[str] = []
        self.comparison: Comparison | None = None
        self._job: RunningJob[Comparison] | None = None
        self._questions = Questions()
        window.project_opened.connect(self._opened)
        window.project_closing.connect(self.close)
        window.stop_wanted.connect(self._cancel)
        runs.scores_changed.connect(self._scores_changed)

    def _opened(self) -> None:
        if self._window.bench is not None:
            self._window.bench.recorded.connect(self._recorded)
            self._window.bench.thumbnails.ready.connect(self._thumbnail_ready)
            self._window.bench.picture_ready.connect(self._picture_ready)

    def _build(self) -> None:
        from defectstudio.ui.compare_bar import CompareBar
        from defectstudio.ui.compare_pair import Pair
        from defectstudio.ui.compare_strip import CompareStrip
        from defectstudio.ui.compare_view import CompareView

        window = self._window
        self.bar, self.view, self.strip = CompareBar(window.action_button), CompareView(), CompareStrip()
        self.pair = Pair(window.pane.linked, self)
        window.column.insertWidget(window.column.indexOf(window.centre), self.bar)
        window.centre.addWidget(self.view)
        window.column.addWidget(self.strip)
        self.bar.sides_changed.connect(self._sides_changed)
        self.view.changed.connect(self._again)
        self.strip.image_wanted.connect(self._show_image)
        self._built = True

    # Facts that the action table asks for.

    @property
    def can_compare(self) -> bool:
        """Whether there are two runs that can be compared."""
        return sum(row.comparable for row in self._runs.rows) > 1

    @property
    def comparing(self) -> bool:
        """Whether a comparison is shown or being made."""
        return bool(self.chosen)

    @property
    def can_step(self) -> bool:
        """Whether there are images to walk through."""
        return self.comparison is not None and bool(self.comparison.differing)

    @property
    def shows_figures(self) -> bool:
        """Whether the sheet is in front, not the image."""
        return self.comparing and self._window.centre.currentWidget() is self.view

    # Begin and end.

    def compare(self) -> None:
        """Compare the runs that are chosen in the table. Raises DefectStudioError when these cannot be compared."""
        rows = self._runs.chosen
        unfit = [row.title for row in rows if not row.comparable]
        if unfit:
            text = self.tr("{0} has no predictions to compare.").format(unfit[0])
            raise DefectStudioError(text, hint=self.tr("Choose finished runs."))
        if not 2 <= len(rows) <= MOST_RUNS:
            self._runs.show_panel()
            raise DefectStudioError(
                self.tr("Choose two, three or four runs to compare."),
                hint=self.tr("Hold Ctrl or Shift while you click them in the table, or press Shift with the arrows."),
            )
        # Oldest first: a difference then says what the newer run has gained.
        self._begin([row.id for row in sorted(rows, key=lambda row: row.created or "")])

    def _begin(self, runs: list[str]) -> None:
        bench = self._window.bench
        if bench is None:
            return
        if not self._built:
            self._build()
        project = bench.project
        placed = {bench.images[image].placement.split for image in project.present_images()}
        self.view.offer(sorted(placed - {""}), default_split(project))
        titles = {row.id: row.title for row in self._runs.rows}
        self.chosen = runs
        self.bar.offer([(run, titles[run]) for run in runs])
        self.bar.show()
        self._make_room(True)
        self._show_page(figures=True)
        self.view.split.setFocus()
        self._again()

    def _again(self) -> None:
        """Make the comparison on the images that are asked for now."""
        bench = self._window.bench
        if bench is None or not self.chosen:
            return
        self._cancel()
        self._forget()
        self.view.show_begun()
        split, with_trained = self.view.wanted_split, self.view.with_trained.isChecked()
        try:
            make = compare_job(bench.project, self.chosen, split, with_trained=with_trained)
        except DefectStudioError as error:
            self.view.show_failed(f"{error.message} {error.hint}".strip())
            return
        self._job = RunningJob(make, self)
        self._job.progressed.connect(self.view.show_progress)
        self._window.tasks.start(self._wait(self._job, self._questions.ask()))
        self.changed.emit()

    async def _wait(self, job: RunningJob[Comparison], number: int) -> None:
        try:
            comparison = await job.result()
        except Cancelled:
            return
        except DefectStudioError as error:
            if self._questions.current(number):
                self.view.show_failed(f"{error.message} {error.hint}".strip())
            return
        if self._questions.current(number) and self._window.bench is not None:
            self.comparison = comparison
            self.view.show_comparison(comparison)
            self.strip.show_comparison(comparison, self._window.bench.thumbnails.get)
            self.strip.show()
            self.changed.emit()

    def _cancel(self) -> None:
        self._questions.ask()
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _forget(self) -> None:
        self.comparison = None
        self.strip.show_comparison(None, lambda _image: None)
        self.strip.hide()

    def close(self) -> None:
        """Back to the image, as before the comparison."""
        if not self.comparing:
            return
        self._cancel()
        self._forget()
        self.chosen = []
        self.pair.close()
        self.bar.hide()
        self._make_room(False)
        if self._window.centre.currentWidget() is self.view:
            self._window.centre.setCurrentIndex(VIEWER_PAGE)
        self.changed.emit()

    def _make_room(self, wanted: bool) -> None:
        """The docks below give way to a comparison, and come back with the table of runs in front."""
        window = self._window
        for dock in (window.history_dock, window.runs_dock, window.log_dock):
            dock.setVisible(not wanted)
        if not wanted:
            window.show_runs()

    # Figures or images.

    def toggle_figures(self) -> None:
        """The sheet in front, or the image."""
        self._show_page(figures=not self.shows_figures)

    def step(self, by: int) -> None:
        """Go through the differing images."""
        before = self.strip.list.currentIndex()
        self.strip.step(by)
        if before.isValid() and before == self.strip.list.currentIndex():
            self._show_page(figures=False)

    def _show_page(self, *, figures: bool) -> None:
        window = self._window
        if figures:
            window.centre.setCurrentWidget(self.view)
        elif window.bench is not None:
            window.centre.setCurrentIndex(VIEWER_PAGE)
            self.pair.open(window.bench)
            self._show_sides()
        self.changed.emit()

    def _show_image(self, image: int) -> None:
        self._show_page(figures=False)
        self.image_wanted.emit(image)
        self._show_sides()

    def _sides_changed(self) -> None:
        if not self.shows_figures:
            self._show_sides()

    def _show_sides(self) -> None:
        """Give both viewers their run: the right one shows what the whole window shows."""
        bench = self._window.bench
        left, right = self.bar.left.currentData(), self.bar.right.currentData()
        if bench is None or left is None or right is None:
            return
        if bench.run != right:
            self._runs.choose(right)
        path = bench.project.runs_folder / left / PREDICTIONS
        self.pair.show(path, self._caption(left), self._caption(right))

    def _caption(self, run: str) -> str:
        from defectstudio.ui.compare_words import call_said, shortened

        image, comparison, bench = self.strip.current, self.comparison, self._window.bench
        titles = {row.id: row.title for row in self._runs.rows}
        title = titles.get(run, run)
        compared = [] if comparison is None else [one.run for one in comparison.runs]
        if image is None or run not in compared or bench is None or bench.current != image.image:
            return shortened(title)
        return f"{shortened(title)}: {call_said(image, compared.index(run), run)}"

    # What happens meanwhile.

    def _recorded(self, change: Change) -> None:
        if not self.comparing:
            return
        if any(run not in {row.id for row in self._runs.rows} for run in self.chosen):
            self.close()
        elif not all(isinstance(event, SILENT) for event in change.events) and change.images:
            self.view.show_outdated()

    def _scores_changed(self) -> None:
        """Another run is shown in the whole window, so in the right viewer: the bar and the caption say so."""
        bench = self._window.bench
        if bench is None or not self.comparing or not self.pair.is_open:
            return
        if bench.run in self.chosen and bench.run != self.bar.left.currentData():
            self.bar.stand_right(bench.run)
        self.pair.say_right("" if bench.run is None else self._caption(bench.run))

    def _picture_ready(self) -> None:
        """Another image may have been chosen in the list: the captions say what is known of it."""
        if self.comparing and self.pair.is_open:
            self._show_sides()

    def _thumbnail_ready(self, image: int) -> None:
        if self._built:
            self.strip.thumbnail_ready(image)
