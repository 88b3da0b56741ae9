"""Exporting an approved run from the window: asks for a folder, writes the bundle in the background."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from defectstudio.app.approvals import check_approved
from defectstudio.domain.progress import Progress
from defectstudio.ui.job_thread import RunningJob
from defectstudio.ui.panels.train_progress import phase_words
from defectstudio.ui.project_window import ProjectWindow


class RunExport(QObject):
    """One export at a time."""

    ended = Signal()

    def __init__(self, window: ProjectWindow) -> None:
        super().__init__(window)
        self._window = window
        self._job: RunningJob[Any] | None = None
        window.stop_wanted.connect(self._stop)

    @property
    def busy(self) -> bool:
        """Whether a bundle is being written."""
        return self._job is not None

    def ask(self, run: str) -> None:
        """Ask where to, then export. Raises DefectStudioError for a run that is not approved, before it asks."""
        bench = self._window.bench
        if bench is None or self.busy:
            return
        check_approved(bench.project, run)
        name = QFileDialog.getExistingDirectory(self._window, self.tr("Folder to export into"))
        if name:
            self.start(run, Path(name) / f"{bench.project.folder.name}-{run}")

    def start(self, run: str, out: Path) -> None:
        """Write the bundle of an approved run into the new folder `out`. Raises as `export_job`."""
        from defectstudio.app.bundle_export import export_job

        bench = self._window.bench
        if bench is None or self.busy:
            return
        self._job = RunningJob(export_job(bench.project, out, run=run), self)
        self._job.progressed.connect(self._show_progress)
        self._window.tasks.start(self._follow(self._job, out))

    def _show_progress(self, news: list[Progress]) -> None:
        self._window.statusBar().showMessage(phase_words(news[-1].text))

    async def _follow(self, job: RunningJob[Any], out: Path) -> None:
        try:
            await job.result()
            self._window.notices.show_notice("success", self.tr("The detector is exported."), str(out))
        finally:
            self._job = None
            self._window.statusBar().clearMessage()
            self.ended.emit()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
