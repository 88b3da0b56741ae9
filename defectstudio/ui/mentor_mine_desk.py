"""New images at the window: the deployed run, looking through a folder or split, and watching a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from defectstudio.data.runs import RunRecord
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.sessions.runs import called
from defectstudio.ui.job_thread import RunningJob
from defectstudio.ui.mentor_calls import app
from defectstudio.ui.mentor_mining import MiningPage
from defectstudio.ui.project_window import ProjectWindow

if TYPE_CHECKING:
    from defectstudio.app.mentoring import Mined


class MineDesk(QObject):
    """Looks through new images in the background, once or for as long as a folder is watched."""

    changed = Signal()
    queue_changed = Signal()
    """Further detections wait for a verdict."""

    def __init__(self, window: ProjectWindow, page: MiningPage) -> None:
        super().__init__(window)
        self._window, self._page = window, page
        self._job: RunningJob[Mined] | None = None
        self.watching = False
        self.deployed: RunRecord | None = None
        page.source_changed.connect(self.changed)
        page.deployed.approved.connect(self._told_approve)
        page.job.stop_wanted.connect(self.stop)
        window.stop_wanted.connect(self.stop)

    # The project.

    def open(self) -> None:
        """Follow the project that the window has opened."""
        self._page.problems.show_problems([])
        self._page.show_state("")
        self.refresh()

    def close(self) -> None:
        """Let go of the project."""
        self.stop()
        self.deployed = None
        self._page.deployed.show_deployed("", [], writable=False)

    def refresh(self) -> None:
        """Which run is deployed, and which could be."""
        bench = self._window.bench
        if bench is None:
            return
        try:
            self.deployed = app().approved(bench.project)
        except DefectStudioError as error:
            self._window.show_error(error)
        project = bench.project
        desk = self._window.desk
        finished = [row for row in desk.runs() if row.status == "finished"] if desk is not None else []
        runs = [(record.id, called(project, record.id)) for record in reversed(finished)]
        self._page.deployed.show_deployed(self._deployed_said(), runs, writable=not bench.readonly)
        self.changed.emit()

    def _deployed_said(self) -> str:
        bench, record = self._window.bench, self.deployed
        if bench is None or record is None:
            return ""
        approval = bench.project.state.approvals.get(record.id)
        name = called(bench.project, record.id)
        if approval is None:
            return name
        said = self.tr("{0}, approved by {1} on {2}").format(name, approval.who, approval.when[:10])
        return f"{said}: {approval.reason}" if approval.reason else said

    def _told_approve(self, run: str, who: str, reason: str) -> None:
        try:
            self.approve(run, who, reason)
        except Exception as error:  # noqa: BLE001 - handed to the one place that shows errors
            self._window.show_error(error)

    def approve(self, run: str, who: str, reason: str) -> None:
        """Freeze a run and deploy it, as a step that undo takes back."""
        bench = self._window.bench
        if bench is not None:
            app().approve(bench.session, run, who, reason)
            self._page.deployed.fold()
            self.refresh()

    # Looking through images.

    @property
    def mining(self) -> bool:
        """Whether images are being looked through."""
        return self._job is not None

    @property
    def can_begin(self) -> bool:
        bench = self._window.bench
        free = not self.mining and self.deployed is not None and self._page.chosen_folder is not None
        return bench is not None and not bench.readonly and free

    @property
    def can_watch(self) -> bool:
        return self.watching or self.can_begin

    def begin(self) -> None:
        """Look through the folder once."""
        self._start(watch=False)

    def toggle_watch(self) -> None:
        """Look through the folder again and again as files appear in it, or stop doing so."""
        if self.watching:
            self.stop()
        else:
            self._start(watch=True)

    def _start(self, *, watch: bool) -> None:
        bench, folder = self._window.bench, self._page.chosen_folder
        if bench is None or folder is None or not self.can_begin:
            return
        make = app().mine_job(bench.project, folder, self._page.chosen_settings)
        self._job, self.watching = RunningJob(make, self), watch
        self._job.progressed.connect(self._page.job.show_progress)
        self._page.job.show_begun(self.tr("Looking through the images…"))
        self._window.tasks.start(self._follow(self._job))
        self.changed.emit()

    async def _follow(self, job: RunningJob[Any]) -> None:
        try:
            mined = await job.result()
        except Cancelled:
            return
        finally:
            self._job, self.watching = None, False
            self._page.job.show_ended()
            self.changed.emit()
        self.show_mined(mined)

    def show_mined(self, mined: Mined) -> None:
        """What was found, and which files could not be read."""
        self.queue_changed.emit()

    def stop(self) -> None:
        """Ask it to stop."""
        if self._job is not None:
            self._job.cancel()
            self._page.job.show_stopping()
