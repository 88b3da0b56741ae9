"""Approving a run at the window: its thresholds are fitted in the background, then the decision is one gesture."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.mentoring import Approval
from defectstudio.sessions.runs import called
from defectstudio.ui.job_thread import RunningJob
from defectstudio.ui.mentor_calls import app
from defectstudio.ui.mentor_words import terms_said
from defectstudio.ui.project_window import ProjectWindow
from defectstudio.ui.select_job_bar import JobBar


class Approver(QObject):
    """Approves one run at a time; `bar` shows how far the fitting is, and its button gives the approval up."""

    changed = Signal()
    """It has begun, or has come to an end."""
    approved = Signal(str)
    """A run is deployed from now on."""

    def __init__(self, window: ProjectWindow, bar: JobBar, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._bar = window, bar
        self._job: RunningJob[Any] | None = None
        bar.stop_wanted.connect(self.stop)
        window.stop_wanted.connect(self.stop)

    @property
    def busy(self) -> bool:
        """Whether thresholds are being fitted."""
        return self._job is not None

    def start(self, run: str, who: str, reason: str) -> None:
        """Fit, then approve, as a step that undo takes back. Raises DefectStudioError for a run that is not finished.

        Fold models may have to be trained for it, so it waits for a training that is under way.
        """
        bench = self._window.bench
        if bench is None or self.busy:
            return
        if self._window.training:
            raise DefectStudioError(
                self.tr("A training is under way."), hint=self.tr("Approve the run when it has ended.")
            )
        self._job = RunningJob(app().thresholds_job(bench.project, run), self)
        self._job.progressed.connect(self._bar.show_progress)
        self._bar.show_begun(self.tr("Fitting the thresholds…"))
        self.changed.emit()
        self._window.tasks.start(self._follow(self._job, run, who, reason))

    async def _follow(self, job: RunningJob[Any], run: str, who: str, reason: str) -> None:
        approval: Approval | None = None
        try:
            fitted = await job.result()
            bench = self._window.bench
            if bench is not None and not self._window.putting_down:
                terms = (fitted.thresholds, fitted.source, fitted.cuts, fitted.box_thresholds)
                approval = app().approve(bench.session, run, who, reason, *terms)
        finally:
            self._job = None
            self._bar.show_ended()
            self.changed.emit()
        if approval is not None:
            self._say(run, approval)
            self.approved.emit(run)

    def _say(self, run: str, approval: Approval) -> None:
        bench = self._window.bench
        if bench is not None:
            said = self.tr("{0} is approved and deployed from now on.").format(called(bench.project, run))
            self._window.notices.show_notice("success", said, terms_said(approval, bench.project.state.classes))

    def stop(self) -> None:
        """Give the approval up."""
        if self._job is not None:
            self._job.cancel()
            self._bar.show_stopping()
