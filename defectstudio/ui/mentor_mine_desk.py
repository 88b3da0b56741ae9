"""New images at the window: the deployed run, looking through a folder or split, and watching a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from defectstudio.data.runs import RunRecord
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.sessions.runs import called
from defectstudio.ui.job_thread import RunningJob
from defectstudio.ui.mentor_approval import Approver
from defectstudio.ui.mentor_calls import app, mining_of, record
from defectstudio.ui.mentor_mining import MiningPage
from defectstudio.ui.mentor_watch import Watcher
from defectstudio.ui.project_window import ProjectWindow

if TYPE_CHECKING:
    from defectstudio.app.watching import Look


class MineDesk(QObject):
    """Looks through new images in the background, once or for as long as a folder is watched."""

    changed = Signal()
    queue_changed = Signal()
    """Further detections wait for a verdict."""

    def __init__(self, window: ProjectWindow, page: MiningPage) -> None:
        super().__init__(window)
        self._window, self._page = window, page
        self._job: RunningJob[Any] | None = None
        self.watcher = Watcher(self)
        self.approver = Approver(window, page.job, self)
        self.deployed: RunRecord | None = None
        self._problems: dict[str, str] = {}
        self._seen = 0
        """Images looked through since watching began."""
        page.source_changed.connect(self.changed)
        page.deployed.approved.connect(self._told_approve)
        page.job.stop_wanted.connect(self.stop)
        self.approver.changed.connect(self._approving)
        self.approver.approved.connect(page.deployed.fold)
        self.watcher.looked.connect(self._looked)
        self.watcher.failed.connect(window.show_error)
        self.watcher.failed.connect(self.changed)
        window.stop_wanted.connect(self.stop)

    # The project.

    def open(self) -> None:
        """Follow the project that the window has opened."""
        bench = self._window.bench
        self._problems, self._seen = {}, 0
        self._page.problems.show_problems([])
        self._page.show_state("")
        if bench is not None:
            self._page.offer({bench.images[image].placement.split for image in bench.project.present_images()})
        self.refresh()

    def close(self) -> None:
        """Let go of the project."""
        self.stop()
        self.approver.stop()
        self.deployed = None
        self._page.deployed.show_deployed("", [], writable=False)

    def refresh(self) -> None:
        """Which run is deployed, and which could be."""
        bench, desk = self._window.bench, self._window.desk
        if bench is None or desk is None:
            return
        project = bench.project
        self.deployed = app().approved(project)
        finished = [row for row in desk.runs() if row.status == "finished" and row.id in project.state.runs]
        runs = [(one.id, called(project, one.id)) for one in reversed(finished)]
        self._page.deployed.show_deployed(self._deployed_said(), runs, writable=not bench.readonly)
        self.changed.emit()

    def _deployed_said(self) -> str:
        bench, deployed = self._window.bench, self.deployed
        if bench is None or deployed is None:
            return ""
        approval = bench.project.state.approvals.get(deployed.id)
        name = called(bench.project, deployed.id)
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
        """Fit the thresholds of a run and deploy it, as a step that undo takes back."""
        if not self.mining:
            self.approver.start(run, who, reason)

    def _approving(self) -> None:
        self._page.deployed.form.setEnabled(not self.approver.busy)
        self.changed.emit()

    # Looking through images.

    @property
    def mining(self) -> bool:
        """Whether images are being looked through."""
        return self._job is not None

    @property
    def watching(self) -> bool:
        """Whether a folder is watched."""
        return self.watcher.watching

    @property
    def _free(self) -> bool:
        bench = self._window.bench
        idle = not self.mining and not self.approver.busy
        return bench is not None and not bench.readonly and idle and self.deployed is not None

    @property
    def can_begin(self) -> bool:
        return self._free and not self.watching and self._page.chosen_source is not None

    @property
    def can_watch(self) -> bool:
        return self.watching or (self._free and isinstance(self._page.chosen_source, Path))

    def begin(self) -> None:
        """Look through the chosen images once. Raises DefectStudioError where there is none to look at."""
        source = self._page.chosen_source
        if source is not None and self.can_begin:
            self._start(source)

    def toggle_watch(self) -> None:
        """Look through files as they appear in the folder, or no longer."""
        bench, folder = self._window.bench, self._page.chosen_source
        if self.watching:
            self.stop()
        elif bench is not None and isinstance(folder, Path):
            self._problems, self._seen = {}, 0
            known = {Path(entry.info.source) for entry in bench.images.values() if entry.present}
            self.watcher.start(folder, known)
            self._page.show_state(self.tr("Watching the folder…"))
        self.changed.emit()

    def _looked(self, look: Look) -> None:
        """One look at the folder: take in what is complete, say what is wrong with the rest."""
        self._problems |= {str(problem.path): problem.reason for problem in look.problems}
        self._show_problems()
        waits = self.tr("%Ln file(s) still being written.", "", look.waiting) if look.waiting else ""
        seen = self.tr("Watching: %Ln image(s) looked through so far.", "", self._seen)
        self._page.show_state(f"{seen} {waits}".strip())
        if look.ready and self._free:
            try:
                self._start(list(look.ready))
            except DefectStudioError as error:
                self._window.show_error(error)
                self.watcher.go_on()
        elif look.ready:
            self.watcher.stop()
            self.changed.emit()

    def _show_problems(self) -> None:
        self._page.problems.show_problems([(Path(name).name, why) for name, why in self._problems.items()])

    def _start(self, source: Path | str | Sequence[Path]) -> None:
        bench = self._window.bench
        if bench is None:
            return
        self._job = RunningJob(mining_of(bench.project, source, self._page.chosen_settings), self)
        self._job.progressed.connect(self._page.job.show_progress)
        self._page.job.show_begun(self.tr("Looking through the images…"))
        self._window.tasks.start(self._follow(self._job))
        self.changed.emit()

    async def _follow(self, job: RunningJob[Any]) -> None:
        try:
            mined = await job.result()
            if self._window.bench is not None and not self._window.putting_down:
                record(self._window.bench.session, mined)
                self._show_mined(mined)
            elif mined.batch is not None:
                mined.batch.discard()  # the project is being closed: what was written is no part of it
        except Cancelled:
            self.watcher.stop()
        except Exception:
            self.watcher.stop()
            raise
        finally:
            self._job = None
            self._page.job.show_ended()
            self.watcher.go_on()
            self.changed.emit()

    def _show_mined(self, mined: Any) -> None:
        """What was found, and which files could not be read."""
        self._seen += len(mined.looked)
        self._problems |= dict(mined.problems)
        self._show_problems()
        found = self.tr("%Ln detection(s)", "", len(mined.detections))
        said = self.tr("{0} in {1}").format(found, self.tr("%Ln image(s)", "", len(mined.looked)))
        if mined.repeated:
            said += " · " + self.tr("%Ln seen before in the same picture", "", mined.repeated)
        if mined.left_out:
            said += " · " + self.tr("%Ln beyond the limit", "", mined.left_out)
        self._page.show_state(said)
        self.queue_changed.emit()

    def stop(self) -> None:
        """Ask it to stop, and watch no longer."""
        was_watching = self.watching
        self.watcher.stop()
        if self._job is not None:
            self._job.cancel()
            self._page.job.show_stopping()
        elif was_watching:
            self._page.show_state(self.tr("The folder is no longer watched."))
        self.changed.emit()
