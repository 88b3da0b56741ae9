"""Joins the Runs and Results panels to the open project: which run is shown, what is said of runs, which ones go."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QInputDialog, QMessageBox

from defectstudio.app import workflows
from defectstudio.app.runs import DeletedRun, RunRow, deleted_runs, purge_job, run_rows
from defectstudio.data.predictions import Predictions
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import RunAdded, RunMarked
from defectstudio.sessions.runs import RunKeeper
from defectstudio.sessions.session import Change
from defectstudio.ui.job_thread import RunningJob
from defectstudio.ui.project_window import ProjectWindow
from defectstudio.ui.run_export import RunExport
from defectstudio.ui.translations import decimal

MEGABYTE = 1e6


class RunsDesk(QObject):
    """Keeps what a window shows of runs in step with its project, and carries out what is wished of them."""

    changed = Signal()
    """Which runs there are, or which are chosen: commands may be enabled anew."""
    scores_changed = Signal()
    """The scores and heat maps of another run are shown from now on."""

    def __init__(self, window: ProjectWindow) -> None:
        super().__init__(window)
        self._window, self._panel, self._results = window, window.runs, window.results
        self.exporting = RunExport(window)
        self.rows: list[RunRow] = []
        self.wanted: str | None = None
        """The run whose scores are shown, or shall be as soon as they are read."""
        window.project_opened.connect(self._opened)
        window.project_closing.connect(self._closing)
        window.runs_dock.visibilityChanged.connect(self._seen)
        self.exporting.ended.connect(self.changed)
        panel = self._panel
        panel.chosen_changed.connect(self.changed)
        panel.show_wanted.connect(self.choose)
        panel.renamed.connect(partial(self._told, self._rename))
        panel.star_wanted.connect(partial(self._told, self._star))
        panel.delete_wanted.connect(partial(self._told, self.delete))
        self._results.run_chosen.connect(self.choose)

    def _told(self, work: Callable[..., object], *arguments: object) -> None:
        """Carry out a wish of the panel, with errors shown instead of raised."""
        try:
            work(*arguments)
        except Exception as error:  # noqa: BLE001 - handed to the one place that shows errors
            self._window.show_error(error)

    # The project that is shown.

    def _opened(self) -> None:
        bench, desk = self._window.bench, self._window.desk
        if bench is None or desk is None:
            return
        bench.recorded.connect(self._recorded)
        desk.started.connect(self.refresh)
        desk.progressed.connect(self._progressed)
        desk.ended.connect(self.refresh)
        desk.predictions_ready.connect(self._predictions_ready)
        desk.figures_ready.connect(self._results.show_figures)
        self.refresh()
        self.choose(self._newest())

    def _closing(self) -> None:
        self.rows, self.wanted = [], None
        self._panel.show_rows([], None, "", writable=False)

    def _recorded(self, change: Change) -> None:
        if not any(isinstance(event, RunAdded | RunMarked) for event in change.events):
            return
        self.refresh()
        came = [event.run for event in change.events if isinstance(event, RunAdded) and event.present]
        finished = {row.id for row in self.rows if row.state == "finished"}
        if finished.intersection(came):
            self.choose(max(finished.intersection(came)))
        elif self.wanted is not None and self.wanted not in {row.id for row in self.rows}:
            self.choose(self._newest())

    def refresh(self) -> None:
        """Read the runs anew and show them."""
        bench = self._window.bench
        if bench is None:
            return
        self.rows = run_rows(bench.project)
        self._panel.show_rows(self.rows, self.wanted, self._in_training(), writable=not bench.readonly)
        self._results.show_runs(self.rows, self.wanted)
        self.changed.emit()

    def _progressed(self) -> None:
        """A training writes its record a moment after it was started: the table waits for it."""
        if self._in_training() not in {"", *(row.id for row in self.rows)}:
            self.refresh()

    def _seen(self, visible: bool) -> None:
        """Runs may have been discarded, or changed on disk, while nobody looked at the table."""
        if visible:
            self.refresh()

    def _in_training(self) -> str:
        """The run that is being trained in this window, "" for none."""
        desk = self._window.desk
        return desk.training_run if desk is not None and desk.training else ""

    def _newest(self) -> str | None:
        """The newest run that came to its end."""
        return next((row.id for row in reversed(self.rows) if row.state == "finished"), None)

    def choose(self, run: str | None) -> None:
        """Show the scores, heat maps and figures of a run, or of none."""
        window = self._window
        if window.desk is not None and window.bench is not None and not window.putting_down:
            self.wanted = run
            self._results.stand_on(run)
            window.tasks.start(window.desk.show_run(run))

    def _predictions_ready(self, run: str | None, predictions: Predictions | None) -> None:
        bench, desk = self._window.bench, self._window.desk
        if bench is None or desk is None:
            return
        bench.show_run(run, predictions)
        self._panel.show_rows(self.rows, run, self._in_training(), writable=not bench.readonly)
        self._window.gallery.show_scores(bench.scores)
        self.scores_changed.emit()

    # What is wished of chosen runs.

    @property
    def chosen(self) -> list[RunRow]:
        """The chosen runs, from top to bottom of the table."""
        rows = {row.id: row for row in self.rows}
        return [rows[run] for run in self._panel.chosen if run in rows]

    @property
    def can_mark(self) -> bool:
        """Whether something can be said of the chosen runs."""
        return bool(self.chosen) and self._window.bench is not None and not self._window.bench.readonly

    @property
    def can_name(self) -> bool:
        """Whether exactly one run is chosen, of which something can be said."""
        return self.can_mark and len(self.chosen) == 1

    @property
    def can_delete(self) -> bool:
        """Whether the chosen runs can go: none of them is being trained."""
        return self.can_mark and self._in_training() not in {row.id for row in self.chosen}

    @property
    def can_purge(self) -> bool:
        """Whether there are deleted runs."""
        bench = self._window.bench
        return bench is not None and not bench.readonly and bool(bench.project.state.deleted_runs)

    @property
    def pixel_threshold(self) -> float:
        """From which heat on a pixel counts as defective, by the choice of the run that is shown, 0..1."""
        shown = self._window.bench.run if self._window.bench is not None else None
        record = next((row.record for row in self.rows if row.id == shown), None)
        default = workflows.DEFAULT_PIXEL_THRESHOLD
        return default if record is None else float(record.metrics.get("pixel_threshold", default))

    @property
    def starred(self) -> bool:
        """Whether all chosen runs have a star."""
        return bool(self.chosen) and all(row.starred for row in self.chosen)

    def _keeper(self) -> RunKeeper:
        if self._window.bench is None:
            raise DefectStudioError(self.tr("No project is open."), hint=self.tr("Open one first."))
        return RunKeeper(self._window.bench.session)

    def show_panel(self) -> None:
        """Bring the table to the front, with the keys going to it."""
        if not self._panel.chosen and self.wanted is not None:
            self._panel.choose([self.wanted], self.wanted)
        self._window.show_runs()

    def use(self) -> None:
        """Show the scores of the chosen run."""
        if self.chosen:
            self.choose(self.chosen[0].id)

    @property
    def can_export(self) -> bool:
        """Whether exactly one finished run is chosen; whether it is approved is said when it is tried."""
        one = len(self.chosen) == 1 and self.chosen[0].state == "finished"
        return one and not self.exporting.busy and self._window.bench is not None

    def export(self) -> None:
        """Write the chosen run as a bundle. Raises DefectStudioError where nobody approved it."""
        if self.can_export:
            self.exporting.ask(self.chosen[0].id)

    def star(self) -> None:
        """Star the chosen runs, or take their stars away where all have one."""
        self._keeper().star([row.id for row in self.chosen], not self.starred)

    def rename(self) -> None:
        """Let the user type a name in the row."""
        if self.can_name:
            run = self.chosen[0].id
            self._window.show_runs()
            self._panel.edit_name(run)

    def note(self) -> None:
        """Ask for the note of the chosen run."""
        if not self.can_name:
            return
        row = self.chosen[0]
        dialog = QInputDialog(self._window)
        dialog.setOption(QInputDialog.InputDialogOption.UsePlainTextEditForTextInput)
        dialog.setWindowTitle(self.tr("Note on the run"))
        dialog.setLabelText(self.tr("What to remember of {0}:").format(row.title))
        dialog.setTextValue(row.note)
        dialog.resize(440, 260)
        dialog.textValueSelected.connect(partial(self._told, self._note, row.id))
        self._show_dialog(dialog)

    def _show_dialog(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _note(self, run: str, text: str) -> None:
        self._keeper().note(run, text)

    def _rename(self, run: str, name: str) -> None:
        self._keeper().rename(run, name)

    def _star(self, run: str, starred: bool) -> None:
        self._keeper().star([run], starred)

    def delete(self) -> None:
        """Take the chosen runs from the project; undo brings them back."""
        if self.can_delete:
            chosen = [row.id for row in self.chosen]
            self._keeper().delete(chosen)
            said = self.tr("%Ln run(s) deleted. Undo brings them back.", "", len(chosen))
            self._window.statusBar().showMessage(said, 6000)

    def purge(self) -> None:
        """Ask whether the files of deleted runs shall go for good."""
        if self._window.bench is None:
            return
        waiting = deleted_runs(self._window.bench.project)
        if not waiting:
            self._window.notices.show_notice("info", self.tr("No deleted run takes room on disk."))
            return
        question = QMessageBox(self._window)
        question.setIcon(QMessageBox.Icon.Warning)
        question.setWindowTitle(self.tr("Remove deleted runs from disk"))
        question.setText(self.tr("Remove %Ln deleted run(s) from disk?", "", len(waiting)))
        question.setInformativeText(self._about_purge(waiting))
        remove = question.addButton(self.tr("&Remove"), QMessageBox.ButtonRole.DestructiveRole)
        question.setDefaultButton(question.addButton(QMessageBox.StandardButton.Cancel))
        remove.clicked.connect(lambda: self._window.tasks.start(self._purge()))
        self._show_dialog(question)

    def _about_purge(self, waiting: list[DeletedRun]) -> str:
        size = decimal(sum(run.bytes for run in waiting) / MEGABYTE, 1)
        return self.tr("This frees {0} MB and cannot be undone.").format(size)

    async def _purge(self) -> None:
        if self._window.bench is None:
            return
        purged = await RunningJob(purge_job(self._window.bench.project), self).result()
        said = self.tr("%Ln deleted run(s) removed from disk.", "", len(purged.runs))
        self._window.notices.show_notice("success", said)
        self.changed.emit()
