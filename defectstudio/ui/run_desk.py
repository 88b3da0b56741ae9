"""Training runs of one project at the screen: start, pause, stop, go on, and bring a run's scores to the views."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from PySide6.QtCore import QObject, Signal

from defectstudio.app import workflows
from defectstudio.app.evaluation import Evaluation
from defectstudio.data.predictions import Predictions
from defectstudio.data.project import Project
from defectstudio.data.runs import RunRecord
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.learning.loading import load_library
from defectstudio.sessions.session import Session
from defectstudio.ui.job_thread import Questions, RunningJob
from defectstudio.ui.queue_model import TrainRequest


def apart(
    project: Project, make: Callable[[CancelToken], Job[RunRecord]]
) -> Callable[[CancelToken], Job[tuple[RunRecord, str]]]:
    """The same training with the hash of its weights; what the window would feel is done in the training's thread."""

    def job(token: CancelToken) -> Job[tuple[RunRecord, str]]:
        yield Progress(0, 0, "Starting")
        load_library()
        record = yield from make(token)
        return record, workflows.weights_hash(project, record)

    return job


Training: TypeAlias = RunningJob[tuple[RunRecord, str]]
"""A training under way; it gives its record and the hash of its weights."""


class RunDesk(QObject):
    """One training at a time; answers about a run that is no longer chosen are dropped."""

    started = Signal()
    progressed = Signal(list)
    paused_changed = Signal(bool)
    stopping = Signal()
    """The training was asked to stop."""
    ended = Signal(str)
    """How the training ended, in a sentence."""
    predictions_ready = Signal(object, object)
    """(run id or None, `Predictions` or None)"""
    figures_ready = Signal(object)
    """The `Evaluation` of the chosen run, or None."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._training: Training | None = None
        self._others: set[RunningJob[Any]] = set()
        self._questions = Questions()
        self.training_run = ""
        """The id of the run that is trained, or was trained last."""
        self.closing = False
        """Whether everything was asked to stop because the project is being put down."""

    @property
    def training(self) -> bool:
        return self._training is not None

    @property
    def paused(self) -> bool:
        return self._training is not None and self._training.paused

    def runs(self) -> list[RunRecord]:
        """The runs of the project, oldest first."""
        return workflows.runs(self._session.project)

    def pixel_threshold(self, run: str | None) -> float:
        """From which heat on a pixel counts as defective, by the run's own choice, 0..1."""
        record = next((r for r in self.runs() if r.id == run), None)
        default = workflows.DEFAULT_PIXEL_THRESHOLD
        return default if record is None else float(record.metrics.get("pixel_threshold", default))

    def begin(self, request: TrainRequest) -> Training:
        """Start a training on the labels as they are now. Raises DefectStudioError when it cannot start."""
        self._refuse_a_second()
        project = self._session.project
        run = workflows.new_run_id(project, request.config)
        make = workflows.train_job(
            project,
            request.config,
            segmented=request.segmented,
            splits=request.splits,
            run_id=run,
            boxes=request.boxes,
        )
        return self._start(run, make)

    def begin_with(self, run: str, make: Callable[[CancelToken], Job[RunRecord]]) -> Training:
        """Start a training of another kind, of the run `run`. Raises DefectStudioError while one is under way."""
        self._refuse_a_second()
        return self._start(run, make)

    def resume(self, run: str, batch: int | None = None) -> Training:
        """Go on with an unfinished run, with a smaller batch where one is given. Raises DefectStudioError."""
        self._refuse_a_second()
        return self._start(run, workflows.resume_job(self._session.project, run, batch=batch))

    def unfinished(self) -> list[RunRecord]:
        """Runs that could go on, oldest first: none of another window's project, none that was deleted."""
        project = self._session.project
        if project.readonly:
            return []
        apart = {*project.state.deleted_runs, self.training_run if self.training else ""}
        return [record for record in workflows.unfinished_runs(project) if record.id not in apart]

    def can_discard(self, run: str) -> bool:
        """Whether a run is no part of the project yet, so that it can be thrown away for good."""
        return run not in self._session.project.state.runs

    def discard(self, run: str) -> None:
        """Throw an unfinished run away. Raises DefectStudioError when it is part of the project."""
        workflows.discard_run(self._session.project, run)

    def epochs_of(self, run: str) -> list[dict[str, float]]:
        """The curve that a run has written so far."""
        from defectstudio.app.measured import training_curve  # not needed to show the window

        return training_curve(self._session.project.runs_folder / run)

    def _refuse_a_second(self) -> None:
        if self._training is not None:
            raise DefectStudioError(self.tr("A training is running."), hint=self.tr("Stop it first."))

    def _start(self, run: str, make: Callable[[CancelToken], Job[RunRecord]]) -> Training:
        self.training_run = run
        self._training = job = RunningJob(apart(self._session.project, make), self)
        job.progressed.connect(self.progressed)
        self.started.emit()
        return job

    async def end(self, job: Training) -> RunRecord | None:
        """Wait for the training and record its run. None when it was stopped before anything was kept.

        Raises DefectStudioError when the training breaks off.
        """
        said = self.tr("Training broke off.")
        try:
            record, weights = await job.result()
            workflows.record_run(self._session, record, weights)
            stopped = record.status == "stopped"
            said = self.tr("Stopped. What was learnt so far is kept.") if stopped else self.tr("Training is finished.")
            return record
        except Cancelled:
            said = self.tr("Stopped.")
            return None
        finally:
            self._training = None
            self.ended.emit(said)

    def pause(self) -> None:
        """Let the training wait at its next batch."""
        if self._training is not None:
            self._training.pause()
            self.paused_changed.emit(self._training.paused)

    def go_on(self) -> None:
        """Let a paused training go on."""
        if self._training is not None:
            self._training.go_on()
            self.paused_changed.emit(False)

    def cancel(self) -> None:
        """Ask the training to stop."""
        if self._training is not None:
            self._training.cancel()
            self.stopping.emit()

    async def show_run(self, run: str | None) -> None:
        """Load the scores of a run, then compute its figures; both are announced as they come."""
        number = self._questions.ask()
        for other in self._others:
            other.cancel()
        record = next((r for r in self.runs() if r.id == run), None)
        if record is None or record.status != "finished":
            self.predictions_ready.emit(run, None)
            return
        try:
            predictions = await self._answer(self._reading(record.id))
            if self._questions.current(number):
                self.predictions_ready.emit(run, predictions)
                figures: Evaluation = await self._answer(workflows.evaluation_job(self._session.project, run))
                if self._questions.current(number):
                    self.figures_ready.emit(figures)
        except DefectStudioError:
            if self._questions.current(number):
                self.predictions_ready.emit(run, None)
                raise

    def _reading(self, run: str) -> Any:
        project = self._session.project

        def job(_token: CancelToken) -> Job[Predictions]:
            yield Progress(0, 0, "Reading predictions")
            return workflows.predictions(project, run)

        return job

    async def _answer(self, make: Any) -> Any:
        job: RunningJob[Any] = RunningJob(make, self)
        self._others.add(job)
        try:
            return await job.result()
        finally:
            self._others.discard(job)

    @property
    def busy(self) -> bool:
        """Whether any thread still works."""
        return self.training or bool(self._others)

    def stop_all(self) -> None:
        """Ask everything to stop, and start nothing more."""
        self.closing = True
        self._questions.ask()
        self.cancel()
        for other in self._others:
            other.cancel()
