"""The replay at work: which step is shown, playing on, jumps; what is looked up is looked up in the background.

While the page is in front nothing can be written: what is shown is the past, and undo would be of the present.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QDockWidget

from defectstudio.app.playback import Part, Playback, playback_job
from defectstudio.app.playback_look import Look, PastReader
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.ui.background import Background
from defectstudio.ui.commands.table import REPLAY
from defectstudio.ui.job_thread import Questions, RunningJob
from defectstudio.ui.project_window import ProjectWindow
from defectstudio.ui.refine_jobs import RefineJobs

if TYPE_CHECKING:
    from defectstudio.ui.replay_page import ReplayPage
    from defectstudio.ui.replay_show import PastShow

VIEWER_PAGE = 1
LONGEST_PAUSE_S = 2.0
"""A pause of the day is waited for no longer than this, at any speed."""


class ReplayDesk(QObject):
    """Made with the window; its page when it is first asked for."""

    changed = Signal()
    shown_step = Signal(int)
    """What stood after this step is on the page."""

    page: ReplayPage

    def __init__(self, window: ProjectWindow, jobs: RefineJobs) -> None:
        super().__init__(window)
        self._window, self._jobs = window, jobs
        self._built = False
        self._job: RunningJob[Playback] | None = None
        self._background: Background | None = None
        self._reader: PastReader | None = None
        self._show: PastShow | None = None
        self._questions = Questions()
        self._hidden: list[QDockWidget] = []
        self.playback: Playback | None = None
        self.part: Part | None = None
        self.step = 0
        """The step that is wanted; `shown_step` says when it is there."""
        self.playing = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._play_on)
        window.project_closing.connect(self.leave)
        window.stop_wanted.connect(self._stop_job)

    def _build(self) -> None:
        from defectstudio.ui.replay_page import ReplayPage

        window = self._window
        self.page = page = ReplayPage(window.action_button)
        self._built = True
        window.centre.addWidget(page)
        for widget in (page.timeline, page.viewer, page.zoomed):
            window.listen_on_page(widget, REPLAY)
        window.centre.currentChanged.connect(self._page_changed)
        page.left.connect(self.leave)
        page.part_wanted.connect(self._part_wanted)
        page.timeline.valueChanged.connect(self.jump)
        page.job.stop_wanted.connect(self.leave)

    # In front or not.

    @property
    def shown(self) -> bool:
        """Whether the past stands where the image does."""
        return self._background is not None

    def toggle(self) -> None:
        """The past, or back to the image."""
        if self.shown:
            self.leave()
            return
        bench = self._window.bench
        if bench is None:
            return
        if not self._built:
            self._build()
        from defectstudio.ui.replay_show import PastShow

        self._background = Background(self)
        self._background.answered.connect(self._answered)
        self._show = PastShow(bench, self.page, self._jobs, self)
        self._show.settled.connect(self._settled)
        self._hidden = [dock for dock in self._window.docks if not dock.isHidden()]
        for dock in self._hidden:
            dock.hide()
        self.page.claim_room(True)
        self._window.centre.setCurrentWidget(self.page)
        self.page.timeline.setFocus()
        self._window.statusBar().showMessage(self.tr("What is shown is the past: nothing can be changed. Esc leaves."))
        self._read()
        self.changed.emit()

    def leave(self) -> None:
        """Back to the image, everything as it was before."""
        if not self.shown:
            return
        self._stop_job()
        self._let_go()
        self.page.claim_room(False)
        if self._window.centre.currentWidget() is self.page:
            self._window.centre.setCurrentIndex(VIEWER_PAGE)
            self._window.viewer.setFocus()
        self._window.centre.updateGeometry()  # or the docks that come back would widen the window
        if (layout := self._window.layout()) is not None:
            layout.activate()
        self._window.statusBar().clearMessage()
        for dock in self._hidden:
            dock.show()
        self._window.history_dock.raise_()
        self.changed.emit()

    def _let_go(self) -> None:
        self.playing = False
        self._timer.stop()
        self._questions.ask()
        if self._background is not None:
            self._background.stop()
            self._background.deleteLater()
        if self._show is not None:
            self._show.stop()
            self._show.deleteLater()
        self._background = self._show = self._reader = self.playback = self.part = None
        self.page.timeline.show_steps(None, 1, 0, ())
        self.page.facts.show_facts([])

    def _page_changed(self) -> None:
        """Somebody went to another page: the past is not in front any more."""
        if self.shown and self._window.centre.currentWidget() is not self.page:
            self.leave()

    # Reading.

    def _read(self) -> None:
        """Read the steps of the journal, which takes a moment for a long one."""
        bench = self._window.bench
        assert bench is not None
        self.page.say(self.tr("Reading the journal…"))
        self._job = RunningJob(playback_job(bench.project.folder, self._jobs.rounds), self)
        self._job.progressed.connect(self._reading)
        self._window.tasks.start(self._wait(self._job, self._questions.ask()))

    def _reading(self, batch: list[Any]) -> None:
        if not self.page.job.isVisible():
            self.page.job.show_begun("")
        self.page.job.show_progress(batch)

    async def _wait(self, job: RunningJob[Playback], number: int) -> None:
        try:
            playback = await job.result()
        except (Cancelled, DefectStudioError) as error:
            if self._questions.current(number):
                self.leave()
            if isinstance(error, DefectStudioError):
                raise
            return
        self.page.job.show_ended()
        bench = self._window.bench
        if self._questions.current(number) and bench is not None:
            self._job = None
            self.playback = playback
            self._reader = PastReader(bench.project.folder, playback.steps)
            self.page.show_parts(playback.parts, 0)
            self._part_wanted(0)

    def _stop_job(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
        if self._built:
            self.page.job.show_ended()

    # Facts that the table of commands asks for.

    @property
    def look(self) -> Look | None:
        """What is on the page, None before the first step is."""
        return None if self._show is None else self._show.look

    @property
    def ready(self) -> bool:
        """Whether there are steps to walk through."""
        return self.part is not None

    @property
    def can_go_on(self) -> bool:
        """Whether there is a step after the one that is shown."""
        return self.part is not None and self.step < self.part.last

    @property
    def can_go_back(self) -> bool:
        """Whether there is a step before the one that is shown."""
        return self.part is not None and self.step > self.part.first - 1

    # Where one stands.

    def _part_wanted(self, number: int) -> None:
        """Look at another part of the journal, at its end; playing begins at its start."""
        playback = self.playback
        if playback is None or not playback.parts:
            self.page.say(self.tr("Nothing has been done in this project yet."))
            return
        self._rest()
        self.part = part = playback.parts[number]
        self.page.timeline.show_steps(playback.steps, part.first, part.last, playback.marks)
        self._want(part.last)

    def jump(self, step: int) -> None:
        """Show what stood after a step."""
        self._rest()
        self._want(step)

    def go(self, by: int) -> None:
        """So many steps on or back."""
        self.jump(self.step + by)

    def go_to_end(self, *, last: bool) -> None:
        """The end or the start of the part."""
        if self.part is not None:
            self.jump(self.part.last if last else self.part.first - 1)

    def go_to_mark(self, direction: int) -> None:
        """The next trained round or run, in either direction; the end of the part where there is none."""
        if self.part is None or self.playback is None:
            return
        ends = [self.part.first - 1, self.part.last]
        places = sorted({*ends, *(m.step for m in self.playback.marks if ends[0] <= m.step <= ends[1])})
        wanted = [place for place in places if (place - self.step) * direction > 0]
        if wanted:
            self.jump(wanted[0] if direction > 0 else wanted[-1])

    def _want(self, step: int) -> None:
        """Ask for a step; one that was asked for before and is not there yet is dropped."""
        if self.part is None or self._reader is None or self._background is None or self._show is None:
            return
        self.step = min(max(step, self.part.first - 1), self.part.last)
        self.page.timeline.show_step(self.step)
        look, bench, number = self._show.look, self._window.bench, self._questions.ask()
        standing = None if bench is None else bench.current
        image = standing if look is None or look.image is None else look.image
        self._background.forget_all()
        self._background.ask(number, partial(self._reader.look, self.step, image))
        self.changed.emit()

    def _answered(self, number: int, look: Look | None, error: Exception | None) -> None:
        if not self._questions.current(number) or self._show is None or self.playback is None:
            return
        if look is None:
            self._rest()
            if error is not None:
                self._window.show_error(error)
            return
        self._show.show(look, len(self.playback.steps))

    def _settled(self) -> None:
        if self._show is None or self._show.look is None or self._show.look.step != self.step:
            return
        if self.playing:
            self._wait_for_next()
        self.shown_step.emit(self.step)

    # Playing.

    def play(self) -> None:
        """Play on, from the start where the end is shown; or pause."""
        if self.part is None:
            return
        if self.playing:
            self._rest()
            return
        self.playing = True
        self._want(self.step if self.can_go_on else self.part.first - 1)

    def _rest(self) -> None:
        self._timer.stop()
        if self.playing:
            self.playing = False
            self.changed.emit()

    def _wait_for_next(self) -> None:
        if self.can_go_on:
            self._timer.start(self._pause_ms())
        else:
            self._rest()

    def _pause_ms(self) -> int:
        """How long the day waited between this step and the next, by the chosen speed."""
        speed = float(self.page.speed.currentData())
        assert self.playback is not None
        at = self.playback.steps.at
        if not speed or not self.step:
            return 0
        return round(1000 * min(max(float(at[self.step] - at[self.step - 1]), 0.0) / speed, LONGEST_PAUSE_S))

    def _play_on(self) -> None:
        if self.playing:
            self._want(self.step + 1)
