"""Joins the Train panel to the runs of the open project: start, queue, pause, stop, and what is said of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any

from PySide6.QtCore import QObject, Signal

from defectstudio.data.runs import RunRecord
from defectstudio.domain.errors import DefectStudioError, OutOfMemory
from defectstudio.ui.notices import Notices
from defectstudio.ui.panels.train import TrainPanel
from defectstudio.ui.queue_list import request_words
from defectstudio.ui.queue_model import RunQueue, TrainRequest
from defectstudio.ui.run_desk import RunDesk, Training
from defectstudio.ui.tasks import Tasks
from defectstudio.ui.unfinished import UnfinishedRuns, run_words, worth_offering
from defectstudio.ui.workbench import Workbench


def shown(work: Callable[..., Any]) -> Callable[..., None]:
    """The same method with errors announced by `failed` instead of raised: for signals of widgets."""

    @wraps(work)
    def call(self: TrainDesk, *arguments: Any) -> None:
        try:
            work(self, *arguments)
        except Exception as error:  # noqa: BLE001 - handed to the one place that shows errors
            self.failed.emit(error)

    return call


class TrainDesk(QObject):
    """Trainings of the open project as the user asks for them."""

    changed = Signal()
    """Something that the table of commands asks for is no longer as it was."""
    failed = Signal(object)
    finished = Signal(object)
    """The `RunRecord` of a training that reached its end."""
    panel_wanted = Signal()
    """The Train panel shall come to the front."""
    image_wanted = Signal(int)

    def __init__(self, panel: TrainPanel, notices: Notices, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._panel, self._notices, self._tasks = panel, notices, tasks
        self._desk: RunDesk | None = None
        self._asked: TrainRequest | None = None
        self._next_up: list[tuple[str, int | None]] = []
        self.unfinished: list[RunRecord] = []
        """Runs that could go on, oldest first."""
        self.ways = UnfinishedRuns(notices, self.resume, self._discard, self)
        self.queue: RunQueue | None = None
        self.going = False
        """Whether what waits starts by itself when the training at hand ends."""
        self.elsewhere: Callable[[], bool] = lambda: False
        """Whether something else is being trained in this window."""
        panel.train_requested.connect(self._start)
        panel.queue_requested.connect(self._enqueue)
        panel.progress.pause_wanted.connect(self.pause)
        panel.progress.go_on_wanted.connect(self.pause)
        panel.progress.stop_wanted.connect(self.stop)
        panel.progress.failed.connect(self.failed)
        panel.progress.samples.image_wanted.connect(self.image_wanted)
        panel.queue.move_wanted.connect(self._move)
        panel.queue.remove_wanted.connect(self._remove)
        panel.queue.undo_wanted.connect(self._undo)
        panel.queue.start_wanted.connect(self.toggle_queue)

    # One project.

    def open(self, bench: Workbench, desk: RunDesk) -> None:
        """Work with the runs of a project."""
        self._desk, self.going, self._next_up = desk, False, []
        progress, thumbnails = self._panel.progress, bench.thumbnails
        progress.forget()
        progress.samples.show_source(bench.images, thumbnails.get)
        thumbnails.ready.connect(progress.samples.thumbnail_ready)
        desk.progressed.connect(progress.show_progress)
        desk.paused_changed.connect(self._paused_changed)
        desk.stopping.connect(progress.show_stopping)
        desk.ended.connect(self._ended)
        self.queue = None
        if not bench.readonly:
            self._open_queue(bench)
        self._offer_unfinished(desk)
        self._show_queue()

    @shown
    def _offer_unfinished(self, desk: RunDesk) -> None:
        self.unfinished = desk.unfinished()
        record = worth_offering(self.unfinished, desk.runs())
        if record is not None:
            self.ways.offer(record, can_discard=desk.can_discard(record.id))

    @shown
    def _open_queue(self, bench: Workbench) -> None:
        self.queue = RunQueue(bench.project.folder, self)
        self.queue.changed.connect(self._show_queue)
        self.queue.load()
        count = len(self.queue.waiting)
        if count:
            text = self.tr("%Ln training(s) still wait in the queue of this project.", "", count)
            self._notices.show_notice("info", text, button=self.tr("Start them"), run=self.toggle_queue)

    def close(self) -> None:
        """Let go of the project."""
        if self.queue is not None:
            self.queue.deleteLater()
        self._desk, self.queue, self.unfinished = None, None, []
        self._panel.progress.samples.show_source({}, lambda _image: None)
        self._panel.progress.forget()
        self._show_queue()

    # Facts.

    @property
    def training(self) -> bool:
        return self._desk is not None and self._desk.training

    @property
    def paused(self) -> bool:
        return self._desk is not None and self._desk.paused

    @property
    def can_start(self) -> bool:
        return self._desk is not None and self._panel.ready

    @property
    def can_queue(self) -> bool:
        return self.queue is not None and self._panel.can_queue

    @property
    def can_resume(self) -> bool:
        return bool(self.unfinished) and not self.training

    @property
    def waiting(self) -> int:
        return 0 if self.queue is None else len(self.queue.waiting)

    # Wishes.

    def train(self) -> None:
        """What Ctrl+T does: the same as the button of the Train panel."""
        self.panel_wanted.emit()
        self._panel.request_training()

    def enqueue(self) -> None:
        """Let the training that is set up wait for its turn."""
        self.panel_wanted.emit()
        self._panel.request_turn()

    @shown
    def pause(self) -> None:
        """Let the training wait, or go on."""
        if self._desk is not None:
            (self._desk.go_on if self._desk.paused else self._desk.pause)()

    def stop(self) -> None:
        """Ask the training to stop; what waits does not start by itself any more."""
        self.going, self._next_up = False, []
        if self._desk is not None:
            self._desk.cancel()

    def toggle_queue(self) -> None:
        """Let what waits start one after another, from now or from the end of the training at hand; or hold it."""
        self.going = not self.going and self.waiting > 0
        if self.going and not self.training:
            self._start_next()
        self._show_queue()

    def resume_newest(self) -> None:
        """Go on with the training that was begun last of those that did not reach their end."""
        self.panel_wanted.emit()
        if self.unfinished:
            self.resume(self.unfinished[-1].id)

    @shown
    def resume(self, run: str, batch: int | None = None) -> None:
        """Go on with a run, with a smaller batch where one is given; while another is trained, right after that."""
        if self._desk is None:
            return
        if self.training:
            self._next_up.append((run, batch))
            self._notices.show_notice("success", self.tr("It goes on when the training at hand has ended."))
        else:
            self._check_free()
            self._begin_again(self._desk, run, batch)

    def _begin_again(self, desk: RunDesk, run: str, batch: int | None) -> None:
        record = next((one for one in desk.unfinished() if one.id == run), None)
        if record is None and self._asked is not None and run == desk.training_run and batch is not None:
            # Its memory was used up before there was anything to keep: ask for the same once more, with less.
            config = self._asked.config.model_copy(update={"batch": batch})
            self._begin(desk, replace(self._asked, config=config))
            return
        job = desk.resume(run, batch)
        self._show_begun(desk, job, run if record is None else run_words(record), desk.epochs_of(run))

    @shown
    def _discard(self, run: str) -> None:
        if self._desk is not None:
            self._desk.discard(run)
            self.unfinished = self._desk.unfinished()
            self.changed.emit()

    @shown
    def _start(self, request: TrainRequest) -> None:
        if self._desk is not None:
            self._check_free()
            self._begin(self._desk, request)

    def _check_free(self) -> None:
        """Two trainings at once would each take more than twice as long."""
        if self.elsewhere():
            raise DefectStudioError(
                self.tr("A round of refinement is being trained."),
                hint=self.tr("Wait for its end, or stop it in the Refine panel."),
            )

    def other_training_ended(self) -> None:
        """What waits may begin."""
        if self.going and not self.training:
            self._start_next()

    def follow(self, job: Training, title: str) -> None:
        """Show a training that was begun elsewhere as one of ours."""
        if self._desk is not None:
            self._show_begun(self._desk, job, title)

    def _begin(self, desk: RunDesk, request: TrainRequest) -> None:
        job, self._asked = desk.begin(request), request
        self._show_begun(desk, job, request_words(request))

    def _show_begun(self, desk: RunDesk, job: Training, title: str, epochs: Sequence[dict[str, float]] = ()) -> None:
        self._panel.progress.show_started(title, epochs)
        self._panel.show_running(True)
        self._show_queue()
        self._tasks.start(self._follow(desk, job))

    async def _follow(self, desk: RunDesk, job: Training) -> None:
        """Wait for a training, say how it ended, and let the next one begin, however this one ended."""
        try:
            record = await desk.end(job)
            await asyncio.sleep(0)  # what was recorded is shown first, so that the hand is not held up by both
            if desk is self._desk and not desk.closing and record is not None:
                self._say_end(record)
        except OutOfMemory as error:
            self.ways.out_of_memory(desk.training_run, error)
        except DefectStudioError as error:
            self._notices.show_error(error)
        finally:
            if desk is self._desk and not desk.closing:
                self._start_next()

    def _say_end(self, record: RunRecord) -> None:
        if record.status == "finished":
            self.finished.emit(record)
        else:
            self.ways.stopped(record)

    def _paused_changed(self, paused: bool) -> None:
        self._panel.progress.show_paused(paused)
        self.changed.emit()

    def _ended(self, said: str) -> None:
        self._panel.progress.show_ended(said)
        self._panel.show_running(False)
        self._look_for_unfinished()
        self._show_queue()

    @shown
    def _look_for_unfinished(self) -> None:
        self.unfinished = [] if self._desk is None else self._desk.unfinished()

    # The queue.

    @shown
    def _enqueue(self, request: TrainRequest) -> None:
        if self.queue is not None:
            self.queue.add(request)
            self.going = self.going or self.training  # who adds to a running training wants it to follow
            self._show_queue()

    def _start_next(self) -> None:
        """Begin the first of what waits that can begin; those that cannot say why."""
        while self._desk is not None and not self._desk.training and not self.elsewhere():
            if not self._begin_one(self._desk):
                break
        self.going = self.going and (self.training or self.waiting > 0)
        self._show_queue()

    def _begin_one(self, desk: RunDesk) -> bool:
        """Try what is next; False when nothing is."""
        again = self._next_up.pop(0) if self._next_up else None
        request = self.queue.take() if again is None and self.going and self.queue is not None else None
        try:
            if again is not None:
                self._begin_again(desk, *again)
            elif request is not None:
                self._begin(desk, request)
        except DefectStudioError as error:
            self._notices.show_error(error)
        return again is not None or request is not None

    @shown
    def _move(self, row: int, by: int) -> None:
        if self.queue is not None:
            self.queue.move(row, by)

    @shown
    def _remove(self, row: int) -> None:
        if self.queue is not None:
            self.queue.remove(row)

    @shown
    def _undo(self) -> None:
        if self.queue is not None:
            self.queue.undo()

    def _show_queue(self) -> None:
        queue = self.queue
        waiting = queue.waiting if queue is not None else ()
        self._panel.queue.show_waiting(waiting, can_undo=queue is not None and queue.can_undo)
        self._panel.queue.show_going(going=self.going)
        self.changed.emit()
