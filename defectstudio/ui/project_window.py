"""A window that opens and closes one project, and waits for background work before it does."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFileDialog

from defectstudio.app.projects import open_session
from defectstudio.data.project import Project, ProjectLocked
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import Verdict
from defectstudio.sessions.session import Session
from defectstudio.ui.job_thread import RunningJob
from defectstudio.ui.run_desk import RunDesk
from defectstudio.ui.settings import Recent
from defectstudio.ui.shell import Shell
from defectstudio.ui.workbench import Workbench


class ProjectWindow(Shell):
    """The shell with at most one project; what is shown of it is decided in `main_window`."""

    project_opened = Signal()
    project_closing = Signal()
    """`bench` and `desk` are still there: let go of everything shown of them."""
    project_closed = Signal()
    stop_wanted = Signal()
    """Whatever is under way in the background shall stop."""

    def __init__(self) -> None:
        super().__init__()
        self.bench: Workbench | None = None
        self.desk: RunDesk | None = None
        self.demo_job: RunningJob[Any] | None = None
        self._after_quiet: Callable[[], object] | None = None
        self.tasks.quiet.connect(self._is_quiet)

    def _guarded(self, work: Callable[..., object]) -> Callable[..., None]:
        """The same call with errors shown instead of raised."""

        def call(*arguments: object) -> None:
            try:
                work(*arguments)
            except Exception as error:  # noqa: BLE001 - handed to the one place that shows errors
                self.show_error(error)

        return call

    @property
    def training(self) -> bool:
        """Whether a training is under way."""
        return self.desk is not None and self.desk.training

    @property
    def putting_down(self) -> bool:
        """Whether the project is about to be closed: nothing new is begun then."""
        return self._after_quiet is not None

    def new_project(self) -> None:
        """Ask for a place and make an empty project there."""
        self._refuse_while_training()
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Name of the new project folder"), str(Path.home() / self.tr("inspection"))
        )
        if name:
            Project.create(Path(name)).close()
            self.open_folder(Path(name))

    def open_project(self) -> None:
        """Ask for a project folder and open it."""
        self._refuse_while_training()
        name = QFileDialog.getExistingDirectory(self, self.tr("Open a project folder"))
        if name:
            self.open_folder(Path(name))

    def open_folder(self, folder: Path) -> None:
        """Open a project; for reading only when somebody else writes to it."""
        self._refuse_while_training()
        session = self._open_session(folder)
        self._when_quiet(lambda: self._take_up(session))

    def _open_session(self, folder: Path) -> Session:
        if self.bench is not None and self.bench.project.folder.resolve() == folder.resolve():
            raise DefectStudioError(f"{folder.name} is open already.")
        try:
            return open_session(folder)
        except ProjectLocked as locked:
            session = open_session(folder, readonly=True)
            self.notices.show_notice(
                "warning", locked.message, self.tr("It is shown here for reading only; close it there to work here.")
            )
            return session

    def open_when_quiet(self, folder: Path) -> None:
        """Open a project once the work that made it has ended."""
        self._when_quiet(lambda: self.open_folder(folder))

    def _take_up(self, session: Session) -> None:
        """Make a session the one that the window shows."""
        self._put_down()
        self.bench, self.desk = Workbench(session, self), RunDesk(session, self)
        self._remember_project()
        self.project_opened.emit()

    def _remember_project(self) -> None:
        """Tell the start page what it will say of this project."""
        if self.bench is not None:
            entries = [entry for entry in self.bench.images.values() if entry.present]
            shown = self.bench.entry or next(iter(entries), None)
            self.settings.add_recent(
                Recent(
                    str(self.bench.project.folder.absolute()),
                    time.time(),
                    len(entries),
                    sum(entry.tag.verdict is not Verdict.UNLABELLED for entry in entries),
                    "" if shown is None else shown.info.sha256,
                )
            )

    def close_project(self) -> None:
        """Back to the start page."""
        self._refuse_while_training()
        self._when_quiet(self._put_down)

    def _put_down(self) -> None:
        """Let go of the open project, if any. Nothing of it may be under way any more."""
        if self.bench is None or self.desk is None:
            return
        self._remember_project()
        self.project_closing.emit()
        bench, desk, self.bench, self.desk = self.bench, self.desk, None, None
        bench.close()
        bench.deleteLater()
        desk.deleteLater()
        self.project_closed.emit()

    def _refuse_while_training(self) -> None:
        if self.training or self.demo_job is not None:
            raise DefectStudioError(
                self.tr("A training is running."), hint=self.tr("Stop it first, or wait until it ends.")
            )

    def _when_quiet(self, then: Callable[[], object]) -> None:
        """Do something as soon as no background work of this project is left."""
        if self.tasks.busy:
            self._after_quiet = then
            self.stop_wanted.emit()
            if self.desk is not None:
                self.desk.stop_all()
        else:
            then()

    def _is_quiet(self) -> None:
        then, self._after_quiet = self._after_quiet, None
        if then is not None:
            QTimer.singleShot(0, self, self._guarded(then))
