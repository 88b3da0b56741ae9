"""The window: joins one project to the widgets of the shell and carries out the commands of the action table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent

from defectstudio.app.projects import summary
from defectstudio.data.importing import Batch
from defectstudio.data.project import DATABASE
from defectstudio.data.runs import RunRecord
from defectstudio.domain.events import ImageAdded, Placed
from defectstudio.domain.labels import LabelMap, Verdict
from defectstudio.sessions.session import Change
from defectstudio.ui.actions import Actions
from defectstudio.ui.annotate_desk import AnnotateDesk
from defectstudio.ui.demo import run_demo
from defectstudio.ui.describe import about_image, about_reading
from defectstudio.ui.display import IDENTITY
from defectstudio.ui.help_window import HelpWindow
from defectstudio.ui.train_desk import TrainDesk
from defectstudio.ui.viewer import Reading
from defectstudio.ui.workbench import Workbench

if TYPE_CHECKING:
    from defectstudio.ui.import_dialog import ImportDialog

SUMMARY_AFTER_MS = 200


class MainWindow(HelpWindow):
    """One window on at most one project."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.import_dialog: ImportDialog | None = None
        self._closing = False
        self._summary_timer = QTimer(self, singleShot=True, interval=SUMMARY_AFTER_MS)
        self._summary_timer.timeout.connect(self._show_summary)
        self.annotate = AnnotateDesk(self.viewer, self.annotate_panel, self.gallery, self)
        self.annotate.step_on = self.select.queue.step_on
        self.trainer = TrainDesk(self.train_panel, self.notices, self.tasks, self)
        self.actions_table = Actions(self, self, self.show_error)
        self.dress(self.actions_table)
        self.adapt()
        self._connect()
        self._show_nothing()

    def _connect(self) -> None:
        self.project_opened.connect(self._show_project)
        self.project_closing.connect(self._forget_project)
        self.project_closed.connect(self._show_nothing)
        self.start_page.new_requested.connect(self._guarded(self.new_project))
        self.start_page.open_requested.connect(self._guarded(self.open_project))
        self.start_page.import_requested.connect(self._guarded(self.import_images))
        self.start_page.demo_requested.connect(self.try_demo)
        self.start_page.recent_chosen.connect(lambda folder: self._guarded(self.open_folder)(Path(folder)))
        self.start_page.cancel.clicked.connect(self._cancel_demo)
        self.gallery.image_chosen.connect(self._image_chosen)
        self.gallery.import_requested.connect(self._guarded(self.import_images))
        self.folder_dropped.connect(self._guarded(self.take_in))
        self.viewer.hovered.connect(self._show_reading)
        self.viewer.display_changed.connect(self.actions_table.refresh)
        self.trainer.failed.connect(self.show_error)
        self.trainer.changed.connect(self._facts_changed)
        self.trainer.changed.connect(self.runs_desk.refresh)
        self.trainer.finished.connect(self._training_finished)
        self.trainer.panel_wanted.connect(lambda: self.show_panel(self.train_panel))
        self.trainer.image_wanted.connect(self.show_image)
        self.runs_desk.changed.connect(self._facts_changed)
        self.compare_desk.changed.connect(self._facts_changed)
        self.compare_desk.image_wanted.connect(self.show_image)
        self.runs_desk.scores_changed.connect(self._scores_changed)
        self.select.changed.connect(self._facts_changed)
        self.select.image_wanted.connect(self.show_image)
        self.refine.changed.connect(self._facts_changed)
        self.refine.jobs.changed.connect(self.trainer.other_training_ended)
        self.trainer.elsewhere = lambda: self.refine.training
        self.mentor.changed.connect(self._facts_changed)
        self.book.changed.connect(self._facts_changed)
        self.look.changed.connect(self._facts_changed)
        self.mentor.image_wanted.connect(self.show_image)
        self.mentor.training.begun.connect(self.trainer.follow)
        self.replay.changed.connect(self._facts_changed)
        self.agreement.changed.connect(self._facts_changed)
        self.annotate.failed.connect(self.show_error)
        self.annotate.said.connect(lambda text: self.statusBar().showMessage(text, 4000))
        self.annotate.changed.connect(self.actions_table.refresh)
        hiding = self.actions_table.by_key["view.labels"]
        hiding.setAutoRepeat(False)  # holding it down is another wish than pressing it again
        hiding.triggered.connect(self.viewer.hold_to_peek)

    # Facts that the action table asks for.

    @property
    def has_project(self) -> bool:
        return self.bench is not None

    @property
    def writable(self) -> bool:
        return self.bench is not None and not self.bench.readonly and not self.replay.shown

    @property
    def has_image(self) -> bool:
        return self.bench is not None and self.bench.current is not None and not self.replay.shown

    @property
    def undo_name(self) -> str | None:
        return self.bench.session.undo_name if self.bench else None

    @property
    def redo_name(self) -> str | None:
        return self.bench.session.redo_name if self.bench else None

    @property
    def next_after_tag(self) -> bool:
        return self.settings.next_after_tag

    def _facts_changed(self) -> None:
        self.actions_table.refresh()

    # The project that is shown.

    def _show_project(self) -> None:
        if self.bench is None or self.desk is None:
            return
        bench, project = self.bench, self.bench.project
        self._follow(bench)
        reading_only = self.tr(" (reading only)") if project.readonly else ""
        self.setWindowTitle(f"{project.folder.name}{reading_only} – DefectStudio")
        self.show_work(True)
        self.gallery.show_images(bench.images, bench.thumbnails.get)
        self.annotate.open(bench)
        self.trainer.open(bench, self.desk)
        self._show_summary()
        self._begin_somewhere()
        self.actions_table.refresh()

    def _follow(self, bench: Workbench) -> None:
        bench.recorded.connect(self._recorded)
        bench.picture_ready.connect(self.viewer.show_picture)
        bench.picture_ready.connect(self.pane.linked.show_picture)
        bench.labels_ready.connect(self._show_labels)
        bench.labels_touched.connect(self.viewer.labels_touched)
        bench.heat_ready.connect(self.viewer.show_heat)
        bench.detail_ready.connect(self.pane.linked.show_detail)
        bench.failed.connect(self._picture_failed)
        bench.thumbnails.ready.connect(self._thumbnail_ready)
        self.viewer.detail_wanted.connect(bench.want_detail)

    def _show_labels(self, labels: LabelMap | None) -> None:
        if self.bench is not None:
            self.viewer.show_labels(labels, self.bench.project.state.classes)

    def _thumbnail_ready(self, image: int) -> None:
        self.gallery.model.refresh([image])

    def _begin_somewhere(self) -> None:
        """Stand on an image whenever there is one, with the keys going to the list."""
        if self.bench is not None and self.bench.current is None:
            if self.gallery.model.rowCount():
                self.gallery.step(0)
                self.gallery.list.setFocus()
            else:
                self.viewer.show_picture(None, self.tr("This project has no images yet.\nImport a folder with Ctrl+I."))
                self.about_image.clear()

    def _forget_project(self) -> None:
        self._summary_timer.stop()
        self.annotate.close()
        self.trainer.close()
        if self.bench is not None:
            self.viewer.detail_wanted.disconnect(self.bench.want_detail)
        self.viewer.show_picture(None)
        self.gallery.show_images({}, lambda _image: None)
        self.gallery.show_scores({})

    def _show_nothing(self) -> None:
        self.setWindowTitle("DefectStudio")
        self.show_work(False)
        self.start_page.show_recent(self.settings.recent)
        self.about_image.clear()
        self.under_cursor.clear()
        self.train_panel.show_project(None)
        self.actions_table.refresh()

    # Images, tags and steps.

    def take_in(self, folder: Path) -> None:
        """Open a dropped folder when it is a project, else look at what importing it would bring."""
        if (folder / DATABASE).is_file():
            self.open_folder(folder)
        elif self.import_dialog is None:
            self.import_images(folder)

    def import_images(self, folder: Path | None = None) -> None:
        """Open the import dialog, after making a project where none is open."""
        if self.bench is None:
            self.new_project()
        if self.bench is not None:
            from defectstudio.ui.import_dialog import ImportDialog  # not needed to show the window

            dialog = ImportDialog(self.bench.session, self.tasks, self, folder)
            self.import_dialog = dialog
            dialog.imported.connect(self._imported)
            dialog.broke.connect(self.show_error)
            dialog.finished.connect(self._import_closed)
            dialog.open()
            if folder is not None:
                dialog.preview()

    def _imported(self, batch: Batch) -> None:
        said = self.tr("{0} images are imported.").format(f"{batch.images:,}")
        if batch.skipped:
            said += " " + self.tr("{0} were there already.").format(f"{batch.skipped:,}")
        self.notices.show_notice("success", said)
        for finding in batch.findings[:3]:
            self.notices.show_notice("warning", finding.text)
        self._begin_somewhere()

    def _import_closed(self) -> None:
        if self.import_dialog is not None:
            self.import_dialog.deleteLater()
            self.import_dialog = None

    def _image_chosen(self, image: int) -> None:
        if self.bench is not None and image != self.bench.current:
            self.bench.choose(image, self.gallery.neighbours(image))
            self._show_image_line()
            self.actions_table.refresh()

    def _show_image_line(self) -> None:
        bench = self.bench
        if bench is not None and bench.entry is not None and bench.current is not None:
            self.about_image.setText(about_image(bench.entry, bench.scores.get(bench.current)))

    def _show_reading(self, reading: Reading | None) -> None:
        classes = self.bench.project.state.classes if self.bench else {}
        self.under_cursor.setText("" if reading is None else about_reading(reading, classes))

    def _picture_failed(self, error: BaseException) -> None:
        self.viewer.show_picture(None, self.tr("This image cannot be shown."))
        self.show_error(error)

    def tag(self, verdict: Verdict) -> None:
        """Tag the selected images as one step."""
        if self.bench is None or self.bench.current is None or self.look.told(verdict):
            return
        chosen = self.gallery.selected
        images = chosen if self.bench.current in chosen else [self.bench.current]
        if self.select.tag(images, verdict):
            return
        self.bench.tag(images, verdict)
        if self.next_after_tag and len(images) == 1 and not self.select.queue.step_on():
            self.gallery.step(1)

    def toggle_next_after_tag(self) -> None:
        """Whether tagging goes on to the next image."""
        self.settings.next_after_tag = not self.settings.next_after_tag

    def go_to_unlabelled(self, direction: int) -> None:
        """The nearest unlabelled image in the list, or a word that there is none."""
        if not self.gallery.step_to_unlabelled(direction):
            where = self.tr("after") if direction > 0 else self.tr("before")
            self.statusBar().showMessage(self.tr("No unlabelled image {0} this one.").format(where), 4000)

    def show_image(self, image: int) -> None:
        """Stand on an image, also where the list was filtered without it."""
        self.gallery.reach(image)
        self.select.map.hide()
        self.refine.hide()

    def find_image(self) -> None:
        """Put the cursor into the search field."""
        self.gallery.search.setFocus()
        self.gallery.search.selectAll()

    def undo(self) -> None:
        """Take the last step back: the last corner of a shape that is begun, else the last gesture."""
        if self.bench is not None and not self.annotate.toolbox.back():
            self.viewer.settle()
            self.bench.session.undo()

    def redo(self) -> None:
        """Bring the last undone step back."""
        if self.bench is not None:
            self.bench.session.redo()

    def save(self) -> None:
        """Nothing to do: every step is on disk when it is done."""
        self.statusBar().showMessage(self.tr("Everything is saved: each step is on disk as soon as it is done."), 5000)

    def toggle_contrast(self) -> None:
        """Automatic contrast on or off."""
        self.viewer.set_display(levels=None if self.viewer.display.levels is not None else IDENTITY)

    def _recorded(self, change: Change) -> None:
        bench = self.bench
        if bench is None:
            return
        if any(isinstance(event, ImageAdded | Placed) for event in change.events):
            self.gallery.show_images(bench.images, bench.thumbnails.get)
            self._begin_somewhere()
        else:
            self.gallery.model.refresh(change.images)
        self._show_image_line()
        self._summary_timer.start()
        self.actions_table.refresh()

    def _show_summary(self) -> None:
        """Counts for the Train panel, and the history; a moment after the last of many changes."""
        if self.bench is not None:
            self.train_panel.show_project(summary(self.bench.project), readonly=self.bench.readonly)
            self.history_desk.refresh()
            self.actions_table.refresh()

    # Training and results.

    def _training_finished(self, record: RunRecord) -> None:
        """Show the results to whoever watched the training; do not take anybody from another work."""
        text = self.tr("The run {0} is ready.").format(record.id)
        if self.panel_shown is self.train_panel:
            self.show_panel(self.results)
            self.notices.show_notice("success", text)
        else:
            results = self.tr("Show results")
            self.notices.show_notice("success", text, button=results, run=lambda: self.show_panel(self.results))

    def _scores_changed(self) -> None:
        self.annotate.easel.pixel_threshold = self.runs_desk.pixel_threshold
        self.select.show_heat()
        self._show_image_line()

    # The demo, the end.

    def try_demo(self) -> None:
        """Generate demo images, train on them, and open the project."""
        self.tasks.start(run_demo(self))

    def _cancel_demo(self) -> None:
        if self.demo_job is not None:
            self.demo_job.cancel()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close at once when all is quiet; else stop what is under way first, keeping the window up meanwhile."""
        if self.import_dialog is not None:
            self.import_dialog.abandon()
        self._cancel_demo()
        if self.tasks.busy:
            self.statusBar().showMessage(
                self.tr("Stopping the training at its next step; it can go on when the project is opened again…")
                if self.training
                else self.tr("Stopping what is under way; the window closes in a moment…")
            )
            self._when_quiet(self.close)
            event.ignore()
            return
        if not self._closing:
            self._closing = True
            try:
                self.keep_shape()
                self._put_down()
                self.relay.close()
            finally:
                self.closed.emit()  # whatever went wrong: a window that cannot be closed helps nobody
        event.accept()
